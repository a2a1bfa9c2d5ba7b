--- Quarto's callouts and tabsets, for readers without scripts.
-- `::: {.callout-note title="…"}`, or with a first heading, becomes a titled box; `::: {.panel-tabset}` becomes its
-- tabs one under the other, which also prints.

local TITLES = {
  ["callout-note"] = "Note",
  ["callout-tip"] = "Tip",
  ["callout-warning"] = "Warning",
  ["callout-important"] = "Important",
  ["callout-caution"] = "Caution",
}

local function kind_of(div)
  return div.classes:find_if(function(class) return TITLES[class] ~= nil end)
end

--- Takes the title out of a callout: its attribute, its first heading, or its kind's name.
local function take_title(div, kind)
  local given = div.attributes.title
  div.attributes.title = nil
  if given and given ~= "" then
    return pandoc.Inlines(given)
  end
  if #div.content > 0 and div.content[1].t == "Header" then
    return div.content:remove(1).content
  end
  return pandoc.Inlines(TITLES[kind])
end

local function box(div, kind)
  local title = take_title(div, kind)
  if FORMAT == "typst" then
    local blocks = pandoc.Blocks{pandoc.RawBlock("typst", '#callout("' .. kind .. '")['), pandoc.Plain(title)}
    blocks:insert(pandoc.RawBlock("typst", "]["))
    blocks:extend(div.content)
    blocks:insert(pandoc.RawBlock("typst", "]"))
    return blocks
  end
  if FORMAT == "docx" then
    return pandoc.BlockQuote(pandoc.Blocks{pandoc.Para(pandoc.Strong(title))} .. div.content)
  end
  div.content:insert(1, pandoc.Div(pandoc.Plain(title), pandoc.Attr("", {"callout-title"})))
  div.classes:insert(1, "callout")
  div.attributes.role = "note"
  return div
end

--- Tabs keep their headings, but no place in the contents and no number.
local function stack(div)
  return div.content:map(function(block)
    if block.t == "Header" then
      block.classes:extend{"unnumbered", "unlisted"}
    end
    return block
  end)
end

function Div(div)
  local kind = kind_of(div)
  if kind then
    return box(div, kind)
  end
  if div.classes:includes("panel-tabset") then
    return stack(div)
  end
end
