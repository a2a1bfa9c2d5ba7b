// The list of cases: only the rows in sight are elements, and one of them takes part in the tab order.
import {choose, confidence, count, idOf, isWrong, percent, predictedName, state, subjectOf, trueName} from "./cases.js";
import {byId, make} from "./look.js";

const HEIGHT = 48, list = byId("list"), space = byId("space");
let active = 0; // its place among the rows that the filter leaves

function entry(place) {
  const row = state.rows[place], option = make("div", undefined, null, "case");
  option.setAttribute("role", "option");
  option.setAttribute("aria-selected", String(row === state.chosen));
  option.setAttribute("aria-setsize", String(state.rows.length));
  option.setAttribute("aria-posinset", String(place + 1));
  option.tabIndex = place === active ? 0 : -1;
  option.dataset.place = String(place);
  option.style.top = `${place * HEIGHT}px`;
  make("div", trueName(row), option);
  const subject = subjectOf(row), more = make("div", subject === null ? idOf(row) : `${idOf(row)}, ${state.data.nouns[1]} ${subject}`, option, "more");
  if (isWrong(row)) {
    more.prepend(make("span", `misclassified as ${predictedName(row)}`, null, "wrong"), " · ");
  }
  if (confidence(row) !== null) more.prepend(`${percent(confidence(row))} · `);
  return option;
}

function render(focus) {
  space.style.height = `${state.rows.length * HEIGHT}px`;
  const held = list.contains(document.activeElement) && document.activeElement !== list;
  const first = Math.max(0, Math.floor(list.scrollTop / HEIGHT) - 4);
  const last = Math.min(state.rows.length, first + Math.ceil(list.clientHeight / HEIGHT) + 8);
  const places = new Set(Array.from({length: Math.max(0, last - first)}, (_, step) => first + step));
  if (active < state.rows.length) places.add(active); // focus is never lost by scrolling
  space.replaceChildren(...[...places].sort((a, b) => a - b).map(entry));
  if (focus || held) space.querySelector(`[data-place="${active}"]`)?.focus({preventScroll: true});
}

function moveTo(place, focus) {
  active = Math.max(0, Math.min(state.rows.length - 1, place));
  const top = active * HEIGHT;
  if (top < list.scrollTop) list.scrollTop = top;
  if (top + HEIGHT > list.scrollTop + list.clientHeight) list.scrollTop = top + HEIGHT - list.clientHeight;
  render(focus);
}

const PAGE = 10;
const KEYS = {ArrowDown: 1, ArrowUp: -1, PageDown: PAGE, PageUp: -PAGE, Home: -Infinity, End: Infinity};
list.addEventListener("keydown", (event) => {
  if (event.key in KEYS) moveTo(active + KEYS[event.key], true);
  else if ((event.key === "Enter" || event.key === " ") && state.rows.length) choose(state.rows[active]);
  else return;
  event.preventDefault();
});
list.addEventListener("click", (event) => {
  const option = event.target.closest(".case");
  if (option === null) return;
  moveTo(Number(option.dataset.place), true);
  choose(state.rows[active]);
});
list.addEventListener("scroll", () => render(false), {passive: true});
new ResizeObserver(() => { if (state.data !== null) render(false); }).observe(list);

export function update(what) {
  if (what === "filter") {
    byId("shown").textContent = `${state.rows.length.toLocaleString("en")} of ${count().toLocaleString("en")} shown`;
    list.scrollTop = 0;
    active = Math.max(0, state.rows.indexOf(state.chosen));
    moveTo(active, false);
  } else if (what === "chosen") {
    const place = state.rows.indexOf(state.chosen);
    if (place >= 0) moveTo(place, false); else render(false);
  }
}
