// The gallery: a frame for each state of the form, with what staff see there and when. What is chosen is in the address.
import { GROUPS, STATES } from "./gallery_states.js";
import { LANGUAGES } from "./languages.js";

// What is shown where the address does not say.
const DEFAULTS = { state: "all", theme: "system", locale: "en", width: "full" };

const { elements } = document.querySelector("#choices");
const states = document.querySelector("#states");
const index = document.querySelector("#index");

// What a frame measured last, so that the page does not jump when the look changes.
const heights = new Map();

function make(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

for (const [group, members] of Object.entries(GROUPS)) {
  const options = make("optgroup", { label: group });
  options.append(...members.map(({ id, title }) => new Option(title, id)));
  elements.state.append(options);
  const links = members.map(({ id, title }) => make("li", {}, make("a", { href: `#${id}`, textContent: title })));
  index.append(make("div", {}, make("h2", { textContent: group }), make("ul", {}, ...links)));
}
for (const [code, name] of Object.entries(LANGUAGES)) elements.locale.append(new Option(name, code));

// What the address asks for, as far as there is such a choice.
for (const [name, value] of Object.entries(DEFAULTS)) elements[name].value = value;
for (const [name, value] of new URLSearchParams(location.search)) {
  if (name in DEFAULTS && [...elements[name].options].some((option) => option.value === value)) elements[name].value = value;
}

const chosen = () => Object.fromEntries(Object.keys(DEFAULTS).map((name) => [name, elements[name].value]));

function addressOf(choices) {
  const said = Object.entries(choices).filter(([name, value]) => value !== DEFAULTS[name]);
  return `${location.pathname}?${new URLSearchParams(said)}`;
}

function card({ id, title, text }, choices) {
  const { theme, locale, width } = choices;
  const src = `/demo/gallery_form.html?${new URLSearchParams({ state: id, theme, locale })}`;
  const frame = make("iframe", { title: `The form: ${title}`, loading: "lazy", src });
  if (heights.has(id)) frame.style.blockSize = heights.get(id);
  if (width !== "full") {
    frame.className = "narrow";
    frame.style.inlineSize = `${width}px`;
  }
  const only = choices.state === "all"
    ? make("a", { href: addressOf({ ...choices, state: id }), textContent: "Only this one" })
    : make("a", { href: `${addressOf({ ...choices, state: "all" })}#${id}`, textContent: "All states" });
  const words = make("div", {},
    make("h2", {}, make("a", { href: `#${id}`, textContent: title })),
    make("p", { textContent: text }),
    make("p", { className: "note" }, only, " · ", make("a", { href: src, textContent: "Only the form" })));
  return make("section", { id, className: "card state" }, words, make("div", { className: "frame" }, frame));
}

function show() {
  const choices = chosen();
  for (const frame of states.querySelectorAll("iframe")) heights.set(frame.closest("section").id, frame.style.blockSize);
  document.documentElement.dataset.theme = choices.theme;
  index.hidden = choices.state !== "all";
  states.className = `states ${choices.state === "all" && choices.width !== "full" ? `columns-${choices.width}` : ""}`;
  const shown = STATES.filter(({ id }) => choices.state === "all" || choices.state === id);
  states.replaceChildren(...shown.map((state) => card(state, choices)));
}

// What an anchor leads to is held in place while the frames above it get their heights, unless the person moves on.
let held;
let release;

function hold() {
  held = document.getElementById(location.hash.slice(1));
  keep();
}

// Until no frame has grown for a while: a slow machine takes its time with them.
function keep() {
  held?.scrollIntoView();
  clearTimeout(release);
  release = setTimeout(letGo, 3000);
}

const letGo = () => { held = undefined; };

for (const move of ["wheel", "touchmove", "pointerdown", "keydown"]) addEventListener(move, letGo, { passive: true });
addEventListener("hashchange", hold);
new ResizeObserver(keep).observe(states);

show();
hold();

document.querySelector("#choices").addEventListener("change", () => {
  history.replaceState(null, "", addressOf(chosen()));
  show();
});
