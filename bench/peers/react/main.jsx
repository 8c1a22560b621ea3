import { createElement } from "react";
import { createRoot } from "react-dom/client";
import { CaseForm } from "./form.jsx";
import "../form.css";

/** Puts a form into an element; the promise is fulfilled when it is there. */
export function mount(target) {
  const root = createRoot(target);
  const ready = new Promise((resolve) => { root.render(createElement(CaseForm, { onReady: resolve })); });
  return { ready, unmount: () => root.unmount() };
}

globalThis.benchMount = mount;
const target = document.getElementById("root");
if (target) mount(target);
