-- Lenses and inlay hints of prompts: what is measured, the lineage, defaults. `vim.lsp.codelens.run()` runs a lens.
vim.api.nvim_create_autocmd("LspAttach", {
  callback = function(event)
    local client, only = vim.lsp.get_client_by_id(event.data.client_id), { bufnr = event.buf }
    if not client or client.name ~= "promptbits" then
      return
    end
    vim.lsp.inlay_hint.enable(true, only)
    if vim.lsp.codelens.enable then
      -- Not while Neovim attaches: it would ask twice, and not draw the second answer.
      vim.defer_fn(function()
        vim.lsp.codelens.enable(true, only)
      end, 100)
    else
      vim.api.nvim_create_autocmd({ "CursorHold", "InsertLeave" }, {
        buffer = event.buf,
        callback = function()
          vim.lsp.codelens.refresh(only)
        end,
      })
      vim.lsp.codelens.refresh(only)
    end
  end,
})
