// The demo portal's own script: the customers and languages that a portal switches between, the events that it hears, and the case as
// the simulated Wise received it.
import { LANGUAGES } from "./languages.js";

const EVENTS = [
  "partner-case-ready",
  "partner-case-invalid",
  "partner-case-created",
  "partner-case-failed",
  "partner-case-outcome-unknown",
  "partner-case-session-expired",
  "partner-case-load-error",
];

const TRANSFERS = {
  58114690: { user: "1234", profile: "14556049", customer: "Wise user 1234", amount: "2,400.00 GBP → 2,803.51 EUR" },
  58200001: { user: "5678", profile: "14990001", customer: "Wise user 5678", amount: "150.00 EUR → 172.10 USD" },
};

const form = document.querySelector("partner-case-form");
const language = document.querySelector("#language");
const transfer = document.querySelector("#transfer");
const events = document.querySelector("#events");
const received = document.querySelector("#received");

for (const [code, name] of Object.entries(LANGUAGES)) language.append(new Option(name, code));
for (const id of Object.keys(TRANSFERS)) transfer.append(new Option(`Transfer ${id}`, id));

// Any attribute of the form can be set from the page's address, as ?draft=session&review
for (const [name, value] of new URLSearchParams(location.search)) {
  if (name !== "transfer") form.setAttribute(name, value);
}

language.value = form.getAttribute("locale") ?? "en";
language.addEventListener("change", () => form.setAttribute("locale", language.value));

function showTransfer(id) {
  const { user, profile, customer, amount } = TRANSFERS[id];
  document.querySelector("#transfer-title").textContent = `Transfer ${id}`;
  document.querySelector("#customer").textContent = customer;
  document.querySelector("#amount").textContent = amount;
  form.setAttribute("user-id", user);
  form.setAttribute("transfer-id", id);
  form.setAttribute("profile-id", profile);
}

transfer.value = new URLSearchParams(location.search).get("transfer") ?? "58114690";
showTransfer(transfer.value);
transfer.addEventListener("change", () => showTransfer(transfer.value));

for (const name of EVENTS) {
  document.addEventListener(name, (event) => {
    const item = document.createElement("li");
    const code = document.createElement("code");
    code.textContent = event.detail ? `${name} ${JSON.stringify(event.detail)}` : name;
    item.append(code);
    events.append(item);
    if (name !== "partner-case-ready") showReceived();
  });
}

async function showReceived() {
  const response = await fetch("/demo/api/received");
  const body = await response.text();
  if (response.ok && body) received.textContent = indented(body);
}

// Indents JSON without reading its numbers: JSON.parse would round an id above 2^53.
function indented(json) {
  let depth = 0;
  return json.replace(/"(?:\\.|[^"\\])*"|[{},]/g, (token) => {
    if (token === "{") return `{\n${"  ".repeat(++depth)}`;
    if (token === "}") return `\n${"  ".repeat(--depth)}}`;
    return token === "," ? `,\n${"  ".repeat(depth)}` : token;
  });
}
