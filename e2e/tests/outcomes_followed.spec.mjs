// What happens after the answer, or without one: asked for, followed, taken away on paper.
import { readFile } from "node:fs/promises";
import { DOCUMENTED, FIELD_KEYS, expect, test } from "../fixtures.mjs";

async function submitDocumented(form) {
  await form.fillDocumented();
  await form.submit();
}

// The answer is lost on its way back: the proxy has it, the browser does not.
async function loseAnswer(page) {
  await page.route("**/partner-cases/cases", async (route) => {
    await route.fetch();
    await route.abort("connectionreset");
  }, { times: 1 });
}

test("an outcome that only the proxy knows is asked for, and told", async ({ form, page, chain }) => {
  await loseAnswer(page);
  await submitDocumented(form);
  await expect(form.createdTitle).toBeFocused();
  const { counts, cases } = await chain.ledger();
  expect([counts.create, cases.length]).toEqual([1, 1]);
  const events = await form.events();
  expect(events.at(-2)).toContain("partner-case-outcome-unknown");
  expect(events.at(-1)).toContain(`"caseId":"${cases[0].caseId}"`);
});

test("a page that is closed on the way learns afterwards what became of the case", async ({ form, page, chain }) => {
  await chain.fault({ on: "create", kind: "slow", millis: 1500 });
  await submitDocumented(form);
  await expect.poll(async () => (await chain.ledger()).counts.create).toBe(1);
  page.once("dialog", (dialog) => dialog.accept());
  await page.reload();
  await expect(form.alert).toContainText("We cannot tell whether the case was created");
  await form.expectText(DOCUMENTED);
  await expect(form.createdTitle).toBeVisible();
  expect((await chain.ledger()).cases).toHaveLength(1);
});

test("a case of another customer that ends late is told, and its draft is gone", async ({ form, page, chain }) => {
  await chain.fault({ on: "create", kind: "slow", millis: 1500 });
  await submitDocumented(form);
  await expect.poll(async () => (await chain.ledger()).counts.create).toBe(1);
  await page.locator("#transfer").selectOption("58200001");
  await form.expectText({ userId: "5678", subject: "" });
  await form.fill({ subject: "For the second customer" });
  await expect(page.getByRole("status").filter({ hasText: "The case for the other customer was created" })).toHaveCount(1);
  await form.expectText({ subject: "For the second customer" });
  await page.locator("#transfer").selectOption("58114690");
  await form.expectText({ subject: "", userId: "1234" });
});

test("the wait before the next try is counted down, and its end is announced", async ({ form, page, chain }) => {
  await page.clock.install();
  await chain.fault({ on: "create", kind: "rate_limited", retry_after_secs: 7 });
  await submitDocumented(form);
  const notice = page.locator("[part=notice]");
  await expect(notice).toContainText("You can send it again in 7 seconds.");
  await page.clock.runFor(6000);
  await expect(notice).toContainText("You can send it again in 1 second.");
  await page.clock.runFor(1000);
  await expect(notice.getByRole("status").filter({ hasText: "You can send it again now." })).toHaveCount(1);
});

test("a session that ends is told to the portal, and on return the same submission goes on", async ({ form, page, chain }) => {
  const keys = [];
  page.on("request", (request) => { if (request.method() === "POST") keys.push(request.headers()["idempotency-key"]); });
  await page.route("**/partner-cases/cases", (route) => route.fulfill({ status: 302, headers: { location: "/login" } }), { times: 1 });
  await submitDocumented(form);
  await expect.poll(() => form.events()).toContainEqual("partner-case-session-expired");
  // The portal signs the person in and loads the page anew.
  await page.reload();
  await form.expectText(DOCUMENTED);
  await form.submit();
  await expect(form.createdTitle).toBeVisible();
  expect(keys).toHaveLength(2);
  expect(keys[0]).toBe(keys[1]);
  expect((await chain.ledger()).cases).toHaveLength(1);
});

test("the status of a new case is followed", async ({ form, page, chain }) => {
  await chain.becomes("PENDING");
  await submitDocumented(form);
  const receipt = page.locator("[part=receipt]");
  await expect(receipt).toContainText("Being created");
  await expect(receipt.getByRole("status").filter({ hasText: "Pending: Wise is waiting for an answer" })).toHaveCount(1);
  await expect(form.createdTitle).toBeFocused();
});

test("the receipt is copied, kept as a file and printed alone", async ({ form, page, chain, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await context.addInitScript(() => {
    window.print = () => { top.printed = [...(top.printed ?? []), { text: document.body.innerText, lang: document.documentElement.lang }]; };
  });
  await form.open();
  await submitDocumented(form);
  const { caseId } = await expect.poll(async () => (await chain.ledger()).cases[0]).toBeTruthy().then(async () => (await chain.ledger()).cases[0]);
  const receipt = page.locator("[part=receipt]");
  await receipt.getByRole("button", { name: "Copy" }).click();
  await expect(receipt.getByText("Copied")).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain(`Case number: ${caseId}`);
  expect(copied).toContain("partner_external_id_12345");
  expect(copied).not.toContain(DOCUMENTED.subject);

  const downloading = page.waitForEvent("download");
  await receipt.getByRole("button", { name: "Download as text" }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe(`case-${caseId}.txt`);
  const file = await readFile(await download.path(), "utf8");
  for (const text of [`Case number: ${caseId}`, DOCUMENTED.subject, DOCUMENTED.description, "58114690"]) expect(file).toContain(text);

  await receipt.getByRole("button", { name: "Print" }).click();
  const printed = await page.evaluate(() => window.printed);
  expect(printed).toHaveLength(1);
  expect(printed[0].lang).toBe("en");
  expect(printed[0].text).toContain(DOCUMENTED.description);
  expect(printed[0].text).not.toContain("Partner back office");
});

test("the references are copied where the clipboard is allowed, and it is said where it is not", async ({ form, page, chain, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await chain.fault({ on: "create", kind: "rate_limited", retry_after_secs: 7 });
  await submitDocumented(form);
  await form.button("reference.copy").click();
  await expect(page.getByText("Copied")).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^Wise’s trace ID: [0-9a-f]{32}\nRequest ID: [0-9a-f]{32}\n$/);
  await page.evaluate(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
  await form.button("reference.copy").click();
  await expect(page.getByText("The browser did not allow copying")).toBeVisible();
});

test("the review shows exactly what goes to Wise, before it goes", async ({ form, page, chain }) => {
  await form.open({ review: "" });
  await form.fillDocumented({ profileId: "", userId: " 1 234 ", description: "First line\n\nthird line" });
  await form.submit();
  await expect(form.heading("review.title")).toBeFocused();
  const shown = Object.fromEntries(await page.locator("[part=review] .row").evaluateAll((rows) => rows.map((row) => [row.querySelector("dt").textContent, row.querySelector("dd").textContent])));
  const labels = FIELD_KEYS.filter((key) => key !== "reason").map((key) => form.texts[`${key}.label`]);
  expect(shown).toEqual({
    ...Object.fromEntries(labels.map((label) => [label, "Not given"])),
    "Case type": "General enquiry",
    "User ID": "1234",
    "Transfer ID": "58114690",
    "Subject": DOCUMENTED.subject,
    "Description": "First line\n\nthird line",
    "Your reference": DOCUMENTED.externalId,
  });
  expect((await chain.ledger()).counts.create).toBe(0);
  await form.button("review.change").click();
  await expect(form.submitButton).toBeFocused();
  await form.fill({ description: "Changed" });
  await form.submit();
  await form.button("review.send").click();
  await expect(form.createdTitle).toBeVisible();
  expect(JSON.parse((await chain.ledger()).cases[0].body).description).toBe("Changed");
});
