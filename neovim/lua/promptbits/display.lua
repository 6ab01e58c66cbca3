-- Code lenses and inlay hints, on in every buffer that the server is attached to.
local client = require("promptbits.client")
local config = require("promptbits.config")

local M = {}

-- From 0.12 on. Right after attaching, Neovim looks for what is on: were lenses on by then, it would ask for them
-- twice, and not draw the second answer. So this comes later.
---@param buf integer
local function enable_lenses(buf)
  vim.schedule(function()
    vim.schedule(function()
      if vim.api.nvim_buf_is_loaded(buf) then
        vim.lsp.codelens.enable(true, { bufnr = buf })
      end
    end)
  end)
end

---@param buf integer
local function show_lenses(buf)
  if vim.lsp.codelens.enable then
    return enable_lenses(buf)
  end
  vim.lsp.codelens.refresh({ bufnr = buf })
  -- Before 0.12 no server can ask for it: diagnostics come when other prompts are known, or have changed.
  vim.api.nvim_create_autocmd({ "BufEnter", "CursorHold", "DiagnosticChanged", "InsertLeave", "TextChanged" }, {
    group = vim.api.nvim_create_augroup("promptbits_lenses_" .. buf, {}),
    buffer = buf,
    callback = function()
      vim.lsp.codelens.refresh({ bufnr = buf })
    end,
  })
end

---@param event { buf: integer, data: { client_id: integer } }
function M.attached(event)
  local attached = vim.lsp.get_client_by_id(event.data.client_id)
  if not attached or attached.name ~= client.NAME then
    return
  end
  if config.options.inlay_hints then
    vim.lsp.inlay_hint.enable(true, { bufnr = event.buf })
  end
  if config.options.code_lens then
    show_lenses(event.buf)
  end
end

return M
