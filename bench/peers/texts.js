// The English texts of the form, for the peers that are written here. They are those of the widget, so that nobody wins by saying less.
export const FIELDS = [
  { name: "userId", id: "user-id", label: "User ID", hint: "The Wise user the case is about.", required: "Enter the user ID", kind: "id" },
  { name: "transferId", id: "transfer-id", label: "Transfer ID", hint: "If it is about a transfer.", kind: "id" },
  { name: "profileId", id: "profile-id", label: "Profile ID", hint: "If it is about a profile.", kind: "id" },
  {
    name: "subject", id: "subject", label: "Subject", required: "Enter a subject", kind: "line",
    hint: "One line, without personal data: names, e-mail addresses and account numbers belong in the description.",
  },
  {
    name: "description", id: "description", label: "Description", required: "Enter a description", kind: "text",
    hint: "What happened, what should have happened, and what you need from Wise.",
  },
  { name: "externalId", id: "external-id", label: "Your reference", hint: "Your own number for this case, to find it again.", kind: "line" },
];

export const DESCRIPTION_MAX = 65_535;
export const REFERENCE_MAX = 255;

const number = new Intl.NumberFormat("en");

export const TEXTS = {
  digits: (label) => `${label}: enter digits only`,
  range: (label) => `${label}: enter a number from 1 to 9223372036854775807`,
  tooLong: (label, actual, max) =>
    `${label}: shorten the text by ${number.format(actual - max)} characters. It has ${number.format(actual)}, and ${number.format(max)} is the most that Wise keeps`,
  count: (length) => {
    const left = DESCRIPTION_MAX - length;
    if (left < 0) return `${number.format(-left)} characters too many`;
    return length >= DESCRIPTION_MAX * 0.8 ? `${number.format(left)} characters left` : "";
  },
  limit: `At most ${number.format(DESCRIPTION_MAX)} characters.`,
  optional: "(optional)",
  about: "Who and what the case is about",
  type: "Case type",
  typeHint: "What kind of question it is.",
  general: "General enquiry",
  summary: "There is a problem",
  errorPrefix: "Error:",
  submit: "Create case",
  sending: "Creating the case…",
  created: "Case created",
  caseNumber: "Case number",
  another: "Create another case",
  notCreated: "The case was not created",
  notCreatedText: "Your text is kept. Correct it or send it again.",
  unknown: "We cannot tell whether the case was created",
  unknownText: "It was sent, but no clear answer came back. It may have been created. Nothing is sent again by itself, and your text is kept.",
};
