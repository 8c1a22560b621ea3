// The same form by hand: the floor, for nobody needs fewer bytes or less time than this.
import "../form.css";
import { send } from "../send.js";
import { DESCRIPTION_MAX, FIELDS, REFERENCE_MAX, TEXTS } from "../texts.js";

const MAX_ID = 2n ** 63n - 1n;
const newKey = () => crypto.randomUUID().replaceAll("-", "");

function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

function check({ name, label, required, kind }, text) {
  if (kind === "id") {
    const id = text.trim().replace(/^#/, "").replace(/[\s\u00a0]/g, "");
    if (!id) return { error: required, value: "" };
    if (!/^\d+$/.test(id)) return { error: TEXTS.digits(label) };
    if (BigInt(id) < 1n || BigInt(id) > MAX_ID) return { error: TEXTS.range(label) };
    return { value: id };
  }
  const max = { description: DESCRIPTION_MAX, externalId: REFERENCE_MAX }[name];
  if (required && !text.trim()) return { error: required };
  if (max && text.length > max) return { error: TEXTS.tooLong(label, text.length, max) };
  return { value: kind === "text" ? text : text.trim() };
}

class CaseForm {
  #controls = {};
  #key = newKey();
  #sending = false;

  constructor(root) {
    this.root = root;
    this.notice = make("div", { hidden: "", tabindex: "-1" });
    this.button = make("button", { class: "button", type: "submit" }, TEXTS.submit);
    this.count = make("div", { class: "counter hint", role: "status" });
    const [user, transfer, profile, subject, description, reference] = FIELDS.map((field) => this.#field(field));
    const type = make("select", { class: "control", id: "type", "aria-describedby": "type-hint" }, make("option", {}, TEXTS.general));
    this.form = make("form", { class: "form", novalidate: "" },
      this.notice,
      make("div", { class: "field" }, make("label", { class: "label", for: "type" }, TEXTS.type), make("div", { class: "hint", id: "type-hint" }, TEXTS.typeHint), type),
      make("fieldset", { class: "about" }, make("legend", { class: "legend" }, TEXTS.about), make("div", { class: "ids" }, user, transfer, profile)),
      subject,
      description,
      make("div", { class: "visually-hidden", id: "description-limit" }, TEXTS.limit),
      this.count,
      reference,
      this.button);
    this.#controls.description.addEventListener("input", () => this.#tellCount());
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.#submit(); });
    root.classList.add("root");
    root.replaceChildren(this.form);
  }

  #field({ name, id, label, hint, required, kind }) {
    const described = `${id}-hint${kind === "text" ? ` ${id}-limit` : ""}`;
    const control = kind === "text"
      ? make("textarea", { rows: "8" })
      : make("input", { type: "text", autocomplete: "off", inputmode: kind === "id" ? "numeric" : undefined, spellcheck: String(name === "subject") });
    Object.assign(control, { id, className: "control" });
    control.setAttribute("aria-describedby", described);
    this.#controls[name] = control;
    const optional = required ? [] : [make("span", { class: "optional" }, ` ${TEXTS.optional}`)];
    return make("div", { class: "field" },
      make("label", { class: "label", for: id }, label, ...optional), make("div", { class: "hint", id: `${id}-hint` }, hint), control);
  }

  #tellCount() {
    const { length } = this.#controls.description.value;
    this.count.textContent = TEXTS.count(length);
    this.count.className = length > DESCRIPTION_MAX ? "counter error" : "counter hint";
  }

  #validate() {
    const values = {};
    const errors = [];
    for (const field of FIELDS) {
      const control = this.#controls[field.name];
      const { error, value } = check(field, control.value);
      values[field.name] = value;
      control.parentElement.classList.toggle("invalid", Boolean(error));
      control.parentElement.querySelector(".error")?.remove();
      const described = control.getAttribute("aria-describedby").split(" ").filter((id) => id !== `${field.id}-error`);
      if (error) {
        errors.push({ field, error });
        control.before(make("div", { class: "error", id: `${field.id}-error` }, make("span", { class: "visually-hidden" }, `${TEXTS.errorPrefix} `), error));
        control.setAttribute("aria-invalid", "true");
        described.push(`${field.id}-error`);
      } else {
        control.removeAttribute("aria-invalid");
      }
      control.setAttribute("aria-describedby", described.join(" "));
    }
    return { values, errors };
  }

  #tell(kind, title, ...children) {
    this.notice.hidden = false;
    this.notice.className = `notice ${kind}`;
    this.notice.setAttribute("role", kind === "good" ? "status" : "alert");
    this.notice.replaceChildren(make("h2", {}, title), ...children);
    this.notice.focus();
  }

  async #submit() {
    if (this.#sending) return;
    const { values, errors } = this.#validate();
    this.notice.hidden = true;
    if (errors.length) return this.#tellErrors(errors);
    this.#lock(true);
    const { outcome, id } = await send(values, this.#key);
    this.#lock(false);
    if (outcome !== "unknown") this.#key = newKey();
    if (outcome === "created") this.#tellCreated(id);
    else if (outcome === "unknown") this.#tell("unsure", TEXTS.unknown, make("p", {}, TEXTS.unknownText));
    else this.#tell("bad", TEXTS.notCreated, make("p", {}, TEXTS.notCreatedText));
  }

  #tellErrors(errors) {
    const items = errors.map(({ field, error }) => {
      const link = make("a", { href: `#${field.id}` }, error);
      link.addEventListener("click", (event) => { event.preventDefault(); this.#controls[field.name].focus(); });
      return make("li", {}, link);
    });
    this.#tell("bad", TEXTS.summary, make("ul", {}, ...items));
  }

  #tellCreated(id) {
    const again = make("button", { class: "button", type: "button" }, TEXTS.another);
    again.addEventListener("click", () => new CaseForm(this.root));
    this.#tell("good", TEXTS.created, make("p", {}, TEXTS.caseNumber), make("p", { class: "number" }, id), again);
    this.root.replaceChildren(this.notice);
    this.notice.focus();
  }

  #lock(sending) {
    this.#sending = sending;
    this.button.setAttribute("aria-disabled", String(sending));
    this.button.textContent = sending ? TEXTS.sending : TEXTS.submit;
    for (const control of Object.values(this.#controls)) control.readOnly = sending;
  }
}

/** Puts a form into an element; it is there at once. */
export function mount(target) {
  new CaseForm(target);
  return { ready: Promise.resolve(), unmount: () => target.replaceChildren() };
}

globalThis.benchMount = mount;
const target = document.getElementById("root");
if (target) mount(target);
