// Whoever is in the form stays where they are, whatever comes meanwhile.
import { DOCUMENTED, catalogue, expect, test } from "../fixtures.mjs";

const focused = (page) => page.evaluate(() => {
  const inside = document.activeElement.shadowRoot?.activeElement;
  return inside ? [inside.id, inside.selectionStart, inside.selectionEnd] : [document.activeElement.id];
});

/** Holds back the files that match, until it is called. */
async function hold(page, files) {
  let release;
  const released = new Promise((resolve) => { release = resolve; });
  await page.route(files, async (route) => {
    await released;
    await route.continue();
  });
  return release;
}

test("the focus and what is selected stay when the language or single texts change", async ({ form, page }) => {
  const element = page.locator("partner-case-form");
  await form.fillDocumented();
  await form.fields.description.evaluate((control) => {
    control.focus();
    control.setSelectionRange(2, 7);
  });
  await element.evaluate((form) => form.setAttribute("locale", "ar"));
  await expect(page.locator("[part=root]")).toHaveAttribute("lang", "ar");
  expect(await focused(page)).toEqual(["description", 2, 7]);
  await element.evaluate((form) => { form.messages = { "subject.label": "In short" }; });
  await expect(page.getByLabel("In short")).toBeVisible();
  expect(await focused(page)).toEqual(["description", 2, 7]);

  await page.locator("[part~=submit]").focus();
  await element.evaluate((form) => form.setAttribute("locale", "de"));
  await expect(page.getByRole("button", { name: catalogue("de")["form.submit"], exact: true })).toBeFocused();
});

test("the focus and the caret stay when the second part of the form arrives", async ({ form, page }) => {
  const release = await hold(page, "**/*lazy.wasm*");
  await form.open();
  await form.fields.description.pressSequentially("late");
  await form.fields.description.press("Home");
  release();
  await page.locator("partner-case-form").evaluate((element) => element.ready);
  expect(await focused(page)).toEqual(["description", 0, 0]);
  await page.keyboard.type("Too ");
  await expect(form.fields.description).toHaveValue("Too late");
});

test("the focus stays when a draft of unknown outcome is restored", async ({ form, page, chain }) => {
  await form.open({ draft: "session" });
  await chain.fault({ on: "create", kind: "accept_then_drop" });
  await form.fillDocumented();
  await form.submit();
  await expect(form.alert).toContainText(form.texts["unknown.title"]);
  await page.reload();
  await page.locator("#transfer").focus();
  await expect(form.alert).toContainText(form.texts["unknown.title"]);
  expect(await focused(page)).toEqual(["transfer"]);

  // In the form itself, before what was stored is known to it.
  const release = await hold(page, "**/*lazy.wasm*");
  await page.reload();
  await form.fields.description.focus();
  release();
  await expect(form.alert).toContainText(form.texts["unknown.title"]);
  await form.expectText(DOCUMENTED);
  expect((await focused(page))[0]).toBe("description");
});
