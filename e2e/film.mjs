// A film of a page, as an animated GIF made of its screenshots. A pointer is drawn into the page, as screenshots have none.
import { encode } from "modern-gif";
import { PNG } from "pngjs";

const STEPS = 8;

/** What happens on the page, frame by frame. `clip` is the part of the viewport that is seen. */
export class Film {
  #page;
  #clip;
  #frames = [];
  #at = { x: 0, y: 0 };

  constructor(page, clip) {
    this.#page = page;
    this.#clip = clip;
  }

  /** Shows the page as it is now, for so many milliseconds. */
  async show(millis) {
    const png = await this.#page.screenshot({ clip: this.#clip });
    const last = this.#frames.at(-1);
    if (last?.png.equals(png)) last.millis += millis;
    else this.#frames.push({ png, millis });
  }

  /** Types at the end of a field, a few letters at a time. */
  async type(field, text, letters, millis) {
    const end = await field.evaluate((control) => control.value.length);
    await field.evaluate((control, at) => control.setSelectionRange(at, at), end);
    for (let at = 0; at < text.length; at += letters) {
      await field.pressSequentially(text.slice(at, at + letters));
      await this.show(millis);
    }
  }

  /** Puts the pointer somewhere. */
  async pointAt(x, y) {
    this.#at = { x, y };
    await this.#page.mouse.move(x, y);
    await this.#page.evaluate(drawPointer, this.#at);
  }

  /** Goes to something and presses it. */
  async press(target) {
    const box = await target.boundingBox();
    const from = this.#at;
    const to = { x: box.x + Math.min(box.width / 2, 60), y: box.y + box.height / 2 };
    for (let step = 1; step <= STEPS; step += 1) {
      // Slower at both ends, as a hand is.
      const way = (1 - Math.cos((Math.PI * step) / STEPS)) / 2;
      await this.pointAt(from.x + (to.x - from.x) * way, from.y + (to.y - from.y) * way);
      await this.show(50);
    }
    await this.show(300);
    await target.click({ position: { x: to.x - box.x, y: to.y - box.y } });
  }

  get seconds() {
    return this.#frames.reduce((sum, { millis }) => sum + millis, 0) / 1000;
  }

  async toGif() {
    const { width, height } = this.#clip;
    const frames = this.#frames.map(({ png, millis }) => ({ data: new Uint8ClampedArray(PNG.sync.read(png).data), delay: millis }));
    return Buffer.from(await encode({ width, height, frames, maxColors: 255 }));
  }
}

// Runs in the page, which allows no markup and no inline style, but elements and their style objects.
function drawPointer({ x, y }) {
  const name = "http://www.w3.org/2000/svg";
  let pointer = document.querySelector("#film-pointer");
  if (!pointer) {
    pointer = document.createElementNS(name, "svg");
    pointer.id = "film-pointer";
    const arrow = document.createElementNS(name, "path");
    arrow.setAttribute("d", "M2 1 L2 19 L6.6 14.8 L9.6 21.6 L12.6 20.3 L9.7 13.6 L16 13.2 Z");
    Object.assign(arrow.style, { fill: "#16191d", stroke: "#ffffff", strokeWidth: "1.5" });
    Object.assign(pointer.style, { position: "fixed", width: "20px", height: "24px", pointerEvents: "none", zIndex: "9" });
    pointer.append(arrow);
    document.body.append(pointer);
  }
  Object.assign(pointer.style, { insetInlineStart: `${x - 2}px`, insetBlockStart: `${y - 1}px` });
}
