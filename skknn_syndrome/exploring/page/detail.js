// One case: what is said of it, who is near, and what it was confused with.
import {choose, className, isWrong, percent, state} from "./cases.js";
import {announce, byId, capitalised, make} from "./look.js";
import {showNear} from "./map.js";

const detail = byId("detail"), MOST = 5;
let asked = 0;

function cells(parent, tag, texts) {
  const line = make("tr", undefined, parent);
  return texts.map((text) => make(tag, text, line));
}
function heading(parent, texts) {
  const head = make("thead", undefined, parent);
  for (const cell of cells(head, "th", texts)) cell.scope = "col";
}

export function rankingTable(parent, ranking, truth) {
  const table = make("table", undefined, parent), known = ranking.some((entry) => entry.probability !== null);
  heading(table, [capitalised(state.data.nouns[0]), ...(known ? ["Probability"] : [])]);
  table.querySelector("th:last-child").colSpan = known ? 2 : 1;
  const body = make("tbody", undefined, table);
  for (const entry of ranking) {
    const [name, bar, number] = cells(body, "td", known ? [entry.name, null, null] : [entry.name]);
    if (entry.name === truth) { name.textContent = ""; make("strong", `${entry.name} (true)`, name); }
    if (!known) continue;
    const meter = make("meter", undefined, bar);
    meter.min = 0;
    meter.max = 1;
    meter.value = entry.probability;
    meter.setAttribute("aria-label", `Probability of ${entry.name}`);
    number.className = "number";
    number.textContent = percent(entry.probability);
  }
}

export function sets(parent, said) {
  make("h3", `Prediction set at ${percent(said.coverage)} coverage`, parent);
  const line = make("p", undefined, parent);
  if (!said.prediction_set.length) line.textContent = `Empty: unlike every ${state.data.nouns[0]}.`;
  for (const name of said.prediction_set) make("span", name, line, "tag");
  make("h3", "Novelty", parent);
  const limit = said.novelty_threshold === null ? "" : `, threshold ${said.novelty_threshold.toFixed(3)}`;
  make("p", `${said.novelty.toFixed(3)}${limit}: ${said.possibly_none ? "possibly none of the known classes" : "not flagged, which is no proof that it is known"}`, parent, said.possibly_none ? "warn" : "");
}

export function nearTable(parent, near, title) {
  make("h3", title, parent);
  const table = make("table", undefined, parent);
  heading(table, [capitalised(state.data.nouns[0]), capitalised(state.data.nouns[2]), "Distance"]);
  table.querySelector("th:last-child").className = "number";
  const body = make("tbody", undefined, table);
  for (const entry of near) {
    const [, image, far] = cells(body, "td", [entry.name, null, entry.distance === null ? "" : entry.distance.toFixed(3)]);
    far.className = "number";
    const shown = entry.image ?? (entry.row === null ? "" : String(entry.row + 1));
    if (entry.row === null) { image.textContent = shown; continue; }
    const link = make("button", shown, image, "link");
    link.type = "button";
    link.setAttribute("aria-label", `Show ${state.data.nouns[2]} ${shown}, ${entry.name}`);
    link.addEventListener("click", () => choose(entry.row));
  }
}

function confused(row) {
  const said = state.data.predicted[row], truth = state.data.labels[row];
  const others = state.data.labels.reduce((sum, label, other) => sum + (label === truth && state.data.predicted[other] === said), 0);
  const box = make("p", `Misclassified as ${className(said)}. `, detail, "warn");
  const link = make("button", `Show all ${others.toLocaleString("en")} of ${className(truth)} misclassified as ${className(said)}`, box, "link");
  link.type = "button";
  link.addEventListener("click", () => {
    byId("clear").click();
    byId("pair").value = `${truth}>${said}`;
    byId("pair").dispatchEvent(new Event("change"));
  });
}

function show(found) {
  detail.replaceChildren();
  const [, subject, image] = state.data.nouns;
  make("p", found.name, detail, "name");
  const ids = [found.image === null ? null : `${image} ${found.image}`, found.subject === null ? null : `${subject} ${found.subject}`];
  make("p", capitalised(ids.filter((id) => id !== null).join(", ") || `${image} ${found.row + 1} on the map`), detail, "hint");
  if (isWrong(found.row)) confused(found.row);
  if (found.ranking.length) {
    make("h3", "Out-of-fold ranking", detail);
    rankingTable(detail, found.ranking.slice(0, MOST), found.name);
  }
  if (found.prediction !== null) sets(detail, found.prediction);
  if (found.neighbors.length) nearTable(detail, found.neighbors, `Nearest (${found.neighbors_of})`);
  if (found.has_sheet) {
    const link = make("a", "Open the case sheet", make("p", undefined, detail));
    link.href = `api/cases/${found.row}/sheet`;
    link.target = "_blank";
    link.rel = "noreferrer";
  }
  showNear(found.neighbors.filter((entry) => entry.row !== null).map((entry) => entry.row));
  announce(`${found.name}. ${found.ranking.length ? `Predicted ${found.ranking[0].name}` : ""}`);
}

export async function update(what) {
  if (what !== "chosen") return;
  const mine = ++asked;
  if (state.chosen < 0) {
    detail.replaceChildren();
    make("p", "No case is chosen: click a point or a row, or move with the arrow keys and press Enter.", detail, "hint");
    return;
  }
  const answer = await fetch(`api/cases/${state.chosen}`), found = await answer.json();
  if (mine !== asked) return; // another was chosen meanwhile
  if (answer.ok) show(found);
  else { detail.replaceChildren(); make("p", found.message, detail, "warn"); }
}
