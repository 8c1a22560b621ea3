// Journeys in the Chromium that is installed. `cargo xtask test` sets CHROMIUM, HEADLESS_CHROMIUM and TARGET_DIR.
import { defineConfig } from "@playwright/test";

const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // No page here lives long enough for a second, optimising compilation of its wasm to pay: that takes a seventh of the time of all end-to-end tests.
  "--js-flags=--liftoff-only",
];

/** The browser with its windows, for what the one without them does not do. */
export const BROWSER = process.env.CHROMIUM ?? "/usr/bin/chromium";

export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  // The snapshots for screen readers lie in one folder, a file for each state.
  snapshotPathTemplate: "aria/{arg}{ext}",
  // Each worker has a chain of its own: portal, proxy, simulator.
  workers: 2,
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  // A port that was free may be taken a moment later, and a busy machine may stall: one more try. A journey that needed it is listed as
  // flaky, which is a fault to be found, not weather.
  retries: 1,
  // Generous, for a busy machine: a journey waits for what a person sees, not for a time.
  timeout: 90_000,
  expect: { timeout: 20_000 },
  reporter: [["list"]],
  use: {
    // The same browser without its windows takes half the time.
    launchOptions: { executablePath: process.env.HEADLESS_CHROMIUM ?? BROWSER, args: ARGS },
    locale: "en-GB",
    timezoneId: "Europe/London",
    screenshot: "only-on-failure",
  },
});
