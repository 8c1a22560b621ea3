// The form in the languages of Wise's API.
import { readdirSync } from "node:fs";
import { catalogue, expect, test } from "../fixtures.mjs";

const LANGUAGES = readdirSync(new URL("../../www/locales/", import.meta.url)).map((file) => file.replace(".json", ""));

function texts(element) {
  const root = element.shadowRoot.querySelector("[part=root]");
  return { lang: root.lang, dir: root.dir, direction: getComputedStyle(root).direction, button: root.querySelector("[type=submit]")?.textContent };
}

test("every language can be asked for, and is said to screen readers as what it is", async ({ form, page }) => {
  const element = page.locator("partner-case-form");
  for (const language of LANGUAGES) {
    await page.locator("#language").selectOption(language);
    const { "language.direction": dir, "form.submit": button } = catalogue(language);
    await expect.poll(() => element.evaluate(texts)).toEqual({ lang: language, dir, direction: dir, button });
  }
});

test("what was typed stays when the language changes", async ({ form, page }) => {
  await form.fill({ subject: "Typed", description: "before" });
  await page.locator("#language").selectOption("de");
  const german = new form.constructor(page, form.url, catalogue("de"));
  await german.expectText({ subject: "Typed", description: "before", userId: "1234" });
});

test("English is not fetched, another language is fetched once", async ({ form, page }) => {
  const fetched = [];
  page.on("request", (request) => { if (request.url().includes("/locales/")) fetched.push(request.url().split("/").at(-1)); });
  await form.open();
  expect(fetched).toEqual([]);
  for (const language of ["de", "fr", "de", "en"]) {
    await page.locator("#language").selectOption(language);
    await expect(page.getByRole("button", { name: catalogue(language)["form.submit"] })).toBeVisible();
  }
  expect(fetched).toEqual(["de.json", "fr.json"]);
});

for (const [wish, lang, number] of [["de-AT", "de", /noch|übrig/i], ["no", "nb", /tegn/], ["EN-us", "en-US", /1,000 characters left/], ["en-GB", "en", /1,000 characters left/], ["iw", "he", /1,000/]]) {
  test(`the wish ${wish} is understood as ${lang}`, async ({ page, chain, form: { constructor: FormPage } }) => {
    const form = new FormPage(page, chain.url, catalogue(lang));
    await form.open({ locale: wish });
    await expect(page.locator("[part=root]")).toHaveAttribute("lang", lang);
    await form.fill({ description: "x".repeat(64_535) });
    await expect(page.locator("[part=counter]")).toHaveText(number);
  });
}

test("a language that nobody speaks, or that cannot be loaded, leaves an English form", async ({ form, page }) => {
  await form.open({ locale: "tlh" });
  await expect(form.submitButton).toBeVisible();
  await form.open({ locale: "not a tag" });
  await expect(form.submitButton).toBeVisible();
  await page.route("**/locales/fr.json", (route) => route.fulfill({ status: 404, body: "" }));
  await form.open({ locale: "fr" });
  await expect(page.locator("[part=root]")).toHaveAttribute("lang", "en");
});

test("without a wish the form speaks as the page around it", async ({ page, form }) => {
  await page.route(form.url, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: (await response.text()).replace('<html lang="en">', '<html lang="sv-SE">') });
  });
  await page.goto(form.url);
  await expect(page.getByRole("button", { name: catalogue("sv")["form.submit"] })).toBeVisible();
});

test("plural forms are those of the language", async ({ page, chain, form: { constructor: FormPage } }) => {
  const polish = catalogue("pl");
  const form = new FormPage(page, chain.url, polish);
  await form.open({ locale: "pl" });
  for (const [left, category] of [[1, "one"], [3, "few"], [5, "many"]]) {
    await form.fill({ description: "x".repeat(65_535 - left) });
    await expect(page.locator("[part=counter]")).toHaveText(polish["length.left"][category].replace("{n}", String(left)));
  }
});

test("the portal's own words replace single texts, also before the form is there", async ({ page, chain, form }) => {
  await page.addInitScript(() => addEventListener("DOMContentLoaded", () => {
    document.querySelector("partner-case-form").messages = { "form.submit": "Raise it", "subject.hint": "" };
  }, { capture: true }));
  await page.goto(chain.url);
  await expect(page.getByRole("button", { name: "Raise it" })).toBeVisible();
  await page.locator("partner-case-form").evaluate((element) => { element.messages = { "form.submit": "Go" }; });
  await expect(page.getByRole("button", { name: "Go", exact: true })).toBeVisible();
  await page.locator("partner-case-form").evaluate((element) => { element.messages = { "form.submit": 7 }; });
  await expect(form.submitButton).toBeVisible();
});
