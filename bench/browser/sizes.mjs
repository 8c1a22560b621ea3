// Bytes on the wire of what a browser loads before the form can be used.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { integer, median, printSection, ratio } from "../report.mjs";
import { compressed } from "./server.mjs";
import { FIRST_LOAD, LAZY, WIDGET } from "./sites.mjs";

// What a row contains, in words. What is not in our form, and in a peer, is said as well.
const ROWS = [
  { name: "react", title: "React + react-hook-form + Zod: the same form", has: "the same fields, rules, error summary, count, outcomes" },
  { name: "react-mini", title: "the same with Zod mini", has: "the same" },
  { name: "react-alone", title: "React and react-dom alone", has: "one text field, nothing of the form" },
  { name: "vanilla", title: "the same form by hand", has: "as the React form: the floor" },
  { name: "sentry", title: "Sentry feedback with a client", has: "dialog for name, e-mail and message; screenshots; light and dark" },
  { name: "sentry-dialog", title: "Sentry feedback without its SDK", has: "the dialog alone, for a page that has the SDK" },
  { name: "formbricks", title: "Formbricks surveys", has: "a renderer of surveys from JSON; no styles beside it" },
  { name: "surveyjs", title: "SurveyJS (survey-core, survey-js-ui)", has: "a renderer of surveys from JSON, many field types, branching" },
  { name: "formio", title: "Form.io (renderer alone)", has: "a renderer of forms from JSON, many field types, wizards" },
];

const OURS = "the form, all rules, personal-data guard, drafts, receipts, outcomes that are followed; styles and English";
const OURS_FIRST = "the form that is seen and typed into; styles and English";

const FEATURES = {
  columns: ["form", "rules", "error summary", "count to 65,535", "ids of 64 bits", "outcome not known", "personal-data guard", "drafts", "languages", "styles kept apart"],
  rows: [
    ["Partner Case Form", "yes", "yes", "yes", "yes", "told and followed", "yes", "memory, tab, browser", "23, a file each", "shadow root"],
    ["React form", "yes", "yes", "yes", "yes, by our code", "told", "no", "no", "1", "no"],
    ["by hand", "yes", "yes", "yes", "yes", "told", "no", "no", "1", "no"],
    ["Sentry feedback", "required alone", "no", "no", "-", "told after 30 s", "no", "no", "texts are options", "shadow root"],
    ["Formbricks surveys", "yes", "no", "no", "-", "no", "no", "a queue in its SDK", "texts of the survey", "prefix"],
    ["SurveyJS", "yes", "no", "limit alone", "yes, by our code", "by our code", "no", "by code", "over 50, in other files", "no"],
    ["Form.io", "yes", "yes", "yes", "yes, by our code", "by our code", "no", "on its server", "others by code", "no"],
  ],
};

function bytes(folder, names) {
  const total = { plain: 0, gzip: 0, brotli: 0 };
  for (const name of names) {
    const path = join(folder, name);
    total.plain += readFileSync(path).length;
    total.gzip += compressed(path, ".gz").length;
    total.brotli += compressed(path, ".br").length;
  }
  return total;
}

const built = (folder) => readdirSync(folder).filter((name) => /\.(js|css)$/.test(name));

/** The sizes of ours and of each peer that was built. */
export function measureSizes(peers) {
  const rows = [{ name: "ours", title: "Partner Case Form", has: LAZY.length ? OURS_FIRST : OURS, ...bytes(WIDGET, FIRST_LOAD) }];
  if (LAZY.length) rows.push({ name: "ours-all", title: "the same with what follows the first paint", has: OURS, ...bytes(WIDGET, [...FIRST_LOAD, ...LAZY]) });
  const skipped = [];
  for (const row of ROWS) {
    const { folder, versions, skipped: why } = peers[row.name] ?? { skipped: "it was not built" };
    if (folder) rows.push({ ...row, versions, ...bytes(folder, built(folder)) });
    else skipped.push(`${row.title}: ${why}`);
  }
  const locales = join(WIDGET, "locales");
  const languages = existsSync(locales) ? readdirSync(locales).filter((name) => name.endsWith(".json")) : [];
  const perLanguage = languages.map((name) => compressed(join(locales, name), ".br").length);
  return { rows, skipped, parts: [...FIRST_LOAD, ...LAZY].map((name) => ({ name, ...bytes(WIDGET, [name]) })), languageMedian: median(perLanguage) };
}

export function printSizes({ rows, skipped, parts, languageMedian }) {
  const ours = rows[0].brotli;
  const written = (versions = {}) => Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(", ");
  const rest = [
    `Bytes; brotli 11 and gzip 9. Ours: ${parts.map(({ name, brotli }) => `${name} ${integer(brotli)}`).join(", ")}. Another language is one more file of about ${integer(languageMedian)} B in brotli.`,
    ...skipped.map((why) => `Left out: ${why}.`),
  ];
  printSection("First load", ["form", "plain:", "gzip:", "brotli:", "to ours:", "what it is", "versions"],
    rows.map(({ title, plain, gzip, brotli, has, versions }) => [title, integer(plain), integer(gzip), integer(brotli), ratio(brotli, ours), has, written(versions)]), ...rest);
  printSection("What is in it", FEATURES.columns, FEATURES.rows,
    "A general renderer takes any form from JSON, which ours does not; Sentry takes screenshots, which ours does not.");
}
