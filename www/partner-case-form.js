// The element <partner-case-form>: its life cycle, properties, methods and events. Importing this file defines the element.
//
// The element loads the form once for all elements on the page, from files that it finds by its own URL (loader/files.js). The build puts the
// modules in loader/ into this one file.

import { NAME, OBSERVED, attributeOptions, defineProperties, endpointUrlOf, upgradeProperties } from "./loader/attributes.js";
import { addPlaceholder, loadErrorPanel, make } from "./loader/placeholder.js";
import { isFallbackInUse, takeFallbackText } from "./loader/fallback_form.js";
import { forgetAllDrafts } from "./loader/drafts.js";
import { ENGLISH, textsFrom } from "./loader/languages.js";
import { beforeSubmit, dispatch, headersFor } from "./loader/hooks.js";
import { reviewColours } from "./loader/colours.js";
import { filesOf } from "./loader/files.js";
import { keepTypingInside } from "./loader/keyboard.js";
import { enterSalvaged, salvage } from "./loader/recovery.js";

/** The version of the loader. The form has the same one if both come from one package. */
export const version = "0.1.0";

// Bundlers find the files by these literal `import()` and `new URL()`. They are here and not in loader/, because only this file is beside
// the others before the build, too.
const files = filesOf(new URL(import.meta.url), {
  "partner_case_form.js": () => import("./partner_case_form.js"),
  "partner_case_form_bg.wasm": new URL("./partner_case_form_bg.wasm", import.meta.url),
  "partner_case_form_lazy.wasm": new URL("./partner_case_form_lazy.wasm", import.meta.url),
  "contrast.js": () => import("./contrast.js"),
  "diagnosis.js": () => import("./diagnosis.js"),
  texts: (language) => new URL(`./locales/${language}.json`, import.meta.url),
});

const textsFor = textsFrom(files.textsUrl);

// The elements that have a form.
const mounted = new Set();

/** The form as an element. Documented in partner-case-form.d.ts. */
export class PartnerCaseForm extends HTMLElement {
  static observedAttributes = OBSERVED;
  static formAssociated = true;

  static {
    // All forms of the page are in one copy of the wasm, so they crash together.
    files.onCrash = () => mounted.forEach((element) => element.#recover());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => mounted.forEach((element) => reviewColours(element, files)));
  }

  // "idle": not on the page. "loading": the first part is on its way. "painted": the fields take typing, and the lazy part is on its way.
  // "interactive": everything works. "failed": a part could not be loaded, or the form has crashed.
  #phase = "idle";
  // The form's handle in the wasm: there in "painted" and "interactive", and in "failed" if only the lazy part is missing.
  #form;
  #placeholder;
  #salvaged;
  #ready = withResolvers();
  #updateQueued = false;
  #internals;
  #knownPersonalData = {};
  #messages = {};
  #headers;
  #texts = ENGLISH;
  #textsRequests = 0;

  constructor() {
    super();
    this.#internals = this.attachInternals?.();
    keepTypingInside(this.attachShadow({ mode: "open" }));
    this.addEventListener("partner-case-created", (event) => this.#internals?.setFormValue(event.detail.caseId));
    // The value is the number on the receipt, so it goes when the receipt goes.
    this.addEventListener("partner-case-change", () => setTimeout(() => {
      if (!this.shadowRoot.querySelector("[part=receipt]")) this.#internals?.setFormValue(null);
    }));
    upgradeProperties(this);
  }

  connectedCallback() {
    if (!this.#form && this.#phase !== "loading") this.#mount();
  }

  disconnectedCallback() {
    // A move within the page disconnects and connects in one go. Only an element that stays away is unmounted.
    queueMicrotask(() => {
      if (this.isConnected || !this.#form) return;
      this.#call("unmount");
      this.#releaseForm();
      this.shadowRoot.querySelector("[part=load-error]")?.remove();
    });
  }

  // A fieldset around the element is disabled, or no longer.
  formDisabledCallback() {
    this.#update();
  }

  // The agent can bring the draft back.
  formResetCallback() {
    if (this.#phase === "interactive") this.#call("deleteDraft");
  }

  // The page is back, from another page or a restart: so is the number of the case. Of what was typed the browser stores nothing.
  formStateRestoreCallback(caseId) {
    this.#internals.setFormValue(caseId);
  }

  async attributeChangedCallback(name) {
    if (this.#phase === "idle") return;
    if (name === "theme") return void reviewColours(this, files);
    if (name === "locale") await this.#loadTexts();
    this.#update();
  }

  async #mount() {
    if (this.#phase === "failed") this.#ready = withResolvers();
    this.#phase = "loading";
    // The element's content is a fallback for pages without the form, and would only flash up. It stays in sight while the agent types
    // there, so that no key is lost.
    this.#placeholder?.remove();
    this.#placeholder = addPlaceholder(this.shadowRoot, isFallbackInUse(this));
    try {
      const [{ mount }] = await Promise.all([files.load(), this.#loadTexts()]);
      // The element may have left the page while the module was loading.
      if (!this.isConnected) return void (this.#phase = "idle");
      this.#form = mount(this, this.#options(), { beforeSubmit: () => beforeSubmit(this), headers: (url) => headersFor(this, url, this.#headers) });
    } catch (error) {
      if (error?.name === "RuntimeError") files.abandon();
      return this.#fail(error);
    }
    mounted.add(this);
    const focused = this.querySelector(":focus");
    this.#placeholder.remove();
    reviewColours(this, files);
    // Calls that wait for the form find in it what the agent typed before.
    this.#complete(takeFallbackText(this, focused));
  }

  // Loads the lazy part. The fields are there already and take typing.
  async #complete(fallbackTaken) {
    this.#phase = "painted";
    const form = this.#form;
    try {
      await Promise.all([this.#call("complete"), fallbackTaken]);
      if (this.#form === form) this.#phase = "interactive";
      await this.#enterSalvaged();
      if (this.#form === form) this.#ready.resolve();
    } catch (error) {
      if (this.#form === form) await this.#fail(error, "lazy");
    }
  }

  // A part could not be loaded. What the agent has typed stays where it is.
  async #fail(error, part) {
    const form = this.#form;
    const detail = await files.explainLoadFailure(part);
    const texts = await textsFor(this);
    if (this.#form !== form) return;
    if (this.isConnected) this.#showFailure(error, detail, texts);
    else if (!form) this.#phase = "idle";
  }

  // The wasm has crashed. The form must not be called any more, but its controls can be read.
  #recover() {
    const error = new Error("the form has crashed");
    const hadFocus = this.shadowRoot.activeElement;
    this.#salvaged ??= salvage(this);
    this.#ready.reject(error);
    this.#releaseForm();
    this.shadowRoot.replaceChildren();
    if (!this.isConnected) return;
    this.#placeholder = addPlaceholder(this.shadowRoot);
    this.#showFailure(error, { cause: "crashed", url: files.urls.wasmUrl.href, message: "an error in its code has stopped the form" }, this.#texts);
    if (hadFocus) this.#focusPanel();
  }

  // Reports a failure to the agent, the portal and its developer. Shows the text of a crashed form, and the fallback form.
  #showFailure(error, detail, texts) {
    console.error(`${NAME}: ${detail.message} (${detail.cause}: ${detail.url})`, error);
    const panel = loadErrorPanel(`${NAME} ${version}: ${detail.cause} ${detail.url}`, texts, this.#messages, (panel) => this.#retry(panel));
    if (this.#form) this.shadowRoot.prepend(panel);
    else this.#placeholder.replaceChildren(panel, this.#salvaged?.copy ?? "", make("slot", {}));
    this.#phase = "failed";
    this.#ready.reject(error);
    dispatch(this, "load-error", { detail });
  }

  // The button disappears with its panel. Its focus goes to the next panel's button, or into the form.
  async #retry(panel) {
    if (this.#form) {
      panel.remove();
      this.#ready = withResolvers();
      this.#complete();
    } else {
      this.#mount();
    }
    await this.#ready.promise.catch(() => {});
    if (![null, document.body].includes(document.activeElement)) return;
    if (this.#phase === "failed") this.#focusPanel();
    else await this.focus();
  }

  #focusPanel() {
    this.shadowRoot.querySelector("[part=load-error] button").focus();
  }

  #releaseForm() {
    mounted.delete(this);
    this.#form = undefined;
    this.#phase = "idle";
    this.#ready = withResolvers();
  }

  // Calls the form. The wasm refuses a call by throwing a text; any other exception has left it in the middle of its work, which is a crash.
  #call(name, value) {
    const form = this.#form;
    try {
      return form[name](value);
    } catch (error) {
      if (form && typeof error !== "string") files.abandon();
      throw error;
    }
  }

  #options() {
    return {
      ...attributeOptions(this),
      ...this.#texts,
      disabled: this.matches(":disabled"),
      knownPersonalData: this.#knownPersonalData,
      messages: Object.keys(this.#messages).length ? this.#messages : undefined,
    };
  }

  // Passes on what the portal has set: in one call what it sets in one go, such as the attributes of another customer.
  #update() {
    if (this.#updateQueued) return;
    this.#updateQueued = true;
    queueMicrotask(() => {
      this.#updateQueued = false;
      if (!this.#form) return;
      this.#call("update", this.#options());
      this.#enterSalvaged();
    });
  }

  // The text of a crashed form waits until the form works, and the portal shows the customer whom it is about.
  async #enterSalvaged() {
    const form = this.#form;
    if (!this.#salvaged || this.#phase !== "interactive") return;
    if (await enterSalvaged(this, this.#salvaged) && this.#form === form) this.#salvaged = undefined;
  }

  async #loadTexts() {
    const request = ++this.#textsRequests;
    const texts = await textsFor(this);
    // A later request may have been faster.
    if (request === this.#textsRequests) this.#texts = texts;
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

  // The methods wait until the form is interactive.
  get ready() {
    return this.#ready.promise;
  }

  async validate() {
    await this.ready;
    const errors = this.#call("validate");
    return { valid: errors.length === 0, errors };
  }

  async submit() {
    await this.ready;
    this.#call("submit");
  }

  async reset() {
    await this.ready;
    this.#internals?.setFormValue(null);
    this.#call("reset");
  }

  async clearDraft({ all = false } = {}) {
    if (all) {
      this.#salvaged?.copy.remove();
      this.#salvaged = undefined;
      // A sign-out does not wait for the form.
      if (this.#phase !== "interactive") {
        forgetAllDrafts(this, files.working());
        // Fields that only take typing hold the text of the agent who has gone.
        if (!this.#form) return;
        this.#call("unmount");
        this.#releaseForm();
        this.shadowRoot.replaceChildren();
        return void (this.isConnected && this.#mount());
      }
    }
    if (this.#phase !== "interactive") await this.ready;
    this.#call("clearDraft", all);
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
  // The page need not handle a rejection.
  promise.catch(() => {});
  return { promise, ...resolvers };
}

defineProperties(PartnerCaseForm.prototype);

/** The tag of this copy of the loader: with its version if another one has taken the plain tag. */
export const tag = customElements.get(NAME) ? `${NAME}-${version.replaceAll(".", "-")}` : NAME;

if (tag !== NAME) console.info(`${NAME}: the tag is taken on this page; version ${version} is <${tag}>`);
if (!customElements.get(tag)) customElements.define(tag, PartnerCaseForm);

/** Puts a form into an element, for portals that prefer a function. `options` are properties of the element. */
export function mount(target, options = {}) {
  const element = Object.assign(document.createElement(tag), options);
  target.append(element);
  return { element, unmount: () => element.remove() };
}
