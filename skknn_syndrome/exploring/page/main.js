// The page: loads the cases, fills the choices, and tells each part of a change.
import {applyFilter, changed, className, confusions, count, hasConfidence, hasPredictions, load, onChange, state} from "./cases.js";
import {byId, capitalised, classColour, groupColour, ink, make, mark, RAMP} from "./look.js";
import * as detail from "./detail.js";
import * as files from "./files.js";
import * as list from "./list.js";
import * as map from "./map.js";

function option(parent, value, text) { make("option", text, parent).value = value; }

function fill() {
  const {data} = state, [one] = data.nouns;
  byId("title").textContent = data.title;
  document.title = `Explore ${data.title}`;
  const sample = count() < data.n_images ? ` of ${data.n_images.toLocaleString("en")}` : "";
  byId("about").textContent = `${count().toLocaleString("en")}${sample} cases, ${data.classes.length.toLocaleString("en")} classes. ${data.about}`;
  byId("class-noun").textContent = capitalised(one);
  data.planes.forEach(({title}, place) => option(byId("plane"), place, title));
  byId("plane-box").hidden = data.planes.length < 2;
  option(byId("colour"), "class", one);
  if (hasPredictions()) option(byId("colour"), "error", "error");
  if (hasConfidence()) option(byId("colour"), "confidence", "confidence");
  if (data.novelty.length) option(byId("colour"), "novelty", "novelty");
  data.covariates.forEach(({name}, place) => option(byId("colour"), `covariate${place}`, name));
  option(byId("of-class"), "", "all");
  data.classes.forEach(({name}, code) => option(byId("of-class"), code, name));
  option(byId("pair"), "", "any");
  for (const [key, number] of confusions()) {
    const [truth, said] = key.split(">").map((code) => className(Number(code)));
    option(byId("pair"), key, `${truth}, misclassified as ${said} (${number.toLocaleString("en")})`);
  }
  for (const id of ["error", "pair"]) byId(id).closest("label").hidden = !hasPredictions();
  byId("range").hidden = !hasConfidence();
}

function legend() {
  const box = byId("legend"), keyed = (colour, text, marker = "o") => {
    const entry = make("li", undefined, box), key = make("canvas", undefined, entry);
    key.width = key.height = 28;
    key.setAttribute("aria-hidden", "true");
    mark(key.getContext("2d"), marker, 14, 14, 9, colour);
    make("span", text, entry);
  };
  box.replaceChildren();
  if (state.colour === "class") state.data.classes.forEach(({name, marker}, code) => keyed(classColour(code), name, marker));
  else if (state.colour === "error") {
    keyed(ink("--wrong"), "misclassified");
    keyed(ink("--right"), "correct");
  } else if (state.colour.startsWith("covariate")) {
    const found = state.data.covariates[Number(state.colour.slice(9))];
    found.groups.forEach((name, code) => keyed(groupColour(code, name), name));
  } else {
    const entry = make("li", undefined, box);
    make("span", state.colour === "confidence" ? "Confidence 0\u00a0%" : "Novelty 0", entry);
    make("span", undefined, entry, "ramp").style.background = `linear-gradient(to right,${RAMP.map((part) => `rgb(${part})`).join(",")})`;
    make("span", state.colour === "confidence" ? "100\u00a0%" : "1", entry);
  }
}

function listen() {
  const inputs = {search: "text", "of-class": "ofClass", error: "error", pair: "pair", least: "least", most: "most"};
  for (const [id, name] of Object.entries(inputs)) {
    const input = byId(id), numeric = input.type === "number", first = input.value;
    input.addEventListener(id === "search" || numeric ? "input" : "change", () => {
      state.filter[name] = numeric ? Number(input.value || first) : input.value;
      applyFilter();
    });
  }
  byId("clear").addEventListener("click", () => {
    Object.assign(state.filter, {text: "", ofClass: "", error: "", pair: "", least: 0, most: 100});
    for (const id of ["search", "of-class", "error", "pair"]) byId(id).value = "";
    byId("least").value = 0;
    byId("most").value = 100;
    applyFilter();
  });
  byId("plane").addEventListener("change", (event) => { state.plane = Number(event.target.value); changed("plane"); });
  byId("colour").addEventListener("change", (event) => { state.colour = event.target.value; changed("colour"); });
}

try {
  for (const part of [map, list, detail]) onChange(part.update);
  onChange((what) => { if (what === "colour") legend(); });
  await load();
  fill();
  legend();
  listen();
  files.start();
  changed("chosen");
  document.body.dataset.ready = "yes";
} catch (error) {
  byId("title").textContent = "The cases could not be loaded";
  byId("about").textContent = error.message;
}
