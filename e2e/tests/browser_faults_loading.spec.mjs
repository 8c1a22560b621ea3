// When the form's files come late, damaged, or under a wrong name, or the network goes while they load.
import { gzipSync } from "node:zlib";
import { FormPage, catalogue } from "../fixtures.mjs";
import { bytes, expect, gate, listen, test } from "../faults.mjs";
import { POLICY, openPage } from "../pages.mjs";

const WASM = "partner_case_form_bg.wasm";
const WASM_TYPE = { "content-type": "application/wasm" };
const TYPED = { subject: "Payout is late", description: "The customer has called twice." };
const BODY = `<partner-case-form user-id="1234"><form method="post" action="/partner-cases/cases">
  <input type="hidden" name="userId" value="1234"><label>Plain subject <input name="subject"></label>
  <label>Plain description <textarea name="description"></textarea></label><button>Plain form</button>
  </form></partner-case-form><label>Note of the portal's <input id="note"></label>`;
const HEARD = `
  window.heard = [];
  document.addEventListener("partner-case-load-error", (event) => heard.push(event.detail));
`;

const whole = (headers, body) => bytes(200, { ...headers, "content-length": body.length }, body);
const half = (body) => body.subarray(0, body.length >> 1);

/** Opens the page, types into the plain form, and only then lets the loader come. */
async function openAndType(page, origin, typed = TYPED) {
  const loader = gate();
  await page.route("**/partner-case-form.js", async (route) => { await loader.opened; await route.continue(); });
  await openPage(page, origin, { body: BODY, script: HEARD, waitUntil: "commit" });
  await page.getByLabel("Plain subject").fill(typed.subject);
  await page.getByLabel("Plain description").fill(typed.description);
  loader.open();
}

async function expectForm(page) {
  const form = new FormPage(page);
  await expect(form.submitButton).toBeVisible();
  await form.expectText({ ...TYPED, userId: "1234" });
  await expect(page.getByRole("alert")).toBeHidden();
  await expect(page.getByRole("button", { name: "Plain form" })).toBeHidden();
  return form;
}

async function expectFailed(page, cause, typed = TYPED) {
  await expect(page.getByRole("alert")).toContainText(catalogue("en")["load.title"]);
  await expect(page.getByRole("alert")).toContainText(`: ${cause} http`);
  await expect(page.getByLabel("Plain subject")).toHaveValue(typed.subject);
  await expect(page.getByLabel("Plain description")).toHaveValue(typed.description);
}

/** A text of its own: the proxy takes person and text of a plain form for its key, and answers the same with the case that there is. */
const neverSent = () => ({ ...TYPED, description: `The customer has called ${Math.ceil(Math.random() * 1e6)} times.` });

test("a wasm that takes its time: the place is kept, then the form is there, and who types elsewhere types on", async ({ page, chain }) => {
  const wasm = gate();
  await page.route(`**/${WASM}`, async (route) => { await wasm.opened; await route.continue(); });
  await openPage(page, chain.url, { body: BODY, script: HEARD });
  await page.evaluate(() => { document.querySelector("partner-case-form").ready.then(() => { window.isReady = true; }); });
  const place = page.locator(".skeleton");
  await expect(place).toBeVisible();
  const size = async () => { const { width, height } = await place.boundingBox(); return { width, height }; };
  const before = await size();
  const note = page.locator("#note");
  await note.fill("Call back at ");
  await page.waitForTimeout(3000);
  expect(await size()).toEqual(before);
  await expect(page.getByRole("button")).toHaveCount(0);
  expect(await page.evaluate(() => [window.heard, window.isReady])).toEqual([[], undefined]);
  wasm.open();
  await expect(new FormPage(page).submitButton).toBeVisible();
  await expect(place).toHaveCount(0);
  await expect.poll(() => page.evaluate(() => window.isReady)).toBe(true);
  await expect(note).toBeFocused();
  await page.keyboard.type("nine");
  await expect(note).toHaveValue("Call back at nine");
});

test("a wasm that takes its time has what was typed into the plain form before, and sends it", async ({ page, chain }) => {
  await chain.forget();
  await page.route(`**/${WASM}`, async (route) => { await new Promise((resolve) => setTimeout(resolve, 2000)); await route.continue(); });
  await openAndType(page, chain.url);
  const form = await expectForm(page);
  await form.submit();
  await expect(form.createdTitle).toBeFocused();
  expect((await chain.ledger()).cases.map(({ body }) => JSON.parse(body))).toMatchObject([TYPED]);
});

test("a wasm under a wrong Content-Type is slower, and said on the console, but the form is there", async ({ page, edge }) => {
  const said = listen(page);
  edge.spoil(WASM, ({ body }) => whole({ "content-type": "text/plain" }, body));
  await openAndType(page, edge.url);
  await expectForm(page);
  expect(said.join()).toContain("`application/wasm` MIME type");
  expect(await page.evaluate(() => window.heard)).toEqual([]);
});

const DAMAGED = {
  "cut, and said to be whole": ["broken", ({ body }) => whole(WASM_TYPE, half(body))],
  "cut off on its way": ["unreachable", ({ headers, body }) => bytes(200, headers, half(body))],
  "reset on its way": ["unreachable", ({ headers, body }) => bytes(200, headers, half(body)), { reset: true }],
  "of one wrong bit": ["broken", ({ body }) => whole(WASM_TYPE, Buffer.from(body.with(4, body[4] ^ 1)))],
  "of a cut gzip": ["broken", ({ body }) => whole({ ...WASM_TYPE, "content-encoding": "gzip" }, half(gzipSync(body)))],
  "empty": ["broken", () => whole(WASM_TYPE, Buffer.alloc(0))],
};

for (const [name, [cause, spoilt, how]] of Object.entries(DAMAGED)) {
  test(`a wasm that is ${name}: said, with what was typed in the plain form, and the next try may succeed`, async ({ page, edge }) => {
    // One is for the loader, one for its look at what is wrong.
    edge.spoil(WASM, spoilt, { times: 2, ...how });
    await openAndType(page, edge.url);
    await expectFailed(page, cause);
    expect(await page.evaluate(() => window.heard)).toMatchObject([{ cause, url: `${edge.url}partner-cases/widget/${WASM}` }]);
    expect(await page.locator("partner-case-form").evaluate((form) => form.ready.then(() => "ready", () => "not ready"))).toBe("not ready");
    await page.getByRole("button", { name: "Try again" }).click();
    await expectForm(page);
    // The button is gone with what it stood in; whoever goes on by keyboard is in the form.
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement.localName)).toBe("partner-case-form");
  });
}

test("where the wasm stays damaged, the plain form still makes the case", async ({ page, chain, edge }) => {
  await chain.forget();
  const typed = neverSent();
  edge.spoil(WASM, ({ body }) => whole(WASM_TYPE, half(body)), { times: 10 });
  await openAndType(page, edge.url, typed);
  await expectFailed(page, "broken", typed);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect.poll(() => page.evaluate(() => window.heard.length)).toBe(2);
  await expectFailed(page, "broken", typed);
  await page.getByRole("button", { name: "Plain form" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Case created");
  const { cases } = await chain.ledger();
  expect(cases.map(({ body }) => JSON.parse(body))).toMatchObject([typed]);
});

const TEXTS = "locales/de.json";
const UNREADABLE = {
  "not there": () => bytes(404, { "content-length": 0 }, ""),
  "cut, and said to be whole": ({ body }) => whole({ "content-type": "application/json" }, half(body)),
  "cut off on its way": ({ headers, body }) => bytes(200, headers, half(body)),
  "a page of HTML": () => whole({ "content-type": "text/html" }, Buffer.from("<!doctype html><title>Sign in</title>")),
  "empty": () => whole({ "content-type": "application/json" }, Buffer.alloc(0)),
};

for (const [name, spoilt] of Object.entries(UNREADABLE)) {
  test(`texts that are ${name}: the form is in English and says so on the console, and asks again the next time`, async ({ page, edge }) => {
    const said = listen(page);
    edge.spoil(TEXTS, spoilt);
    await openPage(page, edge.url, { lang: "de", body: '<partner-case-form user-id="1234"></partner-case-form>', script: HEARD });
    const form = new FormPage(page);
    await expect(form.submitButton).toBeVisible();
    // Screen readers are told what it is, not what it was to be.
    await expect(page.locator("[part=root]")).toHaveAttribute("lang", "en");
    expect(said.filter((text) => text.startsWith("partner-case-form: the texts could not be loaded"))).toHaveLength(1);
    expect(said.join()).toContain(`${edge.url}partner-cases/widget/${TEXTS}, so the form is in English`);
    expect(await page.evaluate(() => window.heard)).toEqual([]);
    await form.fill(TYPED);
    await page.evaluate(() => document.querySelector("partner-case-form").setAttribute("locale", "de-AT"));
    const german = new FormPage(page, "", catalogue("de"));
    await expect(german.submitButton).toBeVisible();
    await german.expectText(TYPED);
  });
}

for (const file of ["partner_case_form.js", WASM]) {
  test(`the network goes while ${file} is on its way: said, and the form is there when the network is back`, async ({ page, chain, context }) => {
    const asked = gate();
    const answer = gate();
    await page.route(`**/${file}*`, async (route) => { asked.open(); await answer.opened; await route.continue(); });
    await openAndType(page, chain.url);
    await asked.opened;
    await context.setOffline(true);
    answer.open();
    await expectFailed(page, "unreachable");
    const retry = page.getByRole("button", { name: "Try again" });
    await retry.click();
    await expect.poll(() => page.evaluate(() => window.heard.length)).toBe(2);
    await expectFailed(page, "unreachable");
    await context.setOffline(false);
    await retry.focus();
    await page.keyboard.press("Enter");
    await expectForm(page);
    expect((await page.locator("partner-case-form").evaluate((form) => form.diagnose())).loads).toBe(true);
  });
}

// Alone of the proxy's answers, the page that answers the plain form may be in a frame of the portal's.
test("a plain form in a frame of the portal's tells what became of the case", async ({ page, chain }) => {
  await chain.forget();
  const typed = neverSent();
  await page.route("**/test-frame", (route) => route.fulfill({ contentType: "text/html", body: `<!doctype html><html lang="en">${BODY}</html>` }));
  await openPage(page, chain.url, { policy: `${POLICY}; frame-src 'self'`, body: '<iframe title="Frame" src="/test-frame"></iframe>', loader: null });
  const frame = page.frameLocator("iframe");
  await frame.getByLabel("Plain subject").fill(typed.subject);
  await frame.getByLabel("Plain description").fill(typed.description);
  await frame.getByRole("button", { name: "Plain form" }).click();
  await expect.poll(async () => (await chain.ledger()).cases.length).toBe(1);
  await expect(frame.getByRole("heading", { level: 1 })).toHaveText("Case created", { timeout: 5000 });
});
