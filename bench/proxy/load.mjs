// The load: wrk with a case for each request, and what a server used for it.
import { execFile } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { SECRET, file, installed } from "./settings.mjs";
import { TICK_MICROS, cpuOfThreads } from "./processes.mjs";

const run = promisify(execFile);

// The threads of our proxy that do one thing: the store in SQLite (proxy/src/store/sqlite.rs), the audit trail (proxy/src/audit/writer.rs) and the
// log (proxy/src/logging.rs).
const THREADS = { store: "submissions", audit: "audit", log: "log" };

// How often the upstream must have had nothing new, and how far apart, until nothing is under way any more.
const STILL_CHECKS = 3;
const STILL_MILLIS = 60;

// How often a case is tried before a proxy counts as one that raises none.
const PROBES = 10;
const PROBE_PAUSE_MILLIS = 500;

// A number that no other run of wrk has had: the keys of the submissions are made from it.
let nextRun = Math.floor(Date.now() / 1000) % 0x7fff0000;

/** Sends cases over `connections` for `seconds`, each connection waiting for its answer before it sends the next. */
export async function send({ port, connections, seconds, path = "/partner-cases/cases", token }) {
  nextRun += 1;
  const { stdout } = await run(installed("wrk"), [
    "--threads", "1", "--connections", String(connections), "--duration", `${seconds}s`, "--timeout", "10s", "--script", file("wrk.lua"),
    `http://127.0.0.1:${port}`, "--", String(nextRun), SECRET, path, ...(token ? [token] : []),
  ], { maxBuffer: 1 << 24 });
  const result = /^RESULT (.*)$/m.exec(stdout);
  if (!result) throw new Error(`wrk says nothing of its result: ${stdout.slice(-500)}`);
  return JSON.parse(result[1]);
}

/** Sends cases to a server, and tells what they cost it and how long they took. */
export async function measure({ target, upstream, connections, seconds }) {
  const { server, beside } = target;
  // What a warm-up has left under way is not of this row.
  const counted = await settled(upstream);
  const threadsCpu = () => Object.fromEntries(Object.entries(THREADS).map(([what, name]) => [what, cpuOfThreads(server.pid, name)]));
  const [before, beforeBeside, beforeThreads] = [server.usage(), beside?.usage(), threadsCpu()];
  const sent = await send({ ...target, connections, seconds });
  const served = (await settled(upstream)) - counted;
  const [after, afterBeside, afterThreads] = [server.usage(), beside?.usage(), threadsCpu()];
  const row = {
    connections,
    seconds: sent.micros / 1e6,
    requests: sent.requests,
    served,
    errors: sent.errors,
    requestsPerSec: sent.requests / (sent.micros / 1e6),
    cpuMicros: (after.cpuMicros - before.cpuMicros) / served,
    storeMicros: (afterThreads.store - beforeThreads.store) / served,
    auditMicros: (afterThreads.audit - beforeThreads.audit) / served,
    logMicros: (afterThreads.log - beforeThreads.log) / served,
    // The CPU times in /proc are whole ticks: by so much a number may be off.
    cpuGrainMicros: TICK_MICROS / served,
    p50Micros: sent.p50,
    p99Micros: sent.p99,
    maxMicros: sent.max,
    rssBytes: after.rssBytes,
    peakRssBytes: after.peakRssBytes,
  };
  if (beside) row.besideCpuMicros = (afterBeside.cpuMicros - beforeBeside.cpuMicros) / served;
  return { ...row, invalid: whyInvalid(row) };
}

// wrk stops in the middle of what is under way: what still reaches the upstream is waited for, and counted.
async function settled(upstream) {
  let [last, still] = [-1, 0];
  while (still < STILL_CHECKS) {
    await sleep(STILL_MILLIS);
    const now = await upstream.requests();
    still = now === last ? still + 1 : 0;
    last = now;
  }
  return last;
}

/** Why a row does not count: nothing that failed may look fast. */
function whyInvalid({ requests, served, errors, connections }) {
  const failed = Object.entries(errors).filter(([, count]) => count > 0);
  if (failed.length) return failed.map(([kind, count]) => `${count} ${kind === "status" ? "not answered with 2xx" : `${kind} errors`}`).join(", ");
  if (requests < connections) return `only ${requests} answers over ${connections} connections`;
  // wrk counts an answer of 3xx as good, but that never got to the upstream. The last request of each connection may not have been waited
  // for, and a token may have been fetched.
  if (served < requests || served > requests + connections + 1) return `${requests} answers, but ${served} calls at the upstream`;
  return undefined;
}

/** Sends one case and looks at the answer: what is measured afterwards is to be a case that was raised. Envoy listens before it has a token. */
export async function probe(port) {
  for (let tries = 1; ; tries += 1) {
    const { status, text } = await raise(port);
    if (status === 200 && JSON.parse(text).id === 123456789) return;
    if (tries === PROBES) throw new Error(`a case is answered with ${status}: ${text.trim().slice(0, 200)}`);
    await sleep(PROBE_PAUSE_MILLIS);
  }
}

async function raise(port) {
  const answer = await fetch(`http://127.0.0.1:${port}/partner-cases/cases`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "idempotency-key": `"${crypto.randomUUID()}"`,
      "x-partner-case-form": "1",
      "x-staff-id": "agent-7",
      "x-portal-secret": SECRET,
      "sec-fetch-site": "same-origin",
    },
    body: JSON.stringify({ type: "GENERAL_ENQUIRY", subject: "Inquiry", details: { userId: 1234, transferId: 58114690 }, description: "Text" }),
  });
  return { status: answer.status, text: await answer.text() };
}
