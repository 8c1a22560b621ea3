// The examples as `npm run build` in examples/ leaves them, each under the strict policy.
import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { FormPage, expect, test } from "../fixtures.mjs";
import { POLICY } from "../pages.mjs";

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm", ".json": "application/json", ".css": "text/css" };

async function serve(page, folder, path, policy = POLICY) {
  await page.route(`**${path}**`, async (route) => {
    const name = new URL(route.request().url()).pathname.slice(path.length) || "index.html";
    const body = await readFile(new URL(`../../examples/${folder}/${name}`, import.meta.url));
    await route.fulfill({ contentType: TYPES[extname(name)], headers: { "content-security-policy": policy }, body });
  });
}

async function submit(form) {
  await form.fill({ subject: "Late", description: "It is late" });
  await form.page.getByRole("button", { name: /Create case|Send to Wise/ }).click();
  await expect(form.createdTitle).toBeVisible();
}

test("the plain page", async ({ page, chain }) => {
  await chain.forget();
  await serve(page, "plain", "/examples/plain/");
  await page.goto(new URL("/examples/plain/", chain.url).href);
  await submit(new FormPage(page, chain.url));
});

for (const framework of ["react", "vue"]) {
  test(`the form in ${framework}: properties, a change of transfer, an event`, async ({ page, chain }) => {
    await chain.forget();
    await page.addInitScript(() => {
      window.policyViolations = [];
      addEventListener("securitypolicyviolation", (event) => window.policyViolations.push(event.violatedDirective));
    });
    // Vue makes a Trusted Types policy of its own.
    const policy = framework === "vue" ? POLICY.replace("trusted-types 'none'", "trusted-types vue") : POLICY;
    await serve(page, `${framework}/dist`, `/examples/${framework}/`, policy);
    await page.goto(new URL(`/examples/${framework}/`, chain.url).href);
    const form = new FormPage(page, chain.url);
    await expect(page.getByRole("button", { name: "Send to Wise" })).toBeVisible();
    await form.expectText({ userId: "1234", transferId: "58114690" });
    await form.fill({ subject: "For the first" });
    await page.getByRole("button", { name: "Next transfer" }).click();
    await form.expectText({ transferId: "58200001", subject: "" });
    await submit(form);
    const { cases } = await chain.ledger();
    await expect(page.locator("main > [role=status]")).toHaveText(`Case ${cases[0].caseId} is noted`);
    expect(await page.evaluate(() => window.policyViolations)).toEqual([]);
  });
}
