// What the loader promises beyond the files it has: no key goes nowhere, no try is in vain, nobody is left without a focus.
import { FormPage, catalogue } from "../fixtures.mjs";
import { bytes, expect, gate, listen, test } from "../faults.mjs";
import { openPage } from "../pages.mjs";

const WASM = "partner_case_form_bg.wasm";
const BODY = `<partner-case-form user-id="1234"><form method="post" action="/partner-cases/cases">
  <input type="hidden" name="userId" value="1234"><label>Plain subject <input name="subject"></label>
  <label>Plain description <textarea name="description"></textarea></label><button>Plain form</button>
  </form></partner-case-form>`;
const HEARD = `
  window.heard = [];
  document.addEventListener("partner-case-load-error", (event) => heard.push(event.detail));
`;

const hold = async (page, pattern) => {
  const held = gate();
  await page.route(pattern, async (route) => { await held.opened; await route.fallback(); });
  return held;
};

test("a person who types into the plain form while the files come types on, before and after", async ({ page, chain }) => {
  const loader = await hold(page, "**/partner-case-form.js");
  const wasm = await hold(page, `**/${WASM}`);
  await openPage(page, chain.url, { body: BODY, waitUntil: "commit" });
  await page.getByLabel("Plain subject").pressSequentially("Pay");
  loader.open();
  await page.waitForFunction(() => customElements.get("partner-case-form"));
  await page.waitForTimeout(300);
  await page.keyboard.type("out is ");
  wasm.open();
  const form = new FormPage(page);
  await expect(form.submitButton).toBeVisible();
  await expect(form.fields.subject).toBeFocused();
  await page.keyboard.type("late");
  await form.expectText({ subject: "Payout is late" });
});

test("nobody who types elsewhere is taken away from there", async ({ page, chain }) => {
  const loader = await hold(page, "**/partner-case-form.js");
  await openPage(page, chain.url, { body: `${BODY}<label>Note <input></label>`, waitUntil: "commit" });
  await page.getByLabel("Plain subject").fill("Payout is late");
  await page.getByLabel("Note").focus();
  loader.open();
  const form = new FormPage(page);
  await expect(form.submitButton).toBeVisible();
  await form.expectText({ subject: "Payout is late" });
  await expect(page.getByLabel("Note")).toBeFocused();
});

test("what waits for the form finds what was typed before it", async ({ page, chain }) => {
  const loader = await hold(page, "**/partner-case-form.js");
  const wasm = await hold(page, `**/${WASM}`);
  await openPage(page, chain.url, { body: BODY, waitUntil: "commit" });
  await page.getByLabel("Plain subject").fill("Payout is late");
  await page.getByLabel("Plain description").fill("The customer has called twice.");
  loader.open();
  await page.waitForFunction(() => customElements.get("partner-case-form"));
  await page.evaluate(() => { window.validating = document.querySelector("partner-case-form").validate(); });
  wasm.open();
  expect(await page.evaluate(() => window.validating)).toEqual({ valid: true, errors: [] });
});

// Makes an exported function break down at its first step, as a damaged file may.
function breakingDown(wasm, name) {
  const bytes = Buffer.from(wasm);
  const number = (at) => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      value |= (byte & 127) << shift;
      if (byte < 128) return [value >>> 0, at];
    }
  };
  const skipText = (at) => { const [length, start] = number(at); return start + length; };
  const skipLimits = (at) => { const [, after] = number(at + 1); return bytes[at] & 1 ? number(after)[1] : after; };
  let imported = 0;
  let index;
  for (let at = 8; at < bytes.length;) {
    const section = bytes[at];
    const [size, start] = number(at + 1);
    let [count, next] = number(start);
    for (; section === 2 && count > 0; count -= 1) {
      next = skipText(skipText(next));
      const kind = bytes[next++];
      if (kind === 0) { imported += 1; [, next] = number(next); }
      else if (kind === 1) next = skipLimits(next + 1);
      else if (kind === 2) next = skipLimits(next);
      else next += 2;
    }
    for (; section === 7 && count > 0; count -= 1) {
      const end = skipText(next);
      const [function_, after] = number(end + 1);
      if (bytes.toString("utf8", end - name.length, end) === name && number(next)[0] === name.length) index = function_;
      next = after;
    }
    if (section === 10) {
      for (let at = imported; at < index; at += 1) next = skipText(next);
      const [length, body] = number(next);
      // No locals, then `unreachable`, then nothing but `nop` to the `end`.
      bytes.fill(1, body, body + length).set([0, 0], body);
      bytes[body + length - 1] = 0x0b;
      return bytes;
    }
    at = start + size;
  }
}

test("a wasm that breaks down is not tried once more, but anew", async ({ page, edge }) => {
  const said = listen(page);
  edge.spoil(WASM, ({ body }) => bytes(200, { "content-type": "application/wasm", "content-length": body.length }, breakingDown(body, "mount")), { times: 2 });
  await openPage(page, edge.url, { body: BODY, script: HEARD });
  await expect(page.getByRole("alert")).toContainText(": broken http");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(new FormPage(page).submitButton).toBeVisible({ timeout: 5000 });
  expect(said.join()).toContain("unreachable");
});

test("without a network it is said which file did not come, and the focus stays at the next try, then goes to the form", async ({ page, chain, context }) => {
  const asked = gate();
  const wasm = gate();
  await page.route(`**/${WASM}`, async (route) => { asked.open(); await wasm.opened; await route.continue(); });
  await openPage(page, chain.url, { body: BODY, script: HEARD, waitUntil: "commit" });
  await asked.opened;
  await context.setOffline(true);
  wasm.open();
  await expect(page.getByRole("alert")).toContainText(WASM);
  const [detail] = await page.evaluate(() => window.heard);
  expect(detail.message).not.toBe("");
  const retry = page.getByRole("button", { name: "Try again" });
  await retry.focus();
  await page.keyboard.press("Enter");
  await expect.poll(() => page.evaluate(() => window.heard.length)).toBe(2);
  await expect(retry).toBeFocused();
  await context.setOffline(false);
  await page.keyboard.press("Enter");
  const form = new FormPage(page);
  await expect(form.submitButton).toBeVisible();
  await expect(page.locator("partner-case-form :focus")).toHaveCount(1);
});

test("a gateway's own JSON in the place of the texts leaves an English form that says it is English", async ({ page, chain }) => {
  await page.route("**/locales/ar.json", (route) => route.fulfill({ json: { error: "no such service" } }));
  await openPage(page, chain.url, { lang: "ar" });
  await expect(new FormPage(page).submitButton).toBeVisible();
  await expect(page.locator("[part=root]")).toHaveAttribute("lang", "en");
  await expect(page.locator("[part=root]")).not.toHaveAttribute("dir", "rtl");
  expect(catalogue("ar")["form.submit"]).toBeTruthy();
});
