// Owns the handover from the fallback form: the plain form between the element's tags, into which an agent may type before this form is there.

import { FIELDS } from "./attributes_table.js";

/** Returns whether the agent is typing into the fallback form, or has typed there. */
export function isFallbackInUse(element) {
  if (element.matches(":focus-within")) return true;
  const controls = [...element.querySelectorAll("input:not([type=hidden]), textarea")];
  return controls.some((control) => control.value !== control.defaultValue);
}

/** Enters a text as if the agent had typed it. */
export function enterText(control, text) {
  control.value = text;
  control.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Moves what the agent typed into the fallback form to this form, and the focus with it if it was at `focused`. */
export async function takeFallbackText(element, focused) {
  let target;
  for (const [attribute, name] of Object.entries(FIELDS)) {
    const plain = element.querySelector(`[name="${name}"]`);
    const control = element.shadowRoot.getElementById(attribute);
    if (control && name === focused?.name) target = control;
    if (!control || !plain || plain.type === "hidden" || plain.value === plain.defaultValue) continue;
    if (control.value && name !== "description") continue;
    enterText(control, control.value ? `${control.value}\n\n${plain.value}` : plain.value);
    plain.value = plain.defaultValue;
  }
  if (!target || ![null, document.body, focused].includes(element.getRootNode().activeElement)) return;
  target.focus();
  target.setSelectionRange?.(target.value.length, target.value.length);
}
