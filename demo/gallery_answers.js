// A stand-in for `fetch`, in the place of proxy and Wise: it answers as they do in one state of the form, at once and without a network.
// The bodies are those of docs/api.md.

const never = () => new Promise(() => {});

function answer(status, body, type = "application/json") {
  const headers = { "content-type": type, "cache-control": "no-store", "x-request-id": "c6b80efbe2344f63a7cc030362004720" };
  return new Response(JSON.stringify(body), { status, headers });
}

function problem(status, code, title, more = {}) {
  const outcome = more.outcome ?? "not_created";
  const body = { type: `urn:partner-case:problem:${code}`, title, status, code, requestId: "c6b80efbe2344f63a7cc030362004720", ...more, outcome };
  return () => answer(status, body, "application/problem+json");
}

const traceId = "f66f8da0166c4d7ba7b5b584eb40f93c";

// The case of this page, once there is one.
let made;

async function created(request) {
  const { type, externalId = null } = await request.clone().json();
  const now = new Date().toISOString().slice(0, -1);
  made = { id: 123456789, status: "CREATING", type, externalId, createdAt: now, updatedAt: now };
  return answer(200, made);
}

const caseWith = (status) => () => answer(200, { ...made, status });

const unknown = problem(504, "outcome_unknown", "It is not known whether the case was created", { detail: "Wise did not answer", outcome: "unknown" });

// What a state answers otherwise than `USUAL`.
const USUAL = { create: created, case: caseWith("OPEN"), submission: () => answer(200, { state: "unknown" }) };
const ANSWERS = {
  sending: { create: never },
  failed: { case: caseWith("FAILED") },
  rejected: {
    create: problem(422, "upstream_rejected", "Wise did not accept the case", {
      traceId, errors: [{ pointer: "/details/userId", detail: "the value was refused", code: "refused" }],
    }),
  },
  not_sent: { create: problem(429, "upstream_rate_limited", "Wise's rate limit is reached", { traceId, retryAfter: 90 }) },
  session_expired: { create: problem(401, "unauthenticated", "The staff member is not signed in") },
  too_slow: { create: problem(408, "body_timeout", "The body did not arrive in time") },
  unavailable: { create: problem(502, "upstream_refused", "Wise does not allow this call", { traceId, detail: "Wise answered 403" }) },
  misconfigured: { create: problem(403, "custom_header_missing", "The X-Partner-Case-Form header is missing") },
  key_reused: { create: problem(422, "idempotency_key_reused", "The key was used for another case") },
  outcome_unknown: { create: unknown },
  reconsidering: { create: unknown },
};

// The form's own files, where one of them is the matter.
const FILES = {
  loading: ["partner_case_form_bg.wasm", never],
  load_error: ["partner_case_form_bg.wasm", () => new Response("", { status: 404 })],
  lazy_error: ["partner_case_form_lazy.wasm", () => new Response("", { status: 404 })],
};

/** From now on the page's calls below `endpoint` are answered as in `state`. Files come from where they always do, but for `FILES`. */
export function answerAs(state, endpoint) {
  const fetchFromServer = window.fetch.bind(window);
  const answers = { ...USUAL, ...ANSWERS[state] };
  const [file, answerFile] = FILES[state] ?? [];
  window.fetch = async (input, init) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input, location.href);
    if (file && pathname.endsWith(`/${file}`)) return answerFile();
    if (!pathname.startsWith(`${endpoint}/`)) return fetchFromServer(input, init);
    if (pathname.startsWith(`${endpoint}/submissions/`)) return answers.submission();
    return pathname === `${endpoint}/cases` ? answers.create(input) : answers.case();
  };
}
