// The form behind engines that only attach a token.
import { execFileSync, spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { listening } from "../chain.mjs";
import { FormPage, DOCUMENTED_REQUEST, expect, test } from "../fixtures.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

// The portal behind the engine: it says who is signed in, and serves the page.
async function startPortal(chain) {
  let signedIn = true;
  const server = createServer((incoming, outgoing) => {
    if (incoming.url.startsWith("/session")) return outgoing.writeHead(signedIn ? 200 : 401).end();
    httpRequest(new URL(incoming.url, chain.url), (answer) => {
      outgoing.writeHead(answer.statusCode, answer.headers);
      answer.pipe(outgoing);
    }).end();
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address();
  return { port, url: `http://127.0.0.1:${port}`, signOut: () => { signedIn = false; }, stop: () => server.close() };
}

// Writes a configuration with its places filled, and returns its path.
async function fill(name, run, values) {
  const template = await readFile(join(ROOT, "deploy/engines", name), "utf8");
  const path = join(run, name);
  await writeFile(path, template.replaceAll(/@([A-Z]+)@/g, (_, place) => values[place]));
  return path;
}

const ENGINES = {
  nginx: {
    program: process.env.NGINX_PROGRAM,
    async prepare({ run, chain, portal, port }) {
      const credentials = join(run, "credentials");
      await writeFile(credentials, 'user = "simulated-client:simulated-secret"\n', { mode: 0o600 });
      execFileSync(join(ROOT, "deploy/engines/refresh-token.sh"), { env: { ...process.env, WISE_URL: chain.simulatorUrl, CREDENTIALS_FILE: credentials, RUN: run } });
      await mkdir(join(run, "body"));
      const config = await fill("nginx.conf", run, {
        RUN: run,
        LISTEN: `127.0.0.1:${port}`,
        WISE: chain.simulatorUrl,
        SESSION: `${portal.url}/session`,
        WIDGET: join(process.env.TARGET_DIR ?? `${ROOT}target`, "widget"),
        REST: `proxy_pass ${portal.url};`,
      });
      return ["-p", run, "-c", config, "-g", "daemon off;"];
    },
  },
  envoy: {
    program: process.env.ENVOY_PROGRAM,
    async prepare({ run, chain, portal, port }) {
      const credentials = join(run, "credentials");
      await writeFile(credentials, `Basic ${btoa("simulated-client:simulated-secret")}`, { mode: 0o600 });
      const wise = new URL(chain.simulatorUrl);
      const config = await fill("envoy.yaml", run, {
        RUN: run,
        LISTENADDRESS: "127.0.0.1",
        LISTENPORT: port,
        WISE: wise.origin,
        WISEHOST: wise.hostname,
        WISEPORT: wise.port,
        PORTALHOST: "127.0.0.1",
        PORTALPORT: portal.port,
        SESSIONPATH: "/session",
        CREDENTIALS: credentials,
      });
      return ["-c", config, "--log-level", "critical", "--disable-hot-restart", "--concurrency", "1"];
    },
  },
};

async function start(name, chain, portal, port) {
  const engine = ENGINES[name];
  const run = await mkdtemp(join(tmpdir(), `partner-case-${name}-`));
  const child = spawn(engine.program, await engine.prepare({ run, chain, portal, port }), { stdio: ["ignore", "ignore", "inherit"] });
  await listening(port, child, name);
  return { stop: async () => { child.kill("SIGTERM"); await new Promise((resolve) => child.once("exit", resolve)); await rm(run, { recursive: true }); } };
}

for (const name of Object.keys(ENGINES)) {
  test(`a case is raised through ${name}, and what it cannot tell is said as such`, async ({ page, chain }) => {
    test.skip(!ENGINES[name].program, `${name} is not installed, and could not be`);
    await chain.forget();
    const portal = await startPortal(chain);
    const port = await chain.freePort();
    const engine = await start(name, chain, portal, port);
    try {
      // Envoy asks for its token by itself; here the simulator counts that call.
      if (name === "envoy") await expect.poll(async () => (await chain.ledger()).counts.token).toBeGreaterThan(0);
      const form = new FormPage(page, `http://127.0.0.1:${port}/`);
      await form.open();
      await form.fillDocumented();
      await form.submit();
      await expect(form.createdTitle).toBeVisible();
      const { cases } = await chain.ledger();
      expect(cases[0].body).toBe(DOCUMENTED_REQUEST);
      expect(cases[0].headerNames.filter((header) => !["connection"].includes(header))).toEqual(["accept", "authorization", "content-length", "content-type", "host"]);

      await form.button("created.another").click();
      await chain.fault({ on: "create", kind: "accept_then_drop" });
      await form.fillDocumented();
      await form.submit();
      await expect(page.locator(".inquiry")).toHaveText(/This portal cannot tell what became of it/);

      await form.open({ draft: "none" });
      portal.signOut();
      await form.fillDocumented();
      await form.submit();
      await expect(form.alert).toContainText("Your session has ended");
      expect((await chain.ledger()).counts.create).toBe(2);
    } finally {
      await engine.stop();
      portal.stop();
    }
  });
}
