// When the answer does not come as it should, the network goes, or two tabs send at once: what is said is true, nothing typed is lost, and
// there is one case at most.
import { gzipSync } from "node:zlib";
import { DOCUMENTED, FormPage } from "../fixtures.mjs";
import { bytes, expect, expectNotCreated, expectUnknown, test } from "../faults.mjs";

const CASES = "/partner-cases/cases";
const JSON_TYPE = { "content-type": "application/json" };
const HTML = "<!doctype html><html><title>Sign in</title><form action=\"/login\"><input name=\"user\"></form></html>";

const whole = (status, headers, body) => bytes(status, { ...headers, "content-length": Buffer.byteLength(body) }, body);

async function open(page, edge, chain, attributes) {
  await chain.forget();
  // The demo's panel asks for the case by itself at each event. It is no part of the form, and does not expect to be offline.
  await page.route("**/demo/api/received", (route) => route.fulfill({ body: "" }));
  const form = new FormPage(page, edge?.url ?? chain.url);
  await form.open(attributes);
  await form.fillDocumented();
  return form;
}

const sends = (edge) => edge.calls.filter((call) => call.startsWith(`POST ${CASES}`));

async function expectOneCase(form, chain) {
  await expect(form.createdTitle).toBeFocused();
  const { cases } = await chain.ledger();
  expect(cases).toHaveLength(1);
  await expect(form.page.locator("[part=receipt]")).toContainText(String(cases[0].caseId));
  return cases[0];
}

// What a network makes of the case that the proxy has answered. In each of them the case was made. What other bodies mean is tested natively
// (model/src/interpret.rs).
const SPOILT = {
  "half an answer, then a reset": [({ headers, body }) => bytes(200, headers, body.subarray(0, body.length >> 1)), { reset: true }],
  "half an answer that says it is whole": [({ body }) => whole(200, JSON_TYPE, body.subarray(0, body.length >> 1))],
  "a 200 with nothing in it": [() => whole(200, {}, "")],
  "what calls itself gzip and is not": [({ body }) => whole(200, { ...JSON_TYPE, "content-encoding": "gzip" }, body)],
  "half of a gzip": [({ body }) => whole(200, { ...JSON_TYPE, "content-encoding": "gzip" }, gzipSync(body).subarray(0, body.length >> 1))],
};

for (const [name, [answer, how]] of Object.entries(SPOILT)) {
  test(`${name}: not known, then asked for and told`, async ({ page, chain, edge }) => {
    const form = await open(page, edge, chain);
    edge.spoil(CASES, answer, { method: "POST", ...how });
    await form.submit();
    await expectUnknown(form);
    const { caseId } = await expectOneCase(form, chain);
    expect(sends(edge)).toHaveLength(1);
    expect((await form.events()).slice(1).map((event) => event.split(" ")[0])).toEqual(["partner-case-outcome-unknown", "partner-case-created"]);
    expect((await form.events()).at(-1)).toContain(`"caseId":"${caseId}"`);
  });
}

test("a case with more in it than is known today is a case, digit for digit", async ({ page, chain, edge }) => {
  const form = await open(page, edge, chain);
  const answer = '{"links":[{"rel":"self"}],"id":9007199254740993,"status":"WAITING_FOR_MOON","type":7,"createdAt":{"at":1},"priority":null}';
  edge.spoil(CASES, () => whole(200, JSON_TYPE, answer), { method: "POST" });
  await form.submit();
  await expect(form.createdTitle).toBeFocused();
  await expect(page.locator("[part=receipt]")).toContainText("9007199254740993");
  await expect(page.locator("[part=receipt]")).toContainText("WAITING_FOR_MOON");
  expect((await form.events()).at(-1)).toContain('"caseId":"9007199254740993"');
  expect((await chain.ledger()).cases).toHaveLength(1);
});

test("a connection that is closed before a word: the browser sends again by itself, and one case is made", async ({ page, chain, edge }) => {
  const form = await open(page, edge, chain);
  edge.spoil(CASES, () => Buffer.alloc(0), { method: "POST", times: 2, reset: true });
  await form.submit();
  await expectOneCase(form, chain);
  // Whether Chromium sends again depends on its connections; if it does, it is the same submission.
  expect(new Set(sends(edge)).size).toBe(1);
});

test("a login page with 200 in the way of everything: not known, and the proxy has nothing", async ({ page, chain, edge }) => {
  const form = await open(page, edge, chain);
  const login = () => whole(200, { "content-type": "text/html" }, HTML);
  edge.spoil(CASES, login, { method: "POST", instead: true });
  await form.submit();
  await expectUnknown(form);
  await expect(page.locator(".inquiry")).toHaveText(form.texts["unknown.no_answer"]);
  expect((await chain.ledger()).counts.create).toBe(0);
  // Signed in again in another tab, the same submission goes on.
  await form.button("unknown.edit").click();
  await expect(form.fields.description).toBeFocused();
  await form.submit();
  await expectOneCase(form, chain);
  expect(sends(edge)).toHaveLength(2);
  expect(new Set(sends(edge)).size).toBe(1);
});

test("a redirect that would take the text along is not followed", async ({ page, chain, edge }) => {
  const form = await open(page, edge, chain);
  edge.spoil(CASES, () => bytes(307, { location: "/elsewhere", "content-length": 0 }, ""), { method: "POST", instead: true });
  await form.submit();
  await expectNotCreated(form, form.texts["not_sent.session_expired"]);
  expect(edge.calls.filter((call) => call.includes("/elsewhere"))).toEqual([]);
  expect((await form.events()).at(-1)).toBe("partner-case-session-expired");
  await form.submit();
  await expectOneCase(form, chain);
  expect(new Set(sends(edge)).size).toBe(1);
});

test("a 401 with a page of the portal's is the end of the session, and the same submission goes on afterwards", async ({ page, chain, edge }) => {
  const form = await open(page, edge, chain);
  edge.spoil(CASES, () => whole(401, { "content-type": "text/html" }, HTML), { method: "POST", instead: true });
  await form.submit();
  await expectNotCreated(form, form.texts["not_sent.session_expired"]);
  expect(await form.events()).toContainEqual("partner-case-session-expired");
  expect((await chain.ledger()).counts.create).toBe(0);
  await page.reload();
  await form.expectText(DOCUMENTED);
  await form.submit();
  await expectOneCase(form, chain);
  expect(new Set(sends(edge)).size).toBe(1);
});

test("the network goes while the case is on its way: not known, and told when the network is back", async ({ page, chain, edge, context }) => {
  const form = await open(page, edge, chain);
  edge.spoil(CASES, ({ headers }) => bytes(200, headers, "{"), { method: "POST", reset: true });
  await chain.fault({ on: "create", kind: "slow", millis: 1000 });
  await form.submit();
  await expect.poll(async () => (await chain.ledger()).counts.create).toBe(1);
  await context.setOffline(true);
  await expectUnknown(form);
  await expect(page.locator(".inquiry")).toHaveText(form.texts["unknown.still"]);
  const asked = edge.calls.length;
  await form.button("unknown.check").click();
  await expect(page.locator(".inquiry")).toHaveText(form.texts["unknown.still"]);
  expect(edge.calls).toHaveLength(asked);
  await context.setOffline(false);
  await form.button("unknown.check").click();
  await expectOneCase(form, chain);
  expect(sends(edge)).toHaveLength(1);
});

test("a network that comes and goes: each click sends, or says that it did not", async ({ page, chain, edge, context }) => {
  const form = await open(page, edge, chain);
  await context.setOffline(true);
  for (let click = 0; click < 2; click += 1) {
    await form.submit();
    await expectNotCreated(form, form.texts["not_sent.offline"]);
    await context.setOffline(false);
    await context.setOffline(true);
  }
  expect(sends(edge)).toEqual([]);
  await context.setOffline(false);
  await form.submit();
  await expectOneCase(form, chain);
});

const stored = (page, storage) => page.evaluate((name) => Object.entries(window[name]).filter(([key]) => key.startsWith("partner-case-form:")), storage);

test("two tabs of a browser without Web Locks that send one draft at once make one case, and both tell its number", async ({ page, chain, context }) => {
  const form = await open(page, undefined, chain, { draft: "local" });
  await expect.poll(async () => JSON.stringify(await stored(page, "localStorage"))).toContain(DOCUMENTED.externalId);
  const second = new FormPage(await context.newPage(), chain.url);
  await second.page.addInitScript(() => { delete Navigator.prototype.locks; });
  await second.open({ draft: "local" });
  await second.expectText(DOCUMENTED);
  await chain.fault({ on: "create", kind: "slow", millis: 1500 });
  await Promise.all([form.submit(), second.submit()]);
  await expect(form.createdTitle.or(form.alert)).toBeVisible();
  for (const tab of [form, second]) await expectOneCase(tab, chain);
  expect((await chain.ledger()).counts.create).toBe(1);
  await expect.poll(() => stored(page, "localStorage")).toEqual([]);
});

// As it is in the browsers that Playwright starts: it switches the back-forward cache off. With it: browser_faults_history.spec.mjs.
test("away and back where the browser loads the page anew: what was typed is there, and what was sent is asked for", async ({ page, chain }) => {
  const form = await open(page, undefined, chain, { draft: "session" });
  page.on("dialog", (dialog) => dialog.accept());
  await page.evaluate(() => { window.isOld = true; });
  await page.goto(`${chain.url}demo/theme.html`);
  await page.goBack();
  expect(await page.evaluate(() => window.isOld)).toBe(undefined);
  await expect(form.draft).toContainText(/Your draft from .* is back/);
  await form.expectText(DOCUMENTED);
  await chain.fault({ on: "create", kind: "slow", millis: 1000 });
  await form.submit();
  await expect.poll(async () => (await chain.ledger()).counts.create).toBe(1);
  await page.goto(`${chain.url}demo/theme.html`);
  await page.goBack();
  await expect(form.alert).toContainText(form.texts["unknown.title"]);
  await expectOneCase(form, chain);
});
