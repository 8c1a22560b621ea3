// The forms that are compared: where their files are, how they get onto a page, and where their fields are found.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./workspace.mjs";

export const WIDGET = join(process.env.TARGET_DIR ?? join(ROOT, "target"), "widget");

/** The widget's first load, as xtask/src/size.rs has it: styles and English are inside the wasm. */
export const FIRST_LOAD = ["partner-case-form.js", "partner_case_form.js", "partner_case_form_bg.wasm"];

/** What follows after the first paint, where the wasm is cut in two. */
export const LAZY = ["partner_case_form_lazy.wasm"].filter((name) => existsSync(join(WIDGET, name)));

const OWN = "/partner-cases/widget/";

// As in examples/plain: the two files that the loader asks for next.
const PRELOADS = [
  `<link rel="modulepreload" href="${OWN}partner_case_form.js">`,
  `<link rel="preload" as="fetch" type="application/wasm" crossorigin href="${OWN}partner_case_form_bg.wasm">`,
];

const OWN_SCRIPT = `<script type="module" src="${OWN}partner-case-form.js"></script>`;

function own(attributes = "", head = PRELOADS) {
  const body = `<partner-case-form endpoint="/partner-cases" ${attributes}></partner-case-form>`;
  return { folder: WIDGET, base: OWN, head: [...head, OWN_SCRIPT].join("\n"), body, host: "partner-case-form", subject: "#subject", description: "#description" };
}

function peer(name, built, fields = {}) {
  const { folder } = built[name] ?? {};
  if (!folder) return undefined;
  const base = `/files/${name}/`;
  const style = existsSync(join(folder, "style.css")) ? `<link rel="stylesheet" href="${base}style.css">\n` : "";
  return {
    folder, base, head: `${style}<script type="module" src="${base}main.js"></script>`, body: '<div id="root"></div>',
    subject: "#subject", description: "#description", ...fields,
  };
}

/** All sites by name. `built` is what `build` of workspace.mjs answers. */
export function sites(built) {
  const all = {
    "ours": { title: "Partner Case Form", ...own() },
    "ours-bare": { title: "the same, without the page's preload lines", ...own("", []) },
    "ours-session": { title: 'the same, draft="session"', ...own('draft="session" draft-scope="agent-7"') },
    "ours-local": { title: 'the same, draft="local"', ...own('draft="local" draft-scope="agent-7"') },
    "react": { title: "React + react-hook-form + Zod", ...peer("react", built) },
    "react-mini": { title: "React + react-hook-form + Zod mini", ...peer("react-mini", built) },
    "vanilla": { title: "by hand", ...peer("vanilla", built) },
    "textarea": { title: "a bare textarea", ...peer("textarea", built, { subject: undefined }) },
    "surveyjs": { title: "SurveyJS", ...peer("surveyjs", built, { subject: '[data-name="subject"] input', description: '[data-name="description"] textarea' }) },
    "formio": { title: "Form.io", ...peer("formio", built, { subject: 'input[name="data[subject]"]', description: 'textarea[name="data[description]"]' }) },
  };
  return Object.fromEntries(Object.entries(all).filter(([, site]) => site.folder).map(([name, site]) => [name, { name, ...site }]));
}
