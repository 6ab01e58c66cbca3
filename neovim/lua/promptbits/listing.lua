-- The library as a list: a line for each prompt, to search, to sort, and to open from.
local address = require("promptbits.address")
local client = require("promptbits.client")
local library = require("promptbits.library")
local notice = require("promptbits.notice")

local M = {}

---@class promptbits.Listing
---@field from vim.lsp.Client
---@field prompts table[] in the order of the lines
---@field order integer

---@type table<integer, promptbits.Listing>
local listings = {}

---@param value any
---@return any? nil for JSON's null
local function known(value)
  return value ~= vim.NIL and value or nil
end

-- Prompts without a rate come last.
---@param prompt table
---@return number
local function success(prompt)
  local measured = known(prompt.measured)
  return measured and known(measured.rate) or 2
end

---@param prompt table
---@return number
local function soundness(prompt)
  return -prompt.problems.errors - prompt.problems.warnings / 1000000
end

-- What `s` goes through: its name, and a number that is small where a prompt stands far up.
---@type { [1]: string, [2]?: fun(prompt: table): number }[]
local ORDERS = { { "id" }, { "success rate, the lowest first", success }, { "problems, the most first", soundness } }

-- By the order that is chosen; then those that ship come last; then by id.
---@param prompts table[]
---@param order integer
local function sort(prompts, order)
  local rank = ORDERS[order][2] or function()
    return 0
  end
  local keys = {} ---@type table<table, any[]>
  for _, prompt in ipairs(prompts) do
    keys[prompt] = { rank(prompt), prompt.shipped and 1 or 0, prompt.id, prompt.uri }
  end
  table.sort(prompts, function(a, b)
    for index, key in ipairs(keys[a]) do
      if key ~= keys[b][index] then
        return key < keys[b][index]
      end
    end
    return false
  end)
end

---@param count integer
---@param one string
---@return string?
local function counted(count, one)
  return count > 0 and ("%d %s%s"):format(count, one, count == 1 and "" or "s") or nil
end

-- What is told of a prompt, column by column.
---@param prompt table
---@return string[]
local function cells_of(prompt)
  local measured = known(prompt.measured)
  local trend = measured and ({ up = " ↑", down = " ↓" })[measured.trend] or ""
  local found = vim.tbl_filter(function(each)
    return each
  end, { counted(prompt.problems.errors, "error") or false, counted(prompt.problems.warnings, "warning") or false })
  return {
    prompt.id,
    (prompt.shipped and "shipped" or prompt.layer) .. (prompt.shadowed and ", not served" or ""),
    measured and measured.summary .. trend or "",
    table.concat(found, ", "),
    known(prompt.description) or "",
  }
end

---@param prompts table[]
---@return string[]
local function lines_of(prompts)
  local rows, widths = vim.tbl_map(cells_of, prompts), {}
  for _, row in ipairs(rows) do
    for column, cell in ipairs(row) do
      widths[column] = math.max(widths[column] or 0, vim.fn.strdisplaywidth(cell))
    end
  end
  return vim.tbl_map(function(row)
    local line = ""
    for column, cell in ipairs(row) do
      local gap = widths[column] > 0 and widths[column] + 2 - vim.fn.strdisplaywidth(cell) or 0
      line = line .. cell .. (" "):rep(gap)
    end
    return vim.trim((line:gsub("\n", " ")))
  end, rows)
end

---@param buf integer
local function draw(buf)
  local listing, bo = listings[buf], vim.bo[buf]
  sort(listing.prompts, listing.order)
  bo.modifiable = true
  vim.api.nvim_buf_set_lines(buf, 0, -1, false, lines_of(listing.prompts))
  bo.modifiable, bo.modified = false, false
end

---@param prompt table
---@param word string in lower case
---@return boolean
local function has(prompt, word)
  local text = table.concat({ prompt.id, known(prompt.description) or "", table.concat(prompt.tags, " ") }, " ")
  return text:lower():find(word, 1, true) ~= nil
end

---@param buf integer
local function set_keys(buf)
  local function key(lhs, says, run)
    vim.keymap.set("n", lhs, function()
      run(listings[buf])
    end, { buffer = buf, desc = says })
  end
  key("<CR>", "open the prompt", function(listing)
    local prompt = listing.prompts[vim.api.nvim_win_get_cursor(0)[1]]
    if prompt then
      library.open(listing.from, prompt.uri, prompt.shipped)
    end
  end)
  key("s", "sort by something else", function(listing)
    listing.order = listing.order % #ORDERS + 1
    draw(buf)
    notice.info("Sorted by " .. ORDERS[listing.order][1])
  end)
end

-- `BufReadCmd`: the list comes as soon as the server has it.
---@param event { buf: integer }
function M.read(event)
  local buf, bo = event.buf, vim.bo[event.buf]
  bo.buftype, bo.swapfile, bo.modifiable = "nofile", false, false
  local root, word = address.listed(vim.api.nvim_buf_get_name(buf))
  local from = client.at(root)
  client.request(from, "promptbits/library", nil, function(answer)
    if not vim.api.nvim_buf_is_loaded(buf) then
      return
    end
    local prompts = vim.tbl_filter(function(prompt)
      return has(prompt, word:lower())
    end, library.prompts_of(answer))
    listings[buf] = { from = from, prompts = prompts, order = listings[buf] and listings[buf].order or 1 }
    draw(buf)
    set_keys(buf)
    bo.filetype = "promptbits-library"
    if #prompts == 0 then
      notice.warn(("No prompt has %q in its id, description or tags."):format(word))
    end
  end)
end

---@param event { buf: integer }
function M.gone(event)
  listings[event.buf] = nil
end

return M
