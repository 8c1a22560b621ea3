// The portal's own colours.
import { FormPage, expect, test } from "../fixtures.mjs";
import { openPage } from "../pages.mjs";

const color = (locator) => locator.evaluate((element) => getComputedStyle(element).color);

async function open(page, chain, css) {
  const warnings = [];
  page.on("console", (message) => { if (message.type() === "warning") warnings.push(message.text()); });
  await openPage(page, chain.url, { css: `partner-case-form { ${css} }` });
  const form = new FormPage(page, chain.url);
  await expect(form.submitButton).toBeVisible();
  return { form, warnings };
}

test("text on the accent is chosen so that it can be read", async ({ page, chain }) => {
  for (const [accent, text] of [["#ffd500", "rgb(0, 0, 0)"], ["#12006b", "rgb(255, 255, 255)"], ["oklch(0.9 0.2 110)", "rgb(0, 0, 0)"]]) {
    const { form, warnings } = await open(page, chain, `--partner-case-accent: ${accent}`);
    await expect.poll(() => color(form.submitButton)).toBe(text);
    expect(warnings).toEqual([]);
  }
});

test("what cannot be read is told with its numbers", async ({ page, chain }) => {
  const { warnings } = await open(page, chain, "--partner-case-muted: #999; --partner-case-accent: #777; --partner-case-on-accent: #888");
  await expect.poll(() => warnings.length).toBe(2);
  expect(warnings.join("\n")).toMatch(/"muted" on "surface" has a contrast of 2\.85:1; 4\.5:1 is needed/);
  expect(warnings.join("\n")).toMatch(/"on-accent" on "accent" has a contrast of 1\.\d+:1/);
});

test("a yellow brand's buttons keep readable words", async ({ page, chain }) => {
  const { form } = await open(page, chain, "--partner-case-accent: #ffd500");
  await form.fill({ subject: "Late" });
  await expect(form.button("draft.delete")).toBeVisible();
  await expect.poll(() => color(form.button("draft.delete"))).toBe("rgb(22, 25, 29)");
});

test("the playground shows, warns, and writes the lines to copy", async ({ page, chain }) => {
  await page.goto(new URL("/demo/theme.html", chain.url).href);
  await page.getByLabel("Start from").selectOption("Too faint");
  await expect(page.getByRole("listitem").filter({ hasText: "muted on surface" })).toBeVisible();
  await expect(page.locator("#css")).toContainText("--partner-case-muted: #b9c0c8;");
  await page.getByLabel("Start from").selectOption("Yellow brand");
  await expect(page.locator("#warnings li")).toHaveCount(0);
  await page.getByLabel("Theme").selectOption("dark");
  await expect(page.locator("partner-case-form")).toHaveAttribute("theme", "dark");
});
