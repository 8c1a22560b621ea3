// The theme playground: sets the form's custom properties, says what has too little contrast, and writes the lines to copy.
import { ROLES, review } from "/partner-cases/widget/contrast.js";

const SIZES = { "radius": "10px", "font": "system-ui, sans-serif", "font-size": "1rem", "spacing": "1.375em", "control-height": "2.75em" };
const PRESETS = {
  "The form's own": {},
  "Violet": { "accent": "#5b2bbf", "radius": "16px" },
  "Yellow brand": { "accent": "#ffd500", "radius": "2px" },
  "Dense": { "spacing": "0.75rem", "control-height": "2rem", "font-size": "0.875rem" },
  "Too faint": { "muted": "#b9c0c8", "border": "#dddddd" },
};

const form = document.querySelector("partner-case-form");
const properties = document.querySelector("#properties");
const set = {};

function inputFor(name, type, value) {
  const input = Object.assign(document.createElement("input"), { type, name, value });
  const label = document.createElement("label");
  label.append(`--partner-case-${name}`, input);
  properties.append(label);
  input.addEventListener("input", () => apply({ ...set, [name]: input.value }));
}

for (const role of ROLES) inputFor(role, "color", "#888888");
for (const [name, value] of Object.entries(SIZES)) inputFor(name, "text", value);
for (const name of Object.keys(PRESETS)) document.querySelector("#preset").append(new Option(name));

function apply(wanted) {
  for (const name of Object.keys(set)) {
    form.style.removeProperty(`--partner-case-${name}`);
    delete set[name];
  }
  Object.assign(set, wanted);
  for (const [name, value] of Object.entries(set)) form.style.setProperty(`--partner-case-${name}`, value);
  for (const input of properties.querySelectorAll("input")) if (input.name in set) input.value = set[input.name];
  const lines = Object.entries(set).map(([name, value]) => `  --partner-case-${name}: ${value};`);
  document.querySelector("#css").textContent = `partner-case-form {\n${lines.join("\n")}\n}`;
  const weak = review(form, form.shadowRoot.lastElementChild);
  const items = weak.map(({ text, ground, ratio, needed }) => {
    const item = document.createElement("li");
    item.textContent = `${text} on ${ground}: ${ratio.toFixed(2)}:1, ${needed}:1 is needed`;
    return item;
  });
  document.querySelector("#warnings").replaceChildren(...items);
}

document.querySelector("#theme").addEventListener("change", ({ target }) => {
  form.theme = target.value;
  apply({ ...set });
});
document.querySelector("#preset").addEventListener("change", ({ target }) => apply(PRESETS[target.value]));

await form.ready;
// Somebody may have chosen something in the meantime.
apply({ ...set });
