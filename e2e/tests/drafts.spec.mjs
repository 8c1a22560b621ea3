// What a person typed survives a reload, a change of customer and a second tab, and is sent once.
import { DOCUMENTED, expect, test } from "../fixtures.mjs";

const TYPED = { subject: "Payout is late", description: "The customer has called twice.\n\nPlease check." };

async function stored(page, storage) {
  return page.evaluate((name) => Object.entries(window[name]).filter(([key]) => key.startsWith("partner-case-form:")).map(([, value]) => value), storage);
}

async function expectKept(form) {
  await expect(form.draft).toContainText("What you type is kept in this");
}

test("a draft is back after a reload, with its decisions, and is gone once the case is created", async ({ form, page }) => {
  await form.fill({ ...TYPED, subject: "Refund for Anna Schmidt" });
  await form.button("guard.keep").click();
  await expectKept(form);
  await page.reload();
  await expect(form.draft).toContainText(/Your draft from .* is back/);
  await form.expectText({ ...TYPED, subject: "Refund for Anna Schmidt", userId: "1234" });
  await form.submit();
  await expect(form.createdTitle).toBeVisible();
  await expect.poll(() => stored(page, "sessionStorage")).toEqual([]);
  await page.reload();
  await form.expectText({ subject: "", description: "" });
});

test("a draft is put aside when the portal goes on to another customer, and is back on return", async ({ form, page }) => {
  await form.fill(TYPED);
  await page.locator("#transfer").selectOption("58200001");
  await expect(form.draft).toContainText("Transfer ID 58114690: your draft is kept.");
  await form.expectText({ userId: "5678", transferId: "58200001", subject: "", description: "" });
  await form.fill({ subject: "For the second customer", description: "d" });

  await page.locator("#transfer").selectOption("58114690");
  await expect(form.draft).toContainText(/Your draft from .* is back/);
  await form.expectText({ ...TYPED, userId: "1234", transferId: "58114690" });
  await page.locator("#transfer").selectOption("58200001");
  await form.expectText({ userId: "5678", subject: "For the second customer" });
});

test("two tabs do not fight over a draft: the second says so, and can take it over", async ({ form, page, chain, context }) => {
  await form.open({ draft: "local" });
  await form.fill(TYPED);
  await expectKept(form);

  const second = new form.constructor(await context.newPage(), form.url);
  await second.open({ draft: "local" });
  await expect(second.draft).toContainText("Your draft for this customer is open in another tab");
  await second.fill({ subject: "Typed in the second tab" });
  await second.button("draft.take_over").click();
  await second.expectText({ subject: TYPED.subject, description: `${TYPED.description}\n\nTyped in the second tab` });
  await expect(form.draft).toContainText("open in another tab");
  await form.expectText(TYPED);

  await form.fill({ subject: "Changed in the first tab" });
  await second.submit();
  await expect(second.createdTitle).toBeVisible();
  expect(JSON.parse((await chain.ledger()).cases[0].body).subject).toBe(TYPED.subject);
});

test("a tab that was waiting goes on with the draft when the other is closed", async ({ form, context }) => {
  await form.open({ draft: "local" });
  await form.fill(TYPED);
  await expectKept(form);
  const second = new form.constructor(await context.newPage(), form.url);
  await second.open({ draft: "local" });
  await expect(second.draft).toContainText("open in another tab");
  await form.page.goto("about:blank");
  await second.expectText(TYPED);
  await expectKept(second);
  await form.page.goto(form.url);
});

test("a portal forgets all drafts at the sign-out", async ({ form, page }) => {
  await form.fill(TYPED);
  await page.locator("#transfer").selectOption("58200001");
  await form.fill(TYPED);
  await expect.poll(() => stored(page, "sessionStorage")).toHaveLength(2);
  await page.locator("partner-case-form").evaluate((element) => element.clearDraft({ all: true }));
  await form.expectText({ subject: "", description: "" });
  expect(await stored(page, "sessionStorage")).toEqual([]);
});

test("a card number is not kept in the browser's storage", async ({ form, page }) => {
  await form.fill({ subject: "Charged twice", description: "Card 4111 1111 1111 1111" });
  await expect(form.draft).toContainText("The description is not kept while it holds a card number");
  expect((await stored(page, "sessionStorage")).join()).not.toContain("1111");
  await form.fill({ description: "Card ends in 1111" });
  await expectKept(form);
});

test("a sign-out before the form is there forgets the drafts, too", async ({ form, page }) => {
  await form.fill(TYPED);
  await expectKept(form);
  await page.route("**/*.wasm", () => {});
  await page.goto(form.url);
  await page.waitForFunction(() => customElements.get("partner-case-form"));
  await page.locator("partner-case-form").evaluate((element) => element.clearDraft({ all: true }));
  expect(await stored(page, "sessionStorage")).toEqual([]);
});

test("the browser warns before a loss, and only then", async ({ form, page }) => {
  const warned = () => page.evaluate(() => {
    const event = new Event("beforeunload", { cancelable: true });
    dispatchEvent(event);
    return event.defaultPrevented;
  });
  await form.open({ draft: "none" });
  expect(await warned()).toBe(false);
  await form.fill(TYPED);
  await expect.poll(warned).toBe(true);
  await form.fill({ subject: "", description: "" });
  await expect.poll(warned).toBe(false);

  await form.open({ draft: "session" });
  await form.fill(TYPED);
  await expectKept(form);
  expect(await warned()).toBe(false);
});

test("a page that may not keep anything says so", async ({ form, page }) => {
  await page.addInitScript(() => {
    Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };
  });
  await form.open();
  await form.fill(TYPED);
  await expect(form.draft).toContainText("This browser keeps no drafts");
  await page.locator("#transfer").selectOption("58200001");
  await page.locator("#transfer").selectOption("58114690");
  await form.expectText(TYPED);
});
