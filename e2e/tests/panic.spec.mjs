// When the wasm crashes: every form on the page says so, shows its text, and starts again with the text.
import { FormPage, catalogue, expect, test } from "../fixtures.mjs";
import { openPage } from "../pages.mjs";
import { violations } from "../axe.mjs";

const EVENTS = `
  window.errors = [];
  document.addEventListener("partner-case-load-error", ({ detail }) => errors.push(detail));
`;
const BODY = '<main><h1>Portal</h1><partner-case-form id="first" user-id="1234"></partner-case-form><partner-case-form id="second" user-id="5678"></partner-case-form></main>';

// Near the limit the form counts, and writes the count with the browser's `Intl`.
const LONG = `canary ${"x".repeat(65_000)}`;
const TYPED = { subject: "canary-subject", description: LONG };

// Makes the browser's `Intl` throw, which the wasm does not expect: the error leaves it in the middle of its work.
const sabotage = (page, error) => page.evaluate((error) => {
  window.repair ??= ((original) => () => { Number.prototype.toLocaleString = original; })(Number.prototype.toLocaleString);
  Number.prototype.toLocaleString = () => { throw error === "RuntimeError" ? new WebAssembly.RuntimeError("unreachable") : new Error("sabotage"); };
}, error);
const repair = (page) => page.evaluate(() => window.repair());

async function open(page, chain, { body = BODY } = {}) {
  await chain.forget();
  const log = [];
  page.on("console", (message) => log.push(message.text()));
  await openPage(page, chain.url, { body, script: EVENTS });
  await page.evaluate(() => Promise.all([...document.querySelectorAll("partner-case-form")].map((form) => form.ready)));
  const part = (id) => {
    const locator = page.locator(`#${id}`);
    return Object.assign(new FormPage(locator, chain.url), { element: locator, panel: locator.getByRole("alert"), retry: locator.getByRole("button", { name: catalogue("en")["load.retry"] }) });
  };
  return { log, first: part("first"), second: part("second") };
}

async function crash(page, form, values = TYPED) {
  await form.fill({ subject: values.subject });
  await sabotage(page, "RuntimeError");
  await form.fill({ description: values.description });
  await expect(form.panel).toContainText(": crashed http");
}

test("a trap stops all forms: each says so, shows its text read-only, and starts again with it", async ({ page, chain }) => {
  const { log, first, second } = await open(page, chain);
  await second.fill({ subject: "canary-second", externalId: "T-2" });
  await crash(page, first);
  await expect(second.panel).toContainText(": crashed http");
  await first.expectText({ ...TYPED, userId: "1234" });
  await second.expectText({ subject: "canary-second", externalId: "T-2" });
  for (const field of [first.fields.subject, first.fields.description, second.fields.externalId]) await expect(field).not.toBeEditable();

  const errors = await page.evaluate(() => window.errors);
  expect(errors.map(({ cause }) => cause)).toEqual(["crashed", "crashed"]);
  expect(errors[0].message).not.toBe("");
  expect(JSON.stringify([log, errors])).not.toContain("canary");
  expect(await first.element.evaluate((form) => form.validate().then(() => "validated", () => "not ready"))).toBe("not ready");

  await repair(page);
  for (const form of [first, second]) {
    await form.retry.click();
    await expect(form.submitButton).toBeEnabled();
    await expect(form.panel).toHaveCount(0);
  }
  await first.expectText({ ...TYPED, userId: "1234" });
  await second.expectText({ subject: "canary-second", externalId: "T-2", userId: "5678" });
  await first.submit();
  await expect(first.createdTitle).toBeVisible();
  expect(JSON.parse((await chain.ledger()).cases[0].body)).toMatchObject({ ...TYPED, details: { userId: 1234 } });
});

test("a panic is a crash, too, and the button's focus goes into the new form", async ({ page, chain }) => {
  const { first } = await open(page, chain);
  await first.fill({ subject: TYPED.subject });
  await sabotage(page, "Error");
  // The error leaves something borrowed in the wasm; the next change, or a timer before it, borrows it again, and panics.
  await first.fill({ description: LONG });
  await first.fields.description.press("End");
  await page.keyboard.type("y");
  await expect(first.panel).toContainText(": crashed http");
  const description = await first.fields.description.inputValue();
  expect([LONG, `${LONG}y`]).toContain(description);
  await repair(page);
  await first.retry.focus();
  await page.keyboard.press("Enter");
  await first.expectText({ subject: TYPED.subject, description });
  await expect(page.locator("#first :focus")).toHaveCount(1);
});

test("a new copy that crashes again says so again, and waits for the agent", async ({ page, chain }) => {
  const { first } = await open(page, chain);
  await crash(page, first);
  await first.retry.click();
  await expect.poll(() => page.evaluate(() => window.errors.length)).toBe(3);
  await expect(first.panel).toContainText(": crashed http");
  await first.expectText(TYPED);
  await page.waitForTimeout(500);
  expect(await page.evaluate(() => window.errors.length)).toBe(3);
  await repair(page);
  await first.retry.click();
  await expect(first.submitButton).toBeEnabled();
  await first.expectText(TYPED);
});

test("a new copy that cannot be loaded leaves the text in sight, and the fallback form with it", async ({ page, chain }) => {
  const { first } = await open(page, chain, { body: '<partner-case-form id="first" user-id="1234"><button>Plain form</button></partner-case-form>' });
  await crash(page, first);
  await repair(page);
  await page.route("**/partner_case_form.js*", (route) => route.abort());
  await first.retry.click();
  await expect(first.panel).toContainText(": unreachable http");
  await first.expectText(TYPED);
  await expect(page.getByRole("button", { name: "Plain form" })).toBeVisible();
  await page.unroute("**/partner_case_form.js*");
  await first.retry.click();
  await expect(first.submitButton).toBeEnabled();
  await first.expectText(TYPED);
});

test("text about one customer does not get into the form of another, and is back with its customer", async ({ page, chain }) => {
  const { first } = await open(page, chain);
  await crash(page, first);
  await repair(page);
  await first.element.evaluate((form) => { form.userId = "77"; });
  await first.retry.click();
  await first.expectText({ userId: "77", subject: "", description: "" });
  await first.element.evaluate((form) => form.ready);
  await first.expectText({ userId: "77", subject: "", description: "" });
  await first.element.evaluate((form) => { form.userId = "1234"; });
  await first.expectText({ userId: "1234", ...TYPED });
});

test("the panel and the text are accessible, and a sign-out deletes the text", async ({ page, chain }) => {
  const { first } = await open(page, chain, { body: '<main><h1>Portal</h1><partner-case-form id="first" user-id="1234"></partner-case-form></main>' });
  await crash(page, first);
  await repair(page);
  await expect(first.retry).toBeFocused();
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    expect(await violations(page)).toEqual([]);
  }
  await first.element.evaluate((form) => form.clearDraft({ all: true }));
  await expect(first.fields.subject).toHaveCount(0);
  await first.retry.click();
  await expect(first.submitButton).toBeEnabled();
  await first.expectText({ subject: "", description: "" });
});

test("a trap in another wasm of the page changes nothing", async ({ page, chain }) => {
  const { first } = await open(page, chain);
  await first.fill({ subject: "Late" });
  // A module of one function, which is `unreachable`.
  await page.evaluate(() => {
    const bytes = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 5, 1, 3, 0, 0, 11];
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(bytes)));
    setTimeout(exports.f);
    Promise.resolve().then(exports.f);
  });
  await page.waitForTimeout(300);
  await expect(first.panel).toHaveCount(0);
  await first.fill({ description: "It is late" });
  await first.submit();
  await expect(first.createdTitle).toBeVisible();
});
