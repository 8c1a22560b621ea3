// partner-case-proxy, with each kind of store.
import { Server, freePort } from "./processes.mjs";
import { ROOT, SECRET, file, folderFor, ourProgram } from "./settings.mjs";

const STORE_KEY = "a-key-of-the-store-of-a-benchmark-0123456789";

/** The store in memory: the same steps and the same SQL, and nothing on a disk. The file name is SQLite's own. */
export const IN_MEMORY = { PARTNER_CASE_PROXY_STORE_PATH: ":memory:" };

/** The default, on the disk that the folder is on. */
export const inFile = (path) => ({ PARTNER_CASE_PROXY_STORE_PATH: path });

/** A database shared by several proxies. */
export const inPostgres = (url) => ({ PARTNER_CASE_PROXY_STORE_POSTGRES_URL: url });

/** Starts a proxy. Its log goes into a file, as behind any supervisor. */
export async function startOurs({ run, upstream, store, log = "info", port: chosen }) {
  const [port, admin] = [chosen ?? (await freePort()), await freePort()];
  const folder = await folderFor(run, "ours");
  const server = await Server.start({
    name: "partner-case-proxy",
    program: ourProgram("partner-case-proxy").path,
    args: ["serve", "--config", file("partner-case-proxy.toml")],
    cwd: ROOT,
    port,
    log: `${folder}/log`,
    env: {
      PARTNER_CASE_PROXY_LISTEN: `127.0.0.1:${port}`,
      PARTNER_CASE_PROXY_ADMIN_LISTEN: `127.0.0.1:${admin}`,
      PARTNER_CASE_PROXY_UPSTREAM_URL: upstream.url,
      PARTNER_CASE_PROXY_STAFF_SECRET: SECRET,
      PARTNER_CASE_PROXY_STORE_KEY: STORE_KEY,
      // A file of its own, so that the two lines of each case are not in the log.
      PARTNER_CASE_PROXY_AUDIT_FILE: `${folder}/audit`,
      RUST_LOG: log,
      ...store,
    },
  });
  return { server, port, admin, stop: () => server.stop() };
}
