// The form behind an engine that only attaches a token.
import { execFileSync, spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { listening } from "../chain.mjs";
import { FormPage, DOCUMENTED_REQUEST, expect, test } from "../fixtures.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const NGINX = process.env.NGINX_PROGRAM;

// The portal behind nginx: it says who is signed in, and serves the page.
async function startPortal(chain) {
  let signedIn = true;
  const server = createServer((incoming, outgoing) => {
    if (incoming.url === "/session") return outgoing.writeHead(signedIn ? 204 : 401).end();
    httpRequest(new URL(incoming.url, chain.url), (answer) => {
      outgoing.writeHead(answer.statusCode, answer.headers);
      answer.pipe(outgoing);
    }).end();
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  return { url: `http://127.0.0.1:${server.address().port}`, signOut: () => { signedIn = false; }, stop: () => server.close() };
}

async function startNginx(chain, portal, port) {
  const run = await mkdtemp(join(tmpdir(), "partner-case-nginx-"));
  const credentials = join(run, "credentials");
  await writeFile(credentials, 'user = "simulated-client:simulated-secret"\n', { mode: 0o600 });
  execFileSync(join(ROOT, "deploy/engines/refresh-token.sh"), { env: { ...process.env, WISE_URL: chain.simulatorUrl, CREDENTIALS_FILE: credentials, RUN: run } });
  const values = { RUN: run, LISTEN: `127.0.0.1:${port}`, WISE: chain.simulatorUrl, SESSION: `${portal.url}/session`, WIDGET: join(process.env.TARGET_DIR ?? `${ROOT}target`, "widget"), REST: `proxy_pass ${portal.url};` };
  const template = await readFile(join(ROOT, "deploy/engines/nginx.conf"), "utf8");
  await mkdir(join(run, "body"), { recursive: true });
  await writeFile(join(run, "nginx.conf"), template.replaceAll(/@([A-Z]+)@/g, (_, name) => values[name]));
  const child = spawn(NGINX, ["-p", run, "-c", join(run, "nginx.conf"), "-g", "daemon off;"], { stdio: ["ignore", "ignore", "inherit"] });
  await listening(port, child, "nginx");
  return { stop: async () => { child.kill("SIGTERM"); await new Promise((resolve) => child.once("exit", resolve)); await rm(run, { recursive: true }); } };
}

test("a case is raised through nginx, and what nginx cannot tell is said as such", async ({ page, chain }) => {
  test.skip(!NGINX, "nginx is not installed, and could not be");
  await chain.forget();
  const portal = await startPortal(chain);
  const port = await chain.freePort();
  const nginx = await startNginx(chain, portal, port);
  try {
    const form = new FormPage(page, `http://127.0.0.1:${port}/`);
    await form.open();
    await form.fillDocumented();
    await form.submit();
    await expect(form.createdTitle).toBeVisible();
    const { cases } = await chain.ledger();
    expect(cases[0].body).toBe(DOCUMENTED_REQUEST);
    expect(cases[0].headerNames).not.toContain("cookie");
    expect(cases[0].headerNames).not.toContain("idempotency-key");

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
    await nginx.stop();
    portal.stop();
  }
});
