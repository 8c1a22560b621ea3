// When the browser keeps nothing: a storage that is full or forbidden, and a clock that is wrong or jumps.
import { DOCUMENTED, FormPage } from "../fixtures.mjs";
import { expect, expectKeyReused, expectUnknown, test } from "../faults.mjs";
import { POLICY, openPage } from "../pages.mjs";

const TYPED = { subject: "Payout is late", description: "The customer has called twice.\n\nPlease check." };
const YEAR = 365 * 86_400_000;

const kept = /What you type is kept in this (tab|browser)/;
const notKept = /This browser keeps no drafts\. Send the case before you close this page\./;

const stored = (page, name) => page.evaluate((storage) => {
  const own = Object.entries(window[storage]).filter(([key]) => key.startsWith("partner-case-form:"));
  return own.map(([, value]) => value);
}, name);

/** The portal's own data, until not a character more fits in. */
const fillStorage = (page, name) => page.evaluate((storage) => {
  let filled = 0;
  for (let size = 1 << 20; size >= 1; size >>= 1) {
    try {
      for (;;) window[storage].setItem(`portal-${filled++}`, "x".repeat(size));
    } catch {
      // Half of it may still fit.
    }
  }
}, name);

const emptyStorage = (page, name) => page.evaluate((storage) => {
  for (const key of Object.keys(window[storage])) if (key.startsWith("portal-")) window[storage].removeItem(key);
}, name);

/** Whether the browser would ask before it closes the page. */
const warned = (page) => page.evaluate(() => {
  const event = new Event("beforeunload", { cancelable: true });
  dispatchEvent(event);
  return event.defaultPrevented;
});

async function open(page, chain, attributes) {
  await chain.forget();
  page.on("dialog", (dialog) => dialog.accept());
  const form = new FormPage(page, chain.url);
  await form.open(attributes);
  return form;
}

async function expectOneCase(form, chain) {
  await expect(form.createdTitle).toBeFocused();
  const { counts, cases } = await chain.ledger();
  expect([counts.create, cases.length]).toEqual([1, 1]);
}

test("a storage that fills up while a person types: said, warned of, and over when there is room", async ({ page, chain }) => {
  const form = await open(page, chain, { draft: "local" });
  await form.fill(TYPED);
  await expect(form.draft).toContainText(kept);
  await expect.poll(() => warned(page)).toBe(false);
  await fillStorage(page, "localStorage");
  await form.fill({ description: `${TYPED.description} The rest of it does not fit.` });
  await expect(form.draft).toContainText(notKept);
  await expect.poll(() => warned(page)).toBe(true);
  await emptyStorage(page, "localStorage");
  await form.fill({ externalId: "7" });
  await expect(form.draft).toContainText(kept);
  await expect.poll(() => warned(page)).toBe(false);
  await page.reload();
  await form.expectText({ ...TYPED, description: `${TYPED.description} The rest of it does not fit.`, externalId: "7" });
  await form.submit();
  await expectOneCase(form, chain);
});

test("a full storage, a case on its way and a closed page: the older text is not sent as if nothing had been", async ({ page, chain }) => {
  const form = await open(page, chain, { draft: "session" });
  await form.fillDocumented();
  await expect(form.draft).toContainText(kept);
  await expect.poll(async () => (await stored(page, "sessionStorage")).join()).toContain(DOCUMENTED.externalId);
  await fillStorage(page, "sessionStorage");
  await form.fill({ description: "Changed, and longer than before, so that it does not fit" });
  await chain.fault({ on: "create", kind: "slow", millis: 1000 });
  await form.submit();
  await expect.poll(async () => (await chain.ledger()).counts.create).toBe(1);
  await page.reload();
  // What was kept last is back, with its time, and nothing says that it was sent: nobody knows.
  await expect(form.draft).toContainText(/Your draft from .* is back/);
  await form.expectText(DOCUMENTED);
  await form.submit();
  await expectKeyReused(form);
  expect((await chain.ledger()).counts.create).toBe(1);
});

test("a page that may not use its storage has a form that works and says that it keeps nothing", async ({ page, chain }) => {
  await page.addInitScript(() => {
    const forbidden = { get() { throw new DOMException("Access is denied for this document.", "SecurityError"); } };
    for (const name of ["sessionStorage", "localStorage"]) Object.defineProperty(window, name, forbidden);
  });
  const form = await open(page, chain, { draft: "local" });
  await form.fill(TYPED);
  await expect(form.draft).toContainText(notKept);
  await expect.poll(() => warned(page)).toBe(true);
  await page.locator("#transfer").selectOption("58200001");
  await form.expectText({ subject: "" });
  await page.locator("#transfer").selectOption("58114690");
  await form.expectText(TYPED);
  await form.submit();
  await expectOneCase(form, chain);
  // A sign-out finds nothing to forget, and says nothing of it.
  await page.locator("partner-case-form").evaluate((element) => element.clearDraft({ all: true }));
  await form.expectText({ subject: "" });
});

const frameOf = (draft) => `<!doctype html><html lang="en"><meta charset="utf-8"><title>Frame</title>
  <script type="module" src="/partner-cases/widget/partner-case-form.js"></script>
  <partner-case-form user-id="1234" draft="${draft}" draft-scope="agent-7"><form method="post" action="/partner-cases/cases"><input type="hidden" name="userId" value="1234">
  <label>Plain subject <input name="subject"></label><label>Plain description <textarea name="description"></textarea></label><button>Plain form</button>
  </form></partner-case-form></html>`;

/** The form in a frame that is of no origin. With `files`, the server lets every origin have the widget's files. */
async function openSandboxed(page, chain, draft, { files }) {
  await chain.forget();
  const anyOrigin = { "access-control-allow-origin": "null" };
  const origin = new URL(chain.url).origin;
  const policy = POLICY.replaceAll("'self'", origin);
  await page.route("**/test-frame", (route) => route.fulfill({ contentType: "text/html", headers: { "content-security-policy": policy }, body: frameOf(draft) }));
  if (files) {
    await page.route(/partner-cases\/(widget|cases$|submissions)/, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, headers: { ...response.headers(), ...anyOrigin } });
    });
  }
  await openPage(page, chain.url, {
    policy: `${POLICY}; frame-src 'self'`,
    body: '<iframe title="Frame" sandbox="allow-scripts allow-forms" src="/test-frame" width="900" height="1600"></iframe>',
    loader: null,
  });
  return new FormPage(page.frameLocator("iframe"), chain.url);
}

async function expectSandboxedWorks(form, chain) {
  await form.fill(TYPED);
  await form.submit();
  // The proxy takes no case from a page of another origin, and says so.
  await expect(form.alert).toContainText(form.texts["not_sent.title"]);
  await expect(form.alert).toContainText(form.texts["not_sent.misconfigured"]);
  await form.expectText(TYPED);
  expect((await chain.ledger()).counts.create).toBe(0);
}

test("in a sandboxed frame the form works and says that it keeps nothing", async ({ page, chain }) => {
  const form = await openSandboxed(page, chain, "session", { files: true });
  await expectSandboxedWorks(form, chain);
  await expect(form.page.locator("[part=draft]")).toContainText(notKept);
});

// There the browser refuses the locks as well (`SecurityError`), as Chromium does where it blocks all cookies.
test("in a sandboxed frame a form that is to keep its draft for all tabs says that it keeps nothing", async ({ page, chain }) => {
  const form = await openSandboxed(page, chain, "local", { files: true });
  await expectSandboxedWorks(form, chain);
  await expect(form.page.locator("[part=draft]")).toContainText(notKept, { timeout: 5000 });
});

test("in a sandboxed frame that may not have the files, the plain form is there", async ({ page, chain }) => {
  const form = await openSandboxed(page, chain, "session", { files: false });
  await form.page.getByLabel("Plain subject").fill(TYPED.subject);
  await expect(form.page.getByRole("button", { name: "Plain form" })).toBeVisible();
  await expect(form.page.getByLabel("Plain subject")).toHaveValue(TYPED.subject);
});

for (const [name, year] of [["behind 1970", 1965], ["far ahead", 2190]]) {
  test(`a clock that is ${name}: a draft is kept and back, a case is made, and diagnose() tells of the clock`, async ({ page, chain }) => {
    await page.clock.setSystemTime(new Date(`${year}-03-01T10:00:00Z`));
    const form = await open(page, chain, { "draft": "local", "draft-ttl": "30" });
    await form.fillDocumented();
    await expect(form.draft).toContainText(kept);
    await page.reload();
    await expect(form.draft).toContainText(/Your draft from .* is back/);
    await form.expectText(DOCUMENTED);
    const { proxy } = await page.locator("partner-case-form").evaluate((element) => element.diagnose());
    expect(Math.round(proxy.clockAheadSeconds / 31_557_600)).toBe(Math.round((Date.parse(`${year}-03-01`) - Date.now()) / 1000 / 31_557_600));
    // Put right while a person is at it.
    await page.clock.setSystemTime(new Date());
    await form.fill({ externalId: "7" });
    await expect.poll(async () => JSON.parse((await stored(page, "localStorage"))[0]).expiresAtMillis - Date.now()).toBeLessThan(31 * 60_000);
    await page.reload();
    await form.expectText({ ...DOCUMENTED, externalId: "7" });
    await form.submit();
    await expectOneCase(form, chain);
    await expect.poll(() => stored(page, "localStorage")).toEqual([]);
  });
}

test("a clock that jumps does not end a draft that a person is at, nor take its words", async ({ page, chain }) => {
  const form = await open(page, chain, { "draft": "session", "draft-ttl": "30" });
  await form.fill(TYPED);
  await expect(form.draft).toContainText(kept);
  for (const jump of [3 * YEAR, -10 * YEAR, 40 * 60_000, -40 * 60_000]) {
    await page.clock.setSystemTime(await page.evaluate(() => Date.now()) + jump);
    await page.waitForTimeout(600);
    await expect(form.draft).toContainText(kept);
    await form.expectText(TYPED);
    // Not a key was pressed since the jump.
    await page.reload();
    await expect(form.draft).toContainText(/Your draft from .* is back/);
    await form.expectText(TYPED);
  }
});

test("the wait before the next try is counted in seconds, whatever the clock says", async ({ page, chain }) => {
  const form = await open(page, chain);
  await form.fillDocumented();
  await chain.fault({ on: "create", kind: "rate_limited", retry_after_secs: 4 });
  await form.submit();
  await expect(form.alert).toContainText(form.texts["not_sent.busy"]);
  await page.clock.setSystemTime(Date.now() + YEAR);
  await expect(page.locator(".wait").first()).toContainText(/You can send it again in \d seconds?\./);
  await page.clock.setSystemTime(Date.now() - YEAR);
  await expect(page.locator("[part=notice]")).toContainText(form.texts["not_sent.now"], { timeout: 10_000 });
  await form.submit();
  await expect(form.createdTitle).toBeFocused();
});
