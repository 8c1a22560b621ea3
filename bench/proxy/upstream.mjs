// The upstream of all proxies: nginx that answers as Wise does, and counts.
import { Server, freePort } from "./processes.mjs";
import { TOKEN, ensureInstalled, file, fill, folderFor } from "./settings.mjs";

/** Starts one; it must be stopped. */
export async function startUpstream(run) {
  const program = ensureInstalled("nginx", "nginx-light");
  if (!program) throw new Error("nginx is needed as the upstream: install the package nginx-light");
  const port = await freePort();
  const folder = await folderFor(run, "upstream");
  const config = await fill(file("upstream.conf"), folder, { RUN: folder, LISTEN: `127.0.0.1:${port}`, TOKEN });
  const server = await Server.start({
    name: "the upstream", program, args: ["-p", folder, "-c", config, "-g", "daemon off;"], port, log: `${folder}/log`,
  });
  let asked = 0;
  return {
    host: "127.0.0.1",
    port,
    url: `http://127.0.0.1:${port}`,
    /** How many requests it has had, this question left out. */
    async requests() {
      const text = await (await fetch(`http://127.0.0.1:${port}/status`)).text();
      asked += 1;
      return Number(/^\s*\d+\s+\d+\s+(\d+)/m.exec(text)[1]) - asked;
    },
    server,
    stop: () => server.stop(),
  };
}
