// Forgets the drafts of all customers where no form is there to do it: a sign-out does not wait for the form.

import { NAME, endpointOf } from "./attributes.js";

/** `glue` is the wasm's JavaScript, if that works: what an earlier form has left in memory is in it. The names are made in src/drafts.rs. */
export function forgetAllDrafts(element, glue) {
  const prefix = `${NAME}:draft:${endpointOf(element).replace(/\/+$/, "")}|${element.draftScope ?? ""}|`;
  for (const name of ["sessionStorage", "localStorage"]) {
    try {
      const storage = window[name];
      for (const key of Object.keys(storage)) if (key.startsWith(prefix)) storage.removeItem(key);
    } catch {
      // A page that may not use its storage has nothing in it.
    }
  }
  glue?.forgetDrafts(prefix);
}
