// The real proxy and the simulated Wise under a steady load, watched for anything that grows.
//   node bench/soak.mjs --minutes 30 --out target/bench/soak.json [--rate 100] [--seed 1]
// TARGET_DIR names the folder with release/partner-case-proxy and release/wise-simulator. See bench/README.md.
import { statSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { inFile, startOurs } from "./proxy/ours.mjs";
import { Server, freePort } from "./proxy/processes.mjs";
import { DEBUG_NOTE, ROOT, ourProgram } from "./proxy/settings.mjs";
import { machine, machineLine, writeJson } from "./report.mjs";
import { MIXTURE, Traffic } from "./soak/traffic.mjs";
import { printSoak, verdict } from "./soak/verdict.mjs";

const { values: options } = parseArgs({
  options: {
    out: { type: "string" }, minutes: { type: "string", default: "30" }, rate: { type: "string", default: "100" }, seed: { type: "string", default: "1" },
  },
});
const [minutes, perSec, seed] = [Number(options.minutes), Number(options.rate), Number(options.seed)];

const SAMPLE_SECONDS = Math.min(30, (minutes * 60) / 12);
/** Allocators, caches and the limiter fill up first; that is not growth. */
const WARM_UP_SECONDS = Math.min(120, minutes * 6);
/** Longer than the proxy keeps idle connections to Wise. */
const COOL_DOWN_SECONDS = 25;

const size = (path) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

async function startSimulator({ run, proxyPort }) {
  const port = await freePort();
  const server = await Server.start({
    name: "wise-simulator", program: ourProgram("wise-simulator").path, cwd: ROOT, port, log: join(run, "simulator.log"),
    args: ["--listen", `127.0.0.1:${port}`, "--webhook-url", `http://127.0.0.1:${proxyPort}/partner-cases/webhooks/wise`],
  });
  return { server, port, url: `http://127.0.0.1:${port}` };
}

/** The numbers of the admin port, without the buckets of histograms. */
async function metrics(admin) {
  const text = await (await fetch(`http://127.0.0.1:${admin}/metrics`)).text();
  const lines = text.split("\n").filter((line) => line && !line.startsWith("#") && !line.includes("_bucket"));
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ") + 1))]));
}

/** Takes a sample at every step of time until the traffic ends. */
async function watch({ proxy, simulator, traffic, store, done }) {
  const samples = [];
  const start = performance.now();
  let last = { cpuMicros: proxy.server.usage().cpuMicros, at: start };
  for (let next = SAMPLE_SECONDS; !done(); next += SAMPLE_SECONDS) {
    await sleep(Math.max(0, start + next * 1000 - performance.now()));
    if (proxy.server.hasEnded) throw new Error(`the proxy has ended: ${proxy.server.lastWords()}`);
    const [usage, now] = [proxy.server.usage(), performance.now()];
    samples.push({
      atSeconds: (now - start) / 1000,
      rssBytes: usage.rssBytes,
      files: usage.files,
      threads: usage.threads,
      cpuShare: (usage.cpuMicros - last.cpuMicros) / ((now - last.at) * 1000),
      storeBytes: size(store),
      walBytes: size(`${store}-wal`),
      simulatorRssBytes: simulator.server.usage().rssBytes,
      begun: traffic.begun,
      underWay: traffic.underWay,
      ready: (await fetch(`http://127.0.0.1:${proxy.admin}/readyz`)).ok,
      metrics: await metrics(proxy.admin),
    });
    last = { cpuMicros: usage.cpuMicros, at: now };
    // The simulator remembers every case with its bytes: the soak is not of the simulator.
    await fetch(`${simulator.url}/_simulator/ledger`, { method: "DELETE" });
    const { atSeconds, rssBytes, files, begun } = samples.at(-1);
    console.error(`soak: ${(atSeconds / 60).toFixed(1)} of ${minutes} min, ${begun} cases, ${(rssBytes / 2 ** 20).toFixed(1)} MiB, ${files} files`);
  }
  return samples;
}

async function main() {
  const program = ourProgram("partner-case-proxy");
  const note = program.profile === "debug" ? [DEBUG_NOTE] : [];
  for (const text of note) console.error(`\nsoak: ${text}\n`);
  const out = resolve(options.out ?? "target/bench/soak.json");
  await mkdir(dirname(out), { recursive: true });
  const run = await mkdtemp(join(dirname(out), "soak-run-"));
  try {
    const store = join(run, "submissions.sqlite");
    // The two know each other's address, so one port is chosen before its server is there.
    const proxyPort = await freePort();
    const simulator = await startSimulator({ run, proxyPort });
    // The audit line of each submission is still written; the rest would fill the disk.
    const proxy = await startOurs({ run, upstream: simulator, store: inFile(store), log: "warn", port: proxyPort });
    const traffic = new Traffic({ port: proxyPort, simulator: simulator.url, seed });
    const before = proxy.server.usage();
    let ended = false;
    const sending = traffic.run({ perSec, seconds: minutes * 60 }).finally(() => { ended = true; });
    const [samples] = await Promise.all([watch({ proxy, simulator, traffic, store, done: () => ended }), sending]);
    await sleep(COOL_DOWN_SECONDS * 1000);
    const after = proxy.server.usage();
    await proxy.stop();
    await simulator.server.stop();
    const { answers, unexpected, late } = traffic;
    const [first, last] = [samples[0], samples.at(-1)];
    const report = {
      machine: machine(), build: program.profile, simulatorBuild: ourProgram("wise-simulator").profile, minutes, perSec, seed, mixture: MIXTURE, warmUpSeconds: WARM_UP_SECONDS, samples, before, after, answers, unexpected,
      bytesPerSubmission: (last.storeBytes - first.storeBytes) / (last.begun - first.begun),
      result: verdict({ samples, perSec, seconds: minutes * 60, warmUpSeconds: WARM_UP_SECONDS, before, after, unexpected, late }),
    };
    writeJson(out, report);
    console.log(`## The soak\n\n${machineLine(report.machine)}; ${program.profile} build; seed ${seed}.\n`);
    printSoak(report, note);
    process.exitCode = report.result.outcome === "still" ? 0 : 1;
  } finally {
    await rm(run, { recursive: true, force: true });
  }
}

await main();
