// The loader: defines <partner-case-form> at once and fetches the form itself, once for all elements on the page. The element gives the form
// what the page has set, and passes the page's calls on to it.
//
// It finds its files beside itself, by its own URL (loader/files.js). What ships is one file: the build puts the modules in loader/ into it.

import { NAME, OBSERVED, attributeOptions, defineProperties, endpointUrlOf, setAnew } from "./loader/attributes.js";
import { sayWeakColours, setsColours } from "./loader/colours.js";
import { forgetAllDrafts } from "./loader/drafts.js";
import { filesOf } from "./loader/files.js";
import { beforeSubmit, headersFor, tell } from "./loader/hooks.js";
import { ENGLISH, textsFrom } from "./loader/languages.js";
import { isPlainInUse, takePlainText } from "./loader/plain_text.js";
import { keepPlace, loadErrorPanel, make } from "./loader/waiting.js";

/** The version of the loader; the form's own is the same where both come from one package. */
export const version = "0.1.0";

// The names of files stand as they are in `import()` and `new URL()`, so that bundlers find them; and here, because before the build this
// file alone is beside them.
const files = filesOf(new URL(import.meta.url), {
  "partner_case_form.js": () => import("./partner_case_form.js"),
  "partner_case_form_bg.wasm": new URL("./partner_case_form_bg.wasm", import.meta.url),
  "partner_case_form_rest.wasm": new URL("./partner_case_form_rest.wasm", import.meta.url),
  "contrast.js": () => import("./contrast.js"),
  "diagnosis.js": () => import("./diagnosis.js"),
  texts: (language) => new URL(`./locales/${language}.json`, import.meta.url),
});

const textsFor = textsFrom(files.textsUrl);

const dark = matchMedia("(prefers-color-scheme: dark)");

/** The form as an element. Documented in partner-case-form.d.ts. */
export class PartnerCaseForm extends HTMLElement {
  static observedAttributes = OBSERVED;
  static formAssociated = true;

  #internals;
  #place;
  #form;
  #mounting;
  #ready = withResolvers();
  #knownPersonalData = {};
  #messages = {};
  #headers;
  #darkChanged = () => { if (this.#form) this.#watchColours(); };
  #failed = false;
  // Whether the rest of the form is there, too.
  #whole = false;
  // Whether the page has set something since the options were read, and before the form could be told.
  #stale = false;
  #wishes = 0;
  #texts = ENGLISH;

  constructor() {
    super();
    this.#internals = this.attachInternals?.();
    this.attachShadow({ mode: "open" });
    this.addEventListener("partner-case-created", (event) => this.#internals?.setFormValue(event.detail.caseId));
    // The value is that of the receipt that is seen, and goes with it.
    this.addEventListener("partner-case-change", () => setTimeout(() => {
      if (!this.shadowRoot.querySelector("[part=receipt]")) this.#internals?.setFormValue(null);
    }));
    setAnew(this);
  }

  connectedCallback() {
    if (this.#form || this.#mounting) return;
    this.#mounting = this.#mount()
      .catch((error) => console.error(`${NAME}: the form could not be loaded`, error))
      .finally(() => { this.#mounting = undefined; });
  }

  async #mount() {
    if (this.#failed) this.#ready = withResolvers();
    this.#failed = false;
    // Until the form is there, its place is kept; what stands between the tags is for pages without it, and would only flash up. It stays
    // where a person is typing into it, or has typed: no key that they press may go nowhere.
    this.#place?.remove();
    this.#place = keepPlace(this.shadowRoot, isPlainInUse(this));
    try {
      const [{ mount }] = await Promise.all([files.load(), this.#loadTexts()]);
      // The element may have left the page while the module was on its way.
      if (!this.isConnected) return;
      this.#stale = false;
      this.#form = mount(this, this.#options(), { beforeSubmit: () => beforeSubmit(this), headers: (url) => headersFor(this, url, this.#headers) });
      if (this.#stale) this.#update();
      const focused = this.querySelector(":focus");
      this.#place.remove();
      // Whoever waits for the form finds in it what was typed before.
      const taken = takePlainText(this, focused);
      dark.addEventListener("change", this.#darkChanged);
      this.#watchColours();
      this.#complete(this.#form, taken);
    } catch (error) {
      if (error?.name === "RuntimeError") files.discard();
      if (this.isConnected) await this.#fail(error);
    }
  }

  // The fields are there and take typing; now the rest of the form comes.
  async #complete(form, taken) {
    try {
      await Promise.all([form.complete(), taken]);
      if (this.#form !== form) return;
      this.#whole = true;
      this.#ready.resolve();
    } catch (error) {
      // What was typed stays where it is.
      if (this.#form === form) await this.#fail(error, "rest");
    }
  }

  // Says why, to the person, to the page and to its developer; and shows what stands between the tags, such as a plain form.
  async #fail(error, part) {
    const detail = await files.whyNot(part);
    const texts = await textsFor(this);
    if (!this.isConnected) return;
    console.error(`${NAME}: ${detail.message} (${detail.cause}: ${detail.url})`, error);
    const panel = loadErrorPanel(`${NAME} ${version}: ${detail.cause} ${detail.url}`, texts, this.#messages, (panel) => this.#retry(panel));
    if (this.#form) this.shadowRoot.prepend(panel);
    else this.#place.replaceChildren(panel, make("slot", {}));
    tell(this, "load-error", { detail });
    this.#failed = true;
    this.#ready.reject(error);
  }

  // The button goes with its panel; whoever has pressed it goes on at the next one, or in the form.
  async #retry(panel) {
    if (this.#form) {
      panel.remove();
      this.#ready = withResolvers();
      this.#failed = false;
      this.#complete(this.#form);
    } else {
      this.connectedCallback();
    }
    await this.#ready.promise.catch(() => {});
    if (![null, document.body].includes(document.activeElement)) return;
    const again = this.shadowRoot.querySelector("[part=load-error] button");
    if (again) again.focus();
    else await this.focus();
  }

  // A page's own colours are looked at once, and again with another theme.
  async #watchColours() {
    if (!setsColours(this)) return;
    const { review } = await files.importScript("contrast.js").catch(() => ({}));
    const container = this.shadowRoot.lastElementChild;
    if (review && this.#form && container) sayWeakColours(review(this, container));
  }

  disconnectedCallback() {
    // A move within the page disconnects and connects in one go; only an element that stays away is unmounted.
    queueMicrotask(() => {
      if (this.isConnected || !this.#form) return;
      this.#form.unmount();
      this.#form = undefined;
      this.#whole = false;
      this.shadowRoot.querySelector("[part=load-error]")?.remove();
      dark.removeEventListener("change", this.#darkChanged);
      this.#ready = withResolvers();
    });
  }

  async attributeChangedCallback(name) {
    if (!this.#form && !this.#mounting) return;
    if (name === "theme") return void this.#watchColours();
    if (name === "locale") await this.#loadTexts();
    // The host changes several attributes in one go, as when it shows another customer; that is one change.
    queueMicrotask(() => this.#update());
  }

  #options() {
    return {
      ...attributeOptions(this),
      ...this.#texts,
      knownPersonalData: this.#knownPersonalData,
      messages: Object.keys(this.#messages).length ? JSON.stringify(this.#messages) : "",
    };
  }

  #update() {
    if (this.#form) this.#form.update(this.#options());
    else this.#stale = true;
  }

  async #loadTexts() {
    const wished = ++this.#wishes;
    const texts = await textsFor(this);
    // A wish that was overtaken by another while its texts were on their way.
    if (wished === this.#wishes) this.#texts = texts;
  }

  get knownPersonalData() {
    return this.#knownPersonalData;
  }

  set knownPersonalData(known) {
    const texts = (list) => (Array.isArray(list) ? list.filter((text) => typeof text === "string") : []);
    this.#knownPersonalData = { names: texts(known?.names), emails: texts(known?.emails), phones: texts(known?.phones) };
    this.#update();
  }

  get messages() {
    return this.#messages;
  }

  set messages(messages) {
    this.#messages = messages ?? {};
    this.#update();
  }

  get headers() {
    return this.#headers;
  }

  set headers(headers) {
    this.#headers = headers;
  }

  get review() {
    return this.hasAttribute("review");
  }

  set review(review) {
    this.toggleAttribute("review", Boolean(review));
  }

  // The calls wait for the form where it is still on its way.
  get ready() {
    return this.#ready.promise;
  }

  async validate() {
    await this.ready;
    const errors = this.#form.validate();
    return { valid: errors.length === 0, errors };
  }

  async submit() {
    await this.ready;
    this.#form.submit();
  }

  async reset() {
    await this.ready;
    this.#internals?.setFormValue(null);
    this.#form.reset();
  }

  async clearDraft({ all = false } = {}) {
    if (all && !this.#whole) return forgetAllDrafts(this, files.working());
    if (!this.#whole) await this.ready;
    this.#form.clearDraft(all);
  }

  async focus(options) {
    await this.ready;
    this.shadowRoot.querySelector("h2[tabindex], .field:not([hidden]) :is(input, textarea, select):enabled:not([readonly])")?.focus(options);
  }

  async diagnose() {
    const { diagnose } = await files.importScript("diagnosis.js");
    const endpoint = endpointUrlOf(this);
    const headers = await headersFor(this, endpoint, this.#headers).catch(() => undefined);
    return diagnose({ version, ...files.urls, endpoint, headers, form: await files.load().catch(() => undefined) });
  }
}

function withResolvers() {
  let resolvers;
  const promise = new Promise((resolve, reject) => { resolvers = { resolve, reject }; });
  // Nobody has to wait for it.
  promise.catch(() => {});
  return { promise, ...resolvers };
}

defineProperties(PartnerCaseForm.prototype);

/** The tag of this copy: another one where the page has another version, too. */
export const tag = customElements.get(NAME) ? `${NAME}-${version.replaceAll(".", "-")}` : NAME;

if (tag !== NAME) console.info(`${NAME}: the tag is taken on this page; version ${version} is <${tag}>`);
if (!customElements.get(tag)) customElements.define(tag, PartnerCaseForm);

/** Puts a form into an element, for those who prefer a function. `options` are properties of the element. */
export function mount(target, options = {}) {
  const element = Object.assign(document.createElement(tag), options);
  target.append(element);
  return { element, unmount: () => element.remove() };
}
