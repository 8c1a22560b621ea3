// Owns the diagnosis: why the form does not load, and the report of `diagnose()`. Fetched only when one of them is needed.

const EMPTY_MODULE = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);

// Tries an empty module to find out whether the page's policy allows wasm.
function wasmPolicy() {
  if (typeof WebAssembly === "undefined") return "missing";
  try {
    new WebAssembly.Module(EMPTY_MODULE);
    return "allowed";
  } catch {
    return "forbidden";
  }
}

// Fetches a file as a browser would for the form, and returns what the server says about it.
async function inspect(url) {
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

// Returns what is wrong with an inspected file, or undefined.
function faultOf(file, types) {
  if (file.status === 0) return new URL(file.url).origin === location.origin ? "unreachable" : "cors";
  if (file.status === 404 || file.status === 410) return "not_found";
  if (file.status >= 400) return "refused";
  // A login page, or the page with which a single-page application answers every path.
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

/** Returns why the form did not load, as `{ cause, url, message }`. `stage` is what was loading: "glue", "wasm" or "lazy". */
export async function explainLoadFailure({ stage, glueUrl, wasmUrl, lazyUrl }) {
  const explain = (cause, url) => ({ cause, url: url.href, message: MESSAGES[cause] });
  if (!("adoptedStyleSheets" in Document.prototype)) return explain("old_browser", glueUrl);
  const policy = wasmPolicy();
  if (policy === "missing") return explain("blocked", wasmUrl);
  if (policy === "forbidden") return explain("csp", wasmUrl);
  if (stage === "glue") return explain(faultOf(await inspect(glueUrl), ["text/javascript", "application/javascript"]) ?? "broken", glueUrl);
  const url = stage === "lazy" ? lazyUrl : wasmUrl;
  return explain(faultOf(await inspect(url), ["application/wasm"]) ?? "broken", url);
}

/** Returns a report for the people who run the portal. It contains nothing that an agent typed. */
export async function diagnose({ version, glueUrl, wasmUrl, lazyUrl, endpoint, headers, form }) {
  const [glue, wasm, lazy, proxy] = await Promise.all([inspect(glueUrl), inspect(wasmUrl), inspect(lazyUrl), inspectProxy(endpoint, headers)]);
  const withoutStart = ({ start, ...file }) => file;
  return {
    versions: { loader: version, form: form?.version() ?? null },
    loads: Boolean(form),
    webAssembly: wasmPolicy(),
    files: [glue, wasm, lazy].map(withoutStart),
    headers: headers === undefined ? "failing" : "good",
    proxy,
    secureContext: isSecureContext,
    online: navigator.onLine,
  };
}

const NO_RESPONSE = { status: 0, session: "unknown", kind: "unknown", problem: null, context: null, clockAheadSeconds: null };

// Asks the proxy for the agent's session and the time. `endpoint` is absolute, or empty if the form must not call it.
async function inspectProxy(endpoint, headers) {
  if (!endpoint) return { url: "", ...NO_RESPONSE };
  const url = new URL(`${endpoint.replace(/\/+$/, "")}/context`);
  const startedAt = Date.now();
  try {
    const response = await fetch(url, { headers: { ...headers, "x-partner-case-form": "1", "accept": "application/json" }, redirect: "manual" });
    const body = await response.json().catch(() => undefined);
    const serverTime = Date.parse(response.headers.get("date") ?? "");
    return {
      url: url.href,
      status: response.status,
      session: response.type === "opaqueredirect" || response.status === 401 ? "ended" : response.ok ? "good" : "unknown",
      kind: body?.capabilities || body?.code ? "partner-case-proxy" : response.status === 404 ? "simple" : "unknown",
      problem: body?.code ?? null,
      context: response.ok ? body ?? null : null,
      clockAheadSeconds: Number.isNaN(serverTime) ? null : Math.round(((startedAt + Date.now()) / 2 - serverTime) / 1000),
    };
  } catch {
    return { url: url.href, ...NO_RESPONSE };
  }
}
