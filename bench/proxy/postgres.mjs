// A PostgreSQL server of the benchmark's own, with the settings it comes with: what is committed is on the disk.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { freePort, usageOf } from "./processes.mjs";
import { folderFor, installed } from "./settings.mjs";

/** The folder with `initdb` and `pg_ctl`. Debian keeps it out of the PATH, one for each version. */
export function postgresPrograms() {
  const found = installed("initdb");
  if (found) return found.slice(0, found.lastIndexOf("/"));
  const root = "/usr/lib/postgresql";
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(a) - Number(b)) : [];
  return versions.map((version) => `${root}/${version}/bin`).filter((bin) => existsSync(`${bin}/initdb`)).pop();
}

/** Starts a server with an empty database; it must be stopped. */
export async function startPostgres() {
  const bin = postgresPrograms();
  // Not below the folder of the run: the server's own user may not be let into that.
  const [port, folder] = [await freePort(), await folderFor(tmpdir(), "partner-case-bench-postgres")];
  const data = `${folder}/data`;
  // The server refuses root.
  const asUser = process.getuid() === 0 ? ["runuser", "-u", "postgres", "--"] : [];
  const call = (program, ...args) => {
    const [first, ...rest] = [...asUser, `${bin}/${program}`, ...args];
    execFileSync(first, rest, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  };
  call("initdb", "-D", data, "-A", "trust", "-U", "proxy");
  call("pg_ctl", "start", "-w", "-D", data, "-l", `${folder}/log`, "-o", `-p ${port} -c listen_addresses=127.0.0.1 -k ${folder}`);
  const pid = Number(readFileSync(`${data}/postmaster.pid`, "utf8").split("\n")[0]);
  const stop = () => {
    call("pg_ctl", "stop", "-m", "immediate", "-D", data);
    rmSync(folder, { recursive: true });
  };
  process.once("exit", onExit);
  // Where the benchmark is broken off.
  function onExit() {
    try { stop(); } catch { /* stopped already */ }
  }
  return {
    url: `postgres://proxy@127.0.0.1:${port}/postgres`,
    usage: () => usageOf(pid),
    folder,
    stop: async () => { process.removeListener("exit", onExit); stop(); },
  };
}
