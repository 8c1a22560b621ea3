// Owns what a sign-out deletes: the stored drafts of all customers, even while no form is there to delete them.

import { NAME, endpointOf } from "./attributes.js";

/** Deletes all drafts. `glue` is the working wasm module, if there is one: it has the drafts in memory. model/src/draft/place.rs makes the names. */
export function forgetAllDrafts(element, glue) {
  const agent = `${endpointOf(element).replace(/\/+$/, "")}|${element.draftScope ?? ""}|`;
  const prefix = `${NAME}:draft:${agent}`;
  for (const name of ["sessionStorage", "localStorage"]) {
    try {
      const storage = window[name];
      for (const key of Object.keys(storage)) if (key.startsWith(prefix)) storage.removeItem(key);
    } catch {
      // A page that may not use its storage has no drafts in it.
    }
  }
  // As model/src/draft/sign_out.rs has it: for those who hear it too late, and for forms in other tabs.
  const name = `${NAME}:signed-out:${agent}`;
  let mark = Date.now();
  try {
    mark = Math.max(mark, Number(localStorage.getItem(name)) + 1);
    localStorage.setItem(name, mark);
  } catch {
    // As above.
  }
  try {
    const channel = new BroadcastChannel(`${NAME}:sign-out`);
    channel.postMessage(`${mark} ${prefix}`);
    channel.close();
  } catch {
    // Old browsers have no such channel.
  }
  glue?.forgetDrafts(prefix);
}
