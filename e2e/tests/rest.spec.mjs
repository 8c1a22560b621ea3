// The form is painted with its fields alone; the rest of it is in a second wasm, which may be late or not come at all.
import { FormPage, catalogue, expect, test } from "../fixtures.mjs";
import { openPage } from "../pages.mjs";
import { violations } from "../axe.mjs";

const REST = "**/partner_case_form_rest.wasm*";
const HEARD = `
  window.heard = [];
  for (const name of ["ready", "created", "load-error"]) {
    document.addEventListener("partner-case-" + name, (event) => heard.push([name, event.detail?.cause ?? null]));
  }
`;

test.beforeEach(({ chain }) => chain.forget());

const heard = (page) => page.evaluate(() => window.heard);

// Holds the second wasm back until it is let go.
async function holdBack(page) {
  let letGo;
  const wait = new Promise((resolve) => { letGo = resolve; });
  await page.route(REST, async (route) => { await wait; await route.continue(); });
  return letGo;
}

test("what is typed before the rest of the form is there is checked, and sent once, as soon as it is", async ({ page, chain }) => {
  const letGo = await holdBack(page);
  await openPage(page, chain.url, { script: HEARD });
  const form = new FormPage(page, chain.url);
  await form.fields.subject.fill("Transfer is late");
  await form.fields.description.fill("Since Monday");
  await form.fields.transferId.fill("58114690");
  await form.submitButton.click();
  await form.submitButton.click();
  expect(await heard(page)).toEqual([]);
  expect((await chain.ledger()).cases).toEqual([]);
  letGo();
  await expect(form.createdTitle).toBeVisible();
  expect((await chain.ledger()).cases).toHaveLength(1);
  expect(await heard(page)).toEqual([["ready", null], ["created", null]]);
});

test("personal data typed before the rules are there is found when they are", async ({ page, chain }) => {
  const letGo = await holdBack(page);
  await openPage(page, chain.url);
  const form = new FormPage(page, chain.url);
  await form.fields.subject.fill("Refund to a@example.com");
  letGo();
  await expect(page.getByRole("group", { name: catalogue("en")["guard.title"] })).toBeVisible();
  await expect(form.fields.subject).toHaveValue("Refund to a@example.com");
});

test("a call of the page waits for the rest, and a host that changes the customer meanwhile is heard", async ({ page, chain }) => {
  const letGo = await holdBack(page);
  await openPage(page, chain.url, { body: '<partner-case-form user-id="1234" subject="One"></partner-case-form>' });
  const form = new FormPage(page, chain.url);
  await expect(form.submitButton).toBeVisible();
  const validated = page.evaluate(async () => {
    const element = document.querySelector("partner-case-form");
    element.userId = "77";
    return element.validate();
  });
  letGo();
  expect(await validated).toEqual({ valid: false, errors: [{ field: "description", code: "required" }] });
  await expect(form.fields.userId).toHaveValue("77");
});

test("where the rest cannot be loaded the text stays, the cause is named, and another try succeeds", async ({ page, chain }) => {
  await page.route(REST, (route) => route.fulfill({ status: 404, body: "no" }));
  await openPage(page, chain.url, { body: '<main><h1>Portal</h1><partner-case-form user-id="1234"></partner-case-form></main>', script: HEARD });
  const form = new FormPage(page, chain.url);
  await form.fields.subject.fill("Transfer is late");
  const panel = page.getByRole("alert");
  await expect(panel).toContainText(": not_found http");
  await expect(panel).toContainText("partner_case_form_rest.wasm");
  await form.fields.description.fill("Since Monday");
  await form.submitButton.click();
  expect(await violations(page)).toEqual([]);
  expect(await heard(page)).toEqual([["load-error", "not_found"]]);
  await page.unroute(REST);
  await page.getByRole("button", { name: catalogue("en")["load.retry"] }).click();
  await expect(form.createdTitle).toBeVisible();
  expect(JSON.parse((await chain.ledger()).cases[0].body)).toMatchObject({ subject: "Transfer is late", description: "Since Monday" });
});

test("a form that is taken away before the rest has come leaves nothing behind, and can come back", async ({ page, chain }) => {
  const letGo = await holdBack(page);
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
  letGo();
  await expect.poll(() => heard(page)).toEqual([["ready", null]]);
  await form.fields.subject.fill("Transfer is late");
  await form.fields.description.fill("Since Monday");
  await form.submitButton.click();
  await expect(form.createdTitle).toBeVisible();
  expect(errors).toEqual([]);
});

test("a sign-out before the rest has come forgets the drafts all the same", async ({ page, chain }) => {
  await openPage(page, chain.url, { body: '<partner-case-form user-id="1234" draft="local"></partner-case-form>' });
  const form = new FormPage(page, chain.url);
  await form.fields.subject.fill("Transfer is late");
  const kept = () => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("partner-case-form:draft")).length);
  await expect.poll(kept).toBe(1);
  const letGo = await holdBack(page);
  await page.reload();
  await expect(form.submitButton).toBeVisible();
  await page.evaluate(() => document.querySelector("partner-case-form").clearDraft({ all: true }));
  expect(await kept()).toBe(0);
  letGo();
});

test("what is said of a failed load goes with the form that it was said of", async ({ page, chain }) => {
  await page.route(REST, (route) => route.fulfill({ status: 404, body: "no" }));
  await openPage(page, chain.url, { script: HEARD });
  await expect(page.getByRole("alert")).toBeVisible();
  await page.unroute(REST);
  await page.evaluate(async () => {
    const element = document.querySelector("partner-case-form");
    element.remove();
    await new Promise((resolve) => setTimeout(resolve, 50));
    document.body.append(element);
  });
  await expect.poll(() => heard(page)).toEqual([["load-error", "not_found"], ["ready", null]]);
  await expect(page.getByRole("alert")).toBeHidden();
});
