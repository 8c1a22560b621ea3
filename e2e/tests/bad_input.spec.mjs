// What is wrong is said in the field and in the summary, and nothing typed is lost.
import { expect, test } from "../fixtures.mjs";

test("missing fields are named in their fields and in a summary that takes the focus", async ({ form, page, chain }) => {
  await form.fill({ userId: "", externalId: "T-1001" });
  await form.submit();

  const summary = page.getByRole("alert");
  await expect(summary).toContainText("There is a problem");
  await expect(summary.getByRole("link")).toHaveText(["Enter the user ID", "Enter a subject", "Enter a description"]);
  await expect(page.locator("[part=error-summary]")).toBeFocused();
  await expect(form.fields.userId).toHaveAccessibleDescription(/Enter the user ID/);
  await expect(form.fields.userId).toHaveAttribute("aria-invalid", "true");
  await expect(form.fields.transferId).not.toHaveAttribute("aria-invalid", "true");
  await form.expectText({ externalId: "T-1001", transferId: "58114690" });

  await summary.getByRole("link", { name: "Enter a description" }).click();
  await expect(form.fields.description).toBeFocused();
  expect((await chain.ledger()).counts.create).toBe(0);
});

test("each malformed id says what is wrong with it and stays as typed", async ({ form, page }) => {
  await form.fillDocumented();
  for (const [typed, said] of [
    ["T-1001", "User ID: enter digits only. “T” is not a digit"],
    ["12.50", "User ID: enter a whole number, without a decimal point"],
    ["0", "User ID: enter a number of 1 or more"],
    ["9223372036854775808", "User ID: check the number. It has too many digits to be an ID"],
  ]) {
    await form.fill({ userId: typed });
    await form.submit();
    await expect(page.getByRole("alert").getByRole("link")).toHaveText([said]);
    await form.expectText({ userId: typed });
    await expect(page.locator("[part=error-summary]")).toBeFocused();
  }
});

test("an id pasted with separators is understood", async ({ form, page, chain }) => {
  await form.fillDocumented({ userId: "#1 234", transferId: "５８,１１４,６９０" });
  await form.submit();
  await expect(page.getByRole("heading", { name: "Case created" })).toBeVisible();
  expect((await chain.ledger()).cases[0].body).toContain('"transferId":58114690,"profileId":14556049,"userId":1234');
});

test("an external id of 256 characters is too long", async ({ form, page }) => {
  await form.fillDocumented({ externalId: "x".repeat(256) });
  await form.submit();
  await expect(page.getByRole("alert").getByRole("link")).toHaveText([/^Your reference: shorten the text by 1 character/]);
  await form.expectText({ externalId: "x".repeat(256) });
});
