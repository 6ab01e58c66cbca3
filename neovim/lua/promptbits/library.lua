-- The library: every prompt of the root, by its id or from a list, and new ones.
local address = require("promptbits.address")
local client = require("promptbits.client")

local M = {}

-- The client of the root that a subcommand is about: that of the prompt, else that of the working directory.
---@param call promptbits.Call
---@return vim.lsp.Client?
local function client_of(call)
  local attached = vim.lsp.get_clients({ bufnr = 0, name = client.NAME })[1]
  if attached then
    return attached
  end
  local folder = vim.fs.normalize(vim.fn.getcwd()) .. "/"
  local root = call.file ~= "" and address.root(call.file) or address.told_root(folder) or vim.fs.dirname(folder)
  return client.at(root)
end

-- Opens a prompt with the server that told of it: one that ships with the server lies below no root.
---@param from vim.lsp.Client
---@param uri string
---@param read_only? boolean
function M.open(from, uri, read_only)
  local file = vim.uri_to_fname(uri)
  vim.b[vim.fn.bufadd(file)].promptbits_root = from.config.root_dir
  vim.cmd[read_only and "view" or "edit"](vim.fn.fnameescape(file))
end

-- Every prompt that a server knows.
---@param answer { roots: { prompts: table[] }[] }
---@return table[]
function M.prompts_of(answer)
  return vim.iter(answer.roots):fold({}, function(all, root)
    return vim.list_extend(all, root.prompts)
  end)
end

-- `:PromptBits library [word]`: the prompt of this id, else a list of those that have the word.
---@param call promptbits.Call
function M.show(call)
  local from, word = client_of(call), call.arguments[1]
  client.request(from, "promptbits/library", nil, function(answer)
    ---@cast from vim.lsp.Client
    for _, prompt in ipairs(M.prompts_of(answer)) do
      if prompt.id == word and not prompt.shadowed then
        return M.open(from, prompt.uri, prompt.shipped)
      end
    end
    vim.cmd.edit(vim.fn.fnameescape(address.library(from.config.root_dir, word)))
  end)
end

-- The ids, for completion.
---@param call promptbits.Call
---@return string[]
function M.ids(call)
  local from = client_of(call)
  local answer = from and client.wait(from, "promptbits/library") or { roots = {} }
  local ids = vim.tbl_map(function(prompt)
    return prompt.id
  end, M.prompts_of(answer))
  table.sort(ids)
  return vim.fn.uniq(ids) --[[@as string[] ]]
end

---@param call promptbits.Call
---@param id string
---@param from? string the address of a prompt to begin with
local function add(call, id, from)
  local asked = client_of(call)
  local root = asked and asked.config.root_dir
  local params = { id = id, root = root and vim.uri_from_fname(root), from = from }
  client.request(asked, "promptbits/newPrompt", params, function(answer)
    ---@cast asked vim.lsp.Client
    vim.lsp.util.apply_workspace_edit(answer.edit, asked.offset_encoding)
    M.open(asked, answer.uri)
    vim.cmd.update() -- the edit leaves a file that is empty
  end)
end

---@param call promptbits.Call
---@param given string what is offered where no id is given
---@param from? string
local function named(call, given, from)
  if call.arguments[1] then
    return add(call, call.arguments[1], from)
  end
  vim.ui.input({ prompt = "Id of the new prompt: ", default = given }, function(id)
    if id and vim.trim(id) ~= "" then
      add(call, vim.trim(id), from)
    end
  end)
end

-- `:PromptBits new [id]`.
---@param call promptbits.Call
function M.create(call)
  named(call, "")
end

-- `:PromptBits duplicate [id]`.
---@param call promptbits.Call
function M.duplicate(call)
  named(call, vim.fn.fnamemodify(call.file, ":t:r") .. "-copy", call.uri)
end

return M
