// The languages: which one is meant by a wish such as "de-AT", and its texts, each fetched once. What cannot be had is English.

import { NAME } from "./attributes.js";

// The languages that have a file in `locales/`. "en-US" differs from the English inside the wasm.
const LANGUAGES = [
  "ar", "cs", "da", "de", "en-US", "es", "fr", "he", "hu", "it", "ja", "ko", "nb", "nl", "pl", "pt", "ro", "ru", "sv", "tr", "uk", "zh",
];

/** For when nothing else can be had. Its texts are inside the wasm, so it has no catalogue. */
export const ENGLISH = { language: "en", locale: "", catalogue: "" };

/** The languages that are written so. */
export const RIGHT_TO_LEFT = ["ar", "he"];

// Norwegian is asked for by three names and written here in one way.
const SAME_AS = { no: "nb", nn: "nb" };

// Without a wish the form speaks as the page around it does, or else as the browser.
function wishOf(element) {
  return element.getAttribute("locale") || element.closest("[lang]")?.lang || document.documentElement.lang || navigator.language;
}

// The language and the locale for a wish such as "de-AT": the texts in German, the dates as in Austria. No locale means the default's.
function negotiate(wish) {
  let tag;
  try {
    [tag] = Intl.getCanonicalLocales(wish);
  } catch {
    console.warn(`${NAME}: "${wish}" is no language tag, so the form is in English`);
  }
  if (!tag) return ENGLISH;
  const first = tag.split("-")[0];
  const language = LANGUAGES.find((known) => tag === known || tag.startsWith(`${known}-`)) ?? SAME_AS[first];
  if (language) return { language, locale: tag };
  if (first === "en") return { ...ENGLISH, locale: tag === "en" ? "" : tag };
  console.warn(`${NAME}: there are no texts in "${wish}", so the form is in English`);
  return ENGLISH;
}

async function fetchTexts(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  const text = await response.text();
  // A login page comes with 200, too, and so does what a gateway has to say in JSON.
  if (typeof JSON.parse(text)?.["form.submit"] !== "string") throw new Error("these are no texts of the form");
  return text;
}

/** A function that finds the `{ language, locale, catalogue }` for an element. `urlOf` tells where the texts of a language are, as JSON. */
export function textsFrom(urlOf) {
  const catalogues = new Map();

  function loadCatalogue(language) {
    if (!catalogues.has(language)) {
      const url = urlOf(language);
      catalogues.set(language, fetchTexts(url).catch((error) => {
        catalogues.delete(language);
        console.warn(`${NAME}: the texts could not be loaded from ${url}, so the form is in English`, error);
        return "";
      }));
    }
    return catalogues.get(language);
  }

  return async (element) => {
    const wanted = negotiate(wishOf(element));
    if (wanted.language === "en") return wanted;
    const catalogue = await loadCatalogue(wanted.language);
    return catalogue ? { ...wanted, catalogue } : ENGLISH;
  };
}
