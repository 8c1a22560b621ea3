// The personal-data guard, natively and as wasm, side by side: `node bench/guard/guard.mjs NATIVE-PROGRAM WASM [--out FILE]`.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { machine, table } from "../report.mjs";

const [program, wasm, , out] = process.argv.slice(2);
const native = JSON.parse(execFileSync(program, { encoding: "utf8" }));
const { instance } = await WebAssembly.instantiate(readFileSync(wasm));
const { prepare, check } = instance.exports;

// The median of eleven rounds, after enough of them for the engine's optimizing compiler.
function microseconds(length) {
  prepare(length);
  const times = Math.min(20_000, Math.max(3, Math.floor(2_000_000 / length)));
  for (let round = 0; round < 3; round += 1) check(times);
  const rounds = Array.from({ length: 11 }, () => {
    const start = performance.now();
    check(times);
    return ((performance.now() - start) * 1000) / times;
  });
  return rounds.sort((a, b) => a - b)[5];
}

const rows = Object.entries(native).map(([length, nativeUs]) => ({ length: Number(length), nativeUs, wasmUs: microseconds(Number(length)) }));
const printed = rows.map(({ length, nativeUs, wasmUs }) => [
  length.toLocaleString("en"), nativeUs.toFixed(1), wasmUs.toFixed(1), `${(wasmUs / nativeUs).toFixed(1)}x`, ((wasmUs * 1000) / length).toFixed(0),
]);
console.log(table(["characters", "native, us", "wasm, us", "wasm to native", "wasm, ns a character"], printed));
if (out) {
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, `${JSON.stringify({ machine: machine(), rows }, null, 2)}\n`);
}
