// The page's part in a submission: it hears events, may stop a case before it goes out, and adds headers to each call.

import { NAME } from "./attributes.js";
import { mayHaveHeaders } from "./endpoint.js";

// How long the page's headers may take, in milliseconds.
const HEADERS_TIMEOUT = 20_000;

/** Tells the page. The answer is whether it lets go on what can be stopped. */
export function tell(element, name, init) {
  return element.dispatchEvent(new CustomEvent(`partner-case-${name}`, { bubbles: true, composed: true, ...init }));
}

/** The page may stop a submission, at once or after a while. */
export async function beforeSubmit(element) {
  const waits = [];
  const waitUntil = (promise) => { waits.push(promise); };
  if (!tell(element, "before-submit", { cancelable: true, detail: { waitUntil } })) return false;
  return (await Promise.all(waits)).every((answer) => answer !== false);
}

// The origins that the console has been told about.
const withheld = new Set();

/**
 * Returns the headers for a call to `url`, as names and values. The portal's own go to the page's origin, and to an origin that script has named.
 * Fails where no call may go.
 */
export async function headersFor(element, url, headers) {
  if (!/^https?:/.test(url)) throw new Error("endpoint must be an http or https URL without a user name; nothing was sent");
  const { origin } = new URL(url);
  if (mayHaveHeaders(element, origin)) return currentHeaders(headers);
  if (headers && !withheld.has(origin)) {
    withheld.add(origin);
    console.warn(`${NAME}: the endpoint attribute names another origin, ${origin}, so the portal's headers are not sent there. To send them, set the endpoint property from script.`);
  }
  return {};
}

// What the page has set, or what its function answers.
async function currentHeaders(headers) {
  if (typeof headers === "function") {
    let timer;
    const late = new Promise((resolve, reject) => {
      timer = setTimeout(() => reject(new Error("the page's headers did not come in time")), HEADERS_TIMEOUT);
    });
    try {
      headers = await Promise.race([headers(), late]);
    } finally {
      clearTimeout(timer);
    }
  }
  return Object.fromEntries(new Headers(headers ?? {}));
}
