// Owns the proxy's address: which URL an endpoint means, and which origins may receive the portal's headers.

// The origins that the portal's script has set as an endpoint, by element.
const trusted = new WeakMap();

// A page such as about:srcdoc has no URL of its own, but may have an origin.
const pageOrigin = () => (location.origin === "null" ? origin : location.origin);

/**
 * Resolves an endpoint against the page's own URL, not against `<base>`, which may be injected markup. Returns undefined if the form must not
 * call the endpoint: it is not a URL, its scheme is not http or https, or it contains a user name.
 */
export function resolveEndpoint(endpoint) {
  const base = location.protocol.startsWith("http") ? location.href : pageOrigin();
  try {
    const url = new URL(endpoint || "/", base === "null" ? undefined : base);
    if (/^https?:$/.test(url.protocol) && !url.username && !url.password) return url;
  } catch {
    // Not a URL.
  }
}

/** Records that script has set this endpoint. The attribute alone does not count, because it may be injected markup. */
export function trustEndpoint(element, endpoint) {
  trusted.set(element, (trusted.get(element) ?? new Set()).add(resolveEndpoint(endpoint)?.origin));
}

/** Returns whether the portal's headers may go to an origin: the page's own, or one that script has set as this element's endpoint. */
export function mayReceiveHeaders(element, origin) {
  return origin === pageOrigin() || Boolean(trusted.get(element)?.has(origin));
}
