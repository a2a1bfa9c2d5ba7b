// All cases in columns, which of them are shown, and which is chosen: what the other modules look at.

const listeners = new Set();

export const state = {
  data: null, rows: [], shown: new Set(), chosen: -1, plane: 0, colour: "class",
  filter: {text: "", ofClass: "", error: "", pair: "", least: 0, most: 100},
};

export function onChange(listener) { listeners.add(listener); }
export function changed(what) { for (const listener of listeners) listener(what); }

export async function load() {
  const answer = await fetch("api/overview");
  if (!answer.ok) throw new Error((await answer.json()).message);
  state.data = await answer.json();
  applyFilter();
}

export const count = () => state.data.labels.length;
export const className = (code) => state.data.classes[code].name;
export const trueName = (row) => className(state.data.labels[row]);
export const hasPredictions = () => state.data.predicted.length > 0;
export const hasConfidence = () => state.data.confidence.length > 0;
export const predictedName = (row) => hasPredictions() ? className(state.data.predicted[row]) : null;
export const isWrong = (row) => hasPredictions() && state.data.predicted[row] !== state.data.labels[row];
export const idOf = (row) => state.data.images.length ? state.data.images[row] : String(row + 1);
export const subjectOf = (row) => state.data.subjects.length ? state.data.subjects[row] : null;
export const confidence = (row) => hasConfidence() ? state.data.confidence[row] : null;

// As in the report: whole, but with a decimal near 0 and near 100, which only what is all of it reaches.
export function percent(share) {
  const points = Math.round(1000 * share) / 10;
  if (points === 0 && share > 0) return "<\u00a00.1\u00a0%";
  if (points === 100 && share < 1) return ">\u00a099.9\u00a0%";
  const whole = (points >= 10 && points <= 99) || points === Math.round(points);
  return `${points.toFixed(whole ? 0 : 1)}\u00a0%`;
}

// Pairs of classes, the most frequent first: [true, predicted, how many].
export function confusions() {
  const found = new Map();
  for (let row = 0; row < count(); row++) {
    if (!isWrong(row)) continue;
    const key = `${state.data.labels[row]}>${state.data.predicted[row]}`;
    found.set(key, (found.get(key) || 0) + 1);
  }
  return [...found].sort((a, b) => b[1] - a[1]).map(([key, number]) => [key, number]);
}

export function applyFilter() {
  const {text, ofClass, error, pair, least, most} = state.filter, wanted = text.trim().toLocaleLowerCase();
  const rows = [];
  for (let row = 0; row < count(); row++) {
    if (ofClass !== "" && state.data.labels[row] !== Number(ofClass)) continue;
    if (error !== "" && isWrong(row) !== (error === "wrong")) continue;
    if (pair !== "" && `${state.data.labels[row]}>${(state.data.predicted || [])[row]}` !== pair) continue;
    if (hasConfidence()) {
      const sure = 100 * confidence(row);
      if (sure < least || sure > most) continue;
    }
    if (wanted && ![idOf(row), subjectOf(row), trueName(row), predictedName(row)]
      .some((name) => name !== null && name.toLocaleLowerCase().includes(wanted))) continue;
    rows.push(row);
  }
  state.rows = rows;
  state.shown = new Set(rows);
  changed("filter");
}

export function choose(row) {
  if (row === state.chosen) return;
  state.chosen = row;
  changed("chosen");
}
