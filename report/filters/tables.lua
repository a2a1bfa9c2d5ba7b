--- Column widths follow the content; prose takes several lines, and nothing else does.
-- On paper, a wide table gets the largest type that it fits the page with.

local PAGE = 470 -- points between the margins of template.typ
local PADDING = 10 -- points that a column's insets take
local CHARACTER = 0.5 -- width of a digit, in units of the type's size
local LARGEST, SMALLEST = 9, 6.5
local PROSE = 32 -- a longer cell is prose, which may take several lines
local LINE = 24 -- what prose needs at least to be readable
local LONG_WORD = 7

local function longest_word(text)
  local longest = 0
  for word in text:gmatch("%S+") do
    longest = math.max(longest, utf8.len(word) or #word)
  end
  return longest
end

--- Characters that a cell needs side by side; a heading may break between words, and so may prose.
local function needed(cell, is_heading)
  local text = pandoc.utils.stringify(cell.contents)
  local length = utf8.len(text) or #text
  if is_heading then
    return longest_word(text)
  end
  if length > PROSE then
    cell.classes:insert("prose")
    return math.max(longest_word(text), LINE)
  end
  return length
end

local function widen(widths, rows, is_heading)
  for _, row in ipairs(rows) do
    for column, cell in ipairs(row.cells) do
      widths[column] = math.max(widths[column] or 0, needed(cell, is_heading))
    end
  end
end

local function fitting_size(tabular)
  local widths, sum = {}, 0
  widen(widths, tabular.head.rows, true)
  for _, body in ipairs(tabular.bodies) do
    widen(widths, body.body, false)
  end
  for _, width in ipairs(widths) do
    sum = sum + width
  end
  return (PAGE - PADDING * #widths) / (CHARACTER * math.max(sum, 1))
end

--- Lets long words break anywhere.
local function breakable(text)
  if (utf8.len(text.text) or 0) < LONG_WORD then
    return nil
  end
  return pandoc.Str((text.text:gsub(utf8.charpattern, "%0\u{200B}")))
end

function Table(tabular)
  tabular.colspecs = tabular.colspecs:map(function(column) return {column[1], nil} end)
  local size = fitting_size(tabular)
  if FORMAT == "typst" then
    if size < SMALLEST then
      tabular = tabular:walk{Str = breakable}
    end
    tabular.attributes["typst:text:size"] = string.format("%.1fpt", math.max(SMALLEST, math.min(LARGEST, size)))
  end
  return tabular
end
