// A page's own colours: where it sets some, contrast.js looks whether they can be read, and the console says what cannot.

import { NAME } from "./attributes.js";

// The colours that a page may set, as --partner-case-accent and so on. Those in which the others are seen suffice to find out.
const COLOURS = [
  "accent", "on-accent", "text", "muted", "surface", "field", "border", "bad", "bad-surface", "unsure", "unsure-surface", "good", "good-surface", "focus",
];

/** Whether the page has set one. */
export function setsColours(element) {
  const style = getComputedStyle(element);
  return COLOURS.some((role) => style.getPropertyValue(`--partner-case-${role}`).trim());
}

/** Says which of them have too little contrast, as `review` of contrast.js finds out. */
export function sayWeakColours(weak) {
  for (const { text, ground, ratio, needed } of weak) {
    console.warn(`${NAME}: "${text}" on "${ground}" has a contrast of ${ratio.toFixed(2)}:1; ${needed}:1 is needed (WCAG 2.2 AA)`);
  }
}
