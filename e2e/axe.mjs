// What axe finds on a page.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** The violations of WCAG 2.2 AA and of good practice, or of the rules with these tags alone. */
export async function violations(page, tags = TAGS) {
  await page.evaluate(AXE);
  return page.evaluate(async (tags) => {
    const results = await window.axe.run(document, { runOnly: tags });
    // axe leaves it open whether a name on an element without a role is an error; here it is.
    const found = [...results.violations, ...results.incomplete.filter(({ id }) => id.startsWith("aria-"))];
    return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
  }, tags);
}
