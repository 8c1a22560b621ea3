// One form, brought into one state as a person would: ?state=created&theme=dark&locale=ar. The gallery has a frame of this for each.
import { answerAs } from "./gallery_answers.js";
import { STATES } from "./gallery_states.js";

const LOADER = "/partner-cases/widget/partner-case-form.js";
const TYPED = {
  "subject": "Payout of transfer 58114690 has not arrived",
  "description": "The recipient's bank has not received the money, four working days after it was sent.\nPlease confirm the date of the payout and its reference.",
  "external-id": "partner_external_id_12345",
};
const QUOTED = "> Dear team, I am still waiting for the money and would like to know where it is. Please look into it and write back to me.\n";

const asked = new URLSearchParams(location.search);
const state = STATES.find(({ id }) => id === asked.get("state")) ?? STATES[0];
const form = document.querySelector("partner-case-form");

// The ways into those states that take more than a look.
const ENTER = {
  draft: async () => type(TYPED),
  restored: async () => {
    await type(TYPED);
    const next = form.nextSibling;
    form.remove();
    // The form notices that it has left the page a moment later.
    await moment();
    document.body.insertBefore(form, next);
  },
  personal_data: () => type({ ...TYPED, subject: "Refund to someone@example.com for Anna Schmidt" }),
  secret: () => send({ description: "The customer paid with 4111 1111 1111 1111." }),
  too_long: () => type({ ...TYPED, description: `${TYPED.description}\n\n\n\n${QUOTED.repeat(540)}` }),
  invalid: () => send({ "user-id": "12E4", "subject": "", "description": "" }),
  offline: () => {
    Object.defineProperty(navigator, "onLine", { value: false });
    return send();
  },
  reconsidering: async () => {
    await send();
    (await appears("[part=notice] .actions button:last-child")).click();
  },
};
for (const id of ["review", "sending", "created", "failed", "rejected", "not_sent", "session_expired", "too_slow", "unavailable", "misconfigured", "key_reused", "outcome_unknown"]) {
  ENTER[id] = () => send();
}

const ATTRIBUTES = {
  fixed_fields: { "readonly": "user-id transfer-id", "hidden-fields": "type profile-id external-id" },
  review: { review: "" },
};

const moment = () => new Promise((resolve) => setTimeout(resolve, 20));

// A part of the form, as soon as it is there.
async function appears(selector) {
  for (let tries = 0; tries < 500; tries += 1) {
    const found = form.shadowRoot.querySelector(selector);
    if (found) return found;
    await moment();
  }
  throw new Error(`${state.id}: there is no ${selector}`);
}

async function type(values) {
  await form.ready;
  for (const [name, value] of Object.entries(values)) {
    const control = form.shadowRoot.getElementById(name);
    control.value = value;
    control.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

async function send(values = {}) {
  await type({ ...TYPED, ...values });
  await form.submit();
}

// In a frame the form is as high as what it shows, and leaves the focus where it is: many forms would fight for it and scroll the page
// about. From a person's first press on, it takes the focus as it always does.
function fitIntoFrame(frame) {
  const { focus } = HTMLElement.prototype;
  HTMLElement.prototype.focus = () => {};
  for (const press of ["pointerdown", "keydown"]) {
    addEventListener(press, () => { HTMLElement.prototype.focus = focus; }, { capture: true, once: true });
  }
  document.documentElement.classList.add("framed");
  new ResizeObserver(() => { frame.style.blockSize = `${document.body.offsetHeight}px`; }).observe(document.body);
}

document.title = `${state.title}: the case form`;
if (["light", "dark"].includes(asked.get("theme"))) document.documentElement.dataset.theme = asked.get("theme");
if (window.frameElement) fitIntoFrame(window.frameElement);

// Nothing here is anybody's work: no warning before it is left, and the plain form goes nowhere.
addEventListener("beforeunload", (event) => event.stopImmediatePropagation());
form.addEventListener("submit", (event) => event.preventDefault());

const endpoint = `/gallery/${state.id}`;
const attributes = { endpoint, theme: asked.get("theme") ?? "system", locale: asked.get("locale") ?? "en", ...ATTRIBUTES[state.id] };
for (const [name, value] of Object.entries(attributes)) form.setAttribute(name, value);

answerAs(state.id, endpoint);
if (state.id !== "plain") {
  document.documentElement.dataset.waits = "";
  await import(LOADER);
  // What an earlier look at the state has left.
  form.clearDraft({ all: true });
  await ENTER[state.id]?.();
}
