// The place where the peers are installed and built: `target/bench-peers`, with a copy of the sources, so that they find their packages there.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const BENCH = join(dirname(fileURLToPath(import.meta.url)), "..");
export const ROOT = join(BENCH, "..");
export const WORKSPACE = join(ROOT, "target", "bench-peers");
const FILES = ["package.json", "package-lock.json"];

/** What is built by Vite. Sentry's dialog alone leaves out the packages that an SDK on the page has already. */
const BUILDS = {
  "react": { entry: "react/main.jsx", packages: ["react", "react-hook-form", "zod"], alias: { rules: "react/schema.js" } },
  "react-mini": { entry: "react/main.jsx", packages: ["react", "react-hook-form", "zod"], alias: { rules: "react/schema-mini.js" } },
  "react-alone": { entry: "react-alone/main.jsx", packages: ["react"] },
  "vanilla": { entry: "vanilla/main.js", packages: [] },
  "textarea": { entry: "textarea/main.js", packages: [] },
  "surveyjs": { entry: "surveyjs/main.js", packages: ["survey-core", "survey-js-ui"] },
  "formio": { entry: "formio/main.js", packages: ["@formio/js"] },
  "formbricks": { entry: "formbricks/main.js", packages: ["@formbricks/surveys"] },
  "sentry": { entry: "sentry/main.js", packages: ["@sentry/browser"] },
  "sentry-dialog": { entry: "sentry/dialog.js", packages: ["@sentry/feedback"], external: [/^@sentry\/core/] },
};

const digest = (...paths) => {
  const hash = createHash("sha256");
  for (const path of paths) hash.update(readFileSync(path));
  return hash.digest("hex");
};

/** Installs exactly what the lock file names, once. A peer that cannot be had is left out, as npm does with optional packages. */
export function install(say) {
  mkdirSync(WORKSPACE, { recursive: true });
  const wanted = digest(...FILES.map((name) => join(BENCH, name)));
  const stamp = join(WORKSPACE, "node_modules", ".installed");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  say("installing the peers (npm ci)");
  for (const name of FILES) cpSync(join(BENCH, name), join(WORKSPACE, name));
  const { status } = spawnSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: WORKSPACE, stdio: ["ignore", 2, 2] });
  if (status !== 0) throw new Error("npm ci failed: what the benchmark itself needs could not be installed");
  writeFileSync(stamp, wanted);
}

const resolve = (name) => createRequire(join(WORKSPACE, "package.json")).resolve(name);

/** A package of the workspace, as a module. */
export const load = async (name) => import(pathToFileURL(resolve(name)));

/** The version of an installed package; nothing if it is not there. */
export function installed(name) {
  try {
    return JSON.parse(readFileSync(join(WORKSPACE, "node_modules", name, "package.json"), "utf8")).version;
  } catch {
    return undefined;
  }
}

const builtFolder = (name) => join(WORKSPACE, "built", name);

async function buildOne(vite, name, { entry, alias = {}, external = [] }) {
  const sources = join(WORKSPACE, "peers");
  const outDir = builtFolder(name);
  rmSync(outDir, { recursive: true, force: true });
  await vite.build({
    root: sources,
    configFile: false,
    logLevel: "error",
    define: { __SENTRY_DEBUG__: "false", __SENTRY_TRACING__: "false", __DEBUG_BUILD__: "false" },
    resolve: { alias: Object.fromEntries(Object.entries(alias).map(([from, to]) => [from, join(sources, to)])) },
    oxc: { jsx: { runtime: "automatic", development: false } },
    build: {
      outDir,
      emptyOutDir: true,
      // Fonts and pictures are no part of the figures: those of the widget are the system's.
      assetsInlineLimit: 0,
      cssCodeSplit: false,
      reportCompressedSize: false,
      chunkSizeWarningLimit: 10_000,
      rolldownOptions: {
        external,
        input: join(sources, entry),
        preserveEntrySignatures: "exports-only",
        output: { entryFileNames: "main.js", assetFileNames: "[name][extname]", codeSplitting: false },
      },
    },
  });
}

/** Builds every peer whose packages are there. The answer maps names to the folder, or to why there is none. */
export async function build(say) {
  const source = join(BENCH, "peers");
  const copy = join(WORKSPACE, "peers");
  rmSync(copy, { recursive: true, force: true });
  cpSync(source, copy, { recursive: true });
  process.env.NODE_ENV = "production";
  const vite = await load("vite");
  const result = {};
  for (const [name, peer] of Object.entries(BUILDS)) {
    const missing = peer.packages.filter((packageName) => !installed(packageName));
    if (missing.length) {
      result[name] = { skipped: `${missing.join(", ")} could not be installed` };
      continue;
    }
    try {
      say(`building ${name}`);
      await buildOne(vite, name, peer);
      const versions = Object.fromEntries(peer.packages.map((packageName) => [packageName, installed(packageName)]));
      result[name] = { folder: builtFolder(name), versions };
    } catch (error) {
      result[name] = { skipped: `its build failed: ${error.message.split("\n")[0]}` };
    }
  }
  return result;
}
