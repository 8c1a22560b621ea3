// Owns the form's files: where each is, and the copy of the wasm module that all elements on the page share. It loads the copy, tries again
// after a failure, and gives up a copy that has crashed.

import { NAME } from "./attributes.js";

const GLUE = "partner_case_form.js";

const importFrom = (url) => import(/* @vite-ignore */ /* webpackIgnore: true */ url.href);

/**
 * Returns the files of the loader at `own`. In that URL, `?glue=URL` and `?wasm=URL` name other places for the wasm module's JavaScript (of
 * the same origin) and for the wasm. `?v=VERSION` is passed on to all files, for servers that let browsers cache a version for long.
 *
 * `beside` has the files beside the loader, by name: for a script a function that imports it, for another file its URL.
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
  const lazyUrl = versioned(glueAt || wasmAt ? new URL("partner_case_form_lazy.wasm", wasmUrl) : beside["partner_case_form_lazy.wasm"]);
  const urls = { glueUrl, wasmUrl, lazyUrl };

  if (glueUrl.origin !== own.origin) throw new Error(`${NAME}: ${glueUrl.href} is of another origin`);

  let loading;

  // The wasm's JavaScript once it is imported, and the same once the wasm works.
  let glue;
  let working;

  // What the last attempt was loading, "glue" or "wasm", and the number of imports of the glue.
  let stage;
  let imports = 0;

  const importScript = (name) => (version ? importFrom(versioned(new URL(name, own))) : beside[name]());

  // A browser neither imports a URL again after a failure, nor makes a second copy of a module. So each further import has a URL of its own.
  function importGlue() {
    imports += 1;
    if (imports === 1 && !glueAt) return importScript(GLUE);
    const url = new URL(glueUrl);
    if (imports > 1) url.searchParams.set("try", imports);
    return importFrom(url);
  }

  async function loadWasm() {
    stage = "glue";
    const copy = glue ??= await importGlue();
    stage = "wasm";
    copy.locateLazy?.(lazyUrl);
    await copy.default({ module_or_path: wasmUrl });
    working = copy;
    // The callback runs inside the panicking wasm, and perhaps after the page has given up this copy.
    copy.onPanic?.(() => { if (copy === glue) files.abandon(); });
    return copy;
  }

  // A trap that nobody has caught. The portal may have wasm of its own, but the stack names the file.
  function onUncaught({ error, reason = error }) {
    if (reason?.name === "RuntimeError" && /partner_case_form\w*\.(js|wasm)/.test(reason.stack)) files.abandon();
  }
  addEventListener("error", onUncaught);
  addEventListener("unhandledrejection", onUncaught);

  const files = {
    urls,

    /** Called when the working copy has crashed, with it every form on the page. The element sets it. */
    onCrash() {},

    /** Imports a script that few pages need. */
    importScript,

    /** Returns the URL of a language's texts. */
    textsUrl: (language) => versioned(beside.texts(language)),

    /** Returns the module with `mount`. A failed attempt is forgotten, so that the next call is another one. */
    load() {
      loading ??= loadWasm().catch((error) => {
        loading = undefined;
        throw error;
      });
      return loading;
    },

    /** Returns the same module if it works already. */
    working: () => working,

    /** Gives up the copy, because it has panicked or trapped. The next load makes another one. */
    abandon() {
      const crashed = glue;
      if (!crashed) return;
      loading = glue = working = undefined;
      // The crashed copy may still be on the stack.
      queueMicrotask(() => {
        crashed.terminate?.();
        files.onCrash();
      });
    },

    /** Returns why the form did not load, as `{ cause, url, message }`: because of `failed`, or of what the last attempt was loading. */
    async explainLoadFailure(failed = stage) {
      try {
        const { explainLoadFailure } = await importScript("diagnosis.js");
        return await explainLoadFailure({ stage: failed, ...urls });
      } catch {
        return { cause: "unreachable", url: urls[`${failed}Url`].href, message: "neither the file nor diagnosis.js can be fetched" };
      }
    },
  };
  return files;
}
