// Owns the element's attributes and the properties that reflect them: reads them, and makes them the options of the form.

import { FIELDS, SETTINGS } from "./attributes_table.js";
import { resolveEndpoint, trustEndpoint } from "./endpoint.js";

/** The tag. It is also the prefix of everything that the loader writes to the console. */
export const NAME = "partner-case-form";

const ATTRIBUTES = { ...FIELDS, ...SETTINGS };

/** The attributes that the element observes. */
export const OBSERVED = [...Object.keys(ATTRIBUTES), "review"];

/** Sets again what the portal set before the element was upgraded: such a property of the instance hides the accessor of the class. */
export function upgradeProperties(element) {
  for (const name of [...Object.values(ATTRIBUTES), "review", "knownPersonalData", "messages", "headers"]) {
    if (!Object.hasOwn(element, name)) continue;
    const value = element[name];
    delete element[name];
    element[name] = value;
  }
}

/** Defines a property for each attribute. Only a property can be trusted to come from script; an attribute may be injected markup. */
export function defineProperties(prototype) {
  for (const [attribute, name] of Object.entries(ATTRIBUTES)) {
    Object.defineProperty(prototype, name, {
      configurable: true,
      enumerable: true,
      get() {
        return this.getAttribute(attribute);
      },
      set(value) {
        if (name === "endpoint") trustEndpoint(this, value);
        if (value === null || value === undefined) this.removeAttribute(attribute);
        else this.setAttribute(attribute, value);
      },
    });
  }
}

/** Returns the proxy's base path as the portal has set it. It is part of the names of drafts. */
export function endpointOf(element) {
  return element.getAttribute("endpoint") ?? "/partner-cases";
}

/** Returns the URL of the proxy's base path, or an empty text if the form must not call it. */
export function endpointUrlOf(element) {
  return resolveEndpoint(endpointOf(element))?.href ?? "";
}

/** Returns the options that come from attributes, as `mount` of src/element/handle.rs takes them. */
export function attributeOptions(element) {
  const prefill = {};
  for (const [attribute, name] of Object.entries(FIELDS)) {
    if (element.hasAttribute(attribute)) prefill[name] = element.getAttribute(attribute);
  }
  const settings = {};
  for (const [attribute, name] of Object.entries(SETTINGS)) settings[name] = element.getAttribute(attribute) ?? "";
  return { ...settings, endpoint: endpointOf(element), endpointUrl: endpointUrlOf(element), prefill, review: element.review };
}
