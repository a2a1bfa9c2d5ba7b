--- What Quarto's own filters leave open, after them: pictures that Word can show, with alt texts; tables that a
--- keyboard can scroll; names in the letters of their own language, which a PDF without a font for them lacks.

local function in_word(image)
  image.src = image.src:gsub("%.svg$", ".png")
  image.caption = pandoc.Inlines{pandoc.Str(image.attributes["fig-alt"] or pandoc.utils.stringify(image.caption))}
  image.attributes["fig-alt"] = nil
  return image
end

local function scrolling(tabular)
  local attributes = {{"role", "group"}, {"tabindex", "0"}, {"aria-label", "Table"}}
  return pandoc.Div({tabular}, pandoc.Attr("", {"scroll"}, attributes)), false
end

local function without_original(span)
  if span.classes:includes("original") then
    return {}
  end
end

--- On paper and in Word there is no other document to lead to: a reference to one is its text.
local function without_documents(link)
  if link.target:match("^%l+%.html#") then
    return link.content
  end
end

if FORMAT:match("^docx") then
  return {{Image = in_word, Link = without_documents}}
elseif FORMAT:match("^html") then
  return {{traverse = "topdown", Table = scrolling}}
elseif FORMAT:match("^typst") then
  return {{Span = without_original, Link = without_documents}}
end
