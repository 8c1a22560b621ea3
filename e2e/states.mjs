// The states of the form, and the way into each, in whatever language the form speaks.
import { expect } from "./fixtures.mjs";

async function submitDocumented(form) {
  await form.fillDocumented();
  await form.submit();
}

export const STATES = {
  // What is said to screen readers comes with the lazy part.
  editing: (form) => form.page.locator("partner-case-form").evaluate((element) => element.ready),
  draft: async (form) => {
    await form.fillDocumented();
    await expect(form.draft).toBeVisible();
  },
  restored: async (form) => {
    await STATES.draft(form);
    await form.page.reload();
    await expect(form.page.locator(".draft-event")).toBeVisible();
  },
  invalid: async (form) => {
    await form.fill({ userId: "x" });
    await form.submit();
    await expect(form.alert).toBeVisible();
  },
  personal_data: async (form) => {
    await form.fillDocumented({ subject: "Refund to someone@example.com for Anna Schmidt" });
    await expect(form.page.locator("mark")).toHaveCount(2);
  },
  too_long: async (form) => {
    await form.fillDocumented({ description: `The money is late.\n\n\n\n${`${"Quoted line ".repeat(100)}\n`.repeat(60)}` });
    await expect(form.page.locator("[part=length-error]")).toBeVisible();
  },
  secret: async (form) => {
    await form.fillDocumented({ description: "Card 4111 1111 1111 1111" });
    await form.submit();
    await expect(form.alert).toBeVisible();
    await expect(form.draft).toContainText(form.texts["draft.secret"]);
  },
  review: async (form) => {
    await form.page.locator("partner-case-form").evaluate((element) => element.setAttribute("review", ""));
    await submitDocumented(form);
    await expect(form.heading("review.title")).toBeFocused();
  },
  sending: async (form, chain) => {
    await chain.fault({ on: "create", kind: "slow", millis: 9000 });
    await submitDocumented(form);
    await expect(form.button("form.sending")).toBeFocused();
  },
  created: async (form) => {
    await submitDocumented(form);
    await expect(form.createdTitle).toBeVisible();
  },
  failed: async (form, chain) => {
    await chain.becomes("FAILED");
    await submitDocumented(form);
    // The status is looked at after 2 and 5 seconds.
    await expect(form.heading("created.failed_title")).toBeVisible({ timeout: 20_000 });
  },
  rejected: async (form, chain) => {
    await chain.fault({ on: "create", kind: "rejected" });
    await submitDocumented(form);
    await expect(form.alert).toBeVisible();
  },
  not_sent: async (form, chain) => {
    await chain.fault({ on: "create", kind: "rate_limited", retry_after_secs: 90 });
    await submitDocumented(form);
    await expect(form.alert).toBeVisible();
  },
  outcome_unknown: async (form, chain) => {
    await chain.fault({ on: "create", kind: "accept_then_drop" });
    await submitDocumented(form);
    await expect(form.alert).toBeVisible();
    await expect(form.page.locator(".inquiry")).toHaveText(form.texts["unknown.still"], { timeout: 20_000 });
  },
  reconsidering: async (form, chain) => {
    await STATES.outcome_unknown(form, chain);
    await form.button("unknown.edit").click();
    await expect(form.submitButton).toBeVisible();
  },
};
