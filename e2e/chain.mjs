// The real chain on free ports: simulator, proxy and portal, started and stopped by the test.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const TARGET_DIR = process.env.TARGET_DIR ?? `${ROOT}target`;
const SECRET = "a-secret-between-portal-and-proxy-0123456789";

/** The credentials and secrets that no browser may ever see. */
export const SECRETS = ["simulated-secret", SECRET, "Bearer "];

export class Chain {
  #processes = new Map();
  #ports = {};
  #webhooks = false;
  #folder;

  /** With `webhooks`, the simulator tells the proxy of every case; without, an unknown outcome stays unknown. */
  static async start({ webhooks = false } = {}) {
    const chain = new Chain();
    const [portal, proxy, simulator, admin] = await freePorts(4);
    chain.#ports = { portal, proxy, simulator, admin };
    chain.#webhooks = webhooks;
    chain.#folder = await mkdtemp(join(tmpdir(), "partner-case-form-"));
    await chain.startSimulator();
    await chain.startProxy();
    await chain.#spawn("portal", portal, "xtask", [
      "portal", "--listen", `127.0.0.1:${portal}`, "--proxy", `127.0.0.1:${proxy}`, "--simulator", `127.0.0.1:${simulator}`,
    ], { PORTAL_SECRET: SECRET });
    return chain;
  }

  get url() {
    return `http://127.0.0.1:${this.#ports.portal}/`;
  }

  startSimulator() {
    const port = this.#ports.simulator;
    const told = this.#webhooks ? ["--webhook-url", `http://127.0.0.1:${this.#ports.proxy}/partner-cases/webhooks/wise`] : [];
    return this.#spawn("simulator", port, "wise-simulator", ["--listen", `127.0.0.1:${port}`, ...told], {});
  }

  startProxy() {
    const { proxy, simulator, admin } = this.#ports;
    return this.#spawn("proxy", proxy, "partner-case-proxy", ["serve", "--config", `${ROOT}demo/partner-case-proxy.toml`], {
      PARTNER_CASE_PROXY_LISTEN: `127.0.0.1:${proxy}`,
      PARTNER_CASE_PROXY_UPSTREAM_URL: `http://127.0.0.1:${simulator}`,
      PARTNER_CASE_PROXY_WIDGET_DIR: `${TARGET_DIR}/widget`,
      PARTNER_CASE_PROXY_STAFF_SECRET: SECRET,
      // The store outlives a proxy that is killed.
      PARTNER_CASE_PROXY_STORE_PATH: join(this.#folder, "submissions.sqlite"),
      PARTNER_CASE_PROXY_ADMIN_LISTEN: `127.0.0.1:${admin}`,
    });
  }

  /** A port that nobody listens on. */
  async freePort() {
    return (await freePorts(1))[0];
  }

  /** Ends one of the servers as a crash does. */
  async kill(name) {
    const child = this.#processes.get(name);
    this.#processes.delete(name);
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
  }

  async stop() {
    for (const name of [...this.#processes.keys()]) await this.kill(name);
    await rm(this.#folder, { recursive: true });
  }

  /** What the simulator received: counts of the calls, and every case with the exact bytes. */
  async ledger() {
    return (await fetch(`${this.simulatorUrl}/_simulator/ledger`)).json();
  }

  async forget() {
    await fetch(`${this.simulatorUrl}/_simulator/ledger`, { method: "DELETE" });
  }

  fault(fault) {
    return this.#tell("faults", fault);
  }

  /** What the cases created from now on become once they are set up. */
  becomes(status) {
    return this.#tell("becomes", { status });
  }

  /** How events about the cases created from now on are delivered. */
  delivery(delivery) {
    return this.#tell("webhooks", delivery);
  }

  async #tell(what, body) {
    const response = await fetch(`${this.simulatorUrl}/_simulator/${what}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`the simulator does not take ${what}: ${response.status}`);
  }

  get simulatorUrl() {
    return `http://127.0.0.1:${this.#ports.simulator}`;
  }

  async #spawn(name, port, binary, args, env) {
    const child = spawn(`${TARGET_DIR}/debug/${binary}`, args, {
      cwd: ROOT,
      env: { ...process.env, ...env, RUST_LOG: "warn" },
      stdio: ["ignore", "ignore", "inherit"],
    });
    this.#processes.set(name, child);
    await listening(port, child, binary);
  }
}

/** Waits until a server that was just started takes connections. */
export async function listening(port, child, binary) {
  for (let tries = 0; tries < 500; tries += 1) {
    if (child.exitCode !== null) throw new Error(`${binary} ended with ${child.exitCode}`);
    if (await canConnect(port)) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${binary} does not listen on ${port}`);
}

function canConnect(port) {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => { socket.destroy(); resolve(true); });
    socket.once("error", () => resolve(false));
  });
}

// All at once, so that no port is given out twice.
async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
