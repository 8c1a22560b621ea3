// The form inside whatever page a portal is: its styles, its shortcuts, its own form, a translator.
import { DOCUMENTED, FormPage, expect, test } from "../fixtures.mjs";
import { openPage } from "../pages.mjs";

const ELEMENT = '<partner-case-form endpoint="/partner-cases" user-id="1234"></partner-case-form>';

async function open(page, chain, options) {
  await openPage(page, chain.url, { body: ELEMENT, ...options });
  const form = new FormPage(page, chain.url);
  await expect(form.submitButton).toBeVisible();
  return form;
}

test("the portal's shortcuts hear chords, Escape and Tab, and no letter that is typed", async ({ page, chain }) => {
  const form = await open(page, chain, {
    script: 'window.heard = []; addEventListener("keydown", (event) => { if (event.target.tagName !== "TEXTAREA") { window.heard.push(event.key); if (event.key === "s") event.preventDefault(); } });',
  });
  await form.fields.subject.focus();
  await page.keyboard.type("status");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  await page.keyboard.press("Tab");
  await form.expectText({ subject: "status" });
  expect(await page.evaluate(() => window.heard)).toEqual(["Escape", "Control", "k", "Tab"]);
  // Where nobody types, the page hears everything.
  await form.submitButton.focus();
  await page.keyboard.press("s");
  expect(await page.evaluate(() => window.heard.at(-1))).toBe("s");
});

test("a page whose rem is 10 px, and whose styles are handed down, leaves the form readable", async ({ page, chain }) => {
  const form = await open(page, chain, {
    css: "html { font-size: 62.5% } body { user-select: none; text-transform: uppercase; letter-spacing: 0.4em; cursor: wait; word-spacing: 2em; text-indent: 3em; font-style: italic; line-height: 0.9; visibility: visible }",
  });
  const styles = await form.fields.description.evaluate((area) => {
    const { fontSize, textTransform, letterSpacing, wordSpacing, textIndent, fontStyle, minBlockSize } = getComputedStyle(area);
    const label = area.getRootNode().querySelector('label[for="description"]');
    const { userSelect, cursor, fontSize: ofLabel } = getComputedStyle(label);
    return { fontSize, textTransform, letterSpacing, wordSpacing, textIndent, fontStyle, minBlockSize, userSelect, cursor, ofLabel };
  });
  expect(styles).toEqual({
    fontSize: "16px", textTransform: "none", letterSpacing: "normal", wordSpacing: "0px", textIndent: "0px", fontStyle: "normal", minBlockSize: "144px", userSelect: "text", cursor: "default", ofLabel: "16px",
  });
});

test("the theme is the page's, not the system's", async ({ page, chain }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  const ground = (form) => form.page.locator("[part=root]").evaluate((root) => getComputedStyle(root).backgroundColor);
  expect(await ground(await open(page, chain, { css: "" }))).toBe("rgb(255, 255, 255)");
  expect(await ground(await open(page, chain, { css: ":root { color-scheme: light dark }" }))).toBe("rgb(22, 25, 29)");
  expect(await ground(await open(page, chain, { css: ":root { color-scheme: dark }" }))).toBe("rgb(22, 25, 29)");
  expect(await ground(await open(page, chain, { css: ":root { color-scheme: light dark }", body: ELEMENT.replace("user-id", 'theme="light" user-id') }))).toBe("rgb(255, 255, 255)");
});

test("a disabled fieldset blocks typing and sending; the agent can undo a reset; the case number is restored", async ({ page, chain }) => {
  await chain.forget();
  const form = await open(page, chain, { body: `<form id="around"><fieldset>${ELEMENT.replace("user-id", 'name="case" user-id')}</fieldset></form>` });
  await form.fillDocumented();
  const fieldset = (disabled) => page.evaluate((disabled) => { document.querySelector("fieldset").disabled = disabled; }, disabled);
  await fieldset(true);
  await expect(form.fields.description).not.toBeEditable();
  await expect(form.submitButton).toHaveAttribute("aria-disabled", "true");
  await form.submitButton.click({ force: true });
  expect((await chain.ledger()).counts.create).toBe(0);
  await fieldset(false);
  await expect(form.fields.description).toBeEditable();

  await page.evaluate(() => document.querySelector("#around").reset());
  await form.expectText({ subject: "", description: "" });
  await form.button("draft.undo").click();
  await form.expectText({ subject: DOCUMENTED.subject, description: DOCUMENTED.description });

  const restored = await page.evaluate(() => {
    document.querySelector("partner-case-form").formStateRestoreCallback("123456789", "restore");
    return new FormData(document.querySelector("#around")).get("case");
  });
  expect(restored).toBe("123456789");
});

test("a translator leaves the form alone, which then goes on to tell the truth", async ({ page, chain }) => {
  const form = await open(page, chain);
  // As translators do: each text becomes another, in an element of their own.
  await form.page.locator("partner-case-form").evaluate((element) => {
    const walker = document.createTreeWalker(element.shadowRoot, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) if (!walker.currentNode.parentElement.closest('[translate="no"]')) texts.push(walker.currentNode);
    for (const text of texts) {
      const wrapped = document.createElement("font");
      wrapped.textContent = text.data.toUpperCase();
      text.replaceWith(wrapped);
    }
  });
  await form.fillDocumented({ description: "x".repeat(65_525) });
  await expect(page.locator("[part=counter]")).toHaveText("10 characters left");
  await form.submit();
  await expect(form.createdTitle).toBeFocused();
});

test("colours are measured without a canvas", async ({ page, chain }) => {
  const warnings = [];
  page.on("console", (message) => { if (message.type() === "warning") warnings.push(message.text()); });
  await page.addInitScript(() => { HTMLCanvasElement.prototype.getContext = () => null; });
  await open(page, chain, { css: "partner-case-form { --partner-case-muted: oklch(0.68 0 0); --partner-case-text: #16191d }" });
  await expect.poll(() => warnings.length).toBe(1);
  expect(warnings[0]).toMatch(/"muted" on "surface" has a contrast of 2\.\d+:1/);
});

test("two forms for one customer on one page: the second says that it is not kept, and can go on instead", async ({ page, chain }) => {
  await openPage(page, chain.url, { body: ELEMENT + ELEMENT });
  const [first, second] = [0, 1].map((at) => page.locator("partner-case-form").nth(at));
  await first.locator("#subject").fill("The first");
  await expect(first.locator("[part=draft]")).toContainText("kept until this page is closed");
  await second.locator("#subject").fill("The second");
  await expect(second.locator("[part=draft]")).toContainText("Another form on this page has your draft for this customer.");
  await second.getByRole("button", { name: "Go on here instead" }).click();
  await expect(second.locator("#description")).toHaveValue("The second");
  await expect(second.locator("#subject")).toHaveValue("The first");
  await expect(first.locator("[part=draft]")).toContainText("Another form on this page");
});
