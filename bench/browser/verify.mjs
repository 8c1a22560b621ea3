// Whether each form does what its row says: it refuses an empty form, sends a right one, and tells how that went. One that does not is no peer.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { launch, newContext, openSite } from "./chromium.mjs";
import { ROOT } from "./workspace.mjs";

// The example of Wise's documentation, with a user id that a JavaScript number cannot hold.
const VALUES = { "User ID": "9007199254740993", "Transfer ID": "58 114 690", "Profile ID": "14556049", "Subject": "Inquiry about Transfer 12345", "Description": "Initial summary of the issue", "Your reference": "partner_external_id_12345" };
const EXPECTED = {
  type: "GENERAL_ENQUIRY", subject: VALUES.Subject, description: VALUES.Description, externalId: VALUES["Your reference"],
  details: { transferId: 58114690, profileId: 14556049, userId: 0 },
};

const SUBMIT = /^(Create case|Send again|I have checked, send it again)$/;

async function fillAndSend(page) {
  for (const [label, value] of Object.entries(VALUES)) await page.getByRole("textbox", { name: new RegExp(`^${label}`) }).first().fill(value);
  await page.getByRole("button", { name: SUBMIT }).first().click();
}

function sameCase(body) {
  // The big id is compared as text, for this program is JavaScript, too.
  if (!/"userId":9007199254740993\b/.test(body)) throw new Error(`the id was not sent whole: ${body}`);
  const { type, subject, description, externalId, details } = JSON.parse(body.replace("9007199254740993", "0"));
  if (JSON.stringify({ type, subject, description, externalId, details }) !== JSON.stringify(EXPECTED)) throw new Error(`another case was sent: ${body}`);
}

const told = (page, text) => page.getByText(text).filter({ visible: true }).first().waitFor({ timeout: 10_000 });

async function drive(context, server, site, folder) {
  const open = () => openSite(context, server, site, "subject", {});
  server.state.cases.length = 0;
  server.state.answer = "created";
  let { page } = await open();
  await page.screenshot({ path: join(folder, `${site.name}.png`) });
  await page.getByRole("button", { name: SUBMIT }).first().click();
  await told(page, /Enter the user ID|User ID is required/);
  if (server.state.cases.length) throw new Error("an empty form was sent");
  await page.screenshot({ path: join(folder, `${site.name}-errors.png`), fullPage: true });
  await fillAndSend(page);
  await told(page, /Case created/);
  sameCase(server.state.cases[0]);
  await page.screenshot({ path: join(folder, `${site.name}-created.png`) });
  await page.close();
  for (const [answer, words] of [["reject", /The case was not created/], ["drop", /We cannot tell whether the case was created/]]) {
    server.state.answer = answer;
    ({ page } = await open());
    await fillAndSend(page);
    await told(page, words);
    await page.close();
  }
}

/** Drives each form once; the answer maps the names of those that fail to why. Screenshots go to target/bench/screenshots. */
export async function verify(server, sites, say) {
  const folder = join(ROOT, "target", "bench", "screenshots");
  mkdirSync(folder, { recursive: true });
  const browser = await launch();
  const failed = {};
  for (const name of ["ours", "react", "react-mini", "vanilla", "surveyjs", "formio"]) {
    const site = sites[name];
    if (!site) continue;
    const context = await newContext(browser);
    context.setDefaultTimeout(10_000);
    try {
      await drive(context, server, site, folder);
    } catch (error) {
      failed[name] = error.message.split("\n").slice(0, 2).join(" ");
      say(`${site.title} does not do what it should: ${failed[name]}`);
    } finally {
      await context.close();
    }
  }
  server.state.answer = "created";
  await browser.close();
  return failed;
}
