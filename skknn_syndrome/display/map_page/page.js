"use strict";
// What the page shows comes from its data alone, and goes into it as text: never as markup.
const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);
const canvas = byId("map"), pen = canvas.getContext("2d"), tip = byId("tip");
const count = data.labels.length, NEIGHBORS = 5, REACH = 14, SIZE = 3.6;
const state = {projection: 0, colour: "class", hidden: new Set(), found: "", hover: -1, chosen: -1, zoom: 1, x: 0, y: 0};
let places = [], dark = matchMedia("(prefers-color-scheme: dark)");

function make(tag, text, parent) {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (parent) parent.append(element);
  return element;
}
const inks = new Map(); // asked for once a scheme: thousands of points are drawn in one colour
function ink(name) {
  if (!inks.has(name)) inks.set(name, getComputedStyle(document.documentElement).getPropertyValue(name).trim());
  return inks.get(name);
}
// As in the report: whole, but with a decimal near 0 and near 100, which only what is all of it reaches.
function percent(share) {
  const points = Math.round(1000 * share) / 10;
  if (points === 0 && share > 0) return "<\u00a00.1\u00a0%";
  if (points === 100 && share < 1) return ">\u00a099.9\u00a0%";
  const whole = (points >= 10 && points <= 99) || points === Math.round(points);
  return `${points.toFixed(whole ? 0 : 1)}\u00a0%`;
}
const capitalised = (text) => text[0].toUpperCase() + text.slice(1);
const isWrong = (point) => data.predicted !== null && data.names[data.predicted[point]] !== data.classes[data.labels[point]].name;
const isShown = (point) => !state.hidden.has(data.labels[point]);

// Cividis, which all kinds of colour vision read alike; its dark end is lifted, for a dark ground.
const RAMP = [[56, 88, 140], [94, 104, 133], [124, 123, 120], [166, 152, 106], [210, 184, 82], [254, 224, 60]];
function ramp(share) {
  const at = Math.max(0, Math.min(0.9999, share)) * (RAMP.length - 1), low = Math.floor(at);
  return `rgb(${RAMP[low].map((from, part) => Math.round(from + (at - low) * (RAMP[low + 1][part] - from))).join(",")})`;
}
// A black that the light ground shows is white on a dark one.
const classColour = (code) => (dark.matches && data.classes[code].colour === "#000000" ? "#ffffff" : data.classes[code].colour);
function colourOf(point) {
  if (state.colour === "error") return isWrong(point) ? ink("--wrong") : ink("--right");
  if (state.colour === "confidence") return ramp(data.confidence[point]);
  return classColour(data.labels[point]);
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
function mark(to, marker, x, y, r, colour) {
  to.beginPath();
  (MARKERS[marker] || MARKERS.o)(to, x, y, marker === "o" ? r : r * 1.25);
  to.fillStyle = colour;
  to.fill();
}

function fit() {
  const ratio = devicePixelRatio || 1, box = canvas.getBoundingClientRect();
  canvas.width = Math.round(box.width * ratio);
  canvas.height = Math.round(box.height * ratio);
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  const {x, y} = data.projections[state.projection], least = Math.min, most = Math.max;
  const span = (axis) => [axis.reduce((a, b) => least(a, b)), axis.reduce((a, b) => most(a, b))];
  const [left, right] = span(x), [low, high] = span(y), edge = 16;
  const scale = least((box.width - 2 * edge) / (right - left || 1), (box.height - 2 * edge) / (high - low || 1));
  const middle = {x: (left + right) / 2, y: (low + high) / 2};
  places = x.map((_, point) => ({
    x: box.width / 2 + ((x[point] - middle.x) * scale + state.x) * state.zoom,
    y: box.height / 2 - ((y[point] - middle.y) * scale - state.y) * state.zoom,
  }));
  draw(box);
}

function draw(box = canvas.getBoundingClientRect()) {
  pen.clearRect(0, 0, box.width, box.height);
  const near = state.chosen < 0 ? [] : neighbors(state.chosen);
  for (let point = 0; point < count; point++) {
    if (!isShown(point)) continue;
    pen.globalAlpha = state.chosen < 0 || point === state.chosen || near.includes(point) ? 0.85 : 0.4;
    mark(pen, data.classes[data.labels[point]].marker, places[point].x, places[point].y, SIZE, colourOf(point));
  }
  pen.globalAlpha = 1;
  for (const point of near) {
    pen.beginPath();
    pen.moveTo(places[state.chosen].x, places[state.chosen].y);
    pen.lineTo(places[point].x, places[point].y);
    pen.strokeStyle = ink("--accent");
    pen.lineWidth = 1.2;
    pen.stroke();
    mark(pen, data.classes[data.labels[point]].marker, places[point].x, places[point].y, SIZE + 1.4, colourOf(point));
  }
  for (const point of new Set([state.chosen, state.hover])) {
    if (point < 0) continue;
    pen.beginPath();
    pen.arc(places[point].x, places[point].y, SIZE + 4, 0, 2 * Math.PI);
    pen.strokeStyle = ink("--ink");
    pen.lineWidth = 2;
    pen.stroke();
  }
}

function neighbors(point) {
  if (data.neighbors !== null) return data.neighbors[point];
  const {x, y} = data.projections[state.projection], far = (other) => Math.hypot(x[other] - x[point], y[other] - y[point]);
  const others = data.labels.map((_, other) => other).filter((other) => other !== point);
  return others.sort((a, b) => far(a) - far(b)).slice(0, NEIGHBORS);
}

const named = (point) => data.classes[data.labels[point]].name + (data.ids === null ? "" : `, ${data.nouns.image} ${data.ids[point]}`);
function said(point) {
  const lines = [`${capitalised(data.nouns.class)}: ${data.classes[data.labels[point]].name}`];
  if (data.ids !== null) lines.push(`${capitalised(data.nouns.image)}: ${data.ids[point]}`);
  if (data.predicted !== null) {
    const sure = data.confidence === null ? "" : `, confidence ${percent(data.confidence[point])}`;
    lines.push(`Predicted: ${data.names[data.predicted[point]]}${sure}${isWrong(point) ? " (misclassified)" : ""}`);
  }
  return lines;
}

function showTip(point) {
  tip.hidden = point < 0;
  if (point < 0) return;
  tip.replaceChildren();
  for (const line of said(point)) make("div", line, tip);
  const box = canvas.getBoundingClientRect(), {x, y} = places[point];
  tip.style.left = `${Math.max(4, Math.min(x + 12, box.width - tip.offsetWidth - 4))}px`;
  tip.style.top = `${y + 14 + tip.offsetHeight > box.height ? Math.max(4, y - tip.offsetHeight - 10) : y + 14}px`;
}

function showChosen() {
  const box = byId("chosen");
  box.replaceChildren();
  if (state.chosen < 0) {
    make("p", `No ${data.nouns.image} is chosen.`, box);
    return;
  }
  for (const line of said(state.chosen)) make("p", line, box);
  make("p", data.neighbors !== null
    ? "Nearest in the embedding space (cosine distance):"
    : "Nearest on this map (in the plane, not in the embedding space):", box);
  const list = make("ol", undefined, box);
  for (const point of neighbors(state.chosen)) {
    const entry = make("button", named(point), make("li", undefined, list));
    entry.type = "button";
    entry.addEventListener("click", () => choose(point));
  }
}

function hover(point) {
  state.hover = point;
  draw();
  showTip(point);
}
function choose(point) {
  state.chosen = point;
  if (point >= 0 && state.hidden.delete(data.labels[point])) showLegend();
  hover(point);
  showChosen();
}

function nearestTo(x, y, reach) {
  let best = -1, least = reach;
  for (let point = 0; point < count; point++) {
    const far = Math.hypot(places[point].x - x, places[point].y - y);
    if (isShown(point) && far < least) [best, least] = [point, far];
  }
  return best;
}
function step(dx, dy) {
  const {x, y} = places[state.hover];
  let best = -1, least = Infinity;
  for (let point = 0; point < count; point++) {
    const along = (places[point].x - x) * dx + (places[point].y - y) * dy;
    const across = Math.abs((places[point].x - x) * dy) + Math.abs((places[point].y - y) * dx);
    if (point !== state.hover && isShown(point) && along > 0 && across <= 2 * along && along + across < least) {
      [best, least] = [point, along + across];
    }
  }
  return best;
}
function zoom(factor) {
  state.zoom = Math.max(1, Math.min(20, state.zoom * factor));
  if (state.zoom === 1) state.x = state.y = 0;
  fit();
  showTip(-1);
}

const ARROWS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};
canvas.addEventListener("keydown", (event) => {
  const box = canvas.getBoundingClientRect();
  if (event.key in ARROWS) {
    const next = state.hover < 0 ? nearestTo(box.width / 2, box.height / 2, Infinity) : step(...ARROWS[event.key]);
    if (next >= 0) hover(next);
  } else if (event.key === "Enter" || event.key === " ") {
    choose(state.hover);
  } else if (event.key === "Escape") {
    choose(-1);
  } else if (event.key === "+" || event.key === "-") {
    zoom(event.key === "+" ? 1.4 : 1 / 1.4);
  } else {
    return;
  }
  event.preventDefault();
});

let drag = null;
canvas.addEventListener("pointerdown", (event) => {
  // What the pointer is on now: a click's place is rounded to whole pixels, and points lie closer.
  drag = {x: event.clientX, y: event.clientY, moved: false, point: nearestTo(event.offsetX, event.offsetY, REACH)};
});
canvas.addEventListener("pointermove", (event) => {
  if (drag !== null && event.buttons && state.zoom > 1) {
    const dx = event.clientX - drag.x, dy = event.clientY - drag.y;
    if (drag.moved || Math.hypot(dx, dy) > 4) {
      drag = {x: event.clientX, y: event.clientY, moved: true};
      state.x += dx / state.zoom;
      state.y += dy / state.zoom;
      fit();
      showTip(-1);
      return;
    }
  }
  const found = nearestTo(event.offsetX, event.offsetY, REACH);
  if (found !== state.hover) hover(found);
});
canvas.addEventListener("pointerleave", () => hover(-1));
canvas.addEventListener("click", () => {
  if (drag !== null && !drag.moved) choose(drag.point);
  drag = null;
});
canvas.addEventListener("wheel", (event) => {
  if (!event.ctrlKey && !event.metaKey) return; // else the page could not be scrolled past the map
  event.preventDefault();
  zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2);
}, {passive: false});
byId("closer").addEventListener("click", () => zoom(1.4));
byId("farther").addEventListener("click", () => zoom(1 / 1.4));
byId("whole").addEventListener("click", () => zoom(0));

function showLegend() {
  const list = byId("legend");
  list.replaceChildren();
  data.classes.forEach(({name, marker}, code) => {
    if (!name.toLocaleLowerCase().includes(state.found)) return;
    const label = make("label", undefined, make("li", undefined, list));
    const box = make("input", undefined, label);
    box.type = "checkbox";
    box.checked = !state.hidden.has(code);
    box.addEventListener("change", () => { state.hidden[box.checked ? "delete" : "add"](code); update(); });
    const key = make("canvas", undefined, label);
    key.width = key.height = 32;
    mark(key.getContext("2d"), marker, 16, 16, 10, state.colour === "class" ? classColour(code) : ink("--dim"));
    make("span", name, label);
    make("span", String(data.counts[code]), label).className = "count";
  });
}
function showScale() {
  const box = byId("scale");
  box.replaceChildren();
  const keyed = (colour, text) => {
    const entry = make("span", undefined, box), key = make("span", undefined, entry);
    key.className = "key";
    key.style.background = colour;
    entry.append(text);
  };
  if (state.colour === "error") {
    keyed(ink("--wrong"), "misclassified");
    keyed(ink("--right"), "correct");
  } else if (state.colour === "confidence") {
    make("span", "Confidence 0\u00a0%", box);
    const bar = make("span", undefined, box);
    bar.className = "bar";
    bar.style.background = `linear-gradient(to right,${RAMP.map((part) => `rgb(${part})`).join(",")})`;
    make("span", "100\u00a0%", box);
  }
}
function update() {
  if (state.chosen >= 0 && !isShown(state.chosen)) state.chosen = -1;
  state.hover = -1;
  const shown = data.labels.filter((code) => !state.hidden.has(code)).length;
  byId("shown").textContent = `${shown} of ${count} points shown`;
  showTip(-1);
  showScale();
  showChosen();
  fit();
}
function setAll(isHidden) {
  data.classes.forEach(({name}, code) => {
    if (name.toLocaleLowerCase().includes(state.found)) state.hidden[isHidden ? "add" : "delete"](code);
  });
  showLegend();
  update();
}
byId("all").addEventListener("click", () => setAll(false));
byId("none").addEventListener("click", () => setAll(true));
byId("search").addEventListener("input", (event) => {
  state.found = event.target.value.trim().toLocaleLowerCase();
  showLegend();
});

const projections = byId("projection"), colours = byId("colour");
data.projections.forEach(({title}, place) => { make("option", title, projections).value = place; });
const choices = [["class", data.nouns.class], ...(data.predicted === null ? [] : [["error", "error"]]), ...(data.confidence === null ? [] : [["confidence", "confidence"]])];
for (const [value, text] of choices) make("option", text, colours).value = value;
byId("projection-box").hidden = data.projections.length < 2;
byId("colour-box").hidden = choices.length < 2;
projections.addEventListener("change", () => { state.projection = Number(projections.value); zoom(0); showChosen(); });
colours.addEventListener("change", () => { state.colour = colours.value; showLegend(); update(); });
dark.addEventListener("change", () => { inks.clear(); showLegend(); update(); });
addEventListener("resize", () => fit());
showLegend();
update();
