// Owns the portal's part in a submission: the events that it hears, its veto before a case is sent, and the headers that it adds to calls.

import { NAME } from "./attributes.js";
import { mayReceiveHeaders } from "./endpoint.js";

// How long the portal's `headers` function may take, in milliseconds.
const HEADERS_TIMEOUT = 20_000;

/** Dispatches an event of the element. Returns false if the portal cancelled it. */
export function dispatch(element, name, init) {
  return element.dispatchEvent(new CustomEvent(`partner-case-${name}`, { bubbles: true, composed: true, ...init }));
}

/** Asks the portal whether a case may be sent. The portal may cancel the event, or give it promises that decide. */
export async function beforeSubmit(element) {
  const promises = [];
  const waitUntil = (promise) => { promises.push(promise); };
  if (!dispatch(element, "before-submit", { cancelable: true, detail: { waitUntil } })) return false;
  return (await Promise.all(promises)).every((result) => result !== false);
}

// The origins for which the console already has a warning.
const warned = new Set();

/**
 * Returns the portal's headers for a call to `url`, as names and values. Another origin receives them only if script has set it as endpoint.
 * Throws if the form must not call `url`.
 */
export async function headersFor(element, url, headers) {
  if (!/^https?:/.test(url)) throw new Error("endpoint must be an http or https URL without a user name; nothing was sent");
  const { origin } = new URL(url);
  if (mayReceiveHeaders(element, origin)) return resolveHeaders(headers);
  if (headers && !warned.has(origin)) {
    warned.add(origin);
    console.warn(`${NAME}: the endpoint attribute names another origin, ${origin}, so the portal's headers are not sent there. To send them, set the endpoint property from script.`);
  }
  return {};
}

// The `headers` property is an object, or a function that returns one or a promise of one.
async function resolveHeaders(headers) {
  if (typeof headers === "function") {
    let timer;
    const timeout = new Promise((resolve, reject) => {
      timer = setTimeout(() => reject(new Error("the portal's headers timed out")), HEADERS_TIMEOUT);
    });
    try {
      headers = await Promise.race([headers(), timeout]);
    } finally {
      clearTimeout(timer);
    }
  }
  return Object.fromEntries(new Headers(headers ?? {}));
}
