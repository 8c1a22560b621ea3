// What must stand nowhere, not even in the description.
import { expect, test } from "../fixtures.mjs";

test("a full card number and a password are stopped quietly, and hidden with one click each", async ({ form, page, chain }) => {
  await form.fillDocumented();
  await form.fields.description.fill("Card 4111 1111 1111 1111 charged twice.\nHer password: Tr0ub4dor");
  const stop = page.getByRole("group", { name: "This must not be sent" });
  await expect(stop).toBeHidden();
  await form.fields.description.press("Tab");
  await expect(stop.getByRole("listitem")).toHaveCount(2);
  await expect(stop).not.toContainText("Tr0ub4dor");

  await form.submit();
  await expect(form.alert.getByRole("link")).toHaveText(["Description: it holds what must not be sent (full card number). Hide it"]);
  expect((await chain.ledger()).counts.create).toBe(0);

  await stop.getByRole("button", { name: "Hide it" }).first().click();
  await stop.getByRole("button", { name: "Hide it" }).click();
  await expect(form.fields.description).toBeFocused();
  await form.expectText({ description: "Card •••• 1111 charged twice.\nHer password: ••••" });
  await form.submit();
  await expect(page.getByRole("heading", { name: "Case created" })).toBeVisible();
});
