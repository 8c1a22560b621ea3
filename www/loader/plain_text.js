// The plain form that may stand between the tags: whether a person is at it, and what they have typed there, which goes into the form.

import { PREFILL } from "./attributes.js";

/** Whether a person is typing into what stands between the tags, or has typed. */
export function isPlainInUse(element) {
  if (element.matches(":focus-within")) return true;
  const controls = [...element.querySelectorAll("input:not([type=hidden]), textarea")];
  return controls.some((control) => control.value !== control.defaultValue);
}

/** Takes over what a person typed into a plain form before this one was there, and where they are in it: at `focused`. */
export async function takePlainText(element, focused) {
  let place;
  // Leptos sets the values of the controls a moment after they are there.
  await new Promise((resolve) => setTimeout(resolve));
  for (const [attribute, name] of Object.entries(PREFILL)) {
    const plain = element.querySelector(`[name="${name}"]`);
    const control = element.shadowRoot.getElementById(attribute);
    if (control && name === focused?.name) place = control;
    if (!control || !plain || plain.type === "hidden" || plain.value === plain.defaultValue) continue;
    if (control.value && name !== "description") continue;
    control.value = control.value ? `${control.value}\n\n${plain.value}` : plain.value;
    control.dispatchEvent(new Event("input", { bubbles: true }));
    plain.value = plain.defaultValue;
  }
  if (!place || ![null, document.body, focused].includes(element.getRootNode().activeElement)) return;
  place.focus();
  place.setSelectionRange?.(place.value.length, place.value.length);
}
