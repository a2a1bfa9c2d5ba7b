// The map: all points on one canvas, drawn once a change, and found again by a grid of the screen.
import {changed, choose, confidence, count, idOf, isWrong, percent, predictedName, state, trueName} from "./cases.js";
import {announce, byId, capitalised, colourOf, dark, ink, make, mark} from "./look.js";

const REACH = 14, CELL = 16, MANY = 5000;
const canvas = byId("map"), pen = canvas.getContext("2d"), tip = byId("tip");
const layer = document.createElement("canvas"), layerPen = layer.getContext("2d");
const view = {zoom: 1, x: 0, y: 0, hover: -1, near: []};
let xs = new Float32Array(0), ys = new Float32Array(0), grid = new Map(), columns = 0, box = null;

export function showNear(rows) { view.near = rows; draw(); }

function extent(values) {
  let low = Infinity, high = -Infinity;
  for (const value of values) { low = Math.min(low, value); high = Math.max(high, value); }
  return [low, high];
}

function fit() {
  if (state.data === null) return;
  const ratio = devicePixelRatio || 1;
  box = canvas.getBoundingClientRect();
  for (const each of [canvas, layer]) {
    each.width = Math.round(box.width * ratio);
    each.height = Math.round(box.height * ratio);
  }
  for (const each of [pen, layerPen]) each.setTransform(ratio, 0, 0, ratio, 0, 0);
  const {x, y} = state.data.planes[state.plane], edge = 16;
  const [left, right] = extent(x), [low, high] = extent(y);
  const scale = Math.min((box.width - 2 * edge) / (right - left || 1), (box.height - 2 * edge) / (high - low || 1));
  xs = new Float32Array(count());
  ys = new Float32Array(count());
  for (let row = 0; row < count(); row++) {
    xs[row] = box.width / 2 + ((x[row] - (left + right) / 2) * scale + view.x) * view.zoom;
    ys[row] = box.height / 2 - ((y[row] - (low + high) / 2) * scale - view.y) * view.zoom;
  }
  paint();
}

const key = (x, y) => Math.floor(y / CELL) * columns + Math.floor(x / CELL);
const inView = (row) => xs[row] >= 0 && ys[row] >= 0 && xs[row] < box.width && ys[row] < box.height;
function paint() {
  layerPen.clearRect(0, 0, box.width, box.height);
  columns = Math.ceil(box.width / CELL) + 1;
  grid = new Map();
  const many = count() > MANY, size = many ? 2.2 : 3.6;
  const drawn = new Set(); // of very many points one a pixel and colour: the others lie under it
  layerPen.globalAlpha = many ? 0.75 : 0.85;
  for (const row of state.rows) {
    if (!inView(row)) continue;
    const cell = key(xs[row], ys[row]);
    if (grid.has(cell)) grid.get(cell).push(row); else grid.set(cell, [row]);
    const colour = colourOf(row);
    if (many) {
      const place = `${Math.round(xs[row])},${Math.round(ys[row])},${colour}`;
      if (drawn.has(place)) continue;
      drawn.add(place);
      layerPen.fillStyle = colour;
      layerPen.fillRect(xs[row] - size / 2, ys[row] - size / 2, size, size);
    } else {
      mark(layerPen, state.data.classes[state.data.labels[row]].marker, xs[row], ys[row], size, colour);
    }
  }
  draw();
}

function draw() {
  if (box === null) return;
  pen.clearRect(0, 0, box.width, box.height);
  pen.globalAlpha = state.chosen < 0 ? 1 : 0.7;
  pen.drawImage(layer, 0, 0, box.width, box.height);
  pen.globalAlpha = 1;
  const {chosen} = state;
  if (chosen >= 0) {
    for (const row of view.near) {
      pen.beginPath();
      pen.moveTo(xs[chosen], ys[chosen]);
      pen.lineTo(xs[row], ys[row]);
      pen.strokeStyle = ink("--accent");
      pen.lineWidth = 1.2;
      pen.stroke();
    }
    for (const row of [...view.near, chosen]) {
      mark(pen, state.data.classes[state.data.labels[row]].marker, xs[row], ys[row], 5, colourOf(row));
    }
  }
  for (const row of new Set([chosen, view.hover])) {
    if (row < 0) continue;
    pen.beginPath();
    pen.arc(xs[row], ys[row], 8, 0, 2 * Math.PI);
    pen.strokeStyle = ink("--ink");
    pen.lineWidth = 2;
    pen.stroke();
  }
}

export function lines(row) {
  const [one, , image] = state.data.nouns, found = [`${capitalised(one)}: ${trueName(row)}`, `${capitalised(image)}: ${idOf(row)}`];
  if (predictedName(row) !== null) {
    const sure = confidence(row) === null ? "" : `, ${percent(confidence(row))}`;
    found.push(`Predicted: ${predictedName(row)}${sure}${isWrong(row) ? " (misclassified)" : ""}`);
  }
  return found;
}
function hover(row, speak) {
  view.hover = row;
  draw();
  tip.hidden = row < 0;
  if (row < 0) return;
  tip.replaceChildren();
  for (const line of lines(row)) make("div", line, tip);
  tip.style.left = `${Math.max(4, Math.min(xs[row] + 12, box.width - tip.offsetWidth - 4))}px`;
  tip.style.top = `${ys[row] + 14 + tip.offsetHeight > box.height ? Math.max(4, ys[row] - tip.offsetHeight - 10) : ys[row] + 14}px`;
  if (speak) announce(lines(row).join(". "));
}

function nearestTo(x, y, reach) {
  let best = -1, least = reach;
  const around = Math.ceil(reach / CELL);
  for (let down = -around; down <= around; down++) {
    for (let across = -around; across <= around; across++) {
      for (const row of grid.get(key(x + across * CELL, y + down * CELL)) || []) {
        const far = Math.hypot(xs[row] - x, ys[row] - y);
        if (far < least) [best, least] = [row, far];
      }
    }
  }
  return best;
}
function step(dx, dy) {
  let best = -1, least = Infinity;
  for (const row of state.rows) {
    const right = xs[row] - xs[view.hover], down = ys[row] - ys[view.hover];
    const along = right * dx + down * dy, across = Math.abs(right * dy) + Math.abs(down * dx);
    if (row !== view.hover && inView(row) && along > 0 && across <= 2 * along && along + across < least) {
      [best, least] = [row, along + across];
    }
  }
  return best;
}
function middle() {
  let best = -1, least = Infinity;
  for (const row of state.rows) {
    const far = Math.hypot(xs[row] - box.width / 2, ys[row] - box.height / 2);
    if (far < least) [best, least] = [row, far];
  }
  return best;
}
function zoom(factor) {
  view.zoom = Math.max(1, Math.min(60, view.zoom * factor));
  if (view.zoom === 1) view.x = view.y = 0;
  fit();
  hover(-1);
}

const ARROWS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};
canvas.addEventListener("keydown", (event) => {
  if (event.key in ARROWS) {
    const from = view.hover >= 0 ? view.hover : state.shown.has(state.chosen) ? state.chosen : -1;
    view.hover = from;
    const next = from < 0 ? middle() : step(...ARROWS[event.key]);
    if (next >= 0) hover(next, true);
  } else if (event.key === "Enter" || event.key === " ") {
    if (view.hover >= 0) choose(view.hover);
  } else if (event.key === "Escape") {
    choose(-1);
    hover(-1);
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
  drag = {x: event.clientX, y: event.clientY, moved: false, row: nearestTo(event.offsetX, event.offsetY, REACH)};
});
canvas.addEventListener("pointermove", (event) => {
  if (drag !== null && event.buttons && view.zoom > 1) {
    const dx = event.clientX - drag.x, dy = event.clientY - drag.y;
    if (drag.moved || Math.hypot(dx, dy) > 4) {
      drag = {x: event.clientX, y: event.clientY, moved: true};
      view.x += dx / view.zoom;
      view.y += dy / view.zoom;
      fit();
      return;
    }
  }
  const found = nearestTo(event.offsetX, event.offsetY, REACH);
  if (found !== view.hover) hover(found);
});
canvas.addEventListener("pointerleave", () => hover(-1));
canvas.addEventListener("click", () => {
  if (drag !== null && !drag.moved) choose(drag.row);
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
new ResizeObserver(() => fit()).observe(canvas);
dark.addEventListener("change", () => changed("colour"));

export function update(what) {
  if (what === "filter") { view.hover = -1; tip.hidden = true; fit(); }
  else if (what === "colour") { if (box !== null) paint(); }
  else if (what === "plane") { zoom(0); }
  else { view.near = []; if (state.chosen < 0) tip.hidden = true; draw(); }
}
