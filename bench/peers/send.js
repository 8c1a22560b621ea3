// Posts a case as the widget does, for the peers that are written here: ids of 64 bits never become a JavaScript number, and what is not
// known for certain is told as not known.

function body({ userId, transferId, profileId, subject, description, externalId }) {
  const reference = externalId ? `,"externalId":${JSON.stringify(externalId)}` : "";
  const details = `{"transferId":${transferId || "null"},"profileId":${profileId || "null"},"userId":${userId}}`;
  return `{"type":"GENERAL_ENQUIRY","subject":${JSON.stringify(subject)},"details":${details}${reference},"description":${JSON.stringify(description)}}`;
}

/** The outcome is `created` with the case's number, `not-created`, or `unknown`. */
export async function send(values, key) {
  let response;
  let text;
  try {
    response = await fetch("/partner-cases/cases", {
      method: "POST",
      headers: { "Content-Type": "application/json", "Idempotency-Key": `"${key}"`, "X-Partner-Case-Form": "1" },
      body: body(values),
      signal: AbortSignal.timeout(45_000),
    });
    text = await response.text();
  } catch {
    return { outcome: navigator.onLine ? "unknown" : "not-created" };
  }
  if (response.ok) {
    const id = /"id"\s*:\s*(\d+)/.exec(text)?.[1];
    return id ? { outcome: "created", id } : { outcome: "unknown" };
  }
  return { outcome: response.status >= 400 && response.status < 500 && response.status !== 408 ? "not-created" : "unknown" };
}
