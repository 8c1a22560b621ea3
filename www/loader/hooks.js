// The page's part in a submission: it hears events, may stop a case before it goes out, and adds headers to each call.

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

/** The headers for a call, as names and values: what the page has set, or what its function answers. */
export async function currentHeaders(headers) {
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
