// When something fails on the way, the page says truthfully what happened and keeps the text.
import { DOCUMENTED, expect, test } from "../fixtures.mjs";

async function submitDocumented(form) {
  await form.fillDocumented();
  await form.submit();
}

async function expectNotCreated(form, text) {
  await expect(form.alert).toContainText("The case was not created");
  await expect(form.alert).toContainText(text);
  await expect(form.page.locator("[part=notice]")).toBeFocused();
  await form.expectText(DOCUMENTED);
}

async function expectUnknown(form) {
  await expect(form.alert).toContainText("We cannot tell whether the case was created");
  await expect(form.page.locator("[part=notice]")).toBeFocused();
  await form.expectText(DOCUMENTED);
  await expect(form.fields.description).toHaveAttribute("readonly");
  await expect(form.submitButton).toBeHidden();
}

test("a rejected credential is the portal's trouble, not the person's", async ({ form, chain }) => {
  await chain.fault({ on: "create", kind: "unauthorized", times: 2 });
  await submitDocumented(form);
  await expectNotCreated(form, "Wise cannot be reached from this portal right now");
  await expect(form.page.getByText(/^[0-9a-f]{32}$/).first()).toBeVisible();
  expect((await chain.ledger()).cases).toHaveLength(0);

  // The proxy asks for the next token after a pause.
  await expect(async () => {
    await form.submit();
    await expect(form.page.getByRole("heading", { name: "Case created" })).toBeVisible({ timeout: 2000 });
  }).toPass();
  expect((await chain.ledger()).cases).toHaveLength(1);
});

test("a full Wise says when to come back", async ({ form, chain }) => {
  await chain.fault({ on: "create", kind: "rate_limited", retry_after_secs: 7 });
  await submitDocumented(form);
  await expectNotCreated(form, "Too many requests were sent at once");
  expect((await form.events()).at(-1)).toContain('"reason":"busy"');
});

test("what Wise says of a field is said in the field", async ({ form, chain }) => {
  await chain.fault({ on: "create", kind: "rejected" });
  await submitDocumented(form);
  await expect(form.alert).toContainText("The case was not created");
  await expect(form.alert.getByRole("link")).toHaveText(["User ID: Wise did not accept this value. Check it and send again"]);
  await expect(form.fields.userId).toHaveAttribute("aria-invalid", "true");
  await form.expectText(DOCUMENTED);
  expect((await form.events()).at(-1)).toContain('"fields":["userId"]');
});

test("an error page of Wise's leaves the outcome open, and a second case is made only when asked for", async ({ form, chain }) => {
  await chain.fault({ on: "create", kind: "server_error", status: 500 });
  await submitDocumented(form);
  await expectUnknown(form);
  expect((await chain.ledger()).counts.create).toBe(1);

  await expect(form.button("unknown.send_again_checked")).toBeHidden();
  await form.page.getByText("Send again", { exact: true }).click();
  await form.button("unknown.send_again_checked").click();
  await expect(form.page.locator("partner-case-form :focus")).toHaveCount(1);
  await expect(form.page.getByRole("heading", { name: "Case created" })).toBeVisible();
  const { counts, cases } = await chain.ledger();
  expect([counts.create, cases.length]).toEqual([2, 1]);
});

test("a connection dropped after Wise took the case is told as unknown and not sent again", async ({ form, chain }) => {
  await chain.fault({ on: "create", kind: "accept_then_drop" });
  await submitDocumented(form);
  await expectUnknown(form);
  expect((await form.events()).at(-1)).toContain("partner-case-outcome-unknown");
  const { counts, cases } = await chain.ledger();
  expect([counts.create, cases.length]).toEqual([1, 1]);

  await form.page.getByRole("button", { name: "Go back to the text" }).click();
  await expect(form.fields.description).toBeEditable();
  await expect(form.fields.description).toBeFocused();
  await expect(form.page.getByText("An earlier version of this text was sent")).toBeVisible();
  await form.expectText(DOCUMENTED);

  await form.fill({ subject: "Another question" });
  await form.submit();
  await expect(form.page.getByRole("heading", { name: "Case created" })).toBeVisible();
  const correlationIds = (await chain.ledger()).cases.map((entry) => entry.correlationId);
  expect(new Set(correlationIds).size).toBe(2);
});

test("a browser that is offline sends nothing, and sends when it is back", async ({ form, chain, context }) => {
  await form.fillDocumented();
  await context.setOffline(true);
  await form.submit();
  await expectNotCreated(form, "This computer is offline");
  await context.setOffline(false);
  await form.submit();
  await expect(form.page.getByRole("heading", { name: "Case created" })).toBeVisible();
  expect((await chain.ledger()).counts.create).toBe(1);
});

test("a session that has ended is said as such, and the text survives it", async ({ form, page, chain }) => {
  await page.route("**/partner-cases/cases", (route) => route.fulfill({ status: 302, headers: { location: "/login" } }), { times: 1 });
  await submitDocumented(form);
  await expectNotCreated(form, "Your session has ended");
  await form.submit();
  await expect(page.getByRole("heading", { name: "Case created" })).toBeVisible();
  expect((await chain.ledger()).cases).toHaveLength(1);
});
