-- `:PromptBits`: which subcommands there are, what they are about, and how they are completed.
local address = require("promptbits.address")
local client = require("promptbits.client")
local notice = require("promptbits.notice")

local M = {}

---@class promptbits.Call
---@field buf integer that of the prompt, where the subcommand needs one; else 0
---@field file string the prompt that the buffer is about; empty where it is about none
---@field uri string its address
---@field arguments string[]

---@class promptbits.Subcommand
---@field says string what it does, in one line
---@field run fun(call: promptbits.Call)
---@field anywhere? boolean it needs no prompt
---@field complete? fun(call: promptbits.Call, lead: string): string[]

-- A function of a module, which is loaded when it is called.
---@param module string
---@param name string
local function of(module, name)
  return function(...)
    return require("promptbits." .. module)[name](...)
  end
end

---@type table<string, promptbits.Subcommand>
local subcommands = {
  check = { says = "check every prompt of the root", run = of("check", "run"), anywhere = true },
  content = {
    says = "edit the content as Markdown",
    run = function(call)
      vim.cmd.edit(vim.fn.fnameescape(address.view(call.file)))
    end,
  },
  diff = { says = "what changed from its parent", run = of("actions", "diff") },
  duplicate = { says = "a new prompt with its text", run = of("library", "duplicate") },
  feedback = {
    says = "record a rating or an outcome",
    run = of("actions", "feedback"),
    complete = of("actions", "ratings"),
  },
  json = {
    says = "the JSON file of this document",
    run = function(call)
      vim.cmd.edit(vim.fn.fnameescape(call.file))
    end,
  },
  library = {
    says = "every prompt of the root, to open",
    run = of("library", "show"),
    complete = of("library", "ids"),
    anywhere = true,
  },
  log = {
    says = "what the language clients logged",
    run = function()
      vim.cmd.tabedit(vim.fn.fnameescape(vim.lsp.log.get_filename()))
    end,
    anywhere = true,
  },
  new = { says = "a new prompt", run = of("library", "create"), anywhere = true },
  preview = {
    says = "the prompt as it renders, with name=value",
    run = of("preview", "show"),
    complete = of("preview", "complete"),
  },
  restart = { says = "end the server and start it anew", run = client.restart, anywhere = true },
  stats = { says = "what is measured of it", run = of("actions", "stats") },
}

---@param file string the prompt, or an empty string
---@param arguments string[]
---@param buf? integer
---@return promptbits.Call
local function call_of(file, arguments, buf)
  return { buf = buf or 0, file = file, uri = vim.uri_from_fname(file), arguments = arguments }
end

-- The prompt that the current buffer is about.
---@return string file empty where it is about none
local function current()
  local file = address.file(vim.api.nvim_buf_get_name(0))
  return file:lower():match("%.json$") and file or ""
end

-- Runs a subcommand for a prompt.
---@param name string
---@param file string
---@param arguments? string[]
function M.run_for(name, file, arguments)
  subcommands[name].run(call_of(file, arguments or {}, client.load(file)))
end

---@param name string
---@param arguments string[]
---@param mods table
local function run(name, arguments, mods)
  local file, subcommand = current(), subcommands[name]
  if not subcommand then
    return notice.error(("There is no :PromptBits %s"):format(name))
  elseif not subcommand.anywhere and file == "" then
    return notice.error(("This is no prompt: :PromptBits %s is for the JSON file of one."):format(name))
  end
  local buf = not subcommand.anywhere and client.load(file) or nil
  -- For those who say `:vertical PromptBits preview`.
  if mods.vertical or mods.split ~= "" then
    vim.cmd.split({ mods = { vertical = mods.vertical, split = mods.split } })
  end
  subcommand.run(call_of(file, arguments, buf))
end

-- What may be done here, to choose from.
---@param mods table
local function ask(mods)
  local here = vim.tbl_filter(function(name)
    return subcommands[name].anywhere or current() ~= ""
  end, vim.tbl_keys(subcommands))
  table.sort(here)
  vim.ui.select(here, {
    prompt = "PromptBits",
    format_item = function(name)
      return ("%-9s  %s"):format(name, subcommands[name].says)
    end,
  }, function(name)
    if name then
      run(name, {}, mods)
    end
  end)
end

-- `:PromptBits`.
---@param command { fargs: string[], smods: table }
function M.run(command)
  local name = command.fargs[1]
  if name then
    run(name, vim.list_slice(command.fargs, 2), command.smods)
  else
    ask(command.smods)
  end
end

---@param lead string
---@param line string
---@return string[]
function M.complete(lead, line)
  local name = line:sub(1, #line - #lead):match("PromptBits%s+(%l+)%s")
  local subcommand, words = subcommands[name], {}
  if not name then
    words = vim.tbl_keys(subcommands)
    table.sort(words)
  elseif subcommand and subcommand.complete then
    words = subcommand.complete(call_of(current(), {}), lead)
  end
  return vim.tbl_filter(function(word)
    return vim.startswith(word, lead)
  end, words)
end

return M
