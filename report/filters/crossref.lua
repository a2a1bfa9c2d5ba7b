--- Numbers figures, tables and sections in order of appearance, and turns @fig-x, @tbl-x and @sec-x into links.

local NAMES = {fig = "Figure", tbl = "Table", sec = "Section"}
local NBSP = "\u{00A0}"

local numbers = {}
local counts = {fig = 0, tbl = 0}

local function kind_of(identifier)
  local kind = identifier:match("^(%l+)%-.")
  return NAMES[kind] and kind
end

local function register(identifier, number)
  if numbers[identifier] then
    error("Two elements are called #" .. identifier .. ".", 0)
  end
  numbers[identifier] = number
end

--- Gives a captioned element of the kind its number, in front of its caption.
local function number_caption(element, kind)
  if kind_of(element.identifier) ~= kind then
    return nil
  end
  counts[kind] = counts[kind] + 1
  register(element.identifier, tostring(counts[kind]))
  local label = NAMES[kind] .. NBSP .. counts[kind] .. ":"
  local caption = element.caption.long
  if #caption == 0 then
    caption = pandoc.Blocks{pandoc.Plain{}}
  end
  caption[1].content = pandoc.Inlines{pandoc.Strong(label), pandoc.Space()} .. caption[1].content
  element.caption.long = caption
  return element
end

local function number_elements(document)
  return document:walk{
    traverse = "topdown",
    Figure = function(figure) return number_caption(figure, "fig") end,
    Table = function(tabular) return number_caption(tabular, "tbl") end,
  }
end

local function highest_level(document)
  local highest = 6
  document:walk{Header = function(header) highest = math.min(highest, header.level) end}
  return highest
end

--- Numbers the sections where `number-sections` is on; an unnumbered document has no section to speak of by number.
local function number_sections(document)
  if document.meta["number-sections"] ~= true then
    return document
  end
  local base, path = highest_level(document) - 1, {}
  return document:walk{
    traverse = "topdown",
    Header = function(header)
      if header.classes:includes("unnumbered") then
        return nil
      end
      local depth = header.level - base
      for level = 1, depth do
        path[level] = path[level] or 0
      end
      path[depth] = path[depth] + 1
      path = table.move(path, 1, depth, 1, {})
      local number = table.concat(path, ".")
      if kind_of(header.identifier) == "sec" then
        register(header.identifier, number)
      end
      header.content = pandoc.Inlines{pandoc.Str(number), pandoc.Space()} .. header.content
      return header
    end,
  }
end

local unresolved = {}

local function reference(citation, kind)
  local number = numbers[citation.id]
  if not number then
    table.insert(unresolved, "@" .. citation.id)
    return pandoc.Inlines("@" .. citation.id)
  end
  local text = pandoc.Inlines{}
  if #citation.prefix > 0 then
    text:extend(citation.prefix)
    text:insert(NBSP)
  elseif citation.mode ~= "SuppressAuthor" then
    text:insert(NAMES[kind] .. NBSP)
  end
  text:insert(number)
  return pandoc.Inlines{pandoc.Link(text, "#" .. citation.id)}
end

--- Replaces a citation of figures, tables and sections; literature that is cited in the same brackets stays cited.
local function resolve(cite)
  local found, parts = false, pandoc.Inlines{}
  for place, citation in ipairs(cite.citations) do
    local kind = kind_of(citation.id)
    found = found or kind ~= nil
    if place > 1 then
      parts:extend{pandoc.Str(","), pandoc.Space()}
    end
    parts:extend(kind and reference(citation, kind) or {pandoc.Cite({}, {citation})})
  end
  return found and parts or nil
end

--- A document in another language brings what figures, tables and sections are called there.
local function read_names(labels)
  for kind in pairs(NAMES) do
    NAMES[kind] = labels[kind] and pandoc.utils.stringify(labels[kind]) or NAMES[kind]
  end
end

function Pandoc(document)
  read_names(document.meta.labels or {})
  local numbered = number_sections(number_elements(document))
  local resolved = numbered:walk{Cite = resolve}
  if #unresolved > 0 then
    local labels = table.concat(unresolved, ", ")
    local hint = labels:find("@sec-", 1, true) and ": sections are numbered under number-sections: true" or ""
    error("Unable to resolve crossref " .. labels .. hint .. ".", 0)
  end
  return resolved
end
