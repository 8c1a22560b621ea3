// What a keystroke at the limit costs, function by function: for whoever wants to make it cheaper. Names need a widget with its name section.
import { milliseconds, printSection } from "../report.mjs";
import { launch, newContext, openSite, sleep } from "./chromium.mjs";
import { fill, LENGTHS, prose } from "./typing.mjs";

const KEYS = 60;

// Time by function, of its own and with what it calls, in milliseconds.
function byFunction({ nodes, samples, timeDeltas }) {
  const node = new Map(nodes.map((entry) => [entry.id, entry]));
  const parent = new Map(nodes.flatMap((entry) => (entry.children ?? []).map((child) => [child, entry.id])));
  const name = ({ callFrame: { functionName, url, lineNumber } }) => `${functionName || "(anonymous)"}${url ? ` ${url.split("/").pop()}:${lineNumber + 1}` : ""}`;
  const own = new Map();
  const all = new Map();
  const add = (map, key, time) => map.set(key, (map.get(key) ?? 0) + time / 1000);
  samples.forEach((id, nth) => {
    add(own, name(node.get(id)), timeDeltas[nth]);
    const seen = new Set();
    for (let at = id; at !== undefined; at = parent.get(at)) {
      const called = name(node.get(at));
      if (!seen.has(called)) add(all, called, timeDeltas[nth]);
      seen.add(called);
    }
  });
  return [...own.keys()].map((key) => ({ name: key, own: own.get(key), all: all.get(key) })).sort((a, b) => b.own - a.own);
}

export async function measureProfile(server, sites, { names = ["ours", "ours-session", "react"], say }) {
  const results = [];
  for (const site of names.map((name) => sites[name]).filter(Boolean)) {
    const browser = await launch();
    try {
      const context = await newContext(browser, { permissions: ["clipboard-read", "clipboard-write"] });
      const { page, cdp } = await openSite(context, server, site, "description", {});
      await page.bringToFront();
      await cdp.send("Profiler.enable");
      await cdp.send("Profiler.setSamplingInterval", { interval: 100 });
      for (const length of LENGTHS.slice(-2)) {
        await fill(page, prose(length));
        await cdp.send("Profiler.start");
        for (let nth = 0; nth < KEYS; nth += 1) {
          await page.keyboard.press("a");
          await sleep(60);
        }
        const { profile } = await cdp.send("Profiler.stop");
        results.push({ title: site.title, length, keys: KEYS, functions: byFunction(profile).slice(0, 40) });
      }
      say(`profile, ${site.title}: done`);
    } finally {
      await browser.close();
    }
  }
  return { results };
}

export function printProfile({ results }) {
  for (const { title, length, keys, functions } of results) {
    printSection(`A keystroke at ${length} characters by function: ${title}`, ["function", "own, for each key:", "with what it calls:"],
      functions.map(({ name, own, all }) => [`\`${name}\``, milliseconds(own / keys), milliseconds(all / keys)]));
  }
}
