// Elements made of text alone, colours of both schemes, and the marks of points.
import {confidence, isWrong, state} from "./cases.js";

export const byId = (id) => document.getElementById(id);
export function make(tag, text, parent, kind) {
  const element = document.createElement(tag);
  if (text !== undefined && text !== null) element.textContent = text;
  if (kind) element.className = kind;
  if (parent) parent.append(element);
  return element;
}
export const capitalised = (text) => text[0].toUpperCase() + text.slice(1);
export function announce(text) { byId("said").textContent = text; }

export const dark = matchMedia("(prefers-color-scheme: dark)");
const inks = new Map(); // asked for once a scheme: thousands of points are drawn in one colour
dark.addEventListener("change", () => inks.clear());
export function ink(name) {
  if (!inks.has(name)) inks.set(name, getComputedStyle(document.documentElement).getPropertyValue(name).trim());
  return inks.get(name);
}

// Cividis, which all kinds of colour vision read alike; its dark end is lifted, for a dark ground.
export const RAMP = [[56, 88, 140], [94, 104, 133], [124, 123, 120], [166, 152, 106], [210, 184, 82], [254, 224, 60]];
const STEPS = 64;
export const rampColours = Array.from({length: STEPS}, (_, step) => {
  const at = (step / STEPS) * (RAMP.length - 1), low = Math.floor(at);
  return `rgb(${RAMP[low].map((from, part) => Math.round(from + (at - low) * (RAMP[low + 1][part] - from))).join(",")})`;
});
export const ramp = (share) => rampColours[Math.max(0, Math.min(STEPS - 1, Math.floor(share * STEPS)))];

const GROUPS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#999999"];
export const groupColour = (code, name) => name === "missing" ? ink("--right") : GROUPS[code % GROUPS.length];
// A black that the light ground shows is white on a dark one.
export function classColour(code) {
  const {colour} = state.data.classes[code];
  return dark.matches && colour === "#000000" ? "#ffffff" : colour;
}
export function colourOf(row) {
  if (state.colour === "error") return isWrong(row) ? ink("--wrong") : ink("--right");
  if (state.colour === "confidence") return ramp(confidence(row));
  if (state.colour === "novelty") return ramp(state.data.novelty[row]);
  if (state.colour.startsWith("covariate")) {
    const {codes, groups} = state.data.covariates[Number(state.colour.slice(9))];
    return groupColour(codes[row], groups[codes[row]]);
  }
  return classColour(state.data.labels[row]);
}

const polygon = (corners, turn, inner) => (to, x, y, r) => {
  const steps = inner ? 2 * corners : corners;
  for (let step = 0; step < steps; step++) {
    const angle = turn + (2 * Math.PI * step) / steps, far = inner && step % 2 ? r * inner : r;
    to.lineTo(x + far * Math.cos(angle), y + far * Math.sin(angle));
  }
  to.closePath();
};
const UP = -Math.PI / 2;
const MARKERS = {
  o: (to, x, y, r) => to.arc(x, y, r, 0, 2 * Math.PI),
  s: polygon(4, Math.PI / 4), D: polygon(4, 0), "^": polygon(3, UP), v: polygon(3, -UP),
  "<": polygon(3, Math.PI), ">": polygon(3, 0), p: polygon(5, UP), "*": polygon(5, UP, 0.45),
  P: polygon(4, 0, 0.5), X: polygon(4, Math.PI / 4, 0.5),
};
export function mark(to, marker, x, y, r, colour) {
  to.beginPath();
  (MARKERS[marker] || MARKERS.o)(to, x, y, marker === "o" ? r : r * 1.25);
  to.fillStyle = colour;
  to.fill();
}
