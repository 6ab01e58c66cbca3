-- Code lenses and inlay hints, on in every buffer that the server is attached to.
local client = require("promptbits.client")
local config = require("promptbits.config")

local M = {}

-- Before a server is attached. From 0.12 on, Neovim then asks for lenses as it attaches one. Were they turned on while
-- it attaches, it would ask twice, and draw only the first answer: it draws each line once per version of the text.
---@param buf integer
function M.prepare(buf)
  if config.options.code_lens and vim.lsp.codelens.enable then
    vim.lsp.codelens.enable(true, { bufnr = buf })
  end
end

-- `FileType`.
---@param event { buf: integer }
function M.opened(event)
  if client.root(event.buf) then
    M.prepare(event.buf)
  end
end

-- Before 0.12 no server can ask for it: diagnostics come when other prompts are known, or have changed.
---@param buf integer
local function follow_lenses(buf)
  local function refresh()
    vim.lsp.codelens.refresh({ bufnr = buf })
  end
  refresh()
  vim.api.nvim_create_autocmd({ "BufEnter", "CursorHold", "DiagnosticChanged", "InsertLeave", "TextChanged" }, {
    group = vim.api.nvim_create_augroup("promptbits_lenses_" .. buf, {}),
    buffer = buf,
    callback = refresh,
  })
end

-- `LspAttach`.
---@param event { buf: integer, data: { client_id: integer } }
function M.attached(event)
  local attached = vim.lsp.get_client_by_id(event.data.client_id)
  if not attached or attached.name ~= client.NAME then
    return
  end
  if config.options.inlay_hints then
    vim.lsp.inlay_hint.enable(true, { bufnr = event.buf })
  end
  if config.options.code_lens and not vim.lsp.codelens.enable then
    follow_lenses(event.buf)
  end
end

return M
