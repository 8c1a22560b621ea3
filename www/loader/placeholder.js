// Owns what the element shows without a working form: the skeleton while it loads, and the panel that says why it does not. The styles are
// here, too, because the form's are inside the wasm.

import { FIELDS } from "./attributes_table.js";

// The fields and the list of reasons, each a row of 6.5rem in a narrow form.
const ROWS = Object.keys(FIELDS).length + 1;

// The skeleton is as high as the form, so that the page below does not move when the form arrives.
const STYLES = `
  :host { display: block; }
  :host([hidden]), [hidden] { display: none !important; }
  :host([theme="system"]) { color-scheme: light dark; }
  :host([theme="light"]) { color-scheme: light; }
  :host([theme="dark"]) { color-scheme: dark; }
  .frame { container-type: inline-size; }
  .skeleton { font-size: max(1rem, 16px); block-size: ${25.5 + 6.5 * ROWS}em; max-inline-size: 46em; border-radius: 10px; background: light-dark(#f1f3f5, #1f242a); }
  @container (min-width: 38em) { .skeleton { block-size: ${9 + 6.5 * ROWS}em; } }
  .failed { all: initial; display: block; color-scheme: inherit; font: max(1rem, 16px)/1.5 system-ui, sans-serif; color: light-dark(#16191d, #eef1f4); background: light-dark(#fdf1f0, #331816);
    border: 1px solid light-dark(#b3201a, #ff9d94); border-inline-start-width: 6px; border-radius: 10px; padding: 1em 1.25em;
    max-inline-size: 46em; margin-block-end: 1em; }
  .failed h2 { font-size: 1.125em; margin: 0 0 0.375em; }
  .failed p { margin: 0 0 0.5em; overflow-wrap: anywhere; }
  .failed button { font: inherit; min-block-size: 2.75em; padding: 0.5em 1.25em; border: 1px solid; border-radius: 7px;
    background: transparent; color: inherit; cursor: pointer; }
  .failed button:focus-visible { outline: 3px solid light-dark(#1652c4, #9dc0ff); outline-offset: 2px; }
`;

// As in locales/en.json, for English and for when the catalogue cannot be loaded.
const LOAD_TEXTS = {
  "load.title": "The form could not be loaded",
  "load.text": "Try again. If that does not help, tell the people who run this portal what stands below.",
  "load.retry": "Try again",
};

let sheet;

/** Makes an element with attributes and children. */
export function make(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
  element.append(...children);
  return element;
}

function adoptStyles(root) {
  // diagnosis.js reports a browser without constructed stylesheets.
  if (!("adoptedStyleSheets" in root && "replaceSync" in CSSStyleSheet.prototype)) return;
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLES);
  }
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}

/** Adds a placeholder to a shadow root: the skeleton, or the fallback form where an agent is using it. */
export function addPlaceholder(root, fallbackInUse) {
  adoptStyles(root);
  const placeholder = make("div", { class: "frame" }, fallbackInUse ? make("slot", {}) : make("div", { "class": "skeleton", "aria-hidden": "true" }));
  root.append(placeholder);
  return placeholder;
}

/** Makes the panel that says that the form could not be loaded, with a button to try again. `note` is for the people who run the portal. */
export function loadErrorPanel(note, { language, catalogue }, messages, retry) {
  const texts = { ...LOAD_TEXTS, ...catalogue, ...messages };
  const button = make("button", { type: "button" }, texts["load.retry"]);
  const panel = make("div", { class: "failed", role: "alert", part: "load-error", ...(catalogue && { lang: language, dir: catalogue["language.direction"] }) },
    make("h2", {}, texts["load.title"]),
    make("p", {}, texts["load.text"]),
    make("p", {}, make("code", { dir: "ltr" }, note)),
    button);
  button.onclick = () => retry(panel);
  return panel;
}
