// The pictures of the documents, taken anew from the gallery and the demo portal: npm run pictures
import { chromium, expect } from "@playwright/test";
import { mkdir, stat, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { PNG } from "pngjs";
import { Chain } from "./chain.mjs";
import { Film } from "./film.mjs";
import { FormPage } from "./fixtures.mjs";

const FOLDER = fileURLToPath(new URL("../docs/images/", import.meta.url));

// The form is then as wide as it gets, with room around it.
const VIEWPORT = { width: 784, height: 900 };
const READER = { locale: "en-GB", timezoneId: "Europe/London" };

// What a reader of a picture sees of addresses and times is the same in each run.
const ORIGIN = "https://portal.example.com";
const NOW = "2026-11-23T10:24:00Z";

// Text and flat colours are smallest without a filter.
const shrink = (png) => PNG.sync.write(PNG.sync.read(png), { colorType: 2, deflateLevel: 9, deflateStrategy: 0, filterType: 0 });

// States of the gallery. `seen` is there once the state is reached; `until` is where the picture ends, if not with the form.
const STATES = {
  "arabic.png": { state: "invalid", locale: "ar", theme: "light", seen: "[part=error-summary]", until: ".subject" },
  "outcome_unknown.png": { state: "outcome_unknown", theme: "dark", seen: ".inquiry:text('not known yet')", until: ".about" },
  "created.png": { state: "created", theme: "light", seen: "[part=receipt]:has-text('Open: Wise')" },
  "rejected.png": { state: "rejected", theme: "light", seen: "[part=error-summary]", until: ".about" },
  "personal_data.png": { state: "personal_data", theme: "light", seen: "mark", from: ".subject", until: "[part=subject-guard]" },
  "load_error.png": { state: "load_error", theme: "light", seen: "[part=load-error]" },
};

async function takeState(browser, url, name, { state, theme, locale = "en", seen, from = "partner-case-form", until = "partner-case-form" }) {
  const page = await browser.newPage({ viewport: VIEWPORT, ...READER });
  await page.clock.setFixedTime(NOW);
  await page.route(`${ORIGIN}/**`, async (route) => {
    const response = await route.fetch({ url: route.request().url().replace(`${ORIGIN}/`, url) });
    await route.fulfill({ response });
  });
  await page.goto(`${ORIGIN}/demo/gallery_form.html?${new URLSearchParams({ state, theme, locale })}`);
  await expect(page.locator(seen).first()).toBeVisible();
  const top = await page.locator(from).first().boundingBox();
  const bottom = await page.locator(until).first().boundingBox();
  // Less than half of what is between two fields, so that nothing of their neighbours is in the picture.
  const y = Math.max(0, top.y - (from === "partner-case-form" ? 24 : 10));
  const end = bottom.y + bottom.height + (until === "partner-case-form" ? 24 : 10);
  const png = await page.screenshot({ fullPage: true, clip: { x: 0, y, width: VIEWPORT.width, height: end - y } });
  await writeFile(FOLDER + name, shrink(png));
  await page.close();
}

const SUBJECT = "Refund to someone@example.com is late";
const DESCRIPTION = "The money was sent back four working days ago and has not arrived.";

// The portal with a case behind it and the next one begun: the form, what the portal heard, what Wise received.
async function takePortal(browser, chain) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 1060 }, ...READER });
  const form = new FormPage(page, chain.url);
  await form.open();
  await form.fillDocumented({ subject: "Payout of transfer 58114690 has not arrived", description: DESCRIPTION });
  await form.submit();
  await expect(form.createdTitle).toBeVisible();
  await form.button("created.another").click();
  await form.fill({ subject: SUBJECT });
  await expect(page.locator("mark")).toBeVisible();
  await expect(page.locator("#received")).toContainText("Payout of transfer");
  // Nothing is pointed at.
  await page.mouse.move(0, 0);
  await page.evaluate(() => scrollTo(0, 0));
  await writeFile(`${FOLDER}demo.png`, shrink(await page.screenshot()));
  await page.close();
}

async function film(browser, chain) {
  const page = await browser.newPage({ viewport: { width: 800, height: 800 }, ...READER });
  const form = new FormPage(page, chain.url);
  await form.open({ "hidden-fields": "type user-id transfer-id profile-id external-id" });
  await page.locator(".case").evaluate((card) => {
    // Only the form is filmed; and the page stays where it is, though the receipt is shorter.
    document.querySelector(".log").hidden = true;
    document.body.style.minBlockSize = "300vh";
    card.scrollIntoView();
  });
  const box = await page.locator(".case").boundingBox();
  const film = new Film(page, { x: box.x, y: box.y, width: box.width, height: 760 });
  await form.fields.subject.click();
  await film.pointAt(600, 90);
  await film.show(700);
  await film.type(form.fields.subject, SUBJECT, 2, 90);
  await expect(page.locator("mark")).toBeVisible();
  await film.show(1500);
  await film.press(form.button("guard.move"));
  await expect(page.locator("mark")).toHaveCount(0);
  await film.show(1200);
  await form.fields.description.press("ControlOrMeta+End");
  await film.type(form.fields.description, `\n${DESCRIPTION}`, 5, 70);
  await film.show(500);
  await chain.fault({ on: "create", kind: "slow", millis: 900 });
  await film.press(form.submitButton);
  await film.show(700);
  await expect(form.createdTitle).toBeVisible();
  await film.show(2500);
  await writeFile(`${FOLDER}filing_a_case.gif`, await film.toGif());
  console.log(`filing_a_case.gif: ${film.seconds.toFixed(1)} s`);
  await page.close();
}

await mkdir(FOLDER, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic"],
});
const chain = await Chain.start();
try {
  for (const [name, picture] of Object.entries(STATES)) await takeState(browser, chain.url, name, picture);
  await takePortal(browser, chain);
  await film(browser, chain);
  for (const name of [...Object.keys(STATES), "demo.png", "filing_a_case.gif"]) {
    console.log(`${name}: ${Math.ceil((await stat(FOLDER + name)).size / 1024)} KB`);
  }
} finally {
  await chain.stop();
  await browser.close();
}
