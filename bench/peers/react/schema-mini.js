// The rules in Zod's smaller dialect.
import * as z from "zod/mini";
import { DESCRIPTION_MAX, FIELDS, REFERENCE_MAX, TEXTS } from "../texts.js";

const MAX_ID = 2n ** 63n - 1n;
const [USER, TRANSFER, PROFILE, SUBJECT, DESCRIPTION, REFERENCE] = FIELDS;

const trimmed = z.transform((text) => text.trim());

const id = ({ label, required }) => z.pipe(
  z.pipe(z.string(), z.transform((text) => text.trim().replace(/^#/, "").replace(/[\s\u00a0]/g, ""))),
  z.string().check((context) => {
    const text = context.value;
    const say = (message) => { context.issues.push({ code: "custom", message, input: text }); };
    if (!text) return required ? say(required) : undefined;
    if (!/^\d+$/.test(text)) return say(TEXTS.digits(label));
    if (BigInt(text) < 1n || BigInt(text) > MAX_ID) say(TEXTS.range(label));
  }),
);

const text = ({ label, required }, max) => z.string().check((context) => {
  const text = context.value;
  const say = (message) => { context.issues.push({ code: "custom", message, input: text }); };
  if (required && !text.trim()) say(required);
  if (max && text.length > max) say(TEXTS.tooLong(label, text.length, max));
});

export const schema = z.object({
  type: z.enum(["GENERAL_ENQUIRY"]),
  userId: id(USER),
  transferId: id(TRANSFER),
  profileId: id(PROFILE),
  subject: z.pipe(text(SUBJECT), trimmed),
  description: text(DESCRIPTION, DESCRIPTION_MAX),
  externalId: z.pipe(text(REFERENCE, REFERENCE_MAX), trimmed),
});
