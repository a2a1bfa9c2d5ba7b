--- Column widths follow the content; prose takes several lines, and nothing else does.
-- On paper, a wide table gets the largest type that it fits the page with.

local PAGE = 470 -- points between the margins of template.typ
local PADDING = 10 -- points that a column's insets take
local CHARACTER = 0.5 -- width of a digit, in units of the type's size
local LARGEST, SMALLEST = 9, 6.5
local PROSE = 32 -- a longer cell is prose, which may take several lines
local LINE = 24 -- what prose needs at least to be readable
local LONG_WORD = 7
local MANY = 10 -- columns, which get smaller type on a screen
local SENTENCE = 60 -- characters from which on a cell is more than a name
local KEPT = 3 -- rows at a table's end that stay on one page
local MOST_STACKED = 5 -- columns: of more, nobody knows which cell is which without a heading

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

--- A table of sentences is read on a telephone one cell below the other.
local function has_much_prose(tabular)
  local columns = {}
  for _, body in ipairs(tabular.bodies) do
    for _, row in ipairs(body.body) do
      for column, cell in ipairs(row.cells) do
        local text = pandoc.utils.stringify(cell.contents)
        columns[column] = columns[column] or (utf8.len(text) or #text) > SENTENCE
      end
    end
  end
  local count = 0
  for _, is_prose in pairs(columns) do
    count = count + (is_prose and 1 or 0)
  end
  return count > 0 and #tabular.colspecs <= MOST_STACKED
end

--- Makes the last rows a foot, which Typst keeps in one piece: one or two rows alone are no page's worth.
local function keep_last_rows(tabular)
  local rows = tabular.bodies[#tabular.bodies].body
  if #rows < 2 * KEPT or #tabular.foot.rows > 0 then
    return
  end
  local last = pandoc.List()
  for _ = 1, KEPT do
    last:insert(1, rows:remove())
  end
  tabular.foot = pandoc.TableFoot(last)
end

function Table(tabular)
  tabular.colspecs = tabular.colspecs:map(function(column) return {column[1], nil} end)
  local size = fitting_size(tabular)
  if has_much_prose(tabular) then
    tabular.classes:insert("stacked")
  end
  if #tabular.colspecs >= MANY then
    tabular.classes:insert("wide")
  end
  if FORMAT == "typst" then
    if size < SMALLEST then
      local caption = tabular.caption -- which has the whole page's width
      tabular = tabular:walk{Str = breakable}
      tabular.caption = caption
    end
    tabular.attributes["typst:text:size"] = string.format("%.1fpt", math.max(SMALLEST, math.min(LARGEST, size)))
    keep_last_rows(tabular)
  end
  return tabular
end
