// Owns the form's language: which one the agent gets, and its catalogue of texts, fetched once. English stands in for what cannot be loaded.

import { NAME } from "./attributes.js";
import { LOCALES } from "./locales.js";

/** English. Its catalogue is inside the wasm; an empty locale is the default of that catalogue. */
export const ENGLISH = { language: "en", locale: "" };

// Other language codes for Norwegian Bokmål.
const ALIASES = { no: "nb", nn: "nb" };

// Without a `locale` attribute the form has the language of the page around it, or else of the browser.
function requestedLocale(element) {
  return element.getAttribute("locale") || element.closest("[lang]")?.lang || document.documentElement.lang || navigator.language;
}

// Finds the language and the locale for a request such as "de-AT": texts in German, dates as in Austria.
function negotiate(requested) {
  let tag;
  try {
    [tag] = Intl.getCanonicalLocales(requested);
  } catch {
    console.warn(`${NAME}: "${requested}" is no language tag, so the form is in English`);
  }
  if (!tag || tag === "en") return ENGLISH;
  // The list is sorted, so the last match is the closest: "en-US" comes after "en".
  const language = Object.keys(LOCALES).findLast((known) => `${tag}-`.startsWith(`${known}-`)) ?? ALIASES[tag.split("-")[0]];
  if (language) return { language, locale: tag };
  console.warn(`${NAME}: there are no texts in "${requested}", so the form is in English`);
  return ENGLISH;
}

async function fetchTexts(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  const texts = await response.json();
  // A gateway's error page may have status 200, too, and may even be JSON.
  if (typeof texts?.["form.submit"] !== "string") throw new Error("not a catalogue");
  return texts;
}

/** Returns a function that finds `{ language, locale, catalogue }` for an element. `urlOf` returns the URL of a language's texts. */
export function textsFrom(urlOf) {
  const catalogues = {};

  return async (element) => {
    const found = negotiate(requestedLocale(element));
    const { language } = found;
    if (language === "en") return found;
    const url = urlOf(language);
    catalogues[language] ??= fetchTexts(url).catch((error) => {
      // The next request tries again.
      delete catalogues[language];
      console.warn(`${NAME}: the texts could not be loaded from ${url}, so the form is in English`, error);
    });
    const catalogue = await catalogues[language];
    return catalogue ? { ...found, catalogue } : ENGLISH;
  };
}
