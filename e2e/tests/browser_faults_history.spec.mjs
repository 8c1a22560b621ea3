// Away and back: the browser puts the page away as it stands (its back-forward cache) and takes it out again.
import { DOCUMENTED, FormPage } from "../fixtures.mjs";
import { expect, expectKeyReused, test } from "../faults.mjs";
import config, { BROWSER } from "../playwright.config.mjs";

// Playwright switches the cache off, and a browser without windows has none.
test.use({ launchOptions: { ...config.use.launchOptions, executablePath: BROWSER, ignoreDefaultArgs: ["--disable-back-forward-cache"] } });

const TYPED = { subject: "Payout is late", description: "The customer has called twice." };

async function open(page, chain, attributes) {
  await chain.forget();
  page.on("dialog", (dialog) => dialog.accept());
  await page.addInitScript(() => addEventListener("pageshow", (event) => { window.wasPutAway = event.persisted; }));
  const form = new FormPage(page, chain.url);
  await form.open(attributes);
  return form;
}

const leave = (page, chain) => page.goto(`${chain.url}demo/theme.html`);

/** Back to the form's page, which is the same as before where the browser had put it away. */
async function back(page, { putAway = true } = {}) {
  await page.goBack({ waitUntil: "commit" });
  await expect.poll(() => page.evaluate(() => window.wasPutAway)).toBe(putAway);
}

async function expectOneCase(form, chain) {
  await expect(form.createdTitle).toBeVisible();
  const { counts, cases } = await chain.ledger();
  expect([counts.create, cases.length]).toEqual([1, 1]);
  await expect(form.page.locator("[part=receipt]")).toContainText(String(cases[0].caseId));
}

test("what was typed is there on return, and can be gone on with and sent", async ({ page, chain }) => {
  const form = await open(page, chain, { draft: "local" });
  await form.fill(TYPED);
  await leave(page, chain);
  await back(page);
  await form.expectText({ ...TYPED, userId: "1234" });
  await form.fill({ externalId: "typed after the return" });
  await form.submit();
  await expectOneCase(form, chain);
  expect(JSON.parse((await chain.ledger()).cases[0].body)).toMatchObject({ ...TYPED, externalId: "typed after the return" });
});

test("what is typed after the return is kept", async ({ page, chain }) => {
  const form = await open(page, chain, { draft: "session" });
  await form.fill({ subject: TYPED.subject });
  await leave(page, chain);
  await back(page);
  await form.fill({ description: TYPED.description });
  // At once: what was not kept yet is kept as the page goes.
  await page.reload();
  await form.expectText(TYPED);
  await leave(page, chain);
  await back(page);
  await form.expectText(TYPED);
});

test("a case that is on its way when the page is left is told on return", async ({ page, chain }) => {
  const form = await open(page, chain, { draft: "memory" });
  await form.fillDocumented();
  await chain.fault({ on: "create", kind: "slow", millis: 1500 });
  await form.submit();
  await expect.poll(async () => (await chain.ledger()).counts.create).toBe(1);
  await leave(page, chain);
  await expect.poll(async () => (await chain.ledger()).cases.length).toBe(1);
  await back(page);
  await expectOneCase(form, chain);
  await expect(form.createdTitle).toBeFocused();
});

test("an outcome that is not known when the page is left is asked for on return", async ({ page, chain }) => {
  const form = await open(page, chain, { draft: "session" });
  await form.fillDocumented();
  await page.route("**/partner-cases/cases", async (route) => { await route.fetch(); await route.abort("connectionreset"); }, { times: 1 });
  await form.submit();
  await expect(form.alert).toContainText(form.texts["unknown.title"]);
  await leave(page, chain);
  await back(page);
  await expectOneCase(form, chain);
});

test("a draft that another page of the tab has sent meanwhile makes no second case on return", async ({ page, chain }) => {
  const form = await open(page, chain, { draft: "session" });
  await form.fillDocumented();
  await expect(form.draft).toContainText("What you type is kept");
  await form.open({ draft: "session", review: "" });
  await form.expectText(DOCUMENTED);
  await form.submit();
  await form.button("review.send").click();
  await expectOneCase(form, chain);
  await back(page);
  await form.expectText(DOCUMENTED);
  await form.submit();
  await expectOneCase(form, chain);
});

test("nor does one that was changed there before it was sent: that is said", async ({ page, chain }) => {
  const form = await open(page, chain, { draft: "session" });
  await form.fillDocumented();
  await expect(form.draft).toContainText("What you type is kept");
  await form.open({ draft: "session", theme: "dark" });
  await form.expectText(DOCUMENTED);
  await form.fill({ description: "Changed on the second page" });
  await form.submit();
  await expectOneCase(form, chain);
  await back(page);
  await form.submit();
  await expectKeyReused(form);
  expect((await chain.ledger()).counts.create).toBe(1);
});

test("a page that is put away does not hold a shared draft: the next page of the tab has it, and the first is loaded anew on return", async ({ page, chain }) => {
  const form = await open(page, chain, { draft: "local" });
  await form.fill(TYPED);
  // Without the lazy part there is nothing that could store it.
  await page.locator("partner-case-form").evaluate((element) => element.ready);
  await form.open({ draft: "local", theme: "dark" });
  await expect(form.draft).toContainText(/Your draft from .* is back/);
  await form.expectText(TYPED);
  await form.fill({ subject: "Changed on the second page" });
  // The browser throws away a page that holds a lock which another waits for.
  await back(page, { putAway: false });
  await form.expectText({ ...TYPED, subject: "Changed on the second page" });
});
