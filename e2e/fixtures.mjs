// What every journey uses: a chain of its own worker, and the form as a person finds it, by labels and roles.
import { test as base, expect } from "@playwright/test";
import { readFileSync } from "node:fs";
import { Chain } from "./chain.mjs";

export { expect };

/** The example request of Wise's documentation. */
export const DOCUMENTED = {
  subject: "Inquiry about Transfer 12345",
  description: "Initial summary of the issue",
  transferId: "58114690",
  profileId: "14556049",
  userId: "1234",
  externalId: "partner_external_id_12345",
};

export const DOCUMENTED_REQUEST = readFileSync(new URL("../core/src/documented_request.json", import.meta.url), "utf8").trimEnd();

/** The texts of the form in a language. */
export function catalogue(language) {
  return JSON.parse(readFileSync(new URL(`../www/locales/${language}.json`, import.meta.url), "utf8"));
}

const ENGLISH = catalogue("en");

/** What the keys of each field's texts start with. */
export const FIELD_KEYS = Object.keys(ENGLISH).filter((key) => key.endsWith(".label")).map((key) => key.replace(".label", ""));

/** The form on the page. */
export class FormPage {
  constructor(page, url, texts = ENGLISH) {
    this.page = page;
    this.url = url;
    this.texts = texts;
    // The form's own: a plain form between the tags has such labels, too.
    const field = (key) => page.getByLabel(new RegExp(`^${texts[`${key}.label`]}(\\s|$)`)).and(page.locator("[part=control]"));
    this.fields = Object.fromEntries(FIELD_KEYS.map((key) => [key.replace(/_(.)/g, (_, letter) => letter.toUpperCase()), field(key)]));
    this.submitButton = this.button("form.submit");
    this.alert = page.getByRole("alert");
    this.createdTitle = this.heading("created.title");
    this.draft = page.locator("[part=draft]");
  }

  button(key) {
    return this.page.getByRole("button", { name: this.texts[key], exact: true });
  }

  heading(key) {
    return this.page.getByRole("heading", { name: this.texts[key], exact: true });
  }

  /** Opens the portal, with attributes of the form in the address. */
  async open(attributes = {}) {
    await this.page.goto(`${this.url}?${new URLSearchParams(attributes)}`);
    await expect(this.submitButton).toBeVisible();
  }

  /** Waits for the lazy part: what is pasted before goes in as the browser does it. */
  lazyPart() {
    return this.page.locator("partner-case-form").evaluate((element) => element.ready);
  }

  async fill(values) {
    for (const [name, value] of Object.entries(values)) await this.fields[name].fill(value);
  }

  /** Fills the form with the documented example, but for what is given. */
  fillDocumented(values = {}) {
    return this.fill({ ...DOCUMENTED, ...values });
  }

  submit() {
    return this.submitButton.click();
  }

  async expectText(values) {
    for (const [name, value] of Object.entries(values)) await expect(this.fields[name]).toHaveValue(value);
  }

  /** The names of the form's events so far, as the portal heard them. */
  events() {
    return this.page.locator("#events li").allTextContents();
  }
}

export const test = base.extend({
  chain: [
    async ({}, use) => {
      const chain = await Chain.start();
      await use(chain);
      await chain.stop();
    },
    { scope: "worker" },
  ],

  form: async ({ page, chain }, use) => {
    await chain.forget();
    // The page is under the strict policy, and no journey may break it.
    await page.addInitScript(() => {
      window.policyViolations = [];
      addEventListener("securitypolicyviolation", (event) => {
        window.policyViolations.push(`${event.violatedDirective}: ${event.blockedURI}`);
      });
    });
    const form = new FormPage(page, chain.url);
    await form.open();
    await use(form);
    expect(await page.evaluate(() => window.policyViolations)).toEqual([]);
  },
});
