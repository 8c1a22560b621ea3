// Where things are, and what all servers of a measurement have in common.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const HERE = fileURLToPath(new URL(".", import.meta.url));

/** The token that the upstream gives out and asks for. */
export const TOKEN = "bench-token-0123456789abcdef0123456789abcdef";

/** The secret between portal and proxy. It opens nothing anywhere else. */
export const SECRET = "a-secret-between-portal-and-proxy-0123456789";

/** A file of this folder. */
export const file = (name) => join(HERE, name);

/** One of our programs: the release build, or the debug build with a loud note. */
export function ourProgram(name) {
  const target = resolve(process.env.TARGET_DIR ?? join(ROOT, "target"));
  for (const profile of ["release", "debug"]) {
    const path = join(target, profile, name);
    if (existsSync(path)) return { path, profile };
  }
  throw new Error(`${name} is not built: cargo build --release -p ${name}`);
}

/** What must be said wherever numbers of a debug build are shown. */
export const DEBUG_NOTE = "**Of a debug build: ours is many times slower here than what is shipped. Not a result.**";

/** The full path of an installed program; nothing if it is not there. */
export function installed(name) {
  const folders = [...(process.env.PATH ?? "").split(":"), "/usr/sbin", "/usr/local/sbin"];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** The program of a Debian package, which is installed if that is possible and it is missing. */
export function ensureInstalled(program, packageName) {
  if (!installed(program) && process.getuid?.() === 0 && installed("apt-get")) {
    console.error(`bench: installing ${packageName}`);
    try {
      execFileSync("apt-get", ["install", "--yes", "--quiet", "--no-install-recommends", packageName], {
        stdio: ["ignore", "ignore", "inherit"],
        // A server that is only measured must not be started as a service.
        env: { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" },
      });
    } catch {
      // What counts is whether it is there.
    }
  }
  return installed(program);
}

/** An empty folder for one server, below the folder of the run. */
export async function folderFor(run, name) {
  const folder = await mkdtemp(join(run, `${name.replaceAll(/[^a-z0-9]+/gi, "-")}-`));
  // The workers of nginx and PostgreSQL run as users of their own where the benchmark runs as root.
  await chmod(folder, 0o777);
  return folder;
}

/** Writes a configuration with its places filled into `folder`, and returns its path. */
export async function fill(path, folder, values) {
  const template = await readFile(path, "utf8");
  const filled = template.replaceAll(/@([A-Z]+)@/g, (_, place) => {
    if (values[place] === undefined) throw new Error(`${path}: nothing for @${place}@`);
    return values[place];
  });
  await mkdir(join(folder, "body"), { recursive: true, mode: 0o777 });
  const written = join(folder, basename(path));
  await writeFile(written, filled);
  return written;
}
