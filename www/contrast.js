// Owns the contrast of the portal's own colours: corrects the pairs that it can, and returns those that it cannot. Fetched only where the
// portal sets colours.

// Pairs of roles, and the contrast that WCAG 2.2 asks for: 4.5 for text (1.4.3), 3 for what shows a control or the focus (1.4.11).
const PAIRS = [
  ["text", "surface", 4.5],
  ["text", "field", 4.5],
  ["muted", "surface", 4.5],
  ["on-accent", "accent", 4.5],
  ["accent", "surface", 4.5],
  ["bad", "surface", 4.5],
  ["bad", "bad-surface", 4.5],
  ["unsure", "unsure-surface", 4.5],
  ["good", "good-surface", 4.5],
  ["border", "surface", 3],
  ["focus", "surface", 3],
];

/** The roles of colours that a portal can set. */
export const ROLES = [
  "accent", "on-accent", "text", "muted", "surface", "field", "border", "line", "bad", "bad-surface", "unsure", "unsure-surface", "good",
  "good-surface", "focus",
];

// The channels of a computed colour in sRGB, from 0 to 1, and its alpha. Not by a canvas, whose pixels a browser that resists fingerprinting
// makes up.
function channels(color) {
  const numbers = (color.match(/[\d.]+(?:e-?\d+)?%?/g) ?? []).map((text) => (text.endsWith("%") ? parseFloat(text) / 100 : Number(text)));
  if (/^rgba?\(/.test(color)) return [...numbers.slice(0, 3).map((channel) => channel / 255), numbers[3] ?? 1];
  return color.startsWith("color(srgb ") ? [...numbers.slice(0, 3), numbers[3] ?? 1] : undefined;
}

// A colour of any notation as a computed one in sRGB.
function inSrgb(color, probe) {
  if (channels(color)) return color;
  probe.style.setProperty("color", `color(from ${color} srgb r g b / alpha)`);
  return getComputedStyle(probe).color;
}

// Relative luminance, as WCAG 2.2 defines it.
function luminance([red, green, blue]) {
  const [r, g, b] = [red, green, blue].map((share) => (share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

// The contrast of two computed colours, from 1 to 21; NaN if one of them is translucent or cannot be read.
function contrast(one, other) {
  const [a, b] = [channels(one), channels(other)];
  if (!a || !b || a[3] < 1 || b[3] < 1) return Number.NaN;
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

// The colours as the form shows them, with the theme and the portal's styles applied.
function computedColours(container) {
  const probe = document.createElement("span");
  container.append(probe);
  const found = {};
  for (const role of ROLES) {
    probe.style.setProperty("color", `var(--_${role})`);
    found[role] = inSrgb(getComputedStyle(probe).color, probe);
  }
  probe.remove();
  return found;
}

/** Corrects the pairs that can be corrected. Returns the others, each as `{ text, ground, ratio, needed }`. */
export function review(host, container) {
  const isSet = (role) => getComputedStyle(host).getPropertyValue(`--partner-case-${role}`).trim() !== "";
  for (const name of ["--_on-accent", "--_accent-text"]) container.style.removeProperty(name);
  const found = computedColours(container);
  if (isSet("accent") && !isSet("on-accent")) {
    const best = contrast("rgb(0, 0, 0)", found.accent) >= contrast("rgb(255, 255, 255)", found.accent) ? "rgb(0, 0, 0)" : "rgb(255, 255, 255)";
    container.style.setProperty("--_on-accent", best);
    found["on-accent"] = best;
  }
  const weak = PAIRS.map(([text, ground, needed]) => ({ text, ground, ratio: contrast(found[text], found[ground]), needed })).filter(({ ratio, needed }) => ratio < needed);
  // A light accent, such as a brand's yellow, cannot be read as text: the labels of buttons take the colour of text instead.
  if (weak.some(({ text }) => text === "accent")) container.style.setProperty("--_accent-text", "var(--_text)");
  return weak.filter(({ text }) => text !== "accent");
}
