// The servers of a measurement: started, watched through /proc, and ended with everything they have started.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { openSync, closeSync, readFileSync, readdirSync } from "node:fs";
import { connect, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const TICKS_PER_SEC = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));

/** The grain of the CPU times in /proc. */
export const TICK_MICROS = 1e6 / TICKS_PER_SEC;

// Below the ports that the system gives out to connections: the load itself would take one of those now and then.
let nextPort = Number(process.env.BENCH_PORT ?? 22_000);

/** A port that nobody listens on. */
export async function freePort() {
  for (;;) {
    const port = nextPort;
    nextPort += 1;
    const server = createServer();
    const free = await new Promise((resolve) => {
      server.once("error", () => resolve(false));
      server.listen(port, "127.0.0.1", () => resolve(true));
    });
    if (free) {
      server.close();
      await once(server, "close");
      return port;
    }
  }
}

const running = new Set();

// However the benchmark ends, nothing it has started is left behind.
process.on("exit", () => { for (const server of running) server.killNow(); });
for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143]]) process.on(signal, () => process.exit(code));

/** A server, with all the processes that it consists of. */
export class Server {
  #child;
  #log;

  /** Starts it and waits until it takes connections. What it says goes into the file `log`. */
  static async start({ program, args, env = {}, cwd, port, log, name = program }) {
    const server = new Server();
    server.#log = log;
    const file = openSync(log, "a");
    server.#child = spawn(program, args, { cwd, env: { ...environment(), ...env }, stdio: ["ignore", file, file] });
    closeSync(file);
    running.add(server);
    let error;
    server.#child.once("error", (caught) => { error = caught; });
    const started = performance.now();
    while (!(await canConnect(port))) {
      if (error || server.hasEnded || performance.now() - started > 120_000) {
        await server.stop();
        throw new Error(`${name} does not listen on ${port}: ${error?.message ?? server.lastWords()}`);
      }
      await sleep(5);
    }
    server.startedInMillis = performance.now() - started;
    return server;
  }

  get hasEnded() {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** The end of what it said. */
  lastWords() {
    return readFileSync(this.#log, "utf8").trim().split("\n").slice(-3).join(" ").slice(-600);
  }

  get pid() {
    return this.#child.pid;
  }

  /** What it has used and holds, over all its processes. */
  usage() {
    return usageOf(this.pid);
  }

  async stop() {
    running.delete(this);
    if (!this.#child.pid || this.hasEnded) return;
    const exited = once(this.#child, "exit");
    this.#child.kill("SIGTERM");
    const patience = setTimeout(() => this.killNow(), 45_000);
    await exited;
    clearTimeout(patience);
  }

  killNow() {
    if (!this.#child.pid || this.hasEnded) return;
    for (const pid of tree(this.#child.pid).reverse()) {
      // It may have ended by itself meanwhile.
      try { process.kill(pid, "SIGKILL"); } catch { /* gone */ }
    }
  }
}

// Whatever else is configured in this shell, the proxy of a measurement has what the measurement gives it.
function environment() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("PARTNER_CASE_PROXY_")));
}

function canConnect(port) {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => { socket.destroy(); resolve(true); });
    socket.once("error", () => resolve(false));
  });
}

// The fields of /proc/PID/stat after the name, which may hold anything. The first is field 3 of proc(5).
function stat(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}

/** A process and all that descend from it, the eldest first. */
export function tree(root) {
  const children = new Map();
  for (const name of readdirSync("/proc")) {
    const fields = /^\d+$/.test(name) ? stat(name) : undefined;
    if (fields) children.set(Number(fields[1]), [...(children.get(Number(fields[1])) ?? []), Number(name)]);
  }
  const found = [root];
  for (let at = 0; at < found.length; at += 1) found.push(...(children.get(found[at]) ?? []));
  return found;
}

/** CPU time of a process's threads of one name. The name is cut to 15 characters, as the kernel keeps it. */
export function cpuOfThreads(pid, name) {
  let cpuMicros = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    try {
      if (readFileSync(`/proc/${pid}/task/${thread}/comm`, "utf8").trim() !== name) continue;
      const fields = stat(`${pid}/task/${thread}`);
      cpuMicros += (Number(fields[11]) + Number(fields[12])) * TICK_MICROS;
    } catch {
      // A thread that has just ended.
    }
  }
  return cpuMicros;
}

/** CPU time since the start (of ended threads, too), memory, threads and open files of a process and its descendants. */
export function usageOf(root) {
  const total = { cpuMicros: 0, rssBytes: 0, peakRssBytes: 0, threads: 0, files: 0, processes: 0 };
  for (const pid of tree(root)) {
    const fields = stat(pid);
    if (!fields) continue;
    total.cpuMicros += (Number(fields[11]) + Number(fields[12])) * TICK_MICROS;
    total.threads += Number(fields[17]);
    total.processes += 1;
    try {
      const status = readFileSync(`/proc/${pid}/status`, "utf8");
      const kib = (name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);
      total.rssBytes += kib("VmRSS") * 1024;
      total.peakRssBytes += kib("VmHWM") * 1024;
      total.files += readdirSync(`/proc/${pid}/fd`).length;
    } catch {
      // It has just ended.
    }
  }
  return total;
}
