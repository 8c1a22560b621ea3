// The states of the form, and the way into each.
import { expect } from "./fixtures.mjs";

async function submitDocumented(form) {
  await form.fillDocumented();
  await form.submit();
}

export const STATES = {
  editing: async () => {},
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
  },
  sending: async (form, chain) => {
    await chain.fault({ on: "create", kind: "slow", millis: 4000 });
    await submitDocumented(form);
    await expect(form.page.getByRole("button", { name: "Creating the case…" })).toBeFocused();
  },
  reconsidering: async (form, chain) => {
    await STATES.outcome_unknown(form, chain);
    await form.page.getByRole("button", { name: "Go back to the text" }).click();
    await expect(form.submitButton).toBeVisible();
  },
  created: async (form) => {
    await submitDocumented(form);
    await expect(form.page.getByRole("heading", { name: "Case created" })).toBeVisible();
  },
  rejected: async (form, chain) => {
    await chain.fault({ on: "create", kind: "rejected" });
    await submitDocumented(form);
    await expect(form.alert).toBeVisible();
  },
  not_sent: async (form, chain) => {
    await chain.fault({ on: "create", kind: "rate_limited", retry_after_secs: 7 });
    await submitDocumented(form);
    await expect(form.alert).toBeVisible();
  },
  outcome_unknown: async (form, chain) => {
    await chain.fault({ on: "create", kind: "accept_then_drop" });
    await submitDocumented(form);
    await expect(form.alert).toBeVisible();
  },
};
