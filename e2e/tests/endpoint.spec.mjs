// Where the form's calls go, and which origins get the portal's headers. The origin elsewhere stands for an attacker's, or for a proxy of the
// portal's on another host.
import { DOCUMENTED, FormPage, expect, test } from "../fixtures.mjs";
import { POLICY, openPage } from "../pages.mjs";

const ELSEWHERE = "https://elsewhere.example";
const ENDPOINT = `${ELSEWHERE}/partner-cases`;

// The recommended policy would stop the calls: what is tested here is what the form does where a policy does not help.
const POLICY_WITH_ELSEWHERE = POLICY.replace("connect-src 'self'", `connect-src 'self' ${ELSEWHERE}`);

const element = (page) => page.locator("partner-case-form");

const HEADERS = `async () => { window.asked = true; return { "X-Portal-Token": "canary-token" }; }`;
const WITH_HEADERS = `for (const form of document.querySelectorAll("partner-case-form")) form.headers = ${HEADERS};`;

/** Opens a page, and collects the calls that arrive elsewhere and what the console says. */
async function open(page, chain, options) {
  await chain.forget();
  const calls = [];
  const console = [];
  page.on("console", (message) => console.push(message.text()));
  await page.route(`${ELSEWHERE}/**`, (route) => {
    const request = route.request();
    calls.push({ method: request.method(), url: request.url(), headers: request.headers() });
    const now = new Date().toISOString().slice(0, -1);
    const created = { id: 77, status: "CREATING", type: "GENERAL_ENQUIRY", externalId: null, createdAt: now, updatedAt: now };
    const headers = { "access-control-allow-origin": "*" };
    return request.method() === "POST" ? route.fulfill({ headers, json: created }) : route.fulfill({ status: 404, headers, json: {} });
  });
  await openPage(page, chain.url, { policy: POLICY_WITH_ELSEWHERE, ...options });
  return { form: new FormPage(page, chain.url), calls, console };
}

const warnings = (console) => console.filter((text) => text.includes("the portal's headers are not sent"));

for (const endpoint of [undefined, "/partner-cases", "partner-cases", "/partner-cases/"]) {
  test(`a <base> of another origin moves no call: endpoint ${endpoint}`, async ({ page, chain }) => {
    const attribute = endpoint ? `endpoint="${endpoint}"` : "";
    const { form, calls } = await open(page, chain, {
      body: `<base href="${ELSEWHERE}/"><partner-case-form user-id="1234" ${attribute}></partner-case-form>`,
      script: WITH_HEADERS,
    });
    await form.fill(DOCUMENTED);
    await form.submit();
    await expect(form.createdTitle).toBeVisible();
    expect((await chain.ledger()).counts.create).toBe(1);
    const { proxy } = await element(page).evaluate((form) => form.diagnose());
    expect(proxy).toMatchObject({ url: new URL("/partner-cases/context", chain.url).href, status: 200 });
    expect(calls).toEqual([]);
  });
}

test("another origin that stands only in the markup gets the case and not the portal's headers, and the console says so once", async ({ page, chain }) => {
  const { form, calls, console } = await open(page, chain, {
    body: `<partner-case-form user-id="1234" endpoint="${ENDPOINT}"></partner-case-form>`,
    script: WITH_HEADERS,
  });
  await form.fill(DOCUMENTED);
  await form.submit();
  await expect(form.createdTitle).toBeVisible();
  await element(page).evaluate((form) => form.diagnose());
  expect(calls[0]).toMatchObject({ method: "POST", url: `${ENDPOINT}/cases`, headers: { "x-partner-case-form": "1" } });
  expect(calls.map(({ url }) => url)).toContain(`${ENDPOINT}/context`);
  expect(JSON.stringify(calls)).not.toContain("canary-token");
  expect(await page.evaluate(() => window.asked)).toBeUndefined();
  expect(warnings(console)).toHaveLength(1);
  expect(warnings(console)[0]).toContain(ELSEWHERE);
  expect((await chain.ledger()).counts.create).toBe(0);
});

test("an attribute that a script sets is no word of the script's either; the property is", async ({ page, chain }) => {
  const { form, calls } = await open(page, chain, { script: WITH_HEADERS });
  await expect(form.submitButton).toBeVisible();
  const diagnose = () => element(page).evaluate((form) => form.diagnose());
  await element(page).evaluate((form, endpoint) => form.setAttribute("endpoint", endpoint), ENDPOINT);
  await diagnose();
  await element(page).evaluate((form, endpoint) => { form.endpoint = endpoint; }, ENDPOINT);
  await diagnose();
  expect(calls.map(({ headers }) => headers["x-portal-token"])).toEqual([undefined, "canary-token"]);
});

test("an origin that script has named on one form is not named on another form, and names no third origin", async ({ page, chain }) => {
  const { form, calls } = await open(page, chain, {
    body: `<partner-case-form id="named" user-id="1"></partner-case-form><partner-case-form id="injected" user-id="2" endpoint="${ENDPOINT}"></partner-case-form>
      <partner-case-form id="moved" user-id="3"></partner-case-form>`,
    script: `${WITH_HEADERS} document.querySelector("#named").endpoint = "${ENDPOINT}";
      document.querySelector("#moved").endpoint = "https://named.example/partner-cases";`,
  });
  await expect(form.submitButton).toHaveCount(3);
  await page.locator("#moved").evaluate((form, endpoint) => form.setAttribute("endpoint", endpoint), ENDPOINT);
  for (const id of ["injected", "named", "moved"]) await page.locator(`#${id}`).evaluate((form) => form.diagnose());
  expect(calls.map(({ headers }) => headers["x-portal-token"])).toEqual([undefined, "canary-token", undefined]);
});

// The element is there, with or without its loader, when script names the origin; or it is made by script.
const NAMED = {
  "before the loader has arrived": { script: `${WITH_HEADERS} document.querySelector("partner-case-form").endpoint = "${ENDPOINT}";` },
  "once the form is there": {
    script: `${WITH_HEADERS} await customElements.whenDefined("partner-case-form");
      const form = document.querySelector("partner-case-form"); await form.ready; form.endpoint = "${ENDPOINT}";`,
  },
  "in mount()": {
    body: "<main></main>",
    loader: null,
    script: `const { mount } = await import("/partner-cases/widget/partner-case-form.js");
      mount(document.querySelector("main"), { userId: "1234", endpoint: "${ENDPOINT}", headers: ${HEADERS} });`,
  },
};

for (const [when, options] of Object.entries(NAMED)) {
  test(`another origin that script has named gets the portal's headers: ${when}`, async ({ page, chain }) => {
    const { form, calls, console } = await open(page, chain, options);
    await expect(element(page)).toHaveAttribute("endpoint", ENDPOINT);
    await form.fill(DOCUMENTED);
    await form.submit();
    await expect(form.createdTitle).toBeVisible();
    expect(calls[0]).toMatchObject({ method: "POST", url: `${ENDPOINT}/cases`, headers: { "x-portal-token": "canary-token", "x-partner-case-form": "1" } });
    expect(warnings(console)).toEqual([]);
  });
}

for (const endpoint of ["ftp://elsewhere.example/partner-cases", "data:text/plain,", "javascript:void", "https://", "https://user:canary-password@elsewhere.example/partner-cases"]) {
  test(`an endpoint that is no plain http or https URL gets nothing: ${endpoint}`, async ({ page, chain }) => {
    const { form, calls, console } = await open(page, chain, { script: WITH_HEADERS });
    await expect(form.submitButton).toBeVisible();
    await element(page).evaluate((form, endpoint) => { form.endpoint = endpoint; }, endpoint);
    await form.fill(DOCUMENTED);
    await form.submit();
    await expect(form.alert).toContainText(form.texts["not_sent.title"]);
    await expect(form.alert).toContainText(form.texts["not_sent.misconfigured"]);
    await form.expectText(DOCUMENTED);
    const { headers, proxy } = await element(page).evaluate((form) => form.diagnose());
    expect({ headers, proxy }).toMatchObject({ headers: "failing", proxy: { url: "", status: 0 } });
    expect(calls).toEqual([]);
    expect((await chain.ledger()).counts.create).toBe(0);
    expect(console.join()).toContain("http or https");
    expect(console.join()).not.toContain("canary-password");
  });
}
