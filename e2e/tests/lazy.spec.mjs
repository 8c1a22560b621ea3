// The first paint has the fields alone. The lazy part, a second wasm, may be late or fail to load.
import { FormPage, catalogue, expect, test } from "../fixtures.mjs";
import { openPage } from "../pages.mjs";
import { violations } from "../axe.mjs";

const LAZY = "**/partner_case_form_lazy.wasm*";
const HEARD = `
  window.heard = [];
  for (const name of ["ready", "created", "load-error"]) {
    document.addEventListener("partner-case-" + name, (event) => heard.push([name, event.detail?.cause ?? null]));
  }
`;

test.beforeEach(({ chain }) => chain.forget());

const heard = (page) => page.evaluate(() => window.heard);

// Holds the second wasm back until the test releases it.
async function holdBack(page) {
  let release;
  const wait = new Promise((resolve) => { release = resolve; });
  await page.route(LAZY, async (route) => { await wait; await route.continue(); });
  return release;
}

test("text typed before the lazy part is there is checked, and sent once, as soon as the part has loaded", async ({ page, chain }) => {
  const release = await holdBack(page);
  await openPage(page, chain.url, { script: HEARD });
  const form = new FormPage(page, chain.url);
  await form.fields.subject.fill("Transfer is late");
  await form.fields.description.fill("Since Monday");
  await form.fields.transferId.fill("58114690");
  await form.submitButton.click();
  await form.submitButton.click();
  expect(await heard(page)).toEqual([]);
  expect((await chain.ledger()).cases).toEqual([]);
  release();
  await expect(form.createdTitle).toBeVisible();
  expect((await chain.ledger()).cases).toHaveLength(1);
  expect(await heard(page)).toEqual([["ready", null], ["created", null]]);
});

test("a sign-out before the lazy part is there takes the text along, and nothing stores it later", async ({ page, chain }) => {
  const release = await holdBack(page);
  await openPage(page, chain.url, { body: '<partner-case-form user-id="1234" draft="session" draft-scope="agent-7"></partner-case-form>' });
  const form = new FormPage(page, chain.url);
  await form.fields.subject.fill("canary");
  await page.evaluate(() => document.querySelector("partner-case-form").clearDraft({ all: true }));
  await form.expectText({ subject: "" });
  release();
  await page.evaluate(() => document.querySelector("partner-case-form").ready);
  await form.expectText({ subject: "", userId: "1234" });
  await page.waitForTimeout(1_000);
  expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }))).not.toContain("canary");
});

test("personal data typed before the lazy part is there is found when the part has loaded", async ({ page, chain }) => {
  const release = await holdBack(page);
  await openPage(page, chain.url);
  const form = new FormPage(page, chain.url);
  await form.fields.subject.fill("Refund to a@example.com");
  release();
  await expect(page.getByRole("group", { name: catalogue("en")["guard.title"] })).toBeVisible();
  await expect(form.fields.subject).toHaveValue("Refund to a@example.com");
});

test("a call of the portal waits for the lazy part, and a change of the customer meanwhile counts", async ({ page, chain }) => {
  const release = await holdBack(page);
  await openPage(page, chain.url, { body: '<partner-case-form user-id="1234" subject="One"></partner-case-form>' });
  const form = new FormPage(page, chain.url);
  await expect(form.submitButton).toBeVisible();
  const validated = page.evaluate(async () => {
    const element = document.querySelector("partner-case-form");
    element.userId = "77";
    return element.validate();
  });
  release();
  expect(await validated).toEqual({ valid: false, errors: [{ field: "description", code: "required" }] });
  await expect(form.fields.userId).toHaveValue("77");
});

test("when the lazy part cannot be loaded, the text stays, the panel names the cause, and another attempt succeeds", async ({ page, chain }) => {
  await page.route(LAZY, (route) => route.fulfill({ status: 404, body: "no" }));
  await openPage(page, chain.url, { body: '<main><h1>Portal</h1><partner-case-form user-id="1234"></partner-case-form></main>', script: HEARD });
  const form = new FormPage(page, chain.url);
  await form.fields.subject.fill("Transfer is late");
  const panel = page.getByRole("alert");
  await expect(panel).toContainText(": not_found http");
  await expect(panel).toContainText("partner_case_form_lazy.wasm");
  await form.fields.description.fill("Since Monday");
  await form.submitButton.click();
  expect(await violations(page)).toEqual([]);
  expect(await heard(page)).toEqual([["load-error", "not_found"]]);
  await page.unroute(LAZY);
  await page.getByRole("button", { name: catalogue("en")["load.retry"] }).click();
  await expect(form.createdTitle).toBeVisible();
  expect(JSON.parse((await chain.ledger()).cases[0].body)).toMatchObject({ subject: "Transfer is late", description: "Since Monday" });
});

test("a form that is removed before the lazy part has loaded leaves nothing behind, and can come back", async ({ page, chain }) => {
  const release = await holdBack(page);
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  await openPage(page, chain.url, { script: HEARD });
  const form = new FormPage(page, chain.url);
  await expect(form.submitButton).toBeVisible();
  await page.evaluate(async () => {
    const element = document.querySelector("partner-case-form");
    element.remove();
    await new Promise((resolve) => setTimeout(resolve, 50));
    document.body.append(element);
  });
  release();
  await expect.poll(() => heard(page)).toEqual([["ready", null]]);
  await form.fields.subject.fill("Transfer is late");
  await form.fields.description.fill("Since Monday");
  await form.submitButton.click();
  await expect(form.createdTitle).toBeVisible();
  expect(errors).toEqual([]);
});

test("a sign-out before the lazy part has loaded still deletes the drafts", async ({ page, chain }) => {
  await openPage(page, chain.url, { body: '<partner-case-form user-id="1234" draft="local" draft-scope="agent-7"></partner-case-form>' });
  const form = new FormPage(page, chain.url);
  await form.fields.subject.fill("Transfer is late");
  const kept = () => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("partner-case-form:draft")).length);
  await expect.poll(kept).toBe(1);
  const release = await holdBack(page);
  await page.reload();
  await expect(form.submitButton).toBeVisible();
  await page.evaluate(() => document.querySelector("partner-case-form").clearDraft({ all: true }));
  expect(await kept()).toBe(0);
  release();
});

test("the panel of a failed load disappears with its form", async ({ page, chain }) => {
  await page.route(LAZY, (route) => route.fulfill({ status: 404, body: "no" }));
  await openPage(page, chain.url, { script: HEARD });
  await expect(page.getByRole("alert")).toBeVisible();
  await page.unroute(LAZY);
  await page.evaluate(async () => {
    const element = document.querySelector("partner-case-form");
    element.remove();
    await new Promise((resolve) => setTimeout(resolve, 50));
    document.body.append(element);
  });
  await expect.poll(() => heard(page)).toEqual([["load-error", "not_found"], ["ready", null]]);
  await expect(page.getByRole("alert")).toBeHidden();
});
