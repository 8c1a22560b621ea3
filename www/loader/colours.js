// Owns the check of the portal's own colours: contrast.js measures them, and is fetched only where the portal sets some.

import { NAME } from "./attributes.js";

// The colours that a portal may set, as --partner-case-accent and so on. Only those that are part of a measured pair matter here.
const COLOURS = [
  "accent", "on-accent", "text", "muted", "surface", "field", "border", "bad", "bad-surface", "unsure", "unsure-surface", "good", "good-surface", "focus",
];

/** Adjusts the form's colours to those of the portal, and warns on the console of pairs with too little contrast. */
export async function reviewColours(element, files) {
  const style = getComputedStyle(element);
  if (!COLOURS.some((role) => style.getPropertyValue(`--partner-case-${role}`).trim())) return;
  const { review } = await files.importScript("contrast.js").catch(() => ({}));
  // The form may have left the page while the script was on its way.
  const container = element.shadowRoot.querySelector("[part=root]")?.parentElement;
  if (!review || !container) return;
  for (const { text, ground, ratio, needed } of review(element, container)) {
    console.warn(`${NAME}: "${text}" on "${ground}" has a contrast of ${ratio.toFixed(2)}:1; ${needed}:1 is needed (WCAG 2.2 AA)`);
  }
}
