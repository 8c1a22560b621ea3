// A case from the page to Wise.
import { SECRETS } from "../chain.mjs";
import { DOCUMENTED, DOCUMENTED_REQUEST, expect, test } from "../fixtures.mjs";

test("the documented example arrives field for field, with the token that only the proxy has", async ({ form, page, chain }) => {
  // Answers that are under way when the page is left have no body to look at.
  await page.evaluate(() => document.querySelector("partner-case-form").ready);
  const traffic = [];
  page.on("request", (request) => traffic.push(request.url(), JSON.stringify(request.headers()), request.postData() ?? ""));
  page.on("response", (response) => traffic.push(JSON.stringify(response.headers()), response.text()));
  // Everything the page loads, from its first byte on, and nothing from the cache, which gives no body to look at.
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Network.setCacheDisabled", { cacheDisabled: true });
  await page.reload();
  await expect(form.submitButton).toBeVisible();

  await form.fillDocumented();
  await form.submit();

  await expect(page.getByRole("heading", { name: "Case created" })).toBeFocused();
  await expect(page.getByText("123456789", { exact: true })).toBeVisible();
  await expect(page.getByText("Being created")).toBeVisible();

  const { cases } = await chain.ledger();
  expect(cases).toHaveLength(1);
  expect(cases[0].body).toBe(DOCUMENTED_REQUEST);
  expect(cases[0].authorization).toMatch(/^Bearer simulated-[0-9a-f-]{36}$/);
  expect(cases[0].headerNames).not.toContain("cookie");

  await expect(page.locator("#received")).toContainText("GENERAL_ENQUIRY");
  const heard = (await Promise.all(traffic)).join("\n");
  expect(heard).toContain("123456789");
  for (const secret of [...SECRETS, cases[0].authorization.slice("Bearer ".length)]) {
    expect(heard).not.toContain(secret);
  }
  expect(await form.events()).toEqual(["partner-case-ready", 'partner-case-created {"caseId":"123456789","status":"CREATING"}']);
});

test("a description of exactly 65,535 characters arrives whole, and the line endings as one character each", async ({ form, page, chain }) => {
  const start = "Bonjour 👋🏽 مرحبا بالعالم\r\nsecond line\r\n\r\n";
  const normal = start.replaceAll("\r\n", "\n");
  const filler = "نص 😀 text ".repeat(7000).slice(0, 65_535 - normal.length - 1);
  // Never half an emoji at the end.
  const tail = (filler.isWellFormed() ? filler : filler.slice(0, -1) + "x") + "!";
  await form.fillDocumented({ description: start + tail });
  expect((await form.fields.description.inputValue()).length).toBe(65_535);
  await form.submit();

  await expect(page.getByRole("heading", { name: "Case created" })).toBeVisible();
  const { cases } = await chain.ledger();
  expect(JSON.parse(cases[0].body).description).toBe(normal + tail);
  expect(cases[0].storedDescription).toBe(normal + tail);
});

test("a description of 65,536 characters is stopped in the browser and every character of it kept", async ({ form, page, chain }) => {
  const description = "x".repeat(65_536);
  await form.fillDocumented({ description });
  await form.submit();

  await expect(page.getByText("shorten the text by 1 character").first()).toBeVisible();
  await form.expectText({ ...DOCUMENTED, description });
  expect((await chain.ledger()).counts.create).toBe(0);
});

test("the largest id arrives digit for digit, and ids left empty arrive as null", async ({ form, page, chain }) => {
  await form.fillDocumented({ userId: "9223372036854775807", transferId: "", profileId: " ", externalId: "" });
  await form.submit();

  await expect(page.getByRole("heading", { name: "Case created" })).toBeVisible();
  const { cases } = await chain.ledger();
  expect(cases[0].body).toContain('"details":{"transferId":null,"profileId":null,"userId":9223372036854775807}');
  // One of the proxy's own, to match Wise's events by; the staff are not shown it.
  expect(cases[0].externalId).toMatch(/^pcf-[0-9a-f]{32}$/);
  await expect(page.locator("[part=receipt]")).not.toContainText("pcf-");
});

test("the fields are prefilled by the page and can be raised about another customer afterwards", async ({ form, page, chain }) => {
  await form.expectText({ userId: "1234", transferId: "58114690", profileId: "14556049", subject: "", description: "" });
  await form.fill({ subject: "First", description: "One" });
  await form.submit();
  await page.getByRole("button", { name: "Create another case" }).click();
  await expect(page.getByLabel("Case type")).toBeFocused();
  await form.expectText({ userId: "1234", subject: "", description: "" });
  await page.locator("partner-case-form").evaluate((element) => element.setAttribute("user-id", "5678"));
  await form.expectText({ userId: "5678" });
  await form.fill({ subject: "Second", description: "Two" });
  await form.submit();

  await expect(page.getByText("123456790", { exact: true })).toBeVisible();
  const { cases } = await chain.ledger();
  expect(cases.map((entry) => JSON.parse(entry.body)).map(({ subject, details }) => [subject, details.userId])).toEqual([
    ["First", 1234],
    ["Second", 5678],
  ]);
  expect(new Set(cases.map((entry) => entry.correlationId)).size).toBe(2);
});

test("a double click sends one case", async ({ form, page, chain }) => {
  await chain.fault({ on: "create", kind: "slow", millis: 300 });
  await form.fillDocumented();
  await form.submitButton.dblclick();
  await expect(page.getByRole("heading", { name: "Case created" })).toBeVisible();
  expect((await chain.ledger()).counts.create).toBe(1);
});
