// The gallery of the demo: each state of the form, in each look, as its address says.
import { FormPage, catalogue, expect, test } from "../fixtures.mjs";
import { STATES } from "../states.mjs";
import { violations } from "../axe.mjs";

const notice = (key) => (form) => form.page.locator("[part=notice]", { hasText: form.texts[key] });
const panel = (part) => (form) => form.page.locator(`[part=${part}]`);

// What a person sees in each state and in no other that the gallery could be stuck in.
const SEEN = {
  editing: (form) => form.submitButton,
  fixed_fields: (form) => form.page.locator("#user-id[readonly]"),
  draft: (form) => form.button("draft.delete"),
  restored: (form) => form.page.locator(".draft-event"),
  personal_data: (form) => form.page.locator("mark", { hasText: "someone@example.com" }),
  secret: panel("description-stop"),
  too_long: panel("length-error"),
  invalid: (form) => form.heading("summary.title"),
  review: (form) => form.heading("review.title"),
  sending: (form) => form.button("form.sending"),
  created: (form) => form.createdTitle,
  failed: (form) => form.heading("created.failed_title"),
  rejected: (form) => form.page.getByText(form.texts["rejected.fields"]),
  not_sent: notice("not_sent.busy"),
  session_expired: notice("not_sent.session_expired"),
  offline: notice("not_sent.offline"),
  too_slow: notice("not_sent.too_slow"),
  unavailable: notice("not_sent.unavailable"),
  misconfigured: notice("not_sent.misconfigured"),
  key_reused: notice("not_sent.key_reused"),
  outcome_unknown: notice("unknown.still"),
  reconsidering: notice("unknown.reconsidering"),
  loading: (form) => form.page.locator(".skeleton"),
  lazy_error: (form) => form.page.getByText(/not_found .*lazy\.wasm/),
  load_error: (form) => form.page.getByText(/not_found .*bg\.wasm/),
  plain: (form) => form.page.getByRole("button", { name: "Create case" }),
};

// What the form itself says on the console of these is part of them.
const LOUD = ["lazy_error", "load_error"];

const chooser = (page, name) => page.getByRole("combobox", { name, exact: true });

/** The gallery, and what its page says that it should not. */
async function open(page, chain, choices) {
  const said = [];
  page.on("pageerror", (error) => said.push(error.message));
  page.on("console", (message) => { if (["error", "warning"].includes(message.type())) said.push(message.text()); });
  await page.goto(new URL(`/demo/gallery.html?${new URLSearchParams(choices)}`, chain.url).href);
  const form = new FormPage(page.frameLocator("iframe"), chain.url, catalogue(choices.locale ?? "en"));
  return { form, said };
}

for (const [state, seen] of Object.entries(SEEN)) {
  // English and light is what the page of all states shows.
  test(`${state} is shown, in Arabic and dark`, async ({ page, chain }) => {
    const { form, said } = await open(page, chain, { state, locale: "ar", theme: "dark" });
    await expect(seen(form)).toBeVisible();
    await expect(form.page.locator("partner-case-form")).toHaveCSS("color-scheme", "dark");
    if (!LOUD.includes(state)) expect(said).toEqual([]);
  });
}

test("the gallery has every state that the journeys know, and no other than are tested here", async ({ page, chain }) => {
  await open(page, chain, {});
  const values = await chooser(page, "State").locator("option").evaluateAll((options) => options.map(({ value }) => value));
  expect(values).toEqual(["all", ...Object.keys(SEEN)]);
  expect(Object.keys(STATES).filter((state) => !values.includes(state))).toEqual([]);
});

test("what is chosen is in the address, and the address shows it again", async ({ page, chain }) => {
  const { form, said } = await open(page, chain, {});
  await chooser(page, "State").selectOption("created");
  await chooser(page, "Theme").selectOption("dark");
  await chooser(page, "Language").selectOption("de");
  await chooser(page, "Width").selectOption("320");
  await expect(page).toHaveURL(/\/demo\/gallery\.html\?state=created&theme=dark&locale=de&width=320$/);
  await page.reload();
  await expect(form.page.getByRole("heading", { name: catalogue("de")["created.title"], exact: true })).toBeVisible();
  expect(await page.locator("iframe").evaluate((frame) => frame.clientWidth)).toBe(320);
  expect(said).toEqual([]);
});

test("all states are on one page, which loads those that are looked at and leaves the focus alone", async ({ page, chain }) => {
  const { said } = await open(page, chain, {});
  const last = page.locator("#plain iframe").contentFrame();
  await expect(page.locator("#editing iframe").contentFrame().getByRole("button", { name: "Create case" })).toBeVisible();
  await expect(page.locator("iframe")).toHaveCount(Object.keys(SEEN).length);
  expect(page.frames().filter((frame) => frame.url().includes("state=plain"))).toEqual([]);
  await page.getByRole("navigation", { name: "States" }).getByRole("link", { name: "Rejected" }).click();
  await expect(page.locator("#rejected iframe").contentFrame().getByText(catalogue("en")["rejected.fields"])).toBeInViewport();
  expect(await page.evaluate(() => document.activeElement.tagName)).not.toBe("IFRAME");
  // A key ends the holding of what the link led to; the page grows while frames load.
  await page.keyboard.press("End");
  await expect(async () => {
    await page.locator("#plain").scrollIntoViewIfNeeded();
    await expect(last.getByRole("button", { name: "Create case" })).toBeVisible({ timeout: 3000 });
  }).toPass();
  expect(said.filter((text) => !text.includes("partner-case-form:") && !text.includes("HTTP 404"))).toEqual([]);
});

test("the gallery's own page is accessible, in light and dark and at 320 pixels", async ({ page, chain }) => {
  for (const theme of ["light", "dark"]) {
    await open(page, chain, { theme });
    expect(await violations(page)).toEqual([]);
  }
  await page.setViewportSize({ width: 320, height: 640 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  expect(await violations(page)).toEqual([]);
});
