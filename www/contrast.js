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

const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });

// A canvas paints a colour in sRGB, whatever its notation.
function rgb(color) {
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = color;
  canvas.fillRect(0, 0, 1, 1);
  return canvas.getImageData(0, 0, 1, 1).data;
}

// Relative luminance, as WCAG 2.2 defines it.
function luminance(color) {
  const [red, green, blue] = Array.from(rgb(color).slice(0, 3), (channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Returns the contrast of two colours, from 1 to 21, or NaN if one of them is translucent. */
export function contrast(one, other) {
  if (rgb(one)[3] < 255 || rgb(other)[3] < 255) return Number.NaN;
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

// The colours as the form shows them, with the theme and the portal's styles applied.
function computedColours(container) {
  const probe = document.createElement("span");
  container.append(probe);
  const found = {};
  for (const role of ROLES) {
    probe.style.setProperty("color", `var(--_${role})`);
    found[role] = getComputedStyle(probe).color;
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
    const best = contrast("#000", found.accent) >= contrast("#fff", found.accent) ? "#000" : "#fff";
    container.style.setProperty("--_on-accent", best);
    found["on-accent"] = best;
  }
  const weak = PAIRS.map(([text, ground, needed]) => ({ text, ground, ratio: contrast(found[text], found[ground]), needed })).filter(({ ratio, needed }) => ratio < needed);
  // A light accent, such as a brand's yellow, cannot be read as text: the labels of buttons take the colour of text instead.
  if (weak.some(({ text }) => text === "accent")) container.style.setProperty("--_accent-text", "var(--_text)");
  return weak.filter(({ text }) => text !== "accent");
}
