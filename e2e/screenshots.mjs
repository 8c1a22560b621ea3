// Pictures of every state, to be looked at: npm run screenshots -- FOLDER
import { chromium } from "@playwright/test";
import { Chain } from "./chain.mjs";
import { FormPage, catalogue } from "./fixtures.mjs";
import { STATES } from "./states.mjs";

const LOOKS = {
  light: { viewport: { width: 1280, height: 900 }, colorScheme: "light" },
  dark: { viewport: { width: 1280, height: 900 }, colorScheme: "dark" },
  narrow: { viewport: { width: 320, height: 800 }, colorScheme: "light" },
  arabic: { viewport: { width: 1280, height: 900 }, colorScheme: "light", language: "ar" },
  "arabic-narrow": { viewport: { width: 320, height: 800 }, colorScheme: "dark", language: "ar" },
  contrast: { viewport: { width: 1280, height: 900 }, forcedColors: "active" },
};

const folder = process.argv[2] ?? "test-results/screenshots";
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic"],
});
const chain = await Chain.start();
try {
  for (const [look, { language = "en", ...options }] of Object.entries(LOOKS)) {
    for (const [state, enter] of Object.entries(STATES)) {
      await chain.forget();
      const page = await browser.newPage({ ...options, locale: "en-GB", timezoneId: "Europe/London" });
      const form = new FormPage(page, chain.url, catalogue(language));
      await form.open({ locale: language });
      await enter(form, chain);
      await page.screenshot({ path: `${folder}/${state}-${look}.png`, fullPage: true });
      await page.close();
    }
  }
} finally {
  await chain.stop();
  await browser.close();
}
