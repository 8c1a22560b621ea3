// Pasting into an id's field.
import { expect, test } from "../fixtures.mjs";

// As a browser does: the event first, and the text only where nobody has prevented it.
async function paste(locator, text) {
  await locator.focus();
  await locator.selectText();
  await locator.evaluate((element, pasted) => {
    const data = new DataTransfer();
    data.setData("text/plain", pasted);
    const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, composed: true, cancelable: true });
    if (element.dispatchEvent(event)) document.execCommand("insertText", false, pasted);
  }, text);
}

test("a pasted URL, a line of a mail and JSON fill the right fields", async ({ form, page }) => {
  await form.lazyPart();
  for (const [text, expected] of [
    ["https://portal.example/transfers/58200001?tab=history", "58200001"],
    ["Re: Transfer #58 200 002 has not arrived", "58200002"],
    ['"transferId": 58200003,', "58200003"],
    ["58 200 004", "58 200 004"],
  ]) {
    await paste(form.fields.transferId, text);
    await form.expectText({ transferId: expected });
  }
  await form.fill({ userId: "", profileId: "" });
  await paste(form.fields.transferId, '{"transferId":58200005,"profileId":14556050,"userId":1235}');
  await form.expectText({ userId: "1235", transferId: "58200005", profileId: "14556050" });
  await expect(page.getByRole("status").filter({ hasText: "Filled in from what you pasted: User ID, Transfer ID, Profile ID" })).toHaveCount(1);
});

test("a paste in the middle of a typed id is left as it is", async ({ form }) => {
  await form.lazyPart();
  await form.fill({ transferId: "12" });
  await form.fields.transferId.press("End");
  await form.fields.transferId.evaluate((element) => {
    const data = new DataTransfer();
    data.setData("text/plain", "transfer 34");
    element.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, composed: true, cancelable: true }));
  });
  await form.expectText({ transferId: "12" });
});
