// A day's traffic in short: cases at a steady rate, with everything that befalls them. A case is begun when its time has come, whether or
// not those before it have been answered.
import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { SECRET } from "../proxy/settings.mjs";

const STAFF = 300;

/** How many cases may be under way before the load counts as not kept up with. */
const UNDER_WAY_MAX = 1000;

// What befalls a case, how often in a thousand, and the fault that the simulator is asked for. Calls overlap, so a fault may befall another
// case than the one that asked for it; its kind and number stay the same.
const KINDS = [
  { kind: "rejected by Wise", often: 50, fault: { kind: "rejected" } },
  { kind: "unknown: 503", often: 20, fault: { kind: "server_error", status: 503 } },
  { kind: "unknown: dropped after Wise took it", often: 10, fault: { kind: "accept_then_drop" } },
  { kind: "slow", often: 20, fault: { kind: "slow", millis: 500 } },
  { kind: "a refused token", often: 5, fault: { kind: "unauthorized" } },
  { kind: "not valid", often: 30, change: (body) => ({ ...body, details: {} }) },
  { kind: "sent twice at once", often: 30 },
  { kind: "the browser goes away", often: 20 },
  { kind: "a new connection", often: 50 },
];

/** What may be answered: everything else is an error of the proxy or of this traffic. */
const EXPECTED = new Set(["created", "validation_failed", "upstream_rejected", "outcome_unknown", "submission_in_flight", "gone away"]);

// A case whose token is refused is tried once more. Where a second refusal befalls the same case, it has no access: each takes two.
const NO_ACCESS = "upstream_auth";
const REFUSALS_FOR_NO_ACCESS = 2;
const EXPECTED_OF_READS = new Set([200, 404]);

/** The kinds with their numbers, in words. */
export const MIXTURE = [...KINDS.map(({ kind, often }) => `${often / 10} % ${kind}`), "the rest created", "one in ten looked up afterwards"].join(", ");

export class Traffic {
  // What a stall of the machine makes it open beyond that is closed when it is over, as a portal's server does.
  #agent = new Agent({ keepAlive: true, maxSockets: 128, maxFreeSockets: 16 });
  #port;
  #simulator;
  #random;
  #running = new Set();
  #late = 0;
  #refusals = 0;
  answers = {};
  unexpected = {};
  begun = 0;

  constructor({ port, simulator, seed }) {
    this.#port = port;
    this.#simulator = simulator;
    this.#random = mulberry32(seed);
  }

  get underWay() {
    return this.#running.size;
  }

  /** How many cases were not begun at their time, because too many were under way. */
  get late() {
    return this.#late;
  }

  /** Sends cases for so long, and waits for the last answer. */
  async run({ perSec, seconds }) {
    const start = performance.now();
    for (let count = 0; performance.now() - start < seconds * 1000; ) {
      const due = Math.floor(((performance.now() - start) / 1000) * perSec);
      for (; count < due; count += 1) {
        if (this.#running.size >= UNDER_WAY_MAX) this.#late += 1;
        else this.#begin();
      }
      await sleep(5);
    }
    await Promise.all(this.#running);
    this.#agent.destroy();
  }

  #begin() {
    this.begun += 1;
    const one = this.#one().catch((error) => this.#count(`failed: ${error.message}`, false)).finally(() => this.#running.delete(one));
    this.#running.add(one);
  }

  async #one() {
    const chosen = this.#kind();
    const key = crypto.randomUUID();
    const staff = `agent-${Math.floor(this.#random() * STAFF)}`;
    const transferId = 10_000_000 + Math.floor(this.#random() * 9e7);
    const plain = {
      type: "GENERAL_ENQUIRY", subject: "Transfer has not arrived", details: { userId: 1234, transferId, profileId: 14556049 },
      description: `The transfer has not arrived after five working days. ${"What we have done so far is told below. ".repeat(10)}`,
    };
    const body = JSON.stringify(chosen?.change ? chosen.change(plain) : plain);
    if (chosen?.fault) await this.#fault(chosen.fault);
    const post = (more) => this.#call({ method: "POST", path: "/cases", staff, body, headers: { "idempotency-key": `"${key}"` }, ...more });
    const calls = [post(wayOf(chosen?.kind))];
    if (chosen?.kind === "sent twice at once") calls.push(post());
    for (const answer of await Promise.all(calls)) this.#count(answer.code, this.#isExpected(answer.code), answer);
    if (this.#random() < 0.1 || chosen?.kind.startsWith("unknown")) await this.#lookUp(key, staff, transferId);
  }

  #isExpected(code) {
    if (code !== NO_ACCESS) return EXPECTED.has(code);
    this.#refusals -= REFUSALS_FOR_NO_ACCESS;
    return this.#refusals >= 0;
  }

  // As the form does: what became of it, and what else there is about the transfer.
  async #lookUp(key, staff, transferId) {
    for (const path of [`/submissions/${key}`, `/cases?transferId=${transferId}`]) {
      const { status } = await this.#call({ method: "GET", path, staff });
      this.#count(`look-up ${status}`, EXPECTED_OF_READS.has(status));
    }
  }

  #kind() {
    let at = Math.floor(this.#random() * 1000);
    return KINDS.find(({ often }) => (at -= often) < 0);
  }

  #count(code, expected, answer) {
    this.answers[code] = (this.answers[code] ?? 0) + 1;
    if (!expected) this.unexpected[code] = { times: (this.unexpected[code]?.times ?? 0) + 1, last: answer?.text?.slice(0, 300) };
  }

  async #fault(fault) {
    if (fault.kind === "unauthorized") this.#refusals += 1;
    const answer = await fetch(`${this.#simulator}/_simulator/faults`, {
      method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ on: "create", ...fault }),
    });
    if (!answer.ok) throw new Error(`the simulator does not take a fault: ${answer.status}`);
  }

  #call({ method, path, staff, body, headers = {}, agent = this.#agent, leaveAfter }) {
    return new Promise((resolve, reject) => {
      const outgoing = request({
        host: "127.0.0.1", port: this.#port, method, path: `/partner-cases${path}`, agent,
        headers: {
          ...headers, "x-partner-case-form": "1", "sec-fetch-site": "same-origin", "x-staff-id": staff, "x-portal-secret": SECRET,
          ...(body ? { "content-type": "application/json", "content-length": Buffer.byteLength(body) } : {}),
        },
      });
      let gone = false;
      if (leaveAfter !== undefined) setTimeout(() => { gone = true; outgoing.destroy(); }, leaveAfter);
      outgoing.on("error", (error) => (gone ? resolve({ code: "gone away" }) : reject(error)));
      outgoing.on("response", (incoming) => {
        let text = "";
        incoming.setEncoding("utf8");
        incoming.on("data", (part) => { text += part; });
        incoming.on("error", (error) => (gone ? resolve({ code: "gone away" }) : reject(error)));
        incoming.on("end", () => resolve({ status: incoming.statusCode, text, code: codeOf(incoming.statusCode, text) }));
      });
      outgoing.end(body);
    });
  }
}

// How a call is made where that is what is special about it. A browser that goes away does so while the case is on its way.
function wayOf(kind) {
  if (kind === "the browser goes away") return { leaveAfter: 2, agent: false };
  return kind === "a new connection" ? { agent: false } : {};
}

function codeOf(status, text) {
  if (status === 200) return "created";
  try {
    return JSON.parse(text).code ?? `${status}`;
  } catch {
    return `${status} without a problem`;
  }
}

// The same mixture for the same seed.
function mulberry32(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
