// The rules in Zod. `schema-mini.js` has the same in Zod's smaller dialect.
import * as z from "zod";
import { DESCRIPTION_MAX, FIELDS, REFERENCE_MAX, TEXTS } from "../texts.js";

const MAX_ID = 2n ** 63n - 1n;
const [USER, TRANSFER, PROFILE, SUBJECT, DESCRIPTION, REFERENCE] = FIELDS;

const id = ({ label, required }) => z.string().trim()
  .transform((text) => text.replace(/^#/, "").replace(/[\s\u00a0]/g, ""))
  .superRefine((text, context) => {
    const say = (message) => context.addIssue({ code: "custom", message });
    if (!text) return required ? say(required) : undefined;
    if (!/^\d+$/.test(text)) return say(TEXTS.digits(label));
    if (BigInt(text) < 1n || BigInt(text) > MAX_ID) say(TEXTS.range(label));
  });

const text = ({ label, required }, max) => z.string().superRefine((text, context) => {
  if (required && !text.trim()) context.addIssue({ code: "custom", message: required });
  if (max && text.length > max) context.addIssue({ code: "custom", message: TEXTS.tooLong(label, text.length, max) });
});

export const schema = z.object({
  type: z.enum(["GENERAL_ENQUIRY"]),
  userId: id(USER),
  transferId: id(TRANSFER),
  profileId: id(PROFILE),
  subject: text(SUBJECT).transform((text) => text.trim()),
  description: text(DESCRIPTION, DESCRIPTION_MAX),
  externalId: text(REFERENCE, REFERENCE_MAX).transform((text) => text.trim()),
});
