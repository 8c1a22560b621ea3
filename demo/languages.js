// The languages that the form speaks, by their own names.
export const LANGUAGES = {
  ar: "العربية", cs: "Čeština", da: "Dansk", de: "Deutsch", en: "English", "en-US": "English (US)", es: "Español", fr: "Français",
  he: "עברית", hu: "Magyar", it: "Italiano", ja: "日本語", ko: "한국어", nb: "Norsk", nl: "Nederlands", pl: "Polski", pt: "Português",
  ro: "Română", ru: "Русский", sv: "Svenska", tr: "Türkçe", uk: "Українська", zh: "中文",
};
