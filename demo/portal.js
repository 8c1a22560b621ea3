// The demo portal's own script: shows the events that a portal hears, and the case as the simulated Wise received it.

const EVENTS = [
  "partner-case-ready",
  "partner-case-created",
  "partner-case-failed",
  "partner-case-outcome-unknown",
  "partner-case-load-error",
];

const events = document.querySelector("#events");
const received = document.querySelector("#received");

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
