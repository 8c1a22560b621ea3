// Personal data in the subject: found, moved, decided about.
import { DOCUMENTED, expect, test } from "../fixtures.mjs";

test("an e-mail address in the subject is marked, stops the sending, and moves to the description with one click", async ({ form, page, chain }) => {
  await form.fillDocumented({ subject: "Refund to someone@example.com for transfer 58114690" });
  const guard = page.getByRole("group", { name: "Personal data in the subject" });
  await expect(guard.locator("mark")).toHaveText(["someone@example.com"]);
  await expect(guard.getByRole("button", { name: "It is not personal data" })).toBeHidden();

  await form.submit();
  await expect(form.alert.getByRole("link")).toHaveText(["Subject: it holds personal data (e-mail address). Move it to the description"]);
  expect((await chain.ledger()).counts.create).toBe(0);

  await guard.getByRole("button", { name: "Move to the description" }).click();
  await expect(form.fields.subject).toBeFocused();
  await expect(guard).toBeHidden();
  await expect(form.alert).toBeHidden();
  await form.expectText({
    subject: "Refund to [e-mail] for transfer 58114690",
    description: `${DOCUMENTED.description}\ne-mail address: someone@example.com`,
  });

  await form.submit();
  await expect(page.getByRole("heading", { name: "Case created" })).toBeVisible();
  const sent = JSON.parse((await chain.ledger()).cases[0].body);
  expect(sent.subject).toBe("Refund to [e-mail] for transfer 58114690");
});

test("a reason proposes a subject, and words of one's own stay", async ({ form, page }) => {
  await page.getByLabel("Reason").selectOption("Payment has not arrived");
  await form.expectText({ subject: "Transfer 58114690: Payment has not arrived" });
  await form.fill({ transferId: "58200001" });
  await form.expectText({ subject: "Transfer 58200001: Payment has not arrived" });
  await form.fill({ subject: "In my own words" });
  await page.getByLabel("Reason").selectOption("Proof of payout");
  await form.expectText({ subject: "In my own words" });
  await page.locator("partner-case-form").evaluate((element) => element.reset());
  await form.expectText({ subject: "" });
  await expect(page.getByLabel("Reason")).toHaveValue("");
});

test("a find is announced to screen readers", async ({ form, page }) => {
  await form.fill({ subject: "Call +44 20 7946 0958" });
  await expect(page.getByRole("status").filter({ hasText: "The subject seems to hold personal data: phone number" })).toHaveCount(1);
});
