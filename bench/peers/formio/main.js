// The same fields as a Form.io form, by its renderer without the builder.
import { Formio } from "@formio/js/dist/formio.form.min.js";
import "@formio/js/dist/formio.form.min.css";
import { send } from "../send.js";
import { DESCRIPTION_MAX, FIELDS, REFERENCE_MAX, TEXTS } from "../texts.js";

function component({ name, label, hint, required, kind }) {
  const max = { description: DESCRIPTION_MAX, externalId: REFERENCE_MAX }[name];
  return {
    type: kind === "text" ? "textarea" : "textfield",
    key: name,
    label,
    description: hint,
    input: true,
    rows: kind === "text" ? 8 : undefined,
    showCharCount: kind === "text",
    validate: {
      required: Boolean(required),
      ...(kind === "id" && { pattern: "\\s*#?\\s*\\d[\\d\\s]{0,24}", customMessage: required ?? TEXTS.digits(label) }),
      ...(max && { maxLength: max }),
    },
  };
}

const components = [
  { type: "select", key: "type", label: TEXTS.type, description: TEXTS.typeHint, input: true, widget: "html5", defaultValue: "GENERAL_ENQUIRY", data: { values: [{ value: "GENERAL_ENQUIRY", label: TEXTS.general }] } },
  ...FIELDS.map(component),
  { type: "button", key: "submit", action: "submit", label: TEXTS.submit, input: true },
];

const target = document.getElementById("root");
const form = await Formio.createForm(target, { components }, { noAlerts: false });
form.nosubmit = true;
form.on("submit", async ({ data }) => {
  const values = { ...data };
  for (const { name, kind } of FIELDS) if (kind === "id" && values[name]) values[name] = String(values[name]).replace(/[#\s]/g, "");
  const { outcome, id } = await send(values, crypto.randomUUID().replaceAll("-", ""));
  const words = { created: `${TEXTS.created}: ${id}`, unknown: TEXTS.unknown, "not-created": TEXTS.notCreated }[outcome];
  form.setAlert(outcome === "created" ? "success" : "danger", words);
});
