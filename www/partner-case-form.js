// The loader: defines <partner-case-form> at once and fetches the form itself, once for all elements on the page.
//
// It finds its files beside itself, by its own URL. `?glue=URL` and `?wasm=URL` behind that URL name other places for the wasm module's
// JavaScript (of the same origin) and for the wasm. `?v=VERSION` goes on to all files, for servers that let browsers keep such a file.

const NAME = "partner-case-form";

/** The version of the loader; the form's own is the same where both come from one package. */
export const version = "0.1.0";

// The attributes that prefill a field, and the field's name in the options.
const PREFILL = {
  "type": "type",
  "user-id": "userId",
  "transfer-id": "transferId",
  "profile-id": "profileId",
  "external-id": "externalId",
  "subject": "subject",
  "description": "description",
};

// The other attributes, and the names of their properties.
const SETTINGS = {
  "endpoint": "endpoint",
  "locale": "locale",
  "theme": "theme",
  "draft": "draft",
  "draft-ttl": "draftTtl",
  "draft-scope": "draftScope",
  "readonly": "readonlyFields",
  "hidden-fields": "hiddenFields",
};

const ATTRIBUTES = { ...PREFILL, ...SETTINGS };

// The languages that have a file in `locales/`. English is inside the wasm; "en-US" differs from it.
const LANGUAGES = [
  "ar", "cs", "da", "de", "en-US", "es", "fr", "he", "hu", "it", "ja", "ko", "nb", "nl", "pl", "pt", "ro", "ru", "sv", "tr", "uk", "zh",
];

const RIGHT_TO_LEFT = ["ar", "he"];

// Norwegian is asked for by three names and written here in one way.
const SAME_AS = { no: "nb", nn: "nb" };

// The colours that a page may set, as --partner-case-accent and so on. Those in which the others are seen suffice to find out.
const COLOURS = [
  "accent", "on-accent", "text", "muted", "surface", "field", "border", "bad", "bad-surface", "unsure", "unsure-surface", "good", "good-surface", "focus",
];

// How long the page's headers may take, in milliseconds.
const HEADERS_TIMEOUT = 20_000;

const dark = matchMedia("(prefers-color-scheme: dark)");

// As in locales/en.json, for when not even that can be had.
const LOAD_TEXTS = {
  "load.title": "The form could not be loaded",
  "load.text": "Try again. If that does not help, tell the people who run this portal what stands below.",
  "load.retry": "Try again",
};

// The names of files stand as they are in `import()` and `new URL()`, so that bundlers find them.
const own = new URL(import.meta.url);
const named = (parameter) => own.searchParams.get(parameter);
const versioned = (url) => {
  if (named("v")) url.searchParams.set("v", named("v"));
  return url;
};
const glueUrl = versioned(new URL(named("glue") ?? "partner_case_form.js", own));
const besideGlue = () => (named("glue") ? new URL("partner_case_form_bg.wasm", glueUrl) : new URL("./partner_case_form_bg.wasm", import.meta.url));
const wasmUrl = named("wasm") ? new URL(named("wasm"), own) : versioned(besideGlue());
// What the first paint does without is in a second wasm, beside the first.
const besideWasm = () => (named("glue") || named("wasm") ? new URL("partner_case_form_rest.wasm", wasmUrl) : new URL("./partner_case_form_rest.wasm", import.meta.url));
const restUrl = versioned(besideWasm());

if (glueUrl.origin !== own.origin) throw new Error(`${NAME}: ${glueUrl.href} is of another origin`);

let loading;

// The wasm's JavaScript, once it is there; and the same once the wasm works.
let glue;
let working;

// Where the last try to load ended, and how many there were.
let reached;
let tries = 0;

// A module that did not come does not come again under the same name, so each further try asks under another.
async function importGlue() {
  if (glue) return glue;
  reached = "glue";
  tries += 1;
  if (tries === 1 && !named("glue") && !named("v")) return import("./partner_case_form.js");
  const url = new URL(glueUrl);
  if (tries > 1) url.searchParams.set("try", tries);
  return import(/* @vite-ignore */ /* webpackIgnore: true */ url.href);
}

// The module with `mount`, ready to be called. A failed load is forgotten, so that the next try is one.
function load() {
  loading ??= importGlue()
    .then(async (module) => {
      glue = module;
      reached = "wasm";
      glue.locateRest?.(restUrl);
      await glue.default({ module_or_path: wasmUrl });
      working = glue;
      return glue;
    })
    .catch((error) => {
      loading = undefined;
      throw error;
    });
  return loading;
}

// A file that few pages need.
const loadMore = {
  contrast: () => (named("v") ? import(/* @vite-ignore */ /* webpackIgnore: true */ versioned(new URL("contrast.js", own)).href) : import("./contrast.js")),
  diagnosis: () => (named("v") ? import(/* @vite-ignore */ /* webpackIgnore: true */ versioned(new URL("diagnosis.js", own)).href) : import("./diagnosis.js")),
};

// The language and the locale for a wish such as "de-AT": the texts in German, the dates as in Austria. No locale means the default's.
function negotiate(wish) {
  let tag;
  try {
    [tag] = Intl.getCanonicalLocales(wish);
  } catch {
    console.warn(`${NAME}: "${wish}" is no language tag, so the form is in English`);
  }
  if (!tag) return { language: "en", locale: "" };
  const first = tag.split("-")[0];
  const language = LANGUAGES.find((known) => tag === known || tag.startsWith(`${known}-`)) ?? SAME_AS[first];
  if (language) return { language, locale: tag };
  if (first !== "en") console.warn(`${NAME}: there are no texts in "${wish}", so the form is in English`);
  return { language: "en", locale: first === "en" && tag !== "en" ? tag : "" };
}

const catalogues = new Map();

// The texts of a language, as JSON. A language that cannot be had is replaced by English.
function loadCatalogue(language) {
  if (!LANGUAGES.includes(language)) return Promise.resolve("");
  if (!catalogues.has(language)) {
    const url = versioned(new URL(`./locales/${language}.json`, import.meta.url));
    const text = fetch(url)
      .then((response) => (response.ok ? response.text() : Promise.reject(new Error(`HTTP ${response.status}`))))
      .then((text) => {
        // A login page comes with 200, too, and so does what a gateway has to say in JSON.
        if (typeof JSON.parse(text)?.["form.submit"] !== "string") throw new Error("these are no texts of the form");
        return text;
      })
      .catch((error) => {
        catalogues.delete(language);
        console.warn(`${NAME}: the texts could not be loaded from ${url}, so the form is in English`, error);
        return "";
      });
    catalogues.set(language, text);
  }
  return catalogues.get(language);
}

// Removes what is kept in the browser's storages under names that start so. The names are made in src/drafts.rs.
function clearStoredDrafts(prefix) {
  for (const name of ["sessionStorage", "localStorage"]) {
    try {
      const storage = window[name];
      for (const key of Object.keys(storage)) if (key.startsWith(prefix)) storage.removeItem(key);
    } catch {
      // A page that may not use its storage has nothing in it.
    }
  }
}

// What stands in the form's place until it is there: as high as the form, so that nothing below it moves.
const WAITING = `
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

let waitingSheet;

function make(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

/** The form as an element. Documented in partner-case-form.d.ts. */
export class PartnerCaseForm extends HTMLElement {
  static observedAttributes = [...Object.keys(ATTRIBUTES), "review"];
  static formAssociated = true;

  #internals;
  #waiting;
  #form;
  #mounting;
  #ready = withResolvers();
  #knownPersonalData = {};
  #messages = {};
  #headers;
  #darkChanged;
  #failed = false;
  // Whether the rest of the form is there, too.
  #whole = false;
  // Whether the page has set something since the options were read, and before the form could be told.
  #stale = false;
  #wishes = 0;
  #texts = { language: "en", locale: "", catalogue: "" };

  constructor() {
    super();
    this.#internals = this.attachInternals?.();
    this.attachShadow({ mode: "open" });
    this.#darkChanged = () => { if (this.#form) this.#watchColours(); };
    this.addEventListener("partner-case-created", (event) => this.#internals?.setFormValue(event.detail.caseId));
    // The value is that of the receipt that is seen, and goes with it.
    this.addEventListener("partner-case-change", () => setTimeout(() => {
      if (!this.shadowRoot.querySelector("[part=receipt]")) this.#internals?.setFormValue(null);
    }));
    // A property that the page set before this file had arrived hides the setter; it is set anew.
    for (const name of [...Object.values(ATTRIBUTES), "review", "knownPersonalData", "messages", "headers"]) {
      if (!Object.hasOwn(this, name)) continue;
      const value = this[name];
      delete this[name];
      this[name] = value;
    }
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
    this.#wait();
    try {
      const [{ mount }] = await Promise.all([load(), this.#loadTexts()]);
      // The element may have left the page while the module was on its way.
      if (!this.isConnected) return;
      this.#stale = false;
      this.#form = mount(this, this.#options(), { beforeSubmit: () => this.#beforeSubmit(), headers: () => this.#currentHeaders() });
      if (this.#stale) this.#update();
      const focused = this.querySelector(":focus");
      this.#waiting.remove();
      // Whoever waits for the form finds in it what was typed before.
      const taken = this.#takePlainText(focused);
      dark.addEventListener("change", this.#darkChanged);
      this.#watchColours();
      this.#complete(this.#form, taken);
    } catch (error) {
      // A wasm that has broken down works no more; the next try gets one of its own.
      if (error?.name === "RuntimeError") loading = glue = working = undefined;
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
      reached = "rest";
      // What was typed stays where it is.
      if (this.#form === form) await this.#fail(error);
    }
  }

  // Until the form is there, its place is kept; what stands between the tags is for pages without it, and would only flash up. It stays
  // where a person is typing into it, or has typed: no key that they press may go nowhere.
  #wait() {
    this.#waiting?.remove();
    if ("adoptedStyleSheets" in this.shadowRoot && "replaceSync" in CSSStyleSheet.prototype) {
      if (!waitingSheet) {
        waitingSheet = new CSSStyleSheet();
        waitingSheet.replaceSync(WAITING);
      }
      if (!this.shadowRoot.adoptedStyleSheets.includes(waitingSheet)) this.shadowRoot.adoptedStyleSheets = [...this.shadowRoot.adoptedStyleSheets, waitingSheet];
    }
    const skeleton = make("div", { className: "skeleton" });
    skeleton.setAttribute("aria-hidden", "true");
    this.#waiting = make("div", { className: "frame" }, this.#plainInUse() ? make("slot") : skeleton);
    this.shadowRoot.append(this.#waiting);
  }

  #plainInUse() {
    if (this.matches(":focus-within")) return true;
    const controls = [...this.querySelectorAll("input:not([type=hidden]), textarea")];
    return controls.some((control) => control.value !== control.defaultValue);
  }

  // Says why, to the person, to the page and to its developer; and shows what stands between the tags, such as a plain form.
  async #fail(error) {
    const unasked = { cause: "unreachable", url: { glue: glueUrl, wasm: wasmUrl, rest: restUrl }[reached].href, message: "neither the file nor diagnosis.js can be fetched" };
    const { whyNot } = await loadMore.diagnosis().catch(() => ({ whyNot: () => unasked }));
    const detail = await whyNot({ reached, glueUrl, wasmUrl, restUrl });
    const { language } = negotiate(this.#wish());
    const catalogue = await loadCatalogue(language);
    if (!this.isConnected) return;
    const texts = { ...LOAD_TEXTS, ...(catalogue ? JSON.parse(catalogue) : {}), ...this.#messages };
    console.error(`${NAME}: ${detail.message} (${detail.cause}: ${detail.url})`, error);
    const retry = make("button", { type: "button", textContent: texts["load.retry"], onclick: () => this.#retry(panel) });
    const panel = make("div", { className: "failed" },
      make("h2", { textContent: texts["load.title"] }),
      make("p", { textContent: texts["load.text"] }),
      make("p", {}, make("code", { dir: "ltr", textContent: `${NAME} ${version}: ${detail.cause} ${detail.url}` })),
      retry);
    panel.setAttribute("role", "alert");
    if (catalogue) Object.assign(panel, { lang: language, dir: RIGHT_TO_LEFT.includes(language) ? "rtl" : "ltr" });
    panel.setAttribute("part", "load-error");
    if (this.#form) this.shadowRoot.prepend(panel);
    else this.#waiting.replaceChildren(panel, make("slot"));
    this.#dispatch("load-error", { detail });
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
    if (document.activeElement && document.activeElement !== document.body) return;
    const again = this.shadowRoot.querySelector("[part=load-error] button");
    if (again) again.focus();
    else await this.focus();
  }

  // What a person typed into a plain form before this one was there, and where they are in it.
  async #takePlainText(focused) {
    // Leptos sets the values of the controls a moment after they are there.
    await new Promise((resolve) => setTimeout(resolve));
    for (const [attribute, name] of Object.entries(PREFILL)) {
      const plain = this.querySelector(`[name="${name}"]`);
      const control = this.shadowRoot.getElementById(attribute);
      if (!control || !plain || plain.type === "hidden" || plain.value === plain.defaultValue) continue;
      if (control.value && name !== "description") continue;
      control.value = control.value ? `${control.value}\n\n${plain.value}` : plain.value;
      control.dispatchEvent(new Event("input", { bubbles: true }));
      plain.value = plain.defaultValue;
    }
    const [attribute] = Object.entries(PREFILL).find(([, name]) => name === focused?.name) ?? [];
    const control = attribute && this.shadowRoot.getElementById(attribute);
    if (!control || ![null, document.body, focused].includes(this.getRootNode().activeElement)) return;
    control.focus();
    control.setSelectionRange?.(control.value.length, control.value.length);
  }

  // A page's own colours are looked at once, and again with another theme.
  async #watchColours() {
    const style = getComputedStyle(this);
    if (!COLOURS.some((role) => style.getPropertyValue(`--partner-case-${role}`).trim())) return;
    const { review } = await loadMore.contrast().catch(() => ({}));
    const container = this.shadowRoot.lastElementChild;
    if (!review || !this.#form || !container) return;
    for (const { text, ground, ratio, needed } of review(this, container)) {
      console.warn(`${NAME}: "${text}" on "${ground}" has a contrast of ${ratio.toFixed(2)}:1; ${needed}:1 is needed (WCAG 2.2 AA)`);
    }
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

  #update() {
    if (this.#form) this.#form.update(this.#options());
    else this.#stale = true;
  }

  // Without a wish the form speaks as the page around it does, or else as the browser.
  #wish() {
    return this.getAttribute("locale") || this.closest("[lang]")?.lang || document.documentElement.lang || navigator.language;
  }

  async #loadTexts() {
    const wished = ++this.#wishes;
    const negotiated = negotiate(this.#wish());
    const catalogue = await loadCatalogue(negotiated.language);
    // A wish that was overtaken by another while its texts were on their way.
    if (wished !== this.#wishes) return;
    this.#texts = catalogue || negotiated.language === "en" ? { ...negotiated, catalogue } : { language: "en", locale: "", catalogue };
  }

  #dispatch(name, init) {
    return this.dispatchEvent(new CustomEvent(`partner-case-${name}`, { bubbles: true, composed: true, ...init }));
  }

  // The page may stop a submission, at once or after a while.
  async #beforeSubmit() {
    const waits = [];
    const waitUntil = (promise) => { waits.push(promise); };
    if (!this.#dispatch("before-submit", { cancelable: true, detail: { waitUntil } })) return false;
    return (await Promise.all(waits)).every((answer) => answer !== false);
  }

  async #currentHeaders() {
    let headers = this.#headers;
    if (typeof headers === "function") {
      const late = withResolvers();
      const timer = setTimeout(() => late.reject(new Error("the page's headers did not come in time")), HEADERS_TIMEOUT);
      try {
        headers = await Promise.race([headers(), late.promise]);
      } finally {
        clearTimeout(timer);
      }
    }
    return Object.fromEntries(new Headers(headers ?? {}));
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
    if (this.#whole) {
      this.#form.clearDraft(all);
    } else if (all) {
      // A sign-out does not wait for the form. What an earlier form has left in memory is in the module, which then works.
      const prefix = `${NAME}:draft:${this.#endpoint.replace(/\/+$/, "")}|${this.draftScope ?? ""}|`;
      clearStoredDrafts(prefix);
      working?.forgetDrafts(prefix);
    } else {
      await this.ready;
      this.#form.clearDraft(false);
    }
  }

  async focus(options) {
    await this.ready;
    this.shadowRoot.querySelector("h2[tabindex], .field:not([hidden]) :is(input, textarea, select):enabled:not([readonly])")?.focus(options);
  }

  async diagnose() {
    const { diagnose } = await loadMore.diagnosis();
    const headers = await this.#currentHeaders().catch(() => undefined);
    return diagnose({ version, glueUrl, wasmUrl, restUrl, endpoint: this.#endpoint, headers, form: await load().catch(() => undefined) });
  }

  get #endpoint() {
    return this.getAttribute("endpoint") ?? "/partner-cases";
  }

  #options() {
    const prefill = {};
    for (const [attribute, name] of Object.entries(PREFILL)) {
      if (this.hasAttribute(attribute)) prefill[name] = this.getAttribute(attribute);
    }
    const settings = Object.fromEntries(Object.entries(SETTINGS).map(([attribute, name]) => [name, this.getAttribute(attribute) ?? ""]));
    return {
      ...settings,
      endpoint: this.#endpoint,
      prefill,
      knownPersonalData: this.#knownPersonalData,
      review: this.review,
      ...this.#texts,
      messages: Object.keys(this.#messages).length ? JSON.stringify(this.#messages) : "",
    };
  }
}

function withResolvers() {
  let resolvers;
  const promise = new Promise((resolve, reject) => { resolvers = { resolve, reject }; });
  // Nobody has to wait for it.
  promise.catch(() => {});
  return { promise, ...resolvers };
}

// Attributes and properties are two names for one thing.
for (const [attribute, name] of Object.entries(ATTRIBUTES)) {
  Object.defineProperty(PartnerCaseForm.prototype, name, {
    configurable: true,
    enumerable: true,
    get() {
      return this.getAttribute(attribute);
    },
    set(value) {
      if (value === null || value === undefined) this.removeAttribute(attribute);
      else this.setAttribute(attribute, value);
    },
  });
}

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
