// How the store's file and the time for a case grow with what is in it.
import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { measure, probe, send } from "./load.mjs";
import { inFile, startOurs } from "./ours.mjs";
import { file, folderFor, installed } from "./settings.mjs";

const size = (path) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** Measures with stores of so many submissions, each made anew. */
export async function measureGrowth({ run, upstream, sizes, seconds, say }) {
  if (!installed("python3")) return { skipped: "python3 is not there, which fills the store" };
  const rows = [];
  for (const submissions of sizes) {
    say(`store of ${submissions.toLocaleString("en-GB")}`);
    rows.push(await measureSize({ run, upstream, submissions, seconds }));
  }
  return { rows };
}

async function measureSize({ run, upstream, submissions, seconds }) {
  const path = join(await folderFor(run, "growth"), "submissions.sqlite");
  const store = inFile(path);
  // The proxy makes the table and notes the first submission, so that the rest is like it.
  const first = await startOurs({ run, upstream, store });
  await probe(first.port);
  await first.stop();
  execFileSync("python3", [file("prefill.py"), path, String(submissions)], { stdio: ["ignore", "ignore", "inherit"] });

  const fileBytes = size(path);
  const target = await startOurs({ run, upstream, store });
  try {
    const startMillis = target.server.startedInMillis;
    await send({ ...target, connections: 32, seconds: 1 });
    const one = await measure({ target, upstream, connections: 1, seconds });
    const many = await measure({ target, upstream, connections: 32, seconds });
    return { submissions, fileBytes, startMillis, one, many, walBytes: size(`${path}-wal`), fileBytesAfter: size(path) };
  } finally {
    await target.stop();
    execFileSync("rm", ["-f", path]);
  }
}
