// What the benchmark of the proxy prints.
import { integer, mebibytes, median, milliseconds, printSection, ratio } from "../report.mjs";

/** The connections of each column. */
export const CONNECTIONS = [1, 32, 256];

const MEGABYTE = 1e6;

/** One row of several rounds: the middle of each number, and how far apart the rounds were. */
export function ofRounds(rounds) {
  const middle = (name) => median(rounds.map((row) => row[name]));
  const cpu = rounds.map((row) => row.cpuMicros);
  const invalid = [...new Set(rounds.map((row) => row.invalid).filter(Boolean))].join("; ") || undefined;
  return {
    rounds: rounds.length,
    cpuMicros: middle("cpuMicros"),
    cpuMicrosMin: Math.min(...cpu),
    cpuMicrosMax: Math.max(...cpu),
    storeMicros: middle("storeMicros"),
    auditMicros: middle("auditMicros"),
    logMicros: middle("logMicros"),
    besideCpuMicros: rounds[0].besideCpuMicros === undefined ? undefined : middle("besideCpuMicros"),
    requestsPerSec: middle("requestsPerSec"),
    p50Micros: middle("p50Micros"),
    p99Micros: middle("p99Micros"),
    rssBytes: Math.max(...rounds.map((row) => row.rssBytes)),
    invalid,
  };
}

const micros = (number) => (Number.isFinite(number) ? `${number < 100 ? number.toFixed(1) : integer(number)} µs` : "-");
const range = (row) => (row.rounds === 1 ? micros(row.cpuMicros) : `${micros(row.cpuMicros)} (${row.cpuMicrosMin.toFixed(0)}-${row.cpuMicrosMax.toFixed(0)})`);
const threads = (row) => {
  const named = [["storeMicros", "the store's thread"], ["auditMicros", "the audit trail's"], ["logMicros", "the log's"]].filter(([key]) => row[key] > 0);
  return named.length === 0 ? [] : [`of which ${named.map(([key, name]) => `${micros(row[key])} ${name}`).join(" and ")}`];
};
const withStore = (row) => [
  range(row),
  ...threads(row),
  ...(row.besideCpuMicros === undefined ? [] : [`and ${micros(row.besideCpuMicros)} in the server`]),
].join(", ");
const latency = (row) => `${milliseconds(row.p50Micros / 1000)} / ${milliseconds(row.p99Micros / 1000)}`;
const valid = (row, text) => (row === undefined ? "-" : row.invalid ? "invalid" : text(row));

// Why rows do not count, once for each reason.
function reasons(named) {
  return [...new Set(named.filter(([, row]) => row?.invalid).map(([name, row]) => `Invalid: ${name} (${row.invalid}).`))];
}

/** What each proxy costs and manages. */
export function printComparison({ targets, skipped, rounds, seconds }, note) {
  const ours = targets.find((target) => target.reference && !target.at[32].invalid)?.at[32].cpuMicros;
  printSection(
    "One case through to a loopback upstream",
    ["through", "which", "CPU a case, 32 connections:", "beside ours:", ...CONNECTIONS.map((count) => `cases/s, ${count}:`), "memory after (RSS):"],
    targets.map(({ name, does, at }) => [
      name, does,
      valid(at[32], withStore),
      valid(at[32], (row) => ratio(row.cpuMicros, ours)),
      ...CONNECTIONS.map((count) => valid(at[count], (row) => integer(row.requestsPerSec))),
      valid(at[256], (row) => mebibytes(row.rssBytes)),
    ]),
    "CPU is user and system time of all processes of the proxy, divided by the cases that reached the upstream; " +
      `${rounds === 1 ? "one round" : `the middle of ${rounds} rounds`} of ${seconds} s for each count of connections${rounds === 1 ? "" : "; in brackets the lowest and the highest"}. ` +
      "Load, proxy and upstream share the machine, so cases/s say what all three manage together.",
    ...skipped.map(({ name, why }) => `Left out: ${name} (${why}).`),
    ...reasons(targets.flatMap(({ name, at }) => Object.values(at).map((row) => [name, row]))),
    ...note,
  );
  printSection(
    "How long a case takes (p50 / p99)",
    ["through", ...CONNECTIONS.map((count) => `${count} connection${count === 1 ? "" : "s"}:`)],
    targets.map(({ name, at }) => [name, ...CONNECTIONS.map((count) => valid(at[count], latency))]),
    "Each connection sends its next case when it has the answer to the last, so at 32 and 256 the time is that of a full machine.",
    ...note,
  );
}

/** What becomes of the store as it fills. */
export function printGrowth(growth, note) {
  if (!growth) return;
  if (growth.skipped) {
    console.log(`### The store as it fills\n\nLeft out: ${growth.skipped}.\n`);
    return;
  }
  printSection(
    "The store as it fills (SQLite)",
    ["submissions:", "file:", "bytes each:", "start:", "1 connection, p50 / p99:", "32 connections, p50 / p99:", "submissions/s, 32:", "log (WAL):", "memory (RSS):"],
    growth.rows.map(({ submissions, fileBytes, startMillis, one, many, walBytes }) => [
      integer(submissions), mebibytes(fileBytes), submissions < 100 ? "-" : integer(fileBytes / submissions), milliseconds(startMillis), valid(one, latency), valid(many, latency),
      valid(many, (row) => integer(row.requestsPerSec)), mebibytes(walBytes), valid(many, (row) => mebibytes(row.rssBytes)),
    ]),
    "Each store is made by the proxy with one submission, filled by bench/proxy/prefill.py, and in the system's memory when it is measured.",
    ...reasons(growth.rows.flatMap(({ submissions, one, many }) => [one, many].map((row) => [`${integer(submissions)} submissions`, row]))),
    ...note,
  );
}

/** The budgets, and whether they are kept. */
export function budgets({ targets }) {
  const [memory, file] = ["memory", "file"].map((store) => targets.find((target) => target.store === store && target.budget));
  const rows = [];
  if (memory) {
    const withoutStore = memory.at[32].cpuMicros - memory.at[32].storeMicros;
    rows.push({ what: "CPU a case, without the store's thread", budget: "under 60 µs", seen: micros(withoutStore), kept: withoutStore < 60, row: memory.at[32] });
  }
  if (file) {
    // Not with the store in memory, which holds every submission of the load.
    rows.push({ what: "memory after the load, SQLite", budget: "under 30 MB", seen: `${(file.at[256].rssBytes / MEGABYTE).toFixed(1)} MB`, kept: file.at[256].rssBytes < 30 * MEGABYTE, row: file.at[256] });
    const best = Math.max(file.at[32].requestsPerSec, file.at[256].requestsPerSec);
    rows.push({ what: "submissions with the durable store", budget: "over 500/s", seen: `${integer(best)}/s`, kept: best > 500, row: file.at[32] });
  }
  return rows.map(({ row, ...budget }) => ({ ...budget, kept: budget.kept && !row.invalid }));
}

export function printBudgets(rows, note) {
  printSection("Budgets", ["what", "budget", "seen", "kept"], rows.map(({ what, budget, seen, kept }) => [what, budget, seen, kept ? "yes" : "**no**"]), ...note);
}
