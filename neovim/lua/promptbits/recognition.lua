-- Prompts that no pattern knows: promptbits.toml may name any folder, and any JSON file may take our `$schema`. The
-- server knows them; they get the filetype as soon as it says so.
local client = require("promptbits.client")

local M = {}

---@param buf integer
---@return boolean
local function is_undecided(buf)
  return vim.api.nvim_buf_is_loaded(buf) and vim.bo[buf].filetype == "json" and vim.bo[buf].buftype == ""
end

---@param each vim.lsp.Client
---@param buf integer
local function ask(each, buf)
  client.call(each, "request", "promptbits/isPrompt", { uri = vim.uri_from_bufnr(buf) }, function(_, answer)
    if answer and answer.prompt and is_undecided(buf) then
      vim.b[buf].promptbits_root = each.config.root_dir
      vim.bo[buf].filetype = "promptbit"
    end
  end)
end

-- `FileType` and `BufWritePost`: asks the servers that run. One that is about to start is asked once it is attached.
---@param event { buf: integer }
function M.look(event)
  if is_undecided(event.buf) then
    for _, each in ipairs(vim.lsp.get_clients({ name = client.NAME })) do
      ask(each, event.buf)
    end
  end
end

-- `LspAttach`.
---@param event { buf: integer, data: { client_id: integer } }
function M.attached(event)
  local attached = vim.lsp.get_client_by_id(event.data.client_id)
  if attached and attached.name == client.NAME and is_undecided(event.buf) then
    ask(attached, event.buf)
  end
end

return M
