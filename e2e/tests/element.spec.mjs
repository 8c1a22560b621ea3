// The element as an engineer of a portal uses it.
import { readFileSync } from "node:fs";
import { DOCUMENTED, FormPage, expect, test } from "../fixtures.mjs";
import { openPage } from "../pages.mjs";

const element = (page) => page.locator("partner-case-form");

// Keeps every event with its detail, as JSON.
const HEARD = `
  window.heard = [];
  for (const name of ["ready", "change", "invalid", "before-submit", "created", "failed", "outcome-unknown", "session-expired", "load-error"])
    document.addEventListener("partner-case-" + name, (event) => heard.push([name, event.detail]));
`;

async function open(page, chain, options) {
  await chain.forget();
  await openPage(page, chain.url, { ...options, script: `${HEARD}${options?.script ?? ""}` });
  return new FormPage(page, chain.url);
}

const heard = (page, name) => page.evaluate((name) => window.heard.filter(([heard]) => heard === name).map(([, detail]) => detail), name);

test("attributes and properties are two names for one thing", async ({ form, page }) => {
  await element(page).evaluate((form) => {
    form.setAttribute("external-id", "T-1");
    form.profileId = "77";
    form.review = true;
  });
  await form.expectText({ externalId: "T-1", profileId: "77" });
  const seen = await element(page).evaluate((form) => {
    form.transferId = null;
    return [form.externalId, form.getAttribute("profile-id"), form.hasAttribute("review"), form.hasAttribute("transfer-id"), form.transferId];
  });
  expect(seen).toEqual(["T-1", "77", true, false, null]);
  await form.expectText({ transferId: "" });
});

test("the manifest and the types name what there is", async ({ form, page }) => {
  await expect(form.submitButton).toBeVisible();
  const read = (name) => readFileSync(new URL(`../../www/${name}`, import.meta.url), "utf8");
  const declaration = JSON.parse(read("custom-elements.json")).modules[0].declarations[0];
  const types = read("partner-case-form.d.ts");
  const there = await element(page).evaluate((form, members) => ({
    attributes: form.constructor.observedAttributes,
    members: members.filter((name) => name in form),
  }), [...declaration.attributes.map(({ fieldName }) => fieldName), ...declaration.members.map(({ name }) => name)]);
  expect(declaration.attributes.map(({ name }) => name).sort()).toEqual(there.attributes.sort());
  expect(there.members).toHaveLength(declaration.attributes.length + declaration.members.length);
  for (const name of there.members) expect(types).toMatch(new RegExp(`\\b${name}[(:]`));
  for (const { name } of declaration.events) expect(types).toContain(`"${name}"`);
});

test("what is set and called before the file has arrived is kept", async ({ page, chain }) => {
  const form = await open(page, chain, {
    body: "<partner-case-form></partner-case-form>",
    loader: null,
    script: `
      const form = document.querySelector("partner-case-form");
      form.userId = "1234";
      form.messages = { "form.submit": "Los" };
      await import("/partner-cases/widget/partner-case-form.js");
      window.early = form.validate();
    `,
  });
  await expect(page.getByRole("button", { name: "Los" })).toBeVisible();
  await form.expectText({ userId: "1234" });
  expect(await page.evaluate(() => window.early)).toEqual({ valid: false, errors: [{ field: "subject", code: "required" }, { field: "description", code: "required" }] });
});

test("the page can stop a submission, at once or after a while", async ({ page, chain }) => {
  const form = await open(page, chain, {
    script: `
      window.answer = "stop";
      document.addEventListener("partner-case-before-submit", (event) => {
        if (answer === "stop") event.preventDefault();
        else event.detail.waitUntil(new Promise((resolve, reject) => setTimeout(() => answer === "fail" ? reject(new Error("no")) : resolve(answer), 200)));
      });
    `,
  });
  await form.fill(DOCUMENTED);
  for (const answer of ["stop", false, "fail"]) {
    await page.evaluate((answer) => { window.answer = answer; }, answer);
    await form.submit();
    await expect.poll(async () => (await heard(page, "before-submit")).length).toBeGreaterThan(0);
    await expect(form.submitButton).toBeFocused();
    await expect(form.submitButton).toHaveAttribute("aria-disabled", "false");
    await form.expectText(DOCUMENTED);
  }
  expect((await chain.ledger()).counts.create).toBe(0);
  await page.evaluate(() => { window.answer = true; });
  await form.submit();
  await expect(form.createdTitle).toBeVisible();
  expect((await chain.ledger()).counts.create).toBe(1);
});

test("a word that comes late sends nothing for a customer who is gone, and the text is not in doubt", async ({ page, chain }) => {
  const form = await open(page, chain, {
    body: '<partner-case-form user-id="1"></partner-case-form>',
    script: `document.addEventListener("partner-case-before-submit", (event) => event.detail.waitUntil(new Promise((resolve) => { window.answer = resolve; })));`,
  });
  await form.fill({ subject: "Late", description: "It is late" });
  await form.submit();
  await page.waitForFunction(() => window.answer);
  await element(page).evaluate((form) => { form.userId = "2"; });
  await form.expectText({ userId: "2", subject: "" });
  await page.evaluate(() => window.answer(true));
  await element(page).evaluate((form) => { form.userId = "1"; });
  await form.expectText({ userId: "1", subject: "Late", description: "It is late" });
  await expect(form.submitButton).toHaveAttribute("aria-disabled", "false");
  await expect(form.alert).toHaveCount(0);
  expect((await chain.ledger()).counts.create).toBe(0);
});

test("a sign-out forgets what an earlier form has left in memory", async ({ form, page }) => {
  await form.open({ draft: "memory" });
  await form.fill({ subject: "canary-subject" });
  const subject = await element(page).evaluate(async (form) => {
    form.remove();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await form.clearDraft({ all: true });
    document.querySelector("main").append(form);
    await form.ready;
    await new Promise((resolve) => setTimeout(resolve, 50));
    return form.shadowRoot.getElementById("subject").value;
  });
  expect(subject).toBe("");
});

test("what the page sets when it hears that the form is ready, counts; what it sets again, does not", async ({ page, chain }) => {
  const form = await open(page, chain, {
    script: `
      document.addEventListener("partner-case-ready", ({ target }) => {
        target.knownPersonalData = { names: ["Zoltan Quirk"], emails: undefined };
        target.messages = { "form.submit": "Los" };
      });
      document.addEventListener("partner-case-change", ({ target }) => { target.messages = { "form.submit": "Los" }; });
    `,
  });
  await expect(page.getByRole("button", { name: "Los" })).toBeVisible();
  await form.fill({ subject: "quirk zoltan waits" });
  await expect(page.locator("mark")).toHaveText("quirk zoltan");
  await element(page).evaluate((form) => { form.userId = "77"; });
  await form.expectText({ userId: "77" });
  await page.waitForTimeout(300);
  expect((await heard(page, "change")).length).toBeLessThan(10);
});

test("headers may come from a function, and cannot replace those of the contract", async ({ page, chain }) => {
  const form = await open(page, chain, {
    script: `
      const form = document.querySelector("partner-case-form");
      form.headers = async () => ({ "X-Portal-Token": "abc", "Idempotency-Key": "7", "X-Partner-Case-Form": "no" });
      window.failing = () => { form.headers = () => { throw new Error("signed out"); }; };
    `,
  });
  const sent = [];
  page.on("request", (request) => { if (request.method() === "POST") sent.push(request.headers()); });
  await form.fill(DOCUMENTED);
  await form.submit();
  await expect(form.createdTitle).toBeVisible();
  expect(sent[0]).toMatchObject({ "x-portal-token": "abc", "x-partner-case-form": "1" });
  expect(sent[0]["idempotency-key"]).toMatch(/^"[0-9a-f-]{36}"$/);

  await page.evaluate(() => window.failing());
  await form.button("created.another").click();
  await form.fill(DOCUMENTED);
  await form.submit();
  await expect(form.alert).toBeVisible();
  await form.expectText(DOCUMENTED);
  expect(sent).toHaveLength(1);
});

test("fields can be fixed and hidden, and are open where something is wrong with them", async ({ form, page }) => {
  await form.open({ "readonly": "user-id transfer-id", "hidden-fields": "type profile-id external-id" });
  await expect(form.fields.userId).not.toBeEditable();
  await expect(form.fields.profileId).toBeHidden();
  await expect(page.locator("#type")).toBeHidden();
  await element(page).evaluate((form) => { form.userId = "x"; });
  await form.fill({ subject: "Late", description: "It is late" });
  await form.submit();
  await expect(form.alert).toBeVisible();
  await form.fill({ userId: "1234" });
  await form.submit();
  await expect(form.createdTitle).toBeVisible();
});

test("no event carries what a person typed", async ({ page, chain }) => {
  const form = await open(page, chain);
  await form.fill({ ...DOCUMENTED, userId: "canary-id", subject: "canary-subject", description: "canary-description", externalId: "canary-external" });
  await form.submit();
  await expect(form.alert).toBeVisible();
  expect((await heard(page, "invalid"))[0]).toEqual({ errors: [{ field: "userId", code: "not_digits" }] });
  await form.fill({ userId: "1234" });
  await chain.fault({ on: "create", kind: "rejected" });
  await form.submit();
  await expect.poll(() => heard(page, "failed")).toHaveLength(1);
  await form.submit();
  await expect.poll(() => heard(page, "created")).toHaveLength(1);
  const all = JSON.stringify(await page.evaluate(() => window.heard));
  expect(all).toContain('"filled":["type","userId"');
  expect(all).not.toContain("canary");
  expect(all).not.toContain("58114690");
});

test("a form in a form, and its value", async ({ page, chain }) => {
  const form = await open(page, chain, { body: '<form><partner-case-form name="case" user-id="1234"></partner-case-form></form>' });
  await form.fill({ subject: "Late", description: "It is late" });
  await form.submit();
  await expect(form.createdTitle).toBeVisible();
  expect(await page.evaluate(() => new FormData(document.querySelector("form")).get("case"))).toBe("123456789");
});

test("moved within the page it stays as it is, removed it is gone without a trace", async ({ form, page }) => {
  await form.fill({ subject: "Late" });
  await element(page).evaluate((form) => document.querySelector("main").append(form));
  await form.expectText({ subject: "Late" });
  const left = await element(page).evaluate(async (form) => {
    form.remove();
    await new Promise((resolve) => setTimeout(resolve, 50));
    const event = new Event("beforeunload", { cancelable: true });
    dispatchEvent(event);
    return [form.shadowRoot.querySelectorAll("form").length, event.defaultPrevented];
  });
  expect(left).toEqual([0, false]);
});

test("a function mounts it, too", async ({ page, chain }) => {
  const form = await open(page, chain, {
    body: "<main></main>",
    loader: null,
    script: `
      const { mount } = await import("/partner-cases/widget/partner-case-form.js");
      window.mounted = mount(document.querySelector("main"), { userId: "1234", endpoint: "/partner-cases", messages: { "form.submit": "Los" } });
    `,
  });
  await expect(page.getByRole("button", { name: "Los" })).toBeVisible();
  await form.expectText({ userId: "1234" });
  await page.evaluate(() => window.mounted.unmount());
  await expect(page.locator("partner-case-form")).toHaveCount(0);
});

test("the focus goes to the first field that can be filled", async ({ form, page }) => {
  await form.open({ "readonly": "type user-id" });
  await element(page).evaluate((form) => form.focus());
  await expect(form.fields.transferId).toBeFocused();
});
