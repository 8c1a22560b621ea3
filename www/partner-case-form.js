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

class PartnerCaseForm extends HTMLElement {
  static observedAttributes = ["endpoint", ...Object.keys(PREFILL)];

  #form;
  #mounting = false;
  #knownPersonalData = {};

  constructor() {
    super();
    // Until the form is there, and if it never comes, the page shows what stands between the tags.
    this.attachShadow({ mode: "open" }).append(document.createElement("slot"));
    // A property that the page set before this file had arrived hides the setter; it is set anew.
    if (Object.hasOwn(this, "knownPersonalData")) {
      const known = this.knownPersonalData;
      delete this.knownPersonalData;
      this.knownPersonalData = known;
    }
  }

  async connectedCallback() {
    if (this.#form || this.#mounting) return;
    this.#mounting = true;
    try {
      const { mount } = await load();
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

  attributeChangedCallback() {
    this.#form?.update(this.#options());
  }

  // The customer's own data, `{ names, emails, phones }`, so that exactly those values are kept out of the subject.
  get knownPersonalData() {
    return this.#knownPersonalData;
  }

  set knownPersonalData(known) {
    this.#knownPersonalData = known ?? {};
    this.#form?.update(this.#options());
  }

  submit() {
    this.#form?.submit();
  }

  reset() {
    this.#form?.reset();
  }

  #options() {
    const prefill = {};
    for (const [attribute, name] of Object.entries(PREFILL)) {
      if (this.hasAttribute(attribute)) prefill[name] = this.getAttribute(attribute);
    }
    return { endpoint: this.getAttribute("endpoint") ?? "/partner-cases", prefill, knownPersonalData: this.#knownPersonalData };
  }
}

if (customElements.get(TAG)) {
  console.warn(`${TAG}: the tag is already taken on this page, so this copy is not used`);
} else {
  customElements.define(TAG, PartnerCaseForm);
}
