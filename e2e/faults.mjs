// Faults between the form and its servers, and a watch over what the page lets slip.
import { createServer, request } from "node:http";
import { once } from "node:events";
import { DOCUMENTED, test as base, expect } from "./fixtures.mjs";

export { expect };

// What a page says when an exception got past everybody: a promise that nobody waited for, a panic of the wasm, a blocked script.
const SLIPS = /Uncaught|panicked at|Content Security Policy/;

export const test = base.extend({
  /** No page of a journey may let an exception slip, whatever befalls it. What a journey expects to see is taken out of the list. */
  slips: [
    async ({ context }, use) => {
      const slips = [];
      context.on("weberror", (slip) => slips.push(String(slip.error())));
      context.on("console", (message) => { if (message.type() === "error" && SLIPS.test(message.text())) slips.push(message.text()); });
      await use(slips);
      expect(slips).toEqual([]);
    },
    { auto: true },
  ],

  /** A server between the browser and the portal. */
  edge: async ({ chain }, use) => {
    const edge = await Edge.start(chain.url);
    await use(edge);
    edge.stop();
  },
});

/** What a page says on its console from now on. */
export function listen(page) {
  const texts = [];
  page.on("console", (message) => texts.push(message.text()));
  return texts;
}

/** The form says that no case was created, and why; what was typed is there, and the focus on what is said. */
export async function expectNotCreated(form, text, typed = DOCUMENTED) {
  await expectNotice(form, form.texts["not_sent.title"], text, typed);
}

/** The form says that its draft was sent before with another text: nothing was sent now, and there may be a case already. */
export async function expectKeyReused(form) {
  await expectNotice(form, form.texts["not_sent.key_reused_title"], form.texts["not_sent.key_reused"], DOCUMENTED);
  await expect(form.alert).not.toContainText(form.texts["not_sent.title"]);
}

async function expectNotice(form, title, text, typed) {
  await expect(form.alert).toContainText(title);
  await expect(form.alert).toContainText(text);
  await expect(form.page.locator("[part=notice]")).toBeFocused();
  await form.expectText(typed);
}

/** The form says that it does not know; what was typed is there, but not to be sent once more as if nothing had been. */
export async function expectUnknown(form) {
  await expect(form.alert).toContainText(form.texts["unknown.title"]);
  await expect(form.page.locator("[part=notice]")).toBeFocused();
  await form.expectText(DOCUMENTED);
  await expect(form.submitButton).toBeHidden();
}

/** A promise and what ends it: for answers that a test holds back. */
export function gate() {
  let open;
  const opened = new Promise((resolve) => { open = resolve; });
  return { open, opened };
}

/**
 * Passes everything on to the portal, but for calls that are to be spoilt: those get bytes of the test's own, which need not be HTTP as it
 * should be. Routes of Playwright's cannot break off in the middle, nor lie about a length.
 */
export class Edge {
  #server;
  #portal;
  #faults = [];

  /** The calls so far, as "POST /partner-cases/cases", with the idempotency key behind it where there is one. */
  calls = [];

  static async start(portal) {
    const edge = new Edge();
    edge.#portal = portal;
    edge.#server = createServer((incoming, outgoing) => edge.#serve(incoming, outgoing)).listen(0, "127.0.0.1");
    await once(edge.#server, "listening");
    return edge;
  }

  get url() {
    return `http://127.0.0.1:${this.#server.address().port}/`;
  }

  stop() {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /**
   * Spoils calls to a path: `answer` makes the bytes from the portal's own answer, `{ status, headers, body }`. With `instead` the portal
   * never gets the call. After the bytes the connection ends, or is reset.
   */
  spoil(path, answer, { method = "GET", times = 1, instead = false, reset = false } = {}) {
    this.#faults.push({ path, answer, method, times, instead, reset });
  }

  async #serve(incoming, outgoing) {
    const body = Buffer.concat(await incoming.toArray());
    this.calls.push([incoming.method, incoming.url, incoming.headers["idempotency-key"]].filter(Boolean).join(" "));
    const fault = this.#faults.find(({ path, method, times }) => times > 0 && method === incoming.method && incoming.url.split("?")[0].endsWith(path));
    if (fault) fault.times -= 1;
    // What is to be cut or changed is asked for as it is, not compressed.
    if (fault) delete incoming.headers["accept-encoding"];
    const answer = fault?.instead ? undefined : await this.#passOn(incoming, body);
    if (!fault) return outgoing.writeHead(answer.status, answer.headers).end(answer.body);
    const { socket } = outgoing;
    socket.write(fault.answer(answer), () => {
      // What was written is to arrive before the reset does.
      if (fault.reset) setTimeout(() => socket.resetAndDestroy(), 100);
      else socket.end();
    });
  }

  async #passOn({ method, url, headers }, body) {
    const outgoing = request(new URL(url, this.#portal), { method, headers });
    outgoing.end(body);
    const [answer] = await once(outgoing, "response");
    return { status: answer.statusCode, headers: answer.headers, body: Buffer.concat(await answer.toArray()) };
  }
}

/** An answer as bytes: with these headers and this body, whether they fit or not. */
export function bytes(status, headers, body) {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} Spoilt\r\n${lines.join("")}connection: close\r\n\r\n`), Buffer.from(body)]);
}
