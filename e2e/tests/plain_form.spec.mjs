// The plain form between the tags, for pages on which the widget cannot run.
import { expect, test } from "../fixtures.mjs";

test("without scripts a case can still be raised, and nothing typed is lost on the way", async ({ browser, chain }) => {
  await chain.forget();
  const context = await browser.newContext({ javaScriptEnabled: false, locale: "de-DE" });
  const page = await context.newPage();
  await page.goto(chain.url);
  await page.getByLabel("Subject").fill("Refund to a@example.com");
  await page.getByLabel("Description").fill("It is late.\n<b>Twice.</b>");
  await page.getByRole("button", { name: "Create case" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Der Fall wurde nicht gesendet");
  await expect(page.getByRole("listitem")).toContainText("personenbezogene Daten");
  await expect(page.getByLabel("Beschreibung")).toHaveValue("It is late.\n<b>Twice.</b>");
  await page.getByLabel("Betreff").fill("Refund is late");
  await page.getByRole("button").click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Fall erstellt");
  const { cases } = await chain.ledger();
  expect(JSON.parse(cases[0].body)).toMatchObject({ subject: "Refund is late", description: "It is late.\n<b>Twice.</b>", details: { userId: 1234, transferId: 58114690 } });
  await context.close();
});
