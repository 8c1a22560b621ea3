// The proxy beside its peers: what a case costs, how long it takes, and what becomes of the store as it fills.
//   node bench/proxy.mjs --out target/bench/proxy.json [--quick] [--only TEXT] [--no-growth]
// TARGET_DIR names the folder with release/partner-case-proxy. See bench/README.md.
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { measureDisk } from "./proxy/disk.mjs";
import { measureGrowth } from "./proxy/growth.mjs";
import { measure, probe, send } from "./proxy/load.mjs";
import { IN_MEMORY, inFile, inPostgres, startOurs } from "./proxy/ours.mjs";
import { PEERS, peerVersions, startPeer } from "./proxy/peers.mjs";
import { postgresPrograms, startPostgres } from "./proxy/postgres.mjs";
import { DEBUG_NOTE, TOKEN, ensureInstalled, folderFor, ourProgram } from "./proxy/settings.mjs";
import { CONNECTIONS, budgets, ofRounds, printBudgets, printComparison, printGrowth } from "./proxy/tables.mjs";
import { startUpstream } from "./proxy/upstream.mjs";
import { machine, machineLine, versionOf, writeJson } from "./report.mjs";

const { values: options } = parseArgs({
  options: { out: { type: "string" }, quick: { type: "boolean", default: false }, only: { type: "string" }, "no-growth": { type: "boolean", default: false } },
});

const FULL = { rounds: 3, seconds: 6, warmUpSeconds: 2, sizes: [1, 1_000, 10_000, 100_000, 1_000_000], growthSeconds: 8 };
const QUICK = { rounds: 1, seconds: 2, warmUpSeconds: 1, sizes: [1, 100_000], growthSeconds: 2 };
const plan = options.quick ? QUICK : FULL;

const say = (what) => console.error(`bench: ${what}`);

// Ours, with each store.
function ourTargets(run) {
  const ours = (store, how) => async ({ upstream }) => startOurs({ run, upstream, ...(await how()) });
  const postgresMissing = postgresPrograms() ? undefined : "PostgreSQL's server programs are not there: install the package postgresql";
  return [
    { name: "ours, store in memory", does: "everything but a durable store", store: "memory", reference: true, budget: true, start: ours("memory", () => ({ store: IN_MEMORY })) },
    {
      name: "ours, store in memory, RUST_LOG=warn", does: "the same without the line for each request; the two audit lines stay", store: "memory", onlyInFull: true,
      start: ours("memory", () => ({ store: IN_MEMORY, log: "warn" })),
    },
    {
      name: "ours, SQLite", does: "everything, on the disk before the case leaves", store: "file", budget: true,
      start: ours("file", async () => ({ store: inFile(join(await folderFor(run, "store"), "submissions.sqlite")) })),
    },
    { name: "ours, PostgreSQL", does: "everything, in a database on this machine", store: "postgres", missing: postgresMissing, start: (context) => startWithPostgres(run, context) },
  ];
}

async function startWithPostgres(run, { upstream }) {
  const postgres = await startPostgres();
  try {
    const target = await startOurs({ run, upstream, store: inPostgres(postgres.url) });
    return { ...target, beside: postgres, stop: async () => { await target.stop(); await postgres.stop(); } };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}

function peerTargets(run) {
  return PEERS.map((peer) => ({
    name: peer.name, does: peer.does, onlyInFull: peer.onlyInFull,
    missing: options.quick && peer.onlyInFull ? undefined : peer.find() ? undefined : "it is not there, and could not be had",
    start: (context) => startPeer(peer, { run, ...context }),
  }));
}

// The load itself and the upstream, without a proxy: what nothing between them can be quicker than.
const direct = {
  name: "nothing (the upstream itself)", does: "answers", direct: true,
  start: async ({ upstream }) => ({ server: upstream.server, port: upstream.port, path: "/v1/cases", token: TOKEN, stop: async () => {} }),
};

// A proxy that does not start, or raises no case, has rows that say so; the others are measured all the same.
async function measureTarget(target, context) {
  try {
    return await measureStarted(target, await target.start(context), context);
  } catch (error) {
    say(`${target.name}: ${error.message}`);
    return CONNECTIONS.map((connections) => ({ connections, invalid: error.message }));
  }
}

async function measureStarted(target, started, context) {
  try {
    if (!target.direct) await probe(started.port);
    await send({ ...started, connections: 32, seconds: plan.warmUpSeconds });
    const rows = [];
    for (const connections of CONNECTIONS) {
      rows.push(await measure({ target: started, upstream: context.upstream, connections, seconds: plan.seconds }));
    }
    return rows;
  } finally {
    await started.stop();
  }
}

async function compare(targets, context) {
  const rounds = new Map(targets.map((target) => [target, []]));
  // Round by round, and not target by target: what else the machine does befalls all.
  for (let round = 1; round <= plan.rounds; round += 1) {
    for (const target of targets) {
      say(`round ${round} of ${plan.rounds}: ${target.name}`);
      rounds.get(target).push(...(await measureTarget(target, context)));
    }
  }
  return targets.map(({ name, does, store, reference, budget }) => ({ name, does, store, reference, budget })).map((target, index) => {
    const rows = rounds.get(targets[index]);
    const at = Object.fromEntries(CONNECTIONS.map((count) => [count, ofRounds(rows.filter((row) => row.connections === count))]));
    return { ...target, at, rounds: rows };
  });
}

function chosen(targets) {
  const wanted = targets.filter(({ name, onlyInFull }) => !(options.quick && onlyInFull) && (!options.only || name.includes(options.only)));
  return [wanted.filter(({ missing }) => !missing), wanted.filter(({ missing }) => missing).map(({ name, missing }) => ({ name, why: missing }))];
}

async function main() {
  const program = ourProgram("partner-case-proxy");
  const note = program.profile === "debug" ? [DEBUG_NOTE] : [];
  for (const text of note) console.error(`\nbench: ${text}\n`);
  if (!ensureInstalled("wrk", "wrk")) throw new Error("wrk is needed for the load: install the package wrk");

  const out = resolve(options.out ?? "target/bench/proxy.json");
  await mkdir(dirname(out), { recursive: true });
  const run = await mkdtemp(join(dirname(out), "proxy-run-"));
  const upstream = await startUpstream(run);
  const portal = await startUpstream(run);
  try {
    const [targets, skipped] = chosen([direct, ...ourTargets(run), ...peerTargets(run)]);
    const report = {
      machine: machine({ ...peerVersions(), postgres: postgresPrograms() && versionOf(`${postgresPrograms()}/postgres`) }),
      build: program.profile,
      disk: measureDisk(run),
      plan,
      skipped,
      targets: await compare(targets, { upstream, portal }),
      growth: options["no-growth"] ? undefined : await measureGrowth({ run, upstream, sizes: plan.sizes, seconds: plan.growthSeconds, say }),
    };
    report.budgets = budgets(report);
    writeJson(out, report);
    const { disk } = report;
    console.log(`## The proxy\n\n${machineLine(report.machine)}; ${program.profile} build; ${disk.fileSystem}, 4 KiB on the disk in ` +
      `${Math.round(disk.syncP50Micros)} µs (p50), ${Math.round(disk.syncP99Micros)} µs (p99).\n`);
    if (targets.length) printComparison({ ...report, ...plan }, note);
    printGrowth(report.growth, note);
    if (report.budgets.length) printBudgets(report.budgets, note);
    // A row of ours that failed is a failure of the benchmark. A budget that is not kept is a finding.
    const failed = report.targets.filter(({ store }) => store).flatMap(({ name, at }) => Object.values(at).map(({ invalid }) => invalid && `${name}: ${invalid}`)).filter(Boolean);
    for (const why of failed) console.error(`bench: ${why}`);
    process.exitCode = failed.length ? 1 : 0;
  } finally {
    await portal.stop();
    await upstream.stop();
    await rm(run, { recursive: true, force: true });
  }
}

await main();
