// Pages of a test's own, under the strict policy, from the portal's origin.

export const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'";

const LOADER = "/partner-cases/widget/partner-case-form.js";

/** Serves a page with a script of its own and opens it. `policy` is null for none. */
export async function openPage(page, origin, { body = "<partner-case-form user-id=\"1234\"></partner-case-form>", script = "", css = "", policy = POLICY, loader = LOADER, lang = "en", waitUntil = "load" } = {}) {
  const html = `<!doctype html><html lang="${lang}"><meta charset="utf-8"><title>Test</title>
    <link rel="stylesheet" href="/test-page.css"><script type="module" src="/test-page.js"></script>
    ${loader ? `<script type="module" src="${loader}"></script>` : ""}<body>${body}</body></html>`;
  const headers = policy ? { "content-security-policy": policy } : {};
  await page.route("**/test-page", (route) => route.fulfill({ contentType: "text/html", headers, body: html }));
  await page.route("**/test-page.js", (route) => route.fulfill({ contentType: "text/javascript", body: script }));
  await page.route("**/test-page.css", (route) => route.fulfill({ contentType: "text/css", body: css }));
  await page.goto(new URL("/test-page", origin).href, { waitUntil });
}
