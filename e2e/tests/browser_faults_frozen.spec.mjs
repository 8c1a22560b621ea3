// A tab that the browser freezes to save power, and wakes again, or throws away.
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import { DOCUMENTED, FormPage } from "../fixtures.mjs";
import { Edge, bytes, expect, test as base } from "../faults.mjs";
import config from "../playwright.config.mjs";

// Playwright keeps its pages awake, as if each had the focus. In a browser that it did not start it can be asked not to.
const test = base.extend({
  tab: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), "partner-case-form-browser-"));
    const { executablePath, args } = config.use.launchOptions;
    const browser = spawn(executablePath, [...args, "--headless", `--user-data-dir=${folder}`, "--remote-debugging-port=0", "about:blank"], { stdio: "ignore" });
    const exited = new Promise((resolve) => browser.once("exit", resolve));
    try {
      const port = await expect.poll(() => readFile(join(folder, "DevToolsActivePort"), "utf8").catch(() => "")).toContain("\n")
        .then(async () => (await readFile(join(folder, "DevToolsActivePort"), "utf8")).split("\n")[0]);
      const connection = await chromium.connectOverCDP(`http://127.0.0.1:${port}`, { noDefaults: true });
      const [context] = connection.contexts();
      const slips = [];
      context.on("weberror", (slip) => slips.push(String(slip.error())));
      await use(context.pages()[0]);
      expect(slips).toEqual([]);
      await connection.close();
    } finally {
      browser.kill("SIGKILL");
      await exited;
      await rm(folder, { recursive: true, maxRetries: 5 });
    }
  },
});

/** Freezes the tab; the answer wakes it. That its own timers stand still is seen on the way. */
async function freeze(page) {
  await page.evaluate(() => {
    window.ticks = 0;
    setInterval(() => { window.ticks += 1; }, 50);
  });
  const session = await page.context().newCDPSession(page);
  await session.send("Page.setWebLifecycleState", { state: "frozen" });
  const ticks = () => page.evaluate(() => window.ticks);
  const before = await ticks();
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(await ticks()).toBe(before);
  return async () => {
    expect(await ticks()).toBe(before);
    await session.send("Page.setWebLifecycleState", { state: "active" });
    await page.bringToFront();
  };
}

async function open(page, url, chain, attributes) {
  await chain.forget();
  const form = new FormPage(page, url);
  await form.open(attributes);
  return form;
}

async function expectOneCase(form, chain) {
  await expect(form.createdTitle).toBeVisible();
  const { counts, cases } = await chain.ledger();
  expect([counts.create, cases.length]).toEqual([1, 1]);
  await expect(form.page.locator("[part=receipt]")).toContainText(String(cases[0].caseId));
}

test("a tab that is frozen while the case is on its way tells what became of it when it wakes", async ({ tab, chain }) => {
  const form = await open(tab, chain.url, chain, { draft: "session" });
  await form.fillDocumented();
  await chain.fault({ on: "create", kind: "slow", millis: 1500 });
  await form.submit();
  await expect.poll(async () => (await chain.ledger()).counts.create).toBe(1);
  const wake = await freeze(tab);
  await expect.poll(async () => (await chain.ledger()).cases.length).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(await form.createdTitle.count()).toBe(0);
  await wake();
  await expectOneCase(form, chain);
  await expect(form.createdTitle).toBeFocused();
});

test("a tab that is frozen while an outcome is followed asks nobody meanwhile, and goes on when it wakes", async ({ tab, chain }) => {
  const edge = await Edge.start(chain.url);
  try {
    const form = await open(tab, edge.url, chain, { draft: "session" });
    await form.fillDocumented();
    edge.spoil("/partner-cases/cases", () => bytes(204, {}, ""), { method: "POST" });
    await form.submit();
    await expect(form.alert).toContainText(form.texts["unknown.title"]);
    const wake = await freeze(tab);
    const asked = edge.calls.length;
    await new Promise((resolve) => setTimeout(resolve, 3500));
    expect(edge.calls).toHaveLength(asked);
    await wake();
    await expectOneCase(form, chain);
  } finally {
    edge.stop();
  }
});

test("a tab that is frozen right after a word has kept it", async ({ tab, chain }) => {
  const form = await open(tab, chain.url, chain, { draft: "local" });
  await form.fillDocumented();
  await freeze(tab);
  const kept = await tab.evaluate(() => Object.values(localStorage).join());
  for (const text of Object.values(DOCUMENTED)) expect(kept).toContain(text);
});

test("a frozen tab that the browser throws away leaves its draft to the next", async ({ tab, chain }) => {
  const form = await open(tab, chain.url, chain, { draft: "local" });
  await form.fillDocumented();
  const next = new FormPage(await tab.context().newPage(), chain.url);
  await freeze(tab);
  const { targetInfo } = await (await tab.context().newCDPSession(tab)).send("Target.getTargetInfo");
  const other = await tab.context().newCDPSession(next.page);
  // Closed by the browser: none of the page's own listeners is asked.
  await other.send("Target.closeTarget", { targetId: targetInfo.targetId });
  await next.open({ draft: "local" });
  await next.expectText(DOCUMENTED);
  await next.submit();
  await expectOneCase(next, chain);
});
