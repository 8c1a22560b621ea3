// The disk that the store is on: a submission waits for it more than once.
import { execFileSync } from "node:child_process";
import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { percentile } from "../report.mjs";

const WRITES = 200;

/** The kind of the file system, and how long it takes to have 4 KiB on the disk. */
export function measureDisk(folder) {
  const path = join(folder, "sync");
  const handle = openSync(path, "w");
  const block = Buffer.alloc(4096, 1);
  const times = Array.from({ length: WRITES }, () => {
    const start = performance.now();
    writeSync(handle, block);
    fdatasyncSync(handle);
    return (performance.now() - start) * 1000;
  });
  closeSync(handle);
  rmSync(path);
  return {
    fileSystem: execFileSync("stat", ["--file-system", "--format", "%T", folder], { encoding: "utf8" }).trim(),
    syncP50Micros: percentile(times, 50),
    syncP99Micros: percentile(times, 99),
  };
}
