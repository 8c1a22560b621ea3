// The agent can undo what the form changed: with the button beside it, or with the keys.
import { expect, test } from "../fixtures.mjs";

test("what was moved, hidden and removed comes back, the last change first", async ({ form, page }) => {
  const description = `The money is late.\npassword: Tr0ub4dor\n\nOn Mon, 2 Mar 2026 at 10:11, the customer wrote:\n> ${"older mail ".repeat(6_000)}`;
  await form.fill({ subject: "Write to j.smith@example.com", description });
  await form.button("length.trim_quoted").click();
  await form.expectText({ description: "The money is late.\npassword: Tr0ub4dor" });
  await form.button("guard.move").click();
  await expect(form.fields.subject).toHaveValue("Write to [e-mail]");
  await form.fields.description.focus();
  await form.fields.subject.focus();
  await form.button("stop.mask").click();
  await expect(form.fields.description).toHaveValue(/password: ••••/);

  const undo = form.button("undo.button");
  await undo.click();
  await expect(form.fields.description).toBeFocused();
  await expect(form.fields.description).toHaveValue(/password: Tr0ub4dor/);
  await undo.click();
  await expect(form.fields.subject).toHaveValue("Write to j.smith@example.com");
  await undo.click();
  await form.expectText({ description });
  await expect(undo).toBeHidden();
});

test("the keys for undo take the form's change back, and what was typed since stays with its own history", async ({ form, page }) => {
  const quoted = `\n\nOn Mon, 2 Mar 2026 at 10:11, the customer wrote:\n> ${"older mail ".repeat(6_000)}`;
  await form.fill({ description: `The money is late.${quoted}` });
  await form.button("length.trim_quoted").click();
  await expect(form.fields.description).toBeFocused();
  await page.keyboard.press("End");
  await page.keyboard.type(" Please look.");
  await form.button("undo.button").click();
  await expect(form.fields.description).toHaveValue(`The money is late.${quoted} Please look.`);
  await form.button("length.trim_quoted").click();
  await page.keyboard.press("ControlOrMeta+z");
  await expect(form.fields.description).toHaveValue(/older mail/);
});

test("the agent can undo pasted IDs and a suggested subject", async ({ form, page }) => {
  await form.lazyPart();
  await form.fill({ transferId: "1", profileId: "" });
  await form.fields.transferId.selectText();
  await form.fields.transferId.evaluate((input) => {
    const data = new DataTransfer();
    data.setData("text", "Transfer 58114691, profile 14556049");
    input.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, composed: true, cancelable: true }));
  });
  await form.expectText({ transferId: "58114691", profileId: "14556049" });
  await form.button("undo.button").click();
  await form.expectText({ transferId: "1", profileId: "" });
  await page.getByLabel("Reason").selectOption({ index: 1 });
  await expect(form.fields.subject).not.toHaveValue("");
  await form.button("undo.button").click();
  await form.expectText({ subject: "" });
});

test("thousands of findings in the subject are counted, and ten are shown", async ({ form, page }) => {
  const subject = Array.from({ length: 3_000 }, (_, at) => `c${at}@example.com`).join(" ");
  await form.fill({ subject });
  await expect(page.locator("[part=subject-guard]")).toContainText("More of this kind: 2,990.");
  await expect(page.locator("[part=subject-guard] li")).toHaveCount(10);
  await form.fill({ subject: "short" });
  await expect(page.locator("[part=subject-guard]")).toBeHidden();
});

test("a number that a spreadsheet has shortened is no ID, and the form says so", async ({ form, page }) => {
  await form.lazyPart();
  await form.fields.transferId.selectText();
  await form.fields.transferId.evaluate((input) => {
    const data = new DataTransfer();
    data.setData("text", "5.81147E+07");
    if (input.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, composed: true, cancelable: true }))) document.execCommand("insertText", false, "5.81147E+07");
  });
  await form.expectText({ transferId: "5.81147E+07" });
  await form.submit();
  await expect(page.locator("#transfer-id-error")).toContainText("paste the whole number. A spreadsheet has shortened this one");
});
