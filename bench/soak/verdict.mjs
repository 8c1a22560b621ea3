// Whether anything grows that must not: the first third of a soak beside the last.
import { integer, mebibytes, median, printSection } from "../report.mjs";

const MEBIBYTE = 2 ** 20;

/** A shorter run tells what is answered wrongly, and nothing about growth. */
const SHORTEST_SECONDS = 600;

/** What is watched, and by how much the last third may be above the first. */
const WATCHED = [
  { name: "memory (RSS)", of: "rssBytes", show: mebibytes, factor: 1.05, more: 2 * MEBIBYTE, said: "5 % and 2 MiB" },
  { name: "open files", of: "files", show: integer, factor: 1, more: 10, said: "10" },
  { name: "threads", of: "threads", show: integer, factor: 1, more: 2, said: "2" },
  { name: "log of the store (WAL)", of: "walBytes", show: mebibytes, factor: 1.1, more: MEBIBYTE, said: "10 % and 1 MiB" },
];

/** Compares the thirds of what came after the warm-up, and what is left when nobody asks any more. */
export function verdict({ samples, perSec, seconds, warmUpSeconds, before, after, unexpected, late }) {
  // More than a second's cases under way: the disk or the CPU was somebody else's, and connections pile up until it is back.
  const stalled = samples.filter(({ underWay }) => underWay > perSec);
  const counted = samples.filter((sample) => sample.atSeconds >= warmUpSeconds && sample.atSeconds <= seconds + 1 && !stalled.includes(sample));
  const third = Math.floor(counted.length / 3);
  const watched = WATCHED.map(({ name, of, factor, more }) => {
    const middle = (part) => median(part.map((sample) => sample[of]));
    const [first, last] = third ? [middle(counted.slice(0, third)), middle(counted.slice(-third))] : [NaN, NaN];
    return { name, of, first, last, highest: Math.max(...samples.map((sample) => sample[of])), allowed: first * factor + more, kept: last <= first * factor + more };
  });
  const rest = {
    files: { before: before.files, after: after.files, kept: after.files <= before.files + 5 },
    unexpected: { kinds: Object.keys(unexpected).length, kept: Object.keys(unexpected).length === 0 },
    ready: { times: samples.filter(({ ready }) => !ready).length, kept: samples.every(({ ready }) => ready) },
  };
  const right = Object.values(rest).every(({ kept }) => kept);
  const still = watched.every(({ kept }) => kept);
  // What a stall has left behind in the allocator is not told from a leak, and neither is what a short run fills up at its beginning.
  const told = seconds >= SHORTEST_SECONDS && third >= 2 && late === 0 && (still || !stalled.length);
  const outcome = !right || (told && !still) ? "grows" : told ? "still" : "none";
  return { watched, rest, late, stalled: stalled.length, samples: counted.length, outcome };
}

const VERDICTS = { still: "nothing grows", grows: "something is wrong, see above", none: "none: less than ten minutes, or the machine did not keep up with the load" };

const yes = (kept) => (kept ? "yes" : "**no**");

export function printSoak({ samples, minutes, perSec, result, answers, unexpected, mixture, bytesPerSubmission, build }, note) {
  printSection(
    `Soak: ${minutes} minutes at ${perSec} cases/s`,
    ["minute:", "cases:", "memory (RSS):", "open files:", "threads:", "CPU:", "store:", "log (WAL):", "under way:", "simulator (RSS):"],
    thinned(samples).map((sample) => [
      (sample.atSeconds / 60).toFixed(1), integer(sample.begun), mebibytes(sample.rssBytes), sample.files, sample.threads,
      `${(sample.cpuShare * 100).toFixed(0)} %`, mebibytes(sample.storeBytes), mebibytes(sample.walBytes), sample.underWay, mebibytes(sample.simulatorRssBytes),
    ]),
    `The mixture: ${mixture}. Wise's two events about each case come over connections of their own.`,
    `A submission takes ${integer(bytesPerSubmission)} bytes of the store's file.`,
    ...note,
  );
  printSection("What was answered", ["answer", "times:"], Object.entries(answers).sort((a, b) => b[1] - a[1]).map(([code, times]) => [code, integer(times)]));
  const { watched, rest } = result;
  printSection(
    "Does anything grow?",
    ["what", "first third:", "last third:", "highest:", "allowed:", "kept"],
    watched.map(({ name, of, first, last, highest, allowed, kept }) => {
      const { show } = WATCHED.find((one) => one.of === of);
      return [name, show(first), show(last), show(highest), show(allowed), yes(kept)];
    }),
    `Allowed above the first third: ${WATCHED.map(({ name, said }) => `${said} of ${name}`).join(", ")}. The middle of each third is compared, without the warm-up.`,
    `Open files before the load ${rest.files.before}, and when it had ended and idle connections were closed ${rest.files.after}: ${rest.files.kept ? "nothing is left open" : "**something is left open**"}.`,
    `Answers that were not expected: ${rest.unexpected.kinds ? Object.entries(unexpected).map(([code, { times, last }]) => `${code} ${times} times (${last ?? "no answer"})`).join("; ") : "none"}.`,
    `Cases that were not begun at their time: ${integer(result.late)}. Samples at which the machine had stalled, and which are not compared: ${result.stalled}. ` +
      `Samples at which the proxy was not ready: ${rest.ready.times}.`,
    `**Verdict (${build} build): ${VERDICTS[result.outcome]}.**`,
  );
}

// At most some twenty lines, the first and the last among them.
function thinned(samples) {
  const step = Math.max(1, Math.ceil(samples.length / 20));
  return samples.filter((_, index) => index % step === 0 || index === samples.length - 1);
}
