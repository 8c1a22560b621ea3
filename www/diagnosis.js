// Says why the form does not load, and how things stand. Fetched only when that is asked.

const EMPTY_MODULE = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);

// What the page's policy says of wasm: an empty module is as good as any to find out.
function wasmPolicy() {
  if (typeof WebAssembly === "undefined") return "missing";
  try {
    new WebAssembly.Module(EMPTY_MODULE);
    return "allowed";
  } catch {
    return "forbidden";
  }
}

async function look(url) {
  try {
    const response = await fetch(url, { cache: "no-cache" });
    const type = (response.headers.get("content-type") ?? "").split(";")[0].trim();
    return {
      url: url.href,
      status: response.status,
      type,
      encoding: response.headers.get("content-encoding") ?? "",
      caching: response.headers.get("cache-control") ?? "",
      redirected: response.redirected,
      start: (await response.text()).trimStart().slice(0, 1),
    };
  } catch {
    return { url: url.href, status: 0, type: "", encoding: "", caching: "", redirected: false, start: "" };
  }
}

function fault(file, types) {
  if (file.status === 0) return new URL(file.url).origin === location.origin ? "unreachable" : "cors";
  if (file.status === 404 || file.status === 410) return "not_found";
  if (file.status >= 400) return "refused";
  // A login page, or a single-page application's answer to everything.
  if (file.start === "<") return "html";
  return types.includes(file.type) ? undefined : "wrong_type";
}

const MESSAGES = {
  old_browser: "the browser is too old: it has no constructed stylesheets, or no WebAssembly",
  blocked: "WebAssembly is switched off in this browser, by a policy of the organization or of the person",
  csp: "the page's Content-Security-Policy forbids WebAssembly; script-src needs 'wasm-unsafe-eval'",
  unreachable: "the file cannot be fetched: the server is not reached, or connect-src or script-src forbids it",
  cors: "the file is of another origin, which does not allow this page to read it (CORS)",
  not_found: "the file is not there",
  refused: "the server refuses the file; its status is in diagnose()",
  html: "an HTML page comes in the place of the file: a login page, or the portal's answer to unknown paths",
  wrong_type: "the file has the wrong Content-Type: text/javascript for .js, application/wasm for .wasm",
  broken: "the form's files do not work; they may be of two versions",
};

/** Why the form did not load: `{ cause, url, message }`. */
export async function whyNot({ reached, glueUrl, wasmUrl, restUrl }) {
  const tell = (cause, url) => ({ cause, url: url.href, message: MESSAGES[cause] });
  if (!("adoptedStyleSheets" in Document.prototype)) return tell("old_browser", glueUrl);
  const policy = wasmPolicy();
  if (policy === "missing") return tell("blocked", wasmUrl);
  if (policy === "forbidden") return tell("csp", wasmUrl);
  if (reached === "glue") return tell(fault(await look(glueUrl), ["text/javascript", "application/javascript"]) ?? "broken", glueUrl);
  const url = reached === "rest" ? restUrl : wasmUrl;
  return tell(fault(await look(url), ["application/wasm"]) ?? "broken", url);
}

/** A report for those who run the portal. It holds nothing that was typed. */
export async function diagnose({ version, glueUrl, wasmUrl, restUrl, endpoint, headers, form }) {
  const [glue, wasm, rest, proxy] = await Promise.all([look(glueUrl), look(wasmUrl), look(restUrl), askProxy(endpoint, headers)]);
  const withoutStart = ({ start, ...file }) => file;
  return {
    versions: { loader: version, form: form?.version() ?? null },
    loads: Boolean(form),
    webAssembly: wasmPolicy(),
    files: [glue, wasm, rest].map(withoutStart),
    headers: headers === undefined ? "failing" : "good",
    proxy,
    secureContext: isSecureContext,
    online: navigator.onLine,
  };
}

const NO_ANSWER = { status: 0, session: "unknown", kind: "unknown", problem: null, context: null, clockAheadSeconds: null };

// Whether the proxy answers, who it thinks we are, and what time it has. `endpoint` is absolute, or empty where the form refuses it.
async function askProxy(endpoint, headers) {
  if (!endpoint) return { url: "", ...NO_ANSWER };
  const url = new URL(`${endpoint.replace(/\/+$/, "")}/context`);
  const asked = Date.now();
  try {
    const response = await fetch(url, { headers: { ...headers, "x-partner-case-form": "1", "accept": "application/json" }, redirect: "manual" });
    const body = await response.json().catch(() => undefined);
    const served = Date.parse(response.headers.get("date") ?? "");
    return {
      url: url.href,
      status: response.status,
      session: response.type === "opaqueredirect" || response.status === 401 ? "ended" : response.ok ? "good" : "unknown",
      kind: body?.capabilities || body?.code ? "partner-case-proxy" : response.status === 404 ? "simple" : "unknown",
      problem: body?.code ?? null,
      context: response.ok ? body ?? null : null,
      clockAheadSeconds: Number.isNaN(served) ? null : Math.round(((asked + Date.now()) / 2 - served) / 1000),
    };
  } catch {
    return { url: url.href, ...NO_ANSWER };
  }
}
