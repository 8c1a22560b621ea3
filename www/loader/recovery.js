// Owns what a crashed form leaves behind: a copy of it that the agent can read, and the text that the next form takes over.

import { FIELDS } from "./attributes_table.js";
import { attributeOptions } from "./attributes.js";
import { enterText } from "./fallback_form.js";

// Text about one customer must not get into the form of another one, nor to another agent.
const contextOf = (element) => JSON.stringify([attributeOptions(element).prefill, element.draftScope]);

/** Copies the crashed form of `element`, to be read. The copy has the texts, but none of the wasm's listeners. */
export function salvage(element) {
  const copy = element.shadowRoot.lastElementChild.cloneNode(true);
  for (const button of copy.querySelectorAll("button")) button.remove();
  for (const control of copy.querySelectorAll("input, select, textarea")) control["readOnly" in control ? "readOnly" : "disabled"] = true;
  return { copy, context: contextOf(element) };
}

/** Enters the texts of the copy into the form that has taken the crashed one's place. Returns false while the portal shows another customer. */
export async function enterSalvaged(element, { copy, context }) {
  if (contextOf(element) !== context) return false;
  for (const id of Object.keys(FIELDS)) {
    // A control, or the place of its text in the review.
    const source = copy.querySelector(`#${id}`);
    const text = source?.value ?? source?.textContent;
    const control = element.shadowRoot.getElementById(id);
    // The text of a case that may have been sent cannot be changed. A list has no `readOnly`; its choice is not copied either.
    if (source && control?.readOnly === false && control.value !== text) enterText(control, text);
  }
  return true;
}
