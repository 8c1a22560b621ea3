// The renderer of surveys, without what decides which survey is shown to whom.
export * from "@formbricks/surveys";
