-- `:PromptBits` and what stands behind it. A subcommand asks the server, or runs the program.
local address = require("promptbits.address")
local client = require("promptbits.client")
local notice = require("promptbits.notice")

local M = {}

local FEEDBACK = { "5", "4", "3", "2", "1", "succeeded", "failed" }
local LABELS = { ["5"] = "5, very good", ["1"] = "1, very bad" }

---@class promptbits.Call
---@field buf integer that of the prompt, where the subcommand needs one
---@field file string the prompt that the buffer is about
---@field uri string its address
---@field argument? string

---@class promptbits.Subcommand
---@field run fun(call: promptbits.Call)
---@field arguments? string[]

-- A command of the server that shows a document about the prompt.
---@param command string
---@return fun(call: promptbits.Call)
local function shows(command)
  return function(call)
    client.execute(call.buf, command, { call.uri })
  end
end

-- The lens that compares knows the prompt that this one evolved from.
---@param call promptbits.Call
local function diff(call)
  local lenses, problem = client.ask(call.buf, "textDocument/codeLens", { textDocument = { uri = call.uri } })
  for _, lens in ipairs(lenses or {}) do
    if lens.command and lens.command.command == "promptbits.showDiff" then
      return client.execute(call.buf, lens.command.command, lens.command.arguments)
    end
  end
  notice.warn(problem or "There is nothing to compare this prompt with: it has no parent.")
end

---@param call promptbits.Call
local function feedback(call)
  local function record(choice)
    if choice then
      client.execute(call.buf, "promptbits.recordFeedback", { call.uri, tonumber(choice) or choice }, function(answer)
        notice.info(answer.message)
      end)
    end
  end
  if call.argument then
    return record(call.argument)
  end
  vim.ui.select(FEEDBACK, {
    prompt = "How did this prompt do?",
    format_item = function(item)
      return LABELS[item] or item
    end,
  }, record)
end

---@type table<string, promptbits.Subcommand>
local subcommands = {
  check = {
    run = function(call)
      require("promptbits.check").run(address.root(call.file ~= "" and call.file or vim.fn.getcwd() .. "/"))
    end,
  },
  content = {
    run = function(call)
      vim.cmd.edit(vim.fn.fnameescape(address.view(call.file)))
    end,
  },
  preview = { run = shows("promptbits.showRendered") },
  diff = { run = diff },
  stats = { run = shows("promptbits.showStats") },
  feedback = { run = feedback, arguments = FEEDBACK },
  restart = { run = client.restart },
  log = {
    run = function()
      vim.cmd.tabedit(vim.fn.fnameescape(vim.lsp.log.get_filename()))
    end,
  },
}

local NEEDS_NO_PROMPT = { check = true, restart = true, log = true }

---@param start string
---@param words string[]
---@return string[]
local function starting(start, words)
  local found = vim.tbl_filter(function(word)
    return vim.startswith(word, start)
  end, words)
  table.sort(found)
  return found
end

---@param lead string
---@param line string
---@return string[]
function M.complete(lead, line)
  local before = vim.split(vim.trim(line:sub(1, #line - #lead)), "%s+")
  local name = before[#before]
  if subcommands[name] then
    return starting(lead, subcommands[name].arguments or {})
  end
  return starting(lead, vim.tbl_keys(subcommands))
end

---@param command { fargs: string[], smods: table }
function M.run(command)
  local name = command.fargs[1]
  local subcommand = subcommands[name]
  if not subcommand then
    return notice.error(("There is no :PromptBits %s"):format(name))
  end
  local file = address.file(vim.api.nvim_buf_get_name(0))
  if not NEEDS_NO_PROMPT[name] and not file:lower():match("%.json$") then
    return notice.error(("This is no prompt: :PromptBits %s is for the JSON file of one."):format(name))
  end
  local buf = NEEDS_NO_PROMPT[name] and 0 or client.load(file)
  -- For those who say `:vertical PromptBits preview`.
  if command.smods.vertical or command.smods.split ~= "" then
    vim.cmd.split({ mods = { vertical = command.smods.vertical, split = command.smods.split } })
  end
  subcommand.run({ buf = buf, file = file, uri = vim.uri_from_fname(file), argument = command.fargs[2] })
end

return M
