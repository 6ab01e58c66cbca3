-- Documents that the server writes: a preview, a comparison, what is measured.
local address = require("promptbits.address")
local client = require("promptbits.client")

local M = {}

-- Any server of ours can write a document; the one of its root knows best.
---@param name string
---@return vim.lsp.Client?
local function writer(name)
  local running = vim.lsp.get_clients({ name = client.NAME })
  local file = address.file(name)
  for _, each in ipairs(running) do
    if each.config.root_dir and vim.startswith(file, each.config.root_dir .. "/") then
      return each
    end
  end
  return running[1]
end

---@param buf integer
---@param text string
local function show(buf, text)
  local bo = vim.bo[buf]
  bo.modifiable = true
  vim.api.nvim_buf_set_lines(buf, 0, -1, false, vim.split(text:gsub("\n$", ""), "\n"))
  bo.modifiable, bo.modified = false, false
end

---@param buf integer
---@param failed fun(message: string)
local function fetch(buf, failed)
  local name = vim.api.nvim_buf_get_name(buf)
  local from = writer(name)
  if not from then
    return failed("PromptBits is not running: open the prompt first, then :edit this.")
  end
  client.call(from, "request", "workspace/textDocumentContent", { uri = name }, function(err, answer)
    if not vim.api.nvim_buf_is_loaded(buf) then
      return
    end
    if err or not answer then
      return failed(err and err.message or "This cannot be read.")
    end
    show(buf, answer.text)
    vim.bo[buf].filetype = vim.startswith(name, "promptbits-diff:") and "diff" or "markdown"
  end, buf)
end

-- `BufReadCmd`: the text comes as soon as the server has it.
---@param event { buf: integer }
function M.read(event)
  local bo = vim.bo[event.buf]
  bo.buftype, bo.swapfile, bo.modifiable = "nofile", false, false
  fetch(event.buf, function(message)
    show(event.buf, message)
  end)
end

-- The server says that a document reads differently by now.
---@param uri string
function M.refresh(uri)
  for _, buf in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_is_loaded(buf) and vim.api.nvim_buf_get_name(buf) == uri then
      fetch(buf, function() end) -- what is shown stays
    end
  end
end

return M
