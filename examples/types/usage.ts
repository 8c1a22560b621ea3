// Compiled, not run: every property, method and event by its type.
import { mount, tag, version, type PartnerCaseForm, type PartnerCaseFieldError, type PartnerCaseReport } from "partner-case-form";

const form: PartnerCaseForm = document.createElement("partner-case-form");
const name: string = `${tag} ${version}`;

form.endpoint = "/partner-cases";
form.type = "GENERAL_ENQUIRY";
form.userId = form.transferId = form.profileId = form.externalId = "1";
form.subject = form.description = null;
form.locale = "de-AT";
form.theme = "dark";
form.draft = "session";
form.draftTtl = "60";
form.draftScope = "agent-7";
form.readonlyFields = "user-id";
form.hiddenFields = "type";
form.review = true;
form.messages = { "form.submit": "Send", "length.left": { one: "{n} left", other: "{n} left" } };
form.knownPersonalData = { names: ["Somebody"], emails: [], phones: [] };
form.headers = { "X-Portal-Token": "abc" };
form.headers = async () => new Headers();

form.addEventListener("partner-case-ready", () => form.focus({ preventScroll: true }));
form.addEventListener("partner-case-change", (event) => event.detail.filled.includes("userId"));
form.addEventListener("partner-case-invalid", (event) => event.detail.errors.map((error: PartnerCaseFieldError) => error.code));
form.addEventListener("partner-case-before-submit", (event) => {
  event.detail.waitUntil(Promise.resolve(true));
  event.preventDefault();
});
form.addEventListener("partner-case-created", (event) => BigInt(event.detail.caseId));
form.addEventListener("partner-case-failed", (event) => [event.detail.reason, event.detail.fields, event.detail.requestId]);
form.addEventListener("partner-case-outcome-unknown", (event) => event.detail.traceId);
form.addEventListener("partner-case-session-expired", () => undefined);
form.addEventListener("partner-case-load-error", (event) => `${event.detail.cause} ${event.detail.url} ${event.detail.message}`);

export async function all(): Promise<PartnerCaseReport> {
  await form.ready;
  const { valid, errors } = await form.validate();
  if (valid && errors.length === 0) await form.submit();
  await form.reset();
  await form.clearDraft({ all: true });
  const mounted = mount(document.body, { userId: "1", review: true });
  mounted.unmount();
  // @ts-expect-error Ids are text: a JavaScript number cannot hold every one.
  form.userId = 1;
  console.log(name, mounted.element.userId);
  return form.diagnose();
}
