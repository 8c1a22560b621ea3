// Every state under axe, and the form by keyboard alone.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, test } from "../fixtures.mjs";
import { STATES } from "../states.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

async function violations(page) {
  await page.evaluate(AXE);
  return page.evaluate(async (tags) => {
    const results = await window.axe.run(document, { runOnly: tags });
    // axe leaves it open whether a name on an element without a role is an error; here it is.
    const found = [...results.violations, ...results.incomplete.filter(({ id }) => id.startsWith("aria-"))];
    return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
  }, TAGS);
}

for (const [state, enter] of Object.entries(STATES)) {
  for (const colorScheme of ["light", "dark"]) {
    test(`axe finds nothing in the state ${state}, ${colorScheme}`, async ({ form, page, chain }) => {
      await page.emulateMedia({ colorScheme });
      await enter(form, chain);
      expect(await violations(page)).toEqual([]);
    });
  }
}

test("a case is raised by keyboard alone, at 320 pixels, without scrolling sideways", async ({ form, page, chain }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await form.fields.userId.focus();
  const fields = Object.entries({ userId: "1234", transferId: "58114690", profileId: "14556049", subject: "By keyboard", description: "Typed only", externalId: "K-1" });
  for (const [name, text] of fields) {
    while (!(await form.fields[name].evaluate((element) => element.matches(":focus")))) await page.keyboard.press("Tab");
    await page.keyboard.press("ControlOrMeta+A");
    await page.keyboard.type(text);
  }
  await page.keyboard.press("Tab");
  await expect(form.submitButton).toBeFocused();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Case created" })).toBeFocused();
  expect((await chain.ledger()).cases[0].body).toContain('"subject":"By keyboard"');
});
