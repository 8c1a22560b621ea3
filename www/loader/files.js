// The form's files: where each is, and the wasm with its JavaScript, fetched once for all elements on the page. A load that failed can be
// tried again, and it can be told why it did.

import { NAME } from "./attributes.js";

const GLUE = "partner_case_form.js";

const importFrom = (url) => import(/* @vite-ignore */ /* webpackIgnore: true */ url.href);

/**
 * The files of the loader at `own`. `?glue=URL` and `?wasm=URL` behind that URL name other places for the wasm module's JavaScript (of the
 * same origin) and for the wasm. `?v=VERSION` goes on to all files, for servers that let browsers keep such a file.
 *
 * `beside` has what is beside the loader, by name: of a script a function that imports it, of another file the URL.
 */
export function filesOf(own, beside) {
  const glueAt = own.searchParams.get("glue");
  const wasmAt = own.searchParams.get("wasm");
  const version = own.searchParams.get("v");
  const versioned = (url) => {
    if (version) url.searchParams.set("v", version);
    return url;
  };
  const glueUrl = versioned(new URL(glueAt ?? GLUE, own));
  const wasmUrl = wasmAt ? new URL(wasmAt, own) : versioned(glueAt ? new URL("partner_case_form_bg.wasm", glueUrl) : beside["partner_case_form_bg.wasm"]);
  // What the first paint does without is in a second wasm, beside the first.
  const restUrl = versioned(glueAt || wasmAt ? new URL("partner_case_form_rest.wasm", wasmUrl) : beside["partner_case_form_rest.wasm"]);
  const urls = { glueUrl, wasmUrl, restUrl };

  if (glueUrl.origin !== own.origin) throw new Error(`${NAME}: ${glueUrl.href} is of another origin`);

  let loading;

  // The wasm's JavaScript, once it is there; and the same once the wasm works.
  let glue;
  let working;

  // Where the last try to load ended, and how many there were.
  let reached;
  let tries = 0;

  const importScript = (name) => (version ? importFrom(versioned(new URL(name, own))) : beside[name]());

  // A module that did not come does not come again under the same name, so each further try asks under another.
  async function importGlue() {
    if (glue) return glue;
    reached = "glue";
    tries += 1;
    if (tries === 1 && !glueAt) return importScript(GLUE);
    const url = new URL(glueUrl);
    if (tries > 1) url.searchParams.set("try", tries);
    return importFrom(url);
  }

  async function loadWasm() {
    glue = await importGlue();
    reached = "wasm";
    glue.locateRest?.(restUrl);
    await glue.default({ module_or_path: wasmUrl });
    working = glue;
    return glue;
  }

  return {
    urls,

    /** A file that few pages need. */
    importScript,

    /** The texts of a language, as JSON. */
    textsUrl: (language) => versioned(beside.texts(language)),

    /** The module with `mount`, ready to be called. A failed load is forgotten, so that the next try is one. */
    load() {
      loading ??= loadWasm().catch((error) => {
        loading = undefined;
        throw error;
      });
      return loading;
    },

    /** The same module, if it is ready now. */
    working: () => working,

    /** A wasm that has broken down works no more; the next try gets one of its own. */
    discard() {
      loading = glue = working = undefined;
    },

    /** Why the form did not load, as `{ cause, url, message }`: because of `failed`, or of what was tried last. */
    async whyNot(failed = reached) {
      const diagnosis = await importScript("diagnosis.js").catch(() => undefined);
      if (diagnosis) return diagnosis.whyNot({ reached: failed, ...urls });
      return { cause: "unreachable", url: urls[`${failed}Url`].href, message: "neither the file nor diagnosis.js can be fetched" };
    },
  };
}
