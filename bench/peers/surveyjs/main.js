// The same fields as a SurveyJS survey, in its version without a framework.
import { Model } from "survey-core";
import "survey-js-ui";
import "survey-core/survey-core.fontless.min.css";
import { send } from "../send.js";
import { DESCRIPTION_MAX, FIELDS, REFERENCE_MAX, TEXTS } from "../texts.js";

function element({ name, label, hint, required, kind }) {
  const max = { description: DESCRIPTION_MAX, externalId: REFERENCE_MAX }[name];
  const validators = [];
  if (kind === "id") validators.push({ type: "regex", regex: "^\\s*#?\\s*\\d[\\d\\s]{0,24}$", text: TEXTS.digits(label) });
  if (max) validators.push({ type: "text", maxLength: max, text: `At most ${max} characters` });
  return {
    type: kind === "text" ? "comment" : "text",
    name,
    title: label,
    description: hint,
    isRequired: Boolean(required),
    requiredErrorText: required,
    validators,
    // So that it counts while a person types, as the others do.
    textUpdateMode: kind === "text" ? "onTyping" : "onBlur",
    rows: 8,
  };
}

const survey = new Model({
  completeText: TEXTS.submit,
  showQuestionNumbers: "off",
  focusFirstQuestionAutomatic: false,
  completedHtml: `<h3>${TEXTS.created}</h3>`,
  elements: [
    { type: "dropdown", name: "type", title: TEXTS.type, description: TEXTS.typeHint, isRequired: true, defaultValue: "GENERAL_ENQUIRY", choices: [{ value: "GENERAL_ENQUIRY", text: TEXTS.general }] },
    ...FIELDS.map(element),
  ],
});

// The survey waits for the answer before it says that it is complete.
survey.onCompleting.add(async (sender, options) => {
  const values = { ...sender.data };
  for (const { name, kind } of FIELDS) if (kind === "id" && values[name]) values[name] = String(values[name]).replace(/[#\s]/g, "");
  const { outcome } = await send(values, crypto.randomUUID().replaceAll("-", ""));
  options.allow = outcome === "created";
  if (!options.allow) sender.notify(outcome === "unknown" ? TEXTS.unknown : TEXTS.notCreated, "error");
});

survey.render(document.getElementById("root"));
