// What every journey uses: a chain of its own worker, and the form as a person finds it, by labels and roles.
import { test as base, expect } from "@playwright/test";
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

export const DOCUMENTED_REQUEST =
  '{"type":"GENERAL_ENQUIRY","subject":"Inquiry about Transfer 12345","details":{"transferId":58114690,"profileId":14556049,"userId":1234},"externalId":"partner_external_id_12345","description":"Initial summary of the issue"}';

/** The form on the page. */
export class FormPage {
  constructor(page, url) {
    this.page = page;
    this.url = url;
    this.fields = {
      userId: page.getByLabel("User ID"),
      transferId: page.getByLabel("Transfer ID"),
      profileId: page.getByLabel("Profile ID"),
      subject: page.getByLabel("Subject"),
      description: page.getByLabel("Description"),
      externalId: page.getByLabel("Your reference"),
    };
    this.submitButton = page.getByRole("button", { name: "Create case" });
    this.alert = page.getByRole("alert");
  }

  async open() {
    await this.page.goto(this.url);
    await expect(this.submitButton).toBeVisible();
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
