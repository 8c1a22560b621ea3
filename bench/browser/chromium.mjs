// The browser, and what is done with it in every part of the benchmark.
import { load } from "./workspace.mjs";

const EXECUTABLE = process.env.CHROMIUM ?? "/usr/bin/chromium";

const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--js-flags=--expose-gc",
];

/** A frame as soon as there is something to show: without it every figure is rounded up to the next sixtieth of a second. */
export const FRAMES_AT_ONCE = ["--disable-gpu-vsync", "--disable-frame-rate-limit"];

const LOCALE = { locale: "en-GB", timezoneId: "Europe/London", viewport: { width: 1280, height: 1400 } };

const chromium = async () => (await load("playwright-core")).default.chromium;

export const launch = async (args = []) => (await chromium()).launch({ executablePath: EXECUTABLE, args: [...ARGS, ...args] });

/** A browser with a profile on disk, so that its caches are those of a person's browser. */
export const launchWithProfile = async (folder) => (await chromium()).launchPersistentContext(folder, { executablePath: EXECUTABLE, args: ARGS, ...LOCALE });

export const newContext = (browser, options = {}) => browser.newContext({ ...LOCALE, ...options });

export const SLOW_NETWORK = { latency: 150, downloadThroughput: 1_600_000 / 8, uploadThroughput: 750_000 / 8 };

/** A page with the finder in it, and the tools' connection to it. */
export async function openPage(context, server, site, { cpu = 1, network, prepare } = {}) {
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await page.addInitScript(installFinder, { host: site?.host, subject: site?.subject, description: site?.description });
  if (prepare) await page.addInitScript(prepare);
  // The site's own process, and a connection that is open already.
  await page.goto(`${server.url}/blank`);
  if (cpu > 1) await cdp.send("Emulation.setCPUThrottlingRate", { rate: cpu });
  await cdp.send("Network.enable");
  if (network) await cdp.send("Network.emulateNetworkConditions", { offline: false, ...network });
  return { page, cdp };
}

/** Goes to a site and waits until its field `name` is there; the field has the focus then. */
export async function openSite(context, server, site, name, options) {
  const { page, cdp } = await openPage(context, server, site, options);
  await page.goto(`${server.url}/${site.name}/`, { waitUntil: "commit" });
  await page.evaluate((field) => window.bench.appeared(field).then(() => {}), name);
  return { page, cdp };
}

// In the page: finds a field, within a shadow root where there is one, as soon as a person could type into it.
function installFinder(selectors) {
  const root = () => (selectors.host ? document.querySelector(selectors.host)?.shadowRoot : document);
  const find = (name) => root()?.querySelector(selectors[name]);
  const usable = (field) => field && !field.disabled && !field.readOnly && field.offsetHeight > 0;
  const appeared = (name) => new Promise((resolve, reject) => {
    const look = () => {
      const field = find(name);
      if (performance.now() > 30_000) return reject(new Error(`no field for the ${name} after half a minute`));
      if (!usable(field)) return setTimeout(look, 1);
      field.focus();
      resolve(field);
    };
    look();
  });
  // After the frame that shows what was done before this call.
  const shown = () => new Promise((resolve) => {
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => resolve(performance.now());
      channel.port2.postMessage(undefined);
    });
  });
  window.bench = { find, appeared, shown };
}

export const sleep = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });
