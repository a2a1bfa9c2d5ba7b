--- What each format needs around the same content: heading levels, alt texts, scrolling frames, the engine's note.

local BASE_LEVEL = FORMAT == "html" and 2 or 1 -- in HTML the title is the only heading of level 1
local identifiers = 0

local function in_typst_string(text)
  return '"' .. text:gsub('[\\"]', "\\%0"):gsub("%c", " ") .. '"'
end

--- The alt text is `fig-alt`, and the caption where there is none.
local function Image(image)
  local alt = image.attributes["fig-alt"] or image.attributes.alt or pandoc.utils.stringify(image.caption)
  image.attributes["fig-alt"], image.attributes.alt = nil, nil
  if FORMAT == "typst" then -- pandoc's writer leaves alt texts out
    return pandoc.RawInline(
      "typst", "#picture(" .. in_typst_string(image.src) .. ", " .. in_typst_string(alt) .. ")"
    )
  end
  image.caption = pandoc.Inlines{pandoc.Str(alt)}
  return image
end

--- A frame that scrolls sideways, by keyboard too, so that wide content never widens the page.
-- `naming` is the attribute, as a pair, by which a screen reader announces it.
local function frame(content, naming)
  -- As a list, since the order of a table's pairs changes from run to run.
  local attributes = {{"role", "group"}, {"tabindex", "0"}, naming}
  return pandoc.Div(content, pandoc.Attr("", {"frame"}, attributes))
end

local function new_identifier(element)
  identifiers = identifiers + 1
  return (element.identifier ~= "" and element.identifier or "element-" .. identifiers) .. "-caption"
end

local function captioned(element, label)
  return pandoc.Div(element.caption.long, pandoc.Attr(label, {"caption"}))
end

local function Table(tabular)
  if FORMAT ~= "html" then
    return nil
  end
  if #tabular.caption.long == 0 then
    return frame({tabular}, {"aria-label", "Table"})
  end
  -- A caption inside the table would be as wide as the table and scroll away with it.
  local label = new_identifier(tabular)
  local caption = captioned(tabular, label)
  local outer = pandoc.Attr(tabular.identifier, {"table"}, {{"role", "figure"}, {"aria-labelledby", label}})
  tabular.caption.long, tabular.identifier = {}, ""
  tabular.attributes["aria-labelledby"] = label
  return pandoc.Div({caption, frame({tabular}, {"aria-labelledby", label})}, outer)
end

local function Figure(figure)
  if FORMAT ~= "html" then
    return nil
  end
  local label = new_identifier(figure)
  figure.caption.long = {captioned(figure, label)}
  figure.content = {frame(figure.content, {"aria-labelledby", label})}
  return figure
end

--- On paper a name in letters without a font stands in Latin ones alone: the other form would be the same.
local function without_original(span)
  if FORMAT == "typst" and span.classes:includes("original") then
    return {}
  end
end

--- On paper and in Word there is no other document to lead to: a reference to one is its text.
local function Link(link)
  if FORMAT ~= "html" and link.target:match("^%l+%.html#") then
    return link.content
  end
end

--- Figures of a row stand side by side on paper; HTML does that by its style.
local function Div(div)
  if FORMAT ~= "typst" or not div.classes:includes("figures") then
    return nil
  end
  local blocks = pandoc.Blocks{pandoc.RawBlock("typst", "#side-by-side(")}
  for _, block in ipairs(div.content) do
    blocks:insert(pandoc.RawBlock("typst", "["))
    blocks:insert(block)
    blocks:insert(pandoc.RawBlock("typst", "],"))
  end
  blocks:insert(pandoc.RawBlock("typst", ")"))
  return blocks
end

--- The summary stands before the contents: on a telephone it is what is seen first.
local function move_summary(document)
  if FORMAT ~= "html" then
    return document
  end
  for place, block in ipairs(document.blocks) do
    if block.t == "Div" and block.classes:includes("summary") then
      document.meta.summary = pandoc.MetaBlocks{block}
      document.blocks:remove(place)
      break
    end
  end
  return document
end

local function shift_headings(document)
  local highest = 6
  document:walk{Header = function(header) highest = math.min(highest, header.level) end}
  return document:walk{
    Header = function(header)
      header.level = math.min(header.level - highest + BASE_LEVEL, 6)
      return header
    end,
  }
end

--- The note on the engine goes to the page's footer, which templates write; docx has it as its last paragraph.
local function move_note(document)
  local last = document.blocks[#document.blocks]
  if FORMAT ~= "docx" and last and last.t == "Div" and last.classes:includes("engine-note") then
    document.meta["engine-note"] = pandoc.MetaInlines(pandoc.utils.blocks_to_inlines(last.content))
    document.blocks:remove()
  end
  return document
end

--- On paper the summary is one page, also with authors, a box and many classes.
local function tighten_summary(document)
  if FORMAT == "typst" and pandoc.utils.stringify(document.meta.part or "") == "summary" then
    document.blocks:insert(1, pandoc.RawBlock("typst", "#show: compact"))
  end
  return document
end

function Pandoc(document)
  local framed = document:walk{Image = Image, Span = without_original, Link = Link}
  framed = framed:walk{Table = Table, Figure = Figure, Div = Div}
  return tighten_summary(move_summary(move_note(shift_headings(framed))))
end
