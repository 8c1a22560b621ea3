// When the form's files do not come, or come wrong, and pages that are not as kind as the demo's.
import { FormPage, catalogue, expect, test } from "../fixtures.mjs";
import { POLICY, openPage } from "../pages.mjs";
import { violations } from "../axe.mjs";

const PLAIN = `<form method="post" action="/partner-cases/cases"><button>Plain form</button></form>`;
const HEARD = `
  window.heard = [];
  document.addEventListener("partner-case-load-error", (event) => heard.push(event.detail));
`;
const WASM = "**/partner_case_form_bg.wasm*";
const GLUE = "**/partner_case_form.js*";

const FAILURES = {
  not_found: (page) => page.route(WASM, (route) => route.fulfill({ status: 404, body: "no" })),
  unreachable: (page) => page.route(GLUE, (route) => route.abort()),
  html: (page) => page.route(WASM, (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html><title>Sign in</title>" })),
  wrong_type: (page) => page.route(GLUE, (route) => route.fulfill({ contentType: "text/plain", body: "export default 1" })),
  broken: (page) => page.route(GLUE, (route) => route.fulfill({ contentType: "text/javascript", body: "export default () => { throw new Error('old') }" })),
  blocked: (page) => page.addInitScript(() => { delete window.WebAssembly; }),
  old_browser: (page) => page.addInitScript(() => { delete Document.prototype.adoptedStyleSheets; delete ShadowRoot.prototype.adoptedStyleSheets; }),
};

async function failsWith(page, cause, lang = "en") {
  const panel = page.getByRole("alert");
  await expect(panel).toContainText(catalogue(lang)["load.title"]);
  await expect(panel).toContainText(`: ${cause} http`);
  await expect(page.getByRole("button", { name: "Plain form" })).toBeVisible();
  const [detail] = await page.evaluate(() => window.heard);
  expect(detail.cause).toBe(cause);
  expect(detail.message).not.toBe("");
}

for (const [cause, happen] of Object.entries(FAILURES)) {
  test(`a form that cannot be loaded says why (${cause}), and the plain form is there`, async ({ page, chain }) => {
    await happen(page);
    await openPage(page, chain.url, { body: `<partner-case-form>${PLAIN}</partner-case-form>`, script: HEARD });
    await failsWith(page, cause);
  });
}

// As while two versions are behind one load balancer, or one file of an old version is in a cache.
for (const [file, url] of Object.entries({ first: WASM, lazy: "**/partner_case_form_lazy.wasm*" })) {
  test(`a file of another build is not taken for one of this (${file})`, async ({ page, chain }) => {
    await page.route(url, async (route) => {
      const response = await route.fetch();
      const wasm = (await response.body()).toString("latin1");
      // The module that it imports from is named by the build: eight digits, with their number before them.
      const other = wasm.replace(/\x08([0-9a-f]{8})(?=\x01a|\x06memory)/g, (_, build) => `\x08${build.replace(/./, (digit) => (digit === "0" ? "1" : "0"))}`);
      expect(other).not.toBe(wasm);
      await route.fulfill({ status: 200, contentType: "application/wasm", body: Buffer.from(other, "latin1") });
    });
    await openPage(page, chain.url, { body: `<partner-case-form>${PLAIN}</partner-case-form>`, script: HEARD });
    await expect(page.getByRole("alert")).toContainText(": broken http");
    expect(await page.evaluate(() => window.heard.map(({ cause }) => cause))).toEqual(["broken"]);
  });
}

test("what is said of a failed load is in the reader's language and direction, and accessible", async ({ page, chain }) => {
  await page.route(WASM, (route) => route.abort());
  for (const [lang, dir] of [["ar", "rtl"], ["fr", "ltr"], ["en", ""]]) {
    await openPage(page, chain.url, { body: `<main><h1>Portal</h1><partner-case-form></partner-case-form></main>`, script: HEARD, lang });
    await expect(page.getByRole("alert")).toContainText(catalogue(lang)["load.title"]);
    expect(await page.getByRole("alert").evaluate((panel) => panel.dir)).toBe(dir);
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      expect(await violations(page)).toEqual([]);
    }
  }
});

test("a policy without wasm-unsafe-eval is named", async ({ page, chain }) => {
  const policy = POLICY.replace(" 'wasm-unsafe-eval'", "");
  await openPage(page, chain.url, { body: `<partner-case-form locale="de">${PLAIN}</partner-case-form>`, script: HEARD, policy });
  await failsWith(page, "csp", "de");
});

test("a login page in the place of the texts leaves the form in English", async ({ page, chain }) => {
  await page.route("**/locales/*.json", (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html><title>Sign in</title>" }));
  await openPage(page, chain.url, { lang: "fr" });
  await expect(new FormPage(page, chain.url).submitButton).toBeVisible();
});

test("a next try may succeed where the JavaScript did not come", async ({ page, chain }) => {
  let aborted = 0;
  await page.route(GLUE, (route) => ((aborted += 1) <= 2 ? route.abort() : route.continue()));
  await openPage(page, chain.url, { body: '<partner-case-form user-id="1234"></partner-case-form>', script: HEARD });
  await expect(page.getByRole("alert")).toBeVisible();
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(new FormPage(page, chain.url).submitButton).toBeVisible();
});

test("what was typed into the plain form before is in the form", async ({ page, chain }) => {
  let arrive;
  const late = new Promise((resolve) => { arrive = resolve; });
  await page.route("**/partner-case-form.js", async (route) => { await late; await route.continue(); });
  await openPage(page, chain.url, {
    waitUntil: "commit",
    body: '<partner-case-form user-id="1234"><form><input type="hidden" name="userId" value="1234"><input name="subject"><textarea name="description"></textarea></form></partner-case-form>',
  });
  await page.locator("[name=subject]").fill("Late");
  await page.locator("[name=description]").fill("It is late");
  arrive();
  const form = new FormPage(page, chain.url);
  await expect(form.submitButton).toBeVisible();
  await form.expectText({ subject: "Late", description: "It is late", userId: "1234" });
});

test("the next try may succeed", async ({ page, chain }) => {
  await page.route(WASM, (route) => route.abort(), { times: 2 });
  await openPage(page, chain.url, { body: `<partner-case-form user-id="1234">${PLAIN}</partner-case-form>`, script: HEARD });
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(async () => {
    await page.getByRole("button", { name: "Try again" }).click({ timeout: 1000 });
    await expect(new FormPage(page, chain.url).submitButton).toBeVisible({ timeout: 1000 });
  }).toPass();
  await expect(page.getByRole("button", { name: "Plain form" })).toBeHidden();
});

test("what is below the form hardly moves when it arrives", async ({ page, chain }) => {
  for (const width of [1000, 360]) {
    await page.setViewportSize({ width, height: 900 });
    let arrive;
    const late = new Promise((resolve) => { arrive = resolve; });
    await page.route(WASM, async (route) => { await late; await route.continue(); });
    await openPage(page, chain.url, { body: "<partner-case-form user-id=\"1234\"></partner-case-form><p id=\"below\">Below</p>" });
    const top = () => page.locator("#below").evaluate((element) => element.getBoundingClientRect().top + scrollY);
    await expect(page.locator(".skeleton")).toBeVisible();
    const before = await top();
    arrive();
    await expect(new FormPage(page, chain.url).submitButton).toBeVisible();
    expect(Math.abs(await top() - before)).toBeLessThan(before * 0.06);
    await page.unrouteAll({ behavior: "wait" });
  }
});

// The tests' folder names no version, as it has no package.json: a browser must not keep its files. That a package's own version is kept is a
// test of the proxy's (`a_browser_keeps_for_a_year_what_is_of_the_version_it_asked_for_and_nothing_else`).
test("a version behind the loader's URL goes on to all files, and a version that the folder does not have is not kept", async ({ page, chain }) => {
  const files = [];
  page.on("response", (response) => {
    const url = new URL(response.url());
    // Before the build makes one file of them the loader's own modules are files, too, which its version does not reach.
    if (url.pathname.includes("/widget/") && !url.pathname.includes("/loader/")) files.push([url.pathname.split("/").pop(), url.search, response.headers()["cache-control"]]);
  });
  await openPage(page, chain.url, { loader: "/partner-cases/widget/partner-case-form.js?v=7", lang: "de" });
  await page.evaluate(() => document.querySelector("partner-case-form").ready);
  expect(files.map(([name]) => name).sort()).toEqual(["de.json", "partner-case-form.js", "partner_case_form.js", "partner_case_form_bg.wasm", "partner_case_form_lazy.wasm"]);
  for (const [name, search, caching] of files) expect([name, search, caching]).toEqual([name, "?v=7", "no-cache"]);
});

test("diagnose() tells how things stand", async ({ form, page }) => {
  const report = () => page.locator("partner-case-form").evaluate((element) => element.diagnose());
  const good = await report();
  expect(good).toMatchObject({ loads: true, webAssembly: "allowed", online: true, proxy: { status: 200, session: "good", kind: "partner-case-proxy" } });
  expect(good.versions.form).toBe(good.versions.loader);
  expect(good.files.map(({ status, type }) => [status, type])).toEqual([[200, "text/javascript"], [200, "application/wasm"], [200, "application/wasm"]]);
  expect(Math.abs(good.proxy.clockAheadSeconds)).toBeLessThan(5);
  await page.route("**/partner-cases/context", (route) => route.fulfill({ status: 401, json: { code: "unauthenticated" } }));
  expect((await report()).proxy).toMatchObject({ status: 401, session: "ended", problem: "unauthenticated" });
  await expect(form.submitButton).toBeVisible();
});

const HOSTILE = `
  body, body * { color: red !important; font: 40px cursive !important; letter-spacing: 9px !important; text-transform: uppercase !important;
    text-align: right !important; visibility: visible !important; word-spacing: 9px !important; cursor: wait !important; }
  input, button, label, form, div, .root, .form, .field, .control { position: fixed !important; opacity: 0 !important; transform: rotate(45deg) !important; }
`;

test("a page's styles do not get in, and the form's do not get out", async ({ page, chain }) => {
  await openPage(page, chain.url, { css: HOSTILE, body: '<partner-case-form user-id="1234"></partner-case-form><p class="field error">Outside</p>' });
  const form = new FormPage(page, chain.url);
  await expect(form.submitButton).toBeVisible();
  const style = (locator) => locator.evaluate((element) => {
    const { opacity, position, transform, fontSize, letterSpacing, textTransform, textAlign } = getComputedStyle(element);
    return { opacity, position, transform, fontSize, letterSpacing, textTransform, textAlign };
  });
  expect(await style(form.fields.subject)).toEqual({ opacity: "1", position: "static", transform: "none", fontSize: "16px", letterSpacing: "normal", textTransform: "none", textAlign: "start" });
  const outside = await page.locator("p").evaluate((element) => getComputedStyle(element).fontWeight);
  expect(outside).toBe("400");
});

test("it works inside another shadow root, inside a frame, and several times on a page", async ({ page, chain }) => {
  await chain.forget();
  const framedPage = `<script type="module" src="/partner-cases/widget/partner-case-form.js"></script><partner-case-form user-id="3"></partner-case-form>`;
  await page.route("**/test-frame", (route) => route.fulfill({ contentType: "text/html", headers: { "content-security-policy": POLICY }, body: framedPage }));
  await openPage(page, chain.url, {
    policy: `${POLICY}; frame-src 'self'`,
    body: '<div id="shadow"></div><iframe title="Frame" src="/test-frame"></iframe><partner-case-form id="other" user-id="2"></partner-case-form>',
    script: `document.querySelector("#shadow").attachShadow({ mode: "open" }).append(Object.assign(document.createElement("partner-case-form"), { id: "inner" }));
      window.heard = []; document.addEventListener("partner-case-created", (event) => heard.push(event.detail.caseId));
      document.querySelector("#shadow").shadowRoot.firstChild.setAttribute("user-id", "1");`,
  });
  const inner = new FormPage(page.locator("#inner"), chain.url);
  const other = new FormPage(page.locator("#other"), chain.url);
  const framed = new FormPage(page.frameLocator("iframe"), chain.url);
  for (const form of [inner, other, framed]) {
    await form.fill({ subject: "Late", description: "It is late" });
    await form.submit();
    await expect(form.createdTitle).toBeVisible();
  }
  const { cases } = await chain.ledger();
  expect(cases.map(({ body }) => JSON.parse(body).details.userId)).toEqual([1, 2, 3]);
  // The event of the one in the shadow root gets out of it.
  expect(await page.evaluate(() => window.heard)).toHaveLength(2);
});

test("two versions on one page both work", async ({ page, chain }) => {
  await chain.forget();
  const infos = [];
  page.on("console", (message) => infos.push(message.text()));
  await openPage(page, chain.url, {
    body: '<partner-case-form user-id="1"></partner-case-form><main></main>',
    script: `
      await customElements.whenDefined("partner-case-form");
      const second = await import("/partner-cases/widget/partner-case-form.js?second");
      window.second = second.tag;
      second.mount(document.querySelector("main"), { userId: "2" });
    `,
  });
  const forms = [new FormPage(page.locator("partner-case-form"), chain.url), new FormPage(page.locator("main > *"), chain.url)];
  for (const form of forms) {
    await form.fill({ subject: "Late", description: "It is late" });
    await form.submit();
    await expect(form.createdTitle).toBeVisible();
  }
  expect(await page.evaluate(() => window.second)).toMatch(/^partner-case-form-\d+-\d+-\d+$/);
  expect(infos.join()).toContain("the tag is taken on this page");
  expect((await chain.ledger()).cases).toHaveLength(2);
});
