// From the script's start to a form that takes typing: a real keystroke into the subject's field has appeared on the screen.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { integer, median, milliseconds, printSection, ratio, summary } from "../report.mjs";
import { launch, launchWithProfile, newContext, openPage, SLOW_NETWORK } from "./chromium.mjs";

const SITES = ["ours", "ours-bare", "react", "react-mini", "vanilla", "surveyjs", "formio"];

export const CONDITIONS = ["cold", "warm"].flatMap((cache) => [undefined, SLOW_NETWORK].flatMap((network) => [1, 4].map((cpu) => ({
  cache, network, cpu, name: `${cache}, ${network ? "slow" : "fast"} network, ${cpu}x`,
}))));

async function once(context, server, site, { cpu, network }) {
  const { page, cdp } = await openPage(context, server, site, { cpu, network, prepare: watch });
  try {
    server.state.requests.length = 0;
    await page.goto(`${server.url}/${site.name}/`, { waitUntil: "commit" });
    const field = await page.evaluate(() => window.bench.field);
    const key = { key: "a", code: "KeyA", windowsVirtualKeyCode: 65 };
    await cdp.send("Input.dispatchKeyEvent", { type: "keyDown", text: "a", unmodifiedText: "a", ...key });
    const { typed, value } = await page.evaluate(() => window.bench.typed);
    if (value !== "a") throw new Error(`the keystroke did not appear in ${site.title}: ${JSON.stringify(value)}`);
    return { field, typed, requests: server.state.requests.length };
  } finally {
    await page.close();
  }
}

// In the page, from its beginning.
function watch() {
  const since = () => performance.now() - performance.getEntriesByName("script")[0].startTime;
  let told;
  window.bench.typed = new Promise((resolve) => { told = resolve; });
  if (location.pathname === "/blank") return;
  window.bench.field = window.bench.appeared("subject").then((field) => {
    const at = since();
    field.addEventListener("input", async () => {
      await window.bench.shown();
      told({ typed: since(), value: window.bench.find("subject").value });
    }, { once: true });
    return at;
  });
}

/** Runs all conditions, each site once in each round, so that what else the machine does falls on all of them. */
export async function measureStart(server, sites, { runs, conditions, say }) {
  const chosen = SITES.map((name) => sites[name]).filter(Boolean);
  const failed = {};
  const results = [];
  const browser = await launch();
  const profiles = [];
  try {
    for (const condition of conditions) {
      const samples = Object.fromEntries(chosen.map(({ name }) => [name, []]));
      const contexts = {};
      for (const site of chosen) {
        if (condition.cache !== "warm" || failed[site.name]) continue;
        const folder = mkdtempSync(join(tmpdir(), "bench-"));
        contexts[site.name] = await launchWithProfile(folder);
        profiles.push({ folder, context: contexts[site.name] });
        // Chromium keeps compiled code from the second visit on.
        for (let visit = 0; visit < 3; visit += 1) await attempt(failed, site, () => once(contexts[site.name], server, site, {}));
      }
      for (let run = 0; run < runs; run += 1) {
        for (const site of chosen) {
          if (failed[site.name]) continue;
          const context = contexts[site.name] ?? await newContext(browser);
          const sample = await attempt(failed, site, () => once(context, server, site, condition));
          if (sample) samples[site.name].push(sample);
          if (!contexts[site.name]) await context.close();
        }
      }
      for (const { folder, context } of profiles.splice(0)) {
        await context.close();
        rmSync(folder, { recursive: true, force: true });
      }
      results.push({ condition: condition.name, sites: Object.fromEntries(chosen.map(({ name }) => [name, numbers(samples[name])])) });
      say(`start, ${condition.name}: done`);
    }
  } finally {
    for (const { context } of profiles) await context.close();
    await browser.close();
  }
  return { results, failed, titles: Object.fromEntries(chosen.map(({ name, title }) => [name, title])) };
}

async function attempt(failed, site, run) {
  try {
    return await run();
  } catch (error) {
    failed[site.name] ??= error.message.split("\n")[0];
    return undefined;
  }
}

const numbers = (samples) => ({
  typed: summary(samples.map(({ typed }) => typed)),
  field: summary(samples.map(({ field }) => field)),
  requests: median(samples.map(({ requests }) => requests)),
  samples,
});

/** One table of the medians and one of the spreads; a column for each condition. */
export function printStart({ results, failed, titles }) {
  const names = Object.keys(titles).filter((name) => !failed[name]);
  const rows = (cell) => names.map((name) => [titles[name], ...results.map(({ sites }) => cell(sites[name], sites.ours))]);
  const columns = results.map(({ condition }) => `${condition}:`);
  const runs = Math.min(...results.flatMap(({ sites }) => names.map((name) => sites[name].typed.n)));
  printSection("Start: until a keystroke in the subject is on the screen, median (to ours)", ["form", ...columns],
    rows(({ typed }, ours) => `${milliseconds(typed.p50)} (${ratio(typed.p50, ours?.typed.p50)})`), `${runs} runs each.`);
  printSection("Start: the fastest and the slowest run, and the median until the field is there", ["form", ...columns],
    rows(({ typed, field }) => `${integer(typed.min)} to ${integer(typed.max)} ms; ${integer(field.p50)} ms`));
  for (const [name, why] of Object.entries(failed)) console.log(`Left out: ${titles[name]} (${why})\n`);
}
