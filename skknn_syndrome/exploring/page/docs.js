// The interface, from its description: paths, parameters, and the schemas of answers.
import {byId, make} from "./look.js";

const description = await (await fetch("openapi.json")).json(), box = byId("operations");
const base = location.pathname.slice(0, location.pathname.lastIndexOf("/"));

function operation(path, verb, said) {
  const section = make("section", undefined, box);
  make("h2", `${verb.toUpperCase()} ${path}`, section, "verb");
  make("p", said.summary, section);
  if (said.parameters.length) {
    const list = make("ul", undefined, section);
    for (const each of said.parameters) make("li", `${each.name}, ${each.schema.type}, in the ${each.in}${each.required ? ", required" : ""}. ${each.description || ""}`, list);
  }
  if (verb === "post") make("pre", `curl --data-binary @new.csv -H 'Content-Type: application/octet-stream' '${location.origin}${base}${path}?format=csv'`, section).tabIndex = 0;
  const [type, content] = Object.entries(said.responses["200"].content)[0], name = content.schema.$ref?.split("/").pop();
  make("p", `Answer: ${type}${name ? `, ${name}` : ""}`, section);
}
for (const [path, verbs] of Object.entries(description.paths)) {
  for (const [verb, said] of Object.entries(verbs)) operation(path, verb, said);
}
make("h2", "Schemas", box);
for (const [name, schema] of Object.entries(description.components.schemas)) {
  const each = make("details", undefined, box);
  make("summary", name, each);
  make("pre", JSON.stringify(schema, null, 1), each).tabIndex = 0;
}
