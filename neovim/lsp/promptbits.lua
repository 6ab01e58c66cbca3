-- For `vim.lsp.enable("promptbits")`, from 0.11 on. `vim.lsp.config("promptbits", …)` stands above it.
return require("promptbits.client").config()
