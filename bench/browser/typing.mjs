// One keystroke in the description, from the key to the frame that shows it; a paste of the longest text; and leaving the field.
import { milliseconds, printSection, ratio, summary } from "../report.mjs";
import { FRAMES_AT_ONCE, launch, newContext, openSite, sleep } from "./chromium.mjs";

const SITES = ["ours", "ours-session", "textarea", "react", "vanilla", "surveyjs", "formio"];
const LIMIT = 65_535;

/** How much the field holds before the first keystroke. The third stays below the limit, the last goes over it with each keystroke. */
export const LENGTHS = [0, 10_000, LIMIT - 400, LIMIT];

/** Prose in paragraphs, of an exact length. */
export function prose(length) {
  const words = "the transfer was sent on Monday and has not arrived yet so the customer asks where it is and when it will come".split(" ");
  let text = "";
  for (let word = 0; text.length < length; word += 1) text += words[(word * 7) % words.length] + (word % 60 === 59 ? ".\n\n" : " ");
  return text.slice(0, length);
}

// In the page: the time from the key to the frame after what it did, and how much of it passed from the input event on.
function watch() {
  let key;
  window.bench.keys = [];
  const note = async (event) => {
    if (key === undefined || event.composedPath()[0] !== window.bench.find("description")) return;
    const pressed = key;
    const begun = performance.now();
    key = undefined;
    const shown = await window.bench.shown();
    window.bench.keys.push({ total: shown - pressed, handled: shown - begun });
  };
  addEventListener("keydown", (event) => { key = event.timeStamp; }, true);
  addEventListener("input", note, true);
  // Where the focus stays within a shadow root, nobody outside hears of it.
  if (location.pathname !== "/blank") window.bench.appeared("description").then((field) => field.addEventListener("blur", note));
}

const told = (page, count) => page.waitForFunction((wanted) => window.bench.keys.length >= wanted, count, { polling: 20, timeout: 60_000 });

const copy = (page, text) => page.evaluate((text) => navigator.clipboard.writeText(text), text);

/** Puts a text into the description, as a person who pastes it, and waits until everything has settled. The page needs the clipboard. */
export async function fill(page, text) {
  await copy(page, text);
  await page.evaluate(() => {
    const field = window.bench.find("description");
    field.focus();
    field.select();
  });
  await page.keyboard.press(text ? "Control+V" : "Delete");
  const fits = await page.waitForFunction((length) => window.bench.find("description").value.length === length, text.length, { timeout: 30_000 });
  await fits.dispose();
  // The draft is kept, the count announced: what comes once after a change is over.
  await sleep(1500);
}

async function type(page, cdp, count) {
  await page.evaluate(() => { window.bench.keys.length = 0; });
  const busy = [];
  let before = await mainThread(cdp);
  for (let nth = 0; nth < count; nth += 1) {
    await page.keyboard.press(nth % 6 === 5 ? "Space" : "abcdefghij"[nth % 10]);
    // As a fast typist, and never in step with what happens at intervals.
    await sleep(30 + ((nth * 37) % 50));
    const after = await mainThread(cdp);
    busy.push(after - before);
    before = after;
  }
  await told(page, count);
  const keys = await page.evaluate(() => window.bench.keys);
  return { total: summary(keys.map(({ total }) => total)), handled: summary(keys.map(({ handled }) => handled)), busy: summary(busy) };
}

// How long the page's main thread has computed, in milliseconds: what else the machine does leaves it alone.
async function mainThread(cdp) {
  const { metrics } = await cdp.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "TaskDuration").value * 1000;
}

async function paste(page, text, count) {
  const pasted = [];
  const left = [];
  for (let nth = 0; nth < count; nth += 1) {
    await fill(page, "");
    await copy(page, text);
    await page.evaluate(() => { window.bench.keys.length = 0; });
    await page.keyboard.press("Control+V");
    await told(page, 1);
    const { length } = await page.evaluate(() => window.bench.find("description").value);
    if (length !== text.length) throw new Error(`${length} characters were pasted instead of ${text.length}`);
    await sleep(1000);
    await page.keyboard.press("Tab");
    await told(page, 2);
    const [input, blur] = await page.evaluate(() => window.bench.keys);
    pasted.push(input.total);
    left.push(blur.total);
  }
  return { paste: summary(pasted), leave: summary(left) };
}

/** Each site has one page for each CPU speed. */
export async function measureTyping(server, sites, { keystrokes, pastes, cpus, lengths = LENGTHS, only = SITES, say }) {
  const chosen = only.map((name) => sites[name]).filter(Boolean);
  const results = [];
  const failed = {};
  for (const cpu of cpus) {
    for (const site of chosen) {
      // A browser of its own: no draft of one form is there for the next.
      const browser = await launch(FRAMES_AT_ONCE);
      try {
        const context = await newContext(browser, { permissions: ["clipboard-read", "clipboard-write"] });
        const { page, cdp } = await openSite(context, server, site, "description", { cpu, prepare: watch });
        await page.bringToFront();
        await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
        const typed = {};
        for (const length of lengths) {
          await fill(page, prose(length));
          await type(page, cdp, Math.min(10, keystrokes));
          typed[length] = await type(page, cdp, keystrokes);
        }
        results.push({ cpu, name: site.name, title: site.title, typed, ...await paste(page, prose(LIMIT), pastes) });
        say(`typing, CPU ${cpu}x, ${site.title}: done`);
      } catch (error) {
        failed[site.title] = error.message.split("\n")[0];
        say(`typing, CPU ${cpu}x, ${site.title}: ${failed[site.title]}`);
      } finally {
        await browser.close();
      }
    }
  }
  return { results, failed, lengths };
}

/** Two tables for each CPU speed, with a column for each length, and one for the paste. */
export function printTyping({ results, failed, lengths }) {
  const columns = lengths.map((length) => `${length.toLocaleString("en-GB")} characters${length === LIMIT ? " and over" : ""}:`);
  for (const cpu of new Set(results.map((result) => result.cpu))) {
    const rows = results.filter((result) => result.cpu === cpu);
    const bare = rows.find(({ name }) => name === "textarea");
    const cells = (what) => rows.map(({ title, typed }) => [title, ...lengths.map((length) => {
      const { p50, p99 } = typed[length][what];
      return `${milliseconds(p50)}, ${milliseconds(p99)} (${ratio(p50, bare?.typed[length][what].p50)}, ${ratio(p99, bare?.typed[length][what].p99)})`;
    })]);
    const keys = rows[0].typed[lengths[0]].total.n;
    printSection(`A keystroke in the description, CPU ${cpu}x: p50, p99 (to a bare textarea)`, ["form", ...columns], cells("total"),
      `From the key to the frame after it; ${keys} keys each. With ${LIMIT.toLocaleString("en-GB")} characters each further one is over the limit.`);
    printSection(`What a keystroke makes the main thread compute, CPU ${cpu}x: p50, p99 (to a bare textarea)`, ["form", ...columns], cells("busy"),
      "From one key to the next, in the time of the thread, with all that is done at intervals: what else the machine does is not in it.");
    printSection(`Pasting ${LIMIT.toLocaleString("en-GB")} characters, and leaving the field with them, CPU ${cpu}x`, ["form", "paste, median:", "spread:", "to a bare textarea:", "leave, median:", "times:"],
      rows.map(({ title, paste, leave }) => [title, milliseconds(paste.p50), `${milliseconds(paste.min)} to ${milliseconds(paste.max)}`,
        ratio(paste.p50, bare?.paste.p50), milliseconds(leave.p50), paste.n]));
  }
  for (const [title, why] of Object.entries(failed)) console.log(`Left out: ${title} (${why})\n`);
}
