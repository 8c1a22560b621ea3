// The form beside its peers in a real Chromium: bytes, start, typing, memory.
//   node bench/browser.mjs --out target/bench/browser.json [--quick] [--only sizes,start,typing,memory,profile] [--runs N]
//   node bench/browser.mjs --print target/bench/browser.json
// TARGET_DIR names the folder with widget/, CHROMIUM the browser. See bench/README.md.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { machine, machineLine, versionOf, writeJson } from "./report.mjs";
import { measureMemory, printMemory } from "./browser/memory.mjs";
import { measureProfile, printProfile } from "./browser/profile.mjs";
import { serve } from "./browser/server.mjs";
import { sites as allSites } from "./browser/sites.mjs";
import { measureSizes, printSizes } from "./browser/sizes.mjs";
import { CONDITIONS, measureStart, printStart } from "./browser/start.mjs";
import { LENGTHS, measureTyping, printTyping } from "./browser/typing.mjs";
import { verify } from "./browser/verify.mjs";
import { build, install, ROOT } from "./browser/workspace.mjs";

const { values: options } = parseArgs({
  options: {
    out: { type: "string", default: join(ROOT, "target/bench/browser.json") },
    quick: { type: "boolean", default: false },
    only: { type: "string", default: "sizes,start,typing,memory" },
    // A port for the pages; any free one if left out.
    port: { type: "string", default: "0" },
    // How often each start is measured.
    runs: { type: "string" },
    // Prints the tables of an earlier run, and measures nothing.
    print: { type: "string" },
  },
});

const PLAN = options.quick
  ? { runs: 2, conditions: CONDITIONS.slice(0, 1), keystrokes: 10, pastes: 1, cpus: [1], lengths: [0, LENGTHS.at(-1)], mounts: 20 }
  : { runs: 7, conditions: CONDITIONS, keystrokes: 120, pastes: 7, cpus: [1, 4], lengths: LENGTHS, mounts: 500 };

if (options.runs) PLAN.runs = Number(options.runs);

const PRINT = { sizes: printSizes, start: printStart, typing: printTyping, memory: printMemory, profile: printProfile };

const begun = Date.now();
const say = (text) => console.error(`[${Math.round((Date.now() - begun) / 1000)} s] ${text}`);

const describe = () => machine({ chromium: versionOf(process.env.CHROMIUM ?? "/usr/bin/chromium") });
const report = { quick: options.quick, machine: describe(), failed: {} };

const heading = ({ quick, machine }) => `## In the browser${quick ? " (a quick pass: no figures to quote)" : ""}\n\n${machineLine(machine)}\n`;

// Each part for itself: one that fails is told, and the others are not the worse for it.
async function part(name, measure) {
  if (!options.only.split(",").includes(name)) return;
  try {
    const { load } = describe();
    report[name] = { ...await measure(), load: { before: load, after: describe().load } };
    PRINT[name](report[name]);
  } catch (error) {
    report.failed[name] = error.message;
    console.log(`### ${name}\n\nCould not be measured: ${error.message}\n`);
  }
}

async function run() {
  install(say);
  const built = await build(say);
  for (const [name, { skipped }] of Object.entries(built)) if (skipped) report.failed[name] = skipped;
  const every = allSites(built);
  const server = await serve(every, Number(options.port));
  try {
    console.log(heading(report));
    const broken = await verify(server, every, say);
    const sites = Object.fromEntries(Object.entries(every).filter(([name]) => !broken[name]));
    for (const [name, why] of Object.entries(broken)) {
      report.failed[name] = why;
      console.log(`Left out: ${every[name].title}, which does not do what it should (${why})\n`);
    }
    await part("sizes", () => measureSizes(built));
    await part("start", () => measureStart(server, sites, { ...PLAN, say }));
    await part("typing", () => measureTyping(server, sites, { ...PLAN, only: options.quick ? ["ours", "textarea", "react"] : undefined, say }));
    await part("memory", () => measureMemory(server, sites, { ...PLAN, say }));
    await part("profile", () => measureProfile(server, sites, { say }));
  } finally {
    server.close();
  }
  report.seconds = Math.round((Date.now() - begun) / 1000);
  writeJson(options.out, report);
  say(`written to ${options.out}`);
  // Ours not working is a fault; a peer not working is told.
  if (report.failed.ours) process.exitCode = 1;
}

if (options.print) {
  const earlier = JSON.parse(readFileSync(options.print, "utf8"));
  console.log(heading(earlier));
  for (const [name, print] of Object.entries(PRINT)) if (earlier[name]) print(earlier[name]);
} else {
  await run();
}
