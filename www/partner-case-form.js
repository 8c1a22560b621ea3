// The loader: defines <partner-case-form> at once and fetches the form itself, once for all elements on the page.
//
// It finds its files beside itself, by its own URL. `?glue=URL` behind that URL names another place, of the same origin, for the wasm
// module's JavaScript.

const TAG = "partner-case-form";

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

// The languages that have a file in `locales/`. English is inside the wasm; "en-US" differs from it.
const LANGUAGES = [
  "ar", "cs", "da", "de", "en-US", "es", "fr", "he", "hu", "it", "ja", "ko", "nb", "nl", "pl", "pt", "ro", "ru", "sv", "tr", "uk", "zh",
];

// Norwegian is asked for by three names and written here in one way.
const SAME_AS = { no: "nb", nn: "nb" };

const glueUrl = new URL(new URL(import.meta.url).searchParams.get("glue") ?? "./partner_case_form.js", import.meta.url);

if (glueUrl.origin !== new URL(import.meta.url).origin) throw new Error(`${TAG}: ${glueUrl.href} is of another origin`);

let loading;

// The module with `mount`, ready to be called. A failed load is forgotten, so that the next element tries again.
function load() {
  loading ??= import(glueUrl.href)
    .then(async (glue) => {
      await glue.default({ module_or_path: new URL("./partner_case_form_bg.wasm", glueUrl) });
      return glue;
    })
    .catch((error) => {
      loading = undefined;
      throw error;
    });
  return loading;
}

// The language and the locale for a wish such as "de-AT": the texts in German, the dates as in Austria. No locale means the default's.
function negotiate(wish) {
  let tag;
  try {
    [tag] = Intl.getCanonicalLocales(wish);
  } catch {
    console.warn(`${TAG}: "${wish}" is no language tag, so the form is in English`);
  }
  if (!tag) return { language: "en", locale: "" };
  const first = tag.split("-")[0];
  const language = LANGUAGES.find((known) => tag === known || tag.startsWith(`${known}-`)) ?? SAME_AS[first];
  if (language) return { language, locale: tag };
  return { language: "en", locale: first === "en" && tag !== "en" ? tag : "" };
}

const catalogues = new Map();

// The texts of a language, as JSON. A language that cannot be had is replaced by English.
function loadCatalogue(language) {
  if (!LANGUAGES.includes(language)) return Promise.resolve("");
  if (!catalogues.has(language)) {
    const url = new URL(`./locales/${language}.json`, import.meta.url);
    const text = fetch(url)
      .then((response) => (response.ok ? response.text() : Promise.reject(new Error(`HTTP ${response.status}`))))
      .catch((error) => {
        catalogues.delete(language);
        console.warn(`${TAG}: the texts could not be loaded from ${url}, so the form is in English`, error);
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

class PartnerCaseForm extends HTMLElement {
  static observedAttributes = ["endpoint", "locale", "review", "draft", "draft-ttl", "draft-scope", ...Object.keys(PREFILL)];

  #form;
  #mounting = false;
  #knownPersonalData = {};
  #messages = {};
  #wishes = 0;
  #texts = { language: "en", locale: "", catalogue: "" };

  constructor() {
    super();
    // Until the form is there, and if it never comes, the page shows what stands between the tags.
    this.attachShadow({ mode: "open" }).append(document.createElement("slot"));
    // A property that the page set before this file had arrived hides the setter; it is set anew.
    for (const name of ["knownPersonalData", "messages"]) {
      if (!Object.hasOwn(this, name)) continue;
      const value = this[name];
      delete this[name];
      this[name] = value;
    }
  }

  async connectedCallback() {
    if (this.#form || this.#mounting) return;
    this.#mounting = true;
    try {
      const [{ mount }] = await Promise.all([load(), this.#loadTexts()]);
      // The element may have left the page while the module was on its way.
      if (this.isConnected) {
        this.#form = mount(this, this.#options());
        this.shadowRoot.querySelector("slot").remove();
      }
    } catch (error) {
      console.error(`${TAG}: the form could not be loaded from ${glueUrl.href}`, error);
      this.dispatchEvent(new CustomEvent("partner-case-load-error", { bubbles: true, composed: true }));
    } finally {
      this.#mounting = false;
    }
  }

  disconnectedCallback() {
    // A move within the page disconnects and connects in one go; only an element that stays away is unmounted.
    queueMicrotask(() => {
      if (this.isConnected) return;
      if (!this.#form) return;
      this.#form.unmount();
      this.#form = undefined;
      this.shadowRoot.append(document.createElement("slot"));
    });
  }

  async attributeChangedCallback(name) {
    if (!this.#form && !this.#mounting) return;
    if (name === "locale") await this.#loadTexts();
    // The host changes several attributes in one go, as when it shows another customer; that is one change.
    queueMicrotask(() => this.#form?.update(this.#options()));
  }

  // Without a wish the form speaks as the page around it does, or else as the browser.
  async #loadTexts() {
    const wished = ++this.#wishes;
    const wish = this.getAttribute("locale") || this.closest("[lang]")?.lang || document.documentElement.lang || navigator.language;
    const negotiated = negotiate(wish);
    const catalogue = await loadCatalogue(negotiated.language);
    // A wish that was overtaken by another while its texts were on their way.
    if (wished !== this.#wishes) return;
    this.#texts = catalogue || negotiated.language === "en" ? { ...negotiated, catalogue } : { language: "en", locale: "", catalogue };
  }

  // The customer's own data, `{ names, emails, phones }`, so that exactly those values are kept out of the subject.
  get knownPersonalData() {
    return this.#knownPersonalData;
  }

  set knownPersonalData(known) {
    this.#knownPersonalData = known ?? {};
    this.#form?.update(this.#options());
  }

  // Texts of the host's own, by the keys of `locales/en.json`.
  get messages() {
    return this.#messages;
  }

  set messages(messages) {
    this.#messages = messages ?? {};
    this.#form?.update(this.#options());
  }

  submit() {
    this.#form?.submit();
  }

  reset() {
    this.#form?.reset();
  }

  // Forgets this customer's draft and empties the form; `{ all: true }` forgets the drafts of all customers, as at a sign-out.
  clearDraft({ all = false } = {}) {
    if (this.#form) {
      this.#form.clearDraft(all);
    } else if (all) {
      // A sign-out does not wait for the form.
      const scope = this.getAttribute("draft-scope") ?? "";
      clearStoredDrafts(`partner-case-form:draft:${this.#endpoint.replace(/\/+$/, "")}|${scope}|`);
    }
  }

  get #endpoint() {
    return this.getAttribute("endpoint") ?? "/partner-cases";
  }

  #options() {
    const prefill = {};
    for (const [attribute, name] of Object.entries(PREFILL)) {
      if (this.hasAttribute(attribute)) prefill[name] = this.getAttribute(attribute);
    }
    return {
      endpoint: this.#endpoint,
      prefill,
      knownPersonalData: this.#knownPersonalData,
      review: this.hasAttribute("review"),
      draft: this.getAttribute("draft") ?? "",
      draftTtl: this.getAttribute("draft-ttl") ?? "",
      draftScope: this.getAttribute("draft-scope") ?? "",
      ...this.#texts,
      messages: Object.keys(this.#messages).length ? JSON.stringify(this.#messages) : "",
    };
  }
}

if (customElements.get(TAG)) {
  console.warn(`${TAG}: the tag is already taken on this page, so this copy is not used`);
} else {
  customElements.define(TAG, PartnerCaseForm);
}
