// Mounting and unmounting, what is left of it, and what ten forms take.
import { readFileSync } from "node:fs";
import { integer, mebibytes, milliseconds, printSection, ratio, summary } from "../report.mjs";
import { launch, newContext, openSite, sleep } from "./chromium.mjs";

const SITES = ["ours", "react", "vanilla"];
const FORMS = 10;

// In the page: keeps the wasm's memory in sight, which no form tells.
function watch() {
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const original = WebAssembly[name];
    WebAssembly[name] = async (...parameters) => {
      const result = await original.call(WebAssembly, ...parameters);
      const memory = (result.instance ?? result).exports?.memory;
      if (memory) window.bench.wasmMemory = memory;
      return result;
    };
  }
}

// In the page: gives every site the same function that puts a form into an element.
async function prepareMount(host) {
  if (host) {
    const { mount } = await import(document.querySelector("script[type=module]").src);
    window.benchMount = (target) => {
      const { element, unmount } = mount(target, { endpoint: "/partner-cases" });
      return { ready: element.ready, unmount };
    };
  }
  window.bench.target = document.createElement("div");
  document.querySelector("main").append(window.bench.target);
}

// In the page: mounts a form, lets it lay itself out, takes it away. The answer is what each of the two took, in milliseconds.
async function cycle(count) {
  const mounted = [];
  const unmounted = [];
  for (let nth = 0; nth < count; nth += 1) {
    const begun = performance.now();
    const form = window.benchMount(window.bench.target);
    await form.ready;
    void window.bench.target.offsetHeight;
    const there = performance.now();
    form.unmount();
    await Promise.resolve();
    void window.bench.target.offsetHeight;
    mounted.push(there - begun);
    unmounted.push(performance.now() - there);
    // Others have their turn, as between two customers.
    await new Promise((resolve) => { setTimeout(resolve); });
  }
  return { mounted, unmounted };
}

async function mountMore(count) {
  for (let nth = 0; nth < count; nth += 1) {
    const target = document.createElement("div");
    document.querySelector("main").append(target);
    await window.benchMount(target).ready;
  }
}

// What the process of the page has for itself alone: the renderer that works when the page does. Where the system does not tell, nothing.
async function privateMemory(browser, page) {
  try {
    const cdp = await browser.newBrowserCDPSession();
    const times = async () => {
      const { processInfo } = await cdp.send("SystemInfo.getProcessInfo");
      return new Map(processInfo.filter(({ type }) => type === "renderer").map(({ id, cpuTime }) => [id, cpuTime]));
    };
    const before = await times();
    await page.evaluate(() => { for (const begun = performance.now(); performance.now() - begun < 300;); });
    const after = await times();
    await cdp.detach();
    const [[id]] = [...after].map(([id, time]) => [id, time - (before.get(id) ?? 0)]).sort(([, a], [, b]) => b - a);
    return Number(/^RssAnon:\s+(\d+) kB/m.exec(readFileSync(`/proc/${id}/status`, "utf8"))[1]) * 1024;
  } catch {
    return NaN;
  }
}

async function memory(browser, page, cdp) {
  await sleep(500);
  for (let nth = 0; nth < 3; nth += 1) await cdp.send("HeapProfiler.collectGarbage");
  const heap = await cdp.send("Runtime.getHeapUsage");
  const { metrics } = await cdp.send("Performance.getMetrics");
  const metric = (wanted) => metrics.find(({ name }) => name === wanted).value;
  return {
    script: heap.usedSize,
    dom: heap.embedderHeapUsedSize ?? 0,
    wasm: await page.evaluate(() => window.bench.wasmMemory?.buffer.byteLength ?? 0),
    nodes: metric("Nodes"),
    listeners: metric("JSEventListeners"),
    process: await privateMemory(browser, page),
  };
}

const total = ({ script, dom, wasm }) => script + dom + wasm;

export async function measureMemory(server, sites, { mounts, say }) {
  const results = [];
  const failed = {};
  for (const site of SITES.map((name) => sites[name]).filter(Boolean)) {
    const browser = await launch();
    try {
      const { page, cdp } = await openSite(await newContext(browser), server, site, "subject", { prepare: watch });
      await cdp.send("Performance.enable");
      const one = await memory(browser, page, cdp);
      await page.evaluate(prepareMount, site.host);
      // What is made once, with the first forms, is no growth.
      await page.evaluate(cycle, Math.min(50, mounts));
      const before = await memory(browser, page, cdp);
      const { mounted, unmounted } = await page.evaluate(cycle, mounts);
      const after = await memory(browser, page, cdp);
      await page.evaluate(mountMore, FORMS - 1);
      const ten = await memory(browser, page, cdp);
      results.push({ name: site.name, title: site.title, mounted: summary(mounted), unmounted: summary(unmounted), one, before, after, ten });
      say(`memory, ${site.title}: done`);
    } catch (error) {
      failed[site.title] = error.message.split("\n")[0];
    } finally {
      await browser.close();
    }
  }
  return { mounts, results, failed };
}

export function printMemory({ mounts, results, failed }) {
  const ours = results.find(({ name }) => name === "ours");
  const change = (number) => `${number > 0 ? "+" : ""}${integer(number)}`;
  printSection(`${mounts} mounts and unmounts`,
    ["form", "mount, p50:", "mount, p99:", "to ours:", "unmount, p50:", "heap, bytes for each:", "nodes in all:", "listeners in all:", "wasm memory in all:"],
    results.map(({ title, mounted, unmounted, before, after }) => [
      title, milliseconds(mounted.p50), milliseconds(mounted.p99), ratio(mounted.p50, ours?.mounted.p50), milliseconds(unmounted.p50),
      change((after.script + after.dom - before.script - before.dom) / mounts), change(after.nodes - before.nodes), change(after.listeners - before.listeners),
      change(after.wasm - before.wasm),
    ]), "Script and layout, without painting. Growth from after 50 mounts to after the others, after garbage collection.");
  printSection(`Memory of a page with one form and with ${FORMS}`,
    ["form", "script, 1:", "DOM, 1:", "wasm, 1:", "sum, 1:", `script, ${FORMS}:`, `DOM, ${FORMS}:`, `wasm, ${FORMS}:`, `sum, ${FORMS}:`, "to ours:", `process, ${FORMS}:`],
    results.map(({ title, one, ten }) => [
      title, mebibytes(one.script), mebibytes(one.dom), mebibytes(one.wasm), mebibytes(total(one)),
      mebibytes(ten.script), mebibytes(ten.dom), mebibytes(ten.wasm), mebibytes(total(ten)), ratio(total(ten), ours && total(ours.ten)), mebibytes(ten.process),
    ]), "After garbage collection. The process also holds the browser's own code and caches, and the compiled wasm.");
  for (const [title, why] of Object.entries(failed)) console.log(`Left out: ${title} (${why})\n`);
}
