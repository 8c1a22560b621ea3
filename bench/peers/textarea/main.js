// A text field with the form's styles and nothing behind it: what the browser itself takes for a keystroke.
import "../form.css";

const field = document.createElement("div");
field.className = "field";
const control = Object.assign(document.createElement("textarea"), { id: "description", className: "control", rows: 8 });
field.append(control);
const form = document.createElement("div");
form.className = "form";
// Somewhere to go when the field is left: else the focus would leave the page.
const button = Object.assign(document.createElement("button"), { className: "button", textContent: "Create case" });
form.append(field, button);
const root = document.getElementById("root");
root.classList.add("root");
root.append(form);
