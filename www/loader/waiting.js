// What stands in the form's place: its skeleton until it is there, and the panel that says why it does not come. Both have styles of their
// own, as the form's are in its wasm.

import { RIGHT_TO_LEFT } from "./languages.js";

// The skeleton is as high as the form, so that nothing below it moves.
const STYLES = `
  :host { display: block; color-scheme: light dark; }
  :host([hidden]), [hidden] { display: none !important; }
  :host([theme="light"]) { color-scheme: light; }
  :host([theme="dark"]) { color-scheme: dark; }
  .frame { container-type: inline-size; }
  .skeleton { block-size: 77.5rem; max-inline-size: 46rem; border-radius: 10px; background: light-dark(#f1f3f5, #1f242a); }
  @container (min-width: 38rem) { .skeleton { block-size: 61rem; } }
  .failed { font: 1rem/1.5 system-ui, sans-serif; color: light-dark(#16191d, #eef1f4); background: light-dark(#fdf1f0, #331816);
    border: 1px solid light-dark(#b3201a, #ff9d94); border-inline-start-width: 6px; border-radius: 10px; padding: 1rem 1.25rem;
    max-inline-size: 46rem; margin-block-end: 1rem; }
  .failed h2 { font-size: 1.125rem; margin: 0 0 0.375rem; }
  .failed p { margin: 0 0 0.5rem; overflow-wrap: anywhere; }
  .failed button { font: inherit; min-block-size: 2.75rem; padding: 0.5rem 1.25rem; border: 1px solid; border-radius: 7px;
    background: transparent; color: inherit; cursor: pointer; }
  .failed button:focus-visible { outline: 3px solid light-dark(#1652c4, #9dc0ff); outline-offset: 2px; }
`;

// As in locales/en.json, for when not even that can be had.
const LOAD_TEXTS = {
  "load.title": "The form could not be loaded",
  "load.text": "Try again. If that does not help, tell the people who run this portal what stands below.",
  "load.retry": "Try again",
};

let sheet;

/** An element with attributes and what is in it. */
export function make(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
  element.append(...children);
  return element;
}

function adoptStyles(root) {
  // A browser without them is told of by diagnosis.js.
  if (!("adoptedStyleSheets" in root && "replaceSync" in CSSStyleSheet.prototype)) return;
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLES);
  }
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}

/** Keeps the form's place in a shadow root: what stands between the tags stays there where the plain form is in use. */
export function keepPlace(root, plainInUse) {
  adoptStyles(root);
  const place = make("div", { class: "frame" }, plainInUse ? make("slot", {}) : make("div", { "class": "skeleton", "aria-hidden": "true" }));
  root.append(place);
  return place;
}

/** The panel that says why the form does not come, with a button for another try. `note` is for the people who run the portal. */
export function loadErrorPanel(note, { language, catalogue }, messages, retry) {
  const texts = { ...LOAD_TEXTS, ...(catalogue ? JSON.parse(catalogue) : {}), ...messages };
  const button = make("button", { type: "button" }, texts["load.retry"]);
  const written = () => ({ lang: language, dir: RIGHT_TO_LEFT.includes(language) ? "rtl" : "ltr" });
  const panel = make("div", { class: "failed", role: "alert", part: "load-error", ...(catalogue && written()) },
    make("h2", {}, texts["load.title"]),
    make("p", {}, texts["load.text"]),
    make("p", {}, make("code", { dir: "ltr" }, note)),
    button);
  button.onclick = () => retry(panel);
  return panel;
}
