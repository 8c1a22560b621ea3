// The truth about the description's length.
import { expect, test } from "../fixtures.mjs";

// Lines are long here: Chromium takes time in the square of their number to insert text into any text field, even a bare one.
const MAX = 65_535;

test("the count is shown near the limit, and announced after a pause", async ({ form, page }) => {
  const counter = page.locator("[part=counter]");
  await form.fill({ description: "x".repeat(52_427) });
  await expect(counter).toBeEmpty();
  await form.fill({ description: "x".repeat(MAX - 10) });
  await expect(counter).toHaveText("10 characters left");
  await expect(counter).toHaveAttribute("aria-hidden", "true");
  await expect(page.getByRole("status").filter({ hasText: "10 characters left" })).toHaveCount(1);
  await expect(form.fields.description).toHaveAccessibleDescription(/At most 65,535 characters/);
});

test("text that comes without an event, as from dictation software, is noticed", async ({ form, page }) => {
  await form.fields.description.focus();
  await form.fields.description.evaluate((element, max) => { element.value = "x".repeat(max + 5); }, MAX);
  await expect(page.locator("[part=counter]")).toHaveText("5 characters too many");
});

test("an over-long paste is kept whole, the cut is shown, and the quoted mail can be trimmed", async ({ form, page, chain }) => {
  const quoted = `\n\nOn Mon, 2 Mar 2026 at 10:11, the customer wrote:\n${`> ${"older mail ".repeat(100)}\n`.repeat(65)}`;
  await form.fillDocumented({ description: `The money is late.${quoted}` });
  const panel = page.getByRole("group", { name: /^Wise would drop the last / });
  await expect(panel.locator("del")).toContainText("older mail");
  await form.submit();
  await expect(form.alert.getByRole("link")).toHaveText([/^Description: shorten the text by/]);
  expect((await chain.ledger()).counts.create).toBe(0);

  await panel.getByRole("button", { name: "Remove the quoted mail at the end" }).click();
  await expect(form.fields.description).toBeFocused();
  await form.expectText({ description: "The money is late." });
  await expect(panel).toBeHidden();
  await form.submit();
  await expect(page.getByRole("heading", { name: "Case created" })).toBeVisible();
});

test("blank lines can be cut, and the caret can be sent to the place of the cut", async ({ form, page }) => {
  const text = `${"x".repeat(1_000)}\n\n\n\n`.repeat(68);
  await form.fill({ description: text });
  await page.getByRole("button", { name: "Go to the place of the cut" }).click();
  expect(await form.fields.description.evaluate((element) => [element.selectionStart, element.selectionEnd])).toEqual([MAX, text.length]);
  await page.getByRole("button", { name: "Remove blank lines" }).click();
  await form.expectText({ description: `${"x".repeat(1_000)}\n\n`.repeat(68).trimEnd() });
});

test("a text whose bytes alone pass the limit is warned about and still sent", async ({ form, page, chain }) => {
  await form.fillDocumented({ description: `${"مرحبا ".repeat(100)}\n`.repeat(60) });
  await expect(page.locator("[part=length-warning]")).toContainText("does not say how it counts");
  await form.submit();
  await expect(page.getByRole("heading", { name: "Case created" })).toBeVisible();
  expect((await chain.ledger()).cases[0].storedDescription).toHaveLength(36_060);
});
