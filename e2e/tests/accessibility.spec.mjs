// Every state under axe, and the form by keyboard alone.
import { violations } from "../axe.mjs";
import { expect, test } from "../fixtures.mjs";
import { STATES } from "../states.mjs";

const WIDE = { width: 1280, height: 1024 };
const NARROW = { width: 320, height: 640 };

// What differs in the dark and with forced colours is colours alone. At 400 % it is whether it scrolls sideways: 320 by 256 is what is left
// of 1280 by 1024.
const LOOKS = {
  light: { media: { colorScheme: "light", forcedColors: "none" }, size: WIDE },
  dark: { media: { colorScheme: "dark", forcedColors: "none" }, size: WIDE, tags: ["cat.color"] },
  "forced colours": { media: { colorScheme: "dark", forcedColors: "active" }, size: WIDE, tags: ["cat.color"] },
  "320 pixels": { media: { colorScheme: "light", forcedColors: "none" }, size: NARROW },
  "400 %": { media: { colorScheme: "light", forcedColors: "none" }, size: { width: 320, height: 256 }, tags: [] },
};

// The states in which nothing is said of a draft.
const DRAFTLESS = ["editing", "review", "created", "failed"];

async function expectAccessible(page, looks) {
  for (const look of looks) {
    const { media, size, tags } = LOOKS[look];
    await page.emulateMedia(media);
    await page.setViewportSize(size);
    if (tags?.length !== 0) expect(await violations(page, tags), look).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth), `${look}: it scrolls sideways`).toBeLessThanOrEqual(size.width);
  }
}

// What a screen reader finds, without what differs from run to run.
async function ariaSnapshot(page) {
  const snapshot = await page.locator("partner-case-form").ariaSnapshot();
  return `${snapshot
    .replaceAll(/\b[0-9a-f]{32}\b/g, "(id)")
    .replaceAll(/\d{1,2} \w+ \d{4} at \d{1,2}:\d{2}:\d{2} \S+/g, "(date and time)")
    .replaceAll(/\d{1,2} \w+ \d{4}, \d{1,2}:\d{2}/g, "(time)")
    .replaceAll(/\b\d{1,2}:\d{2}\b/g, "(time)")
    .replaceAll(/in \d+ seconds/g, "in (n) seconds")
    // The length is announced a moment after the last key.
    .replaceAll(/- status: [\d,]+ characters too many/g, "- status")}\n`;
}

for (const [state, enter] of Object.entries(STATES)) {
  test(`the state ${state} is accessible in every look and from right to left, and as checked in`, async ({ form, page, chain }) => {
    await enter(form, chain);
    if (!DRAFTLESS.includes(state)) await expect(form.draft).toBeVisible();
    expect(await ariaSnapshot(page)).toMatchSnapshot(`${state}.yml`);
    await expectAccessible(page, Object.keys(LOOKS));
    await page.locator("partner-case-form").evaluate((element) => element.setAttribute("locale", "ar"));
    await expect(page.locator("[part=root]")).toHaveAttribute("dir", "rtl");
    await expect(page.locator("[part=root]")).toHaveAttribute("lang", "ar");
    await expectAccessible(page, ["light", "320 pixels"]);
  });
}

test("nothing moves by itself for those who asked for no motion", async ({ form, page, chain }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  for (const state of ["invalid", "not_sent"]) {
    await STATES[state](form, chain);
    expect(await page.evaluate(() => document.querySelector("partner-case-form").shadowRoot.getAnimations().length)).toBe(0);
  }
});

test("what is pressed or chosen is at least 24 pixels high and wide", async ({ form, page, chain }) => {
  for (const state of ["personal_data", "outcome_unknown"]) {
    await form.open({ draft: "memory" });
    await STATES[state](form, chain);
    const small = await page.locator("partner-case-form").evaluate((element) =>
      [...element.shadowRoot.querySelectorAll("button, input, select, textarea, a, summary")]
        .map((target) => [target.textContent.trim() || target.id, target.getBoundingClientRect()])
        .filter(([, { width, height }]) => width > 0 && (width < 24 || height < 24))
        .map(([name]) => name));
    expect(small, state).toEqual([]);
  }
});

test("a case is raised by keyboard alone, at 320 pixels, without scrolling sideways", async ({ form, page, chain }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await form.fields.userId.focus();
  const fields = Object.entries({ userId: "1234", transferId: "58114690", profileId: "14556049", subject: "By keyboard", description: "Typed only", externalId: "K-1" });
  for (const [name, text] of fields) {
    while (!(await form.fields[name].evaluate((element) => element.matches(":focus")))) await page.keyboard.press("Tab");
    await page.keyboard.press("ControlOrMeta+A");
    await page.keyboard.type(text);
  }
  while (!(await form.submitButton.evaluate((element) => element.matches(":focus")))) await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Case created" })).toBeFocused();
  expect((await chain.ledger()).cases[0].body).toContain('"subject":"By keyboard"');
});
