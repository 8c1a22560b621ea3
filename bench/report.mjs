// What both halves of the benchmark share: the machine they ran on, percentiles, tables and the file they write.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import os from "node:os";
import { dirname } from "node:path";

/** What a program prints when asked for its version, in one line; nothing if it is not there. */
export function versionOf(program, ...args) {
  try {
    const out = execFileSync(program, args.length ? args : ["--version"], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], timeout: 20_000 });
    return out.trim().split("\n")[0].trim();
  } catch {
    return undefined;
  }
}

/** The machine, as it is now. `programs` are further versions, such as `{ chromium: "Chromium 149" }`. */
export function machine(programs = {}) {
  const cpus = os.cpus();
  return {
    date: new Date().toISOString(),
    cpu: cpus[0]?.model.trim() || "unknown",
    cores: cpus.length,
    memoryGiB: Math.round((os.totalmem() / 2 ** 30) * 10) / 10,
    freeMemoryGiB: Math.round((os.freemem() / 2 ** 30) * 10) / 10,
    // What else was under way: the averages of 1, 5 and 15 minutes.
    load: os.loadavg().map((load) => Math.round(load * 100) / 100),
    kernel: `${os.type()} ${os.release()} ${os.arch()}`,
    node: process.version,
    ...programs,
  };
}

/** The machine in one line of Markdown. */
export function machineLine(machine) {
  const { date, cpu, cores, memoryGiB, freeMemoryGiB: _, load, kernel, node, ...programs } = machine;
  const more = Object.entries(programs).filter(([, version]) => version).map(([name, version]) => (version.toLowerCase().includes(name.toLowerCase()) ? version : `${name} ${version}`));
  return [`${date.slice(0, 16).replace("T", " ")} UTC`, `${cpu}, ${cores} cores, ${memoryGiB} GiB`, `load ${load.join(" ")}`, kernel, `Node ${node}`, ...more].join("; ");
}

/** The nearest-rank percentile: always a value that was measured. `p` is from 0 to 100. */
export function percentile(samples, p) {
  if (!samples.length) return NaN;
  const sorted = Float64Array.from(samples).sort();
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil((p / 100) * sorted.length) - 1))];
}

/** The usual numbers of a list of samples. */
export function summary(samples) {
  const at = (p) => percentile(samples, p);
  return { n: samples.length, min: at(0), p50: at(50), p90: at(90), p99: at(99), max: at(100) };
}

export const median = (samples) => percentile(samples, 50);

// Three significant digits, with thousands apart.
function short(number) {
  if (!Number.isFinite(number)) return "-";
  if (number === 0) return "0";
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(number))));
  return number.toLocaleString("en-GB", { maximumFractionDigits: Math.min(digits, 3) });
}

export const integer = (number) => (Number.isFinite(number) ? Math.round(number).toLocaleString("en-GB") : "-");
export const milliseconds = (number) => (Number.isFinite(number) ? `${short(number)} ms` : "-");
export const bytes = (number) => (Number.isFinite(number) ? `${integer(number)} B` : "-");
export const mebibytes = (number) => (Number.isFinite(number) ? `${short(number / 2 ** 20)} MiB` : "-");

/** How much of ours a peer's number is: "0.42x". */
export const ratio = (number, ours) => (Number.isFinite(number) && ours > 0 ? `${(number / ours).toFixed(2)}x` : "-");

/** A Markdown table. `columns` are headings; a heading that ends in ":" stands on the right, as numbers do. Rows are lists of cells. */
export function table(columns, rows) {
  const cell = (value) => String(value ?? "-").replaceAll("|", "\\|").replaceAll("\n", " ");
  const line = (cells) => `| ${cells.map(cell).join(" | ")} |`;
  const rule = `|${columns.map((column) => (column.endsWith(":") ? "--:" : "---")).join("|")}|`;
  return [line(columns.map((column) => column.replace(/:$/, ""))), rule, ...rows.map(line)].join("\n");
}

/** Prints a section: a heading, a table, and what is to be said about it. */
export function printSection(title, columns, rows, ...notes) {
  console.log([`### ${title}`, "", table(columns, rows), ...notes.flatMap((note) => ["", note]), ""].join("\n"));
}

/** Writes the whole report as JSON. */
export function writeJson(path, report) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(report, undefined, 2)}\n`);
}
