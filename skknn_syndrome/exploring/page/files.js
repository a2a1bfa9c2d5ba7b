// New cases from a file: sent to this machine's own server as bytes, answered, and forgotten there.
import {percent, state} from "./cases.js";
import {announce, byId, capitalised, make} from "./look.js";
import {nearTable, rankingTable, sets} from "./detail.js";

const box = byId("answers"), MOST_RANKED = 5, MOST_ANSWERS = 200;

async function ask(path, file, query) {
  const format = file.name.includes(".") ? file.name.split(".").pop().toLowerCase() : "";
  const address = `${path}?${new URLSearchParams({format, ...query})}`;
  const answer = await fetch(address, {method: "POST", body: file, headers: {"Content-Type": "application/octet-stream"}});
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.message);
  return said;
}
function refuse(text) {
  box.replaceChildren();
  make("p", text, box, "warn");
}

const FLAGS = {
  zero_vector: "The vector is all zeros: no image was read.",
  norm_below_gallery: "The vector is shorter than any of the gallery's.",
  norm_above_gallery: "The vector is longer than any of the gallery's.",
};
function answerBox(said, file, row, parent) {
  const each = make("details", undefined, parent);
  each.open = row === 0;
  make("summary", `${capitalised(state.data.nouns[2])} ${said.image}: ${said.ranking[0].name}, ${percent(said.ranking[0].probability)}`, each);
  for (const flag of said.flags) make("p", `${FLAGS[flag]} Is it of the gallery's encoder?`, each, "warn");
  rankingTable(each, said.ranking.slice(0, MOST_RANKED), null);
  sets(each, said);
  const more = make("button", "Show nearest neighbours", each), place = make("div", undefined, each);
  more.type = "button";
  more.addEventListener("click", async () => {
    more.disabled = true;
    try {
      const found = await ask("explain", file, {row});
      place.replaceChildren();
      nearTable(place, found.neighbors.map((near) => ({
        row: rowOf(near.image), name: near.name, image: near.image, distance: near.cosine,
      })), "Nearest (cosine distance)");
      if (found.in_gallery) make("p", "The gallery holds the same vector: the model was fitted to it.", place, "warn");
    } catch (error) {
      make("p", error.message, place, "warn");
    }
    more.disabled = false;
  });
}
function rowOf(image) {
  const row = state.data.images.indexOf(image);
  return row < 0 ? null : row;
}

async function send(file) {
  if (file.size > state.data.max_bytes) {
    refuse(`The file is larger than ${state.data.max_bytes.toLocaleString("en")} bytes: see --max-upload.`);
    return;
  }
  refuse("Asking");
  try {
    const said = await ask("predict", file, {});
    box.replaceChildren();
    const flagged = said.images.filter((each) => each.possibly_none).length;
    make("p", `${said.images.length.toLocaleString("en")} answered, ${flagged.toLocaleString("en")} possibly none of the known.`, box);
    said.images.slice(0, MOST_ANSWERS).forEach((each, row) => answerBox(each, file, row, box));
    if (said.images.length > MOST_ANSWERS) make("p", `The first ${MOST_ANSWERS} are shown; \`skknn-syndrome predict\` writes all.`, box);
    announce(box.firstChild.textContent);
  } catch (error) {
    refuse(error.message);
  }
}

export function start() {
  if (!state.data.answers) return;
  byId("ask").hidden = false;
  byId("file").addEventListener("change", (event) => { if (event.target.files.length) send(event.target.files[0]); });
  addEventListener("dragover", (event) => { event.preventDefault(); document.body.classList.add("dropping"); });
  addEventListener("dragleave", (event) => { if (event.relatedTarget === null) document.body.classList.remove("dropping"); });
  addEventListener("drop", (event) => {
    event.preventDefault();
    document.body.classList.remove("dropping");
    if (event.dataTransfer.files.length) send(event.dataTransfer.files[0]);
  });
}
