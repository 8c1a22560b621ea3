// The proxy's address: where the form's calls go, and which other origins may have the portal's headers.

// The origins that the page's script has named, by element.
const named = new WeakMap();

// A page such as about:srcdoc has no address of its own, but may have an origin.
const pageOrigin = () => (location.origin === "null" ? origin : location.origin);

/**
 * Resolves an endpoint against the page's own URL, not against `<base>`, which may be injected markup. Returns nothing where no call may go: the
 * endpoint is no URL, has another scheme than http or https, or has a user name.
 */
export function resolveEndpoint(endpoint) {
  const base = location.protocol.startsWith("http") ? location.href : pageOrigin();
  try {
    const url = new URL(endpoint || "/", base === "null" ? undefined : base);
    if (/^https?:$/.test(url.protocol) && !url.username && !url.password) return url;
  } catch {
    // Text that is no URL.
  }
}

/** Records that script has named an endpoint's origin. An attribute does not count, because it may be injected markup. */
export function nameOrigin(element, endpoint) {
  named.set(element, (named.get(element) ?? new Set()).add(resolveEndpoint(endpoint)?.origin));
}

/** Whether the portal's headers may go to an origin: the page's own, or one that script has named on this element. */
export function mayHaveHeaders(element, origin) {
  return origin === pageOrigin() || Boolean(named.get(element)?.has(origin));
}
