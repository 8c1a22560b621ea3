// The names of things: the tag, the attributes, and the properties that go with them. What a page has set becomes the options of the form.

import { nameOrigin, resolveEndpoint } from "./endpoint.js";

/** The tag, and what the form's notes on the console start with. */
export const NAME = "partner-case-form";

// The attributes that prefill a field, and the field's name in the options.
export const PREFILL = {
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

/** The attributes whose changes count. */
export const OBSERVED = [...Object.keys(ATTRIBUTES), "review"];

/** A property that the page set before the loader had arrived hides the setter; it is set anew. */
export function setAnew(element) {
  for (const name of [...Object.values(ATTRIBUTES), "review", "knownPersonalData", "messages", "headers"]) {
    if (!Object.hasOwn(element, name)) continue;
    const value = element[name];
    delete element[name];
    element[name] = value;
  }
}

/** Makes a property of each attribute. Setting either sets the other; only the property is sure to come from script. */
export function defineProperties(prototype) {
  for (const [attribute, name] of Object.entries(ATTRIBUTES)) {
    Object.defineProperty(prototype, name, {
      configurable: true,
      enumerable: true,
      get() {
        return this.getAttribute(attribute);
      },
      set(value) {
        if (name === "endpoint") nameOrigin(this, value);
        if (value === null || value === undefined) this.removeAttribute(attribute);
        else this.setAttribute(attribute, value);
      },
    });
  }
}

/** The proxy's base path, as the page has set it. Drafts are named by it. */
export function endpointOf(element) {
  return element.getAttribute("endpoint") ?? "/partner-cases";
}

/** The URL of the proxy's base path; empty where no call may go to it. */
export function endpointUrlOf(element) {
  return resolveEndpoint(endpointOf(element))?.href ?? "";
}

/** Returns what the attributes say, as `mount` of src/embed.rs takes it. */
export function attributeOptions(element) {
  const prefill = {};
  for (const [attribute, name] of Object.entries(PREFILL)) {
    if (element.hasAttribute(attribute)) prefill[name] = element.getAttribute(attribute);
  }
  const settings = {};
  for (const [attribute, name] of Object.entries(SETTINGS)) settings[name] = element.getAttribute(attribute) ?? "";
  return { ...settings, endpoint: endpointOf(element), endpointUrl: endpointUrlOf(element), prefill, review: element.review };
}
