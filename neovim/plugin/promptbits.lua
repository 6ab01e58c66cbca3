-- Loaded by Neovim at its start. What needs time is loaded when it is used.
if vim.g.loaded_promptbits or vim.fn.has("nvim-0.10") == 0 then
  return
end
vim.g.loaded_promptbits = true

local group = vim.api.nvim_create_augroup("promptbits", {})

-- Calls a function of a module of ours when an event comes.
---@param events string|string[]
---@param pattern? string|string[]
---@param module string
---@param name string
local function on(events, pattern, module, name)
  vim.api.nvim_create_autocmd(events, {
    group = group,
    pattern = pattern,
    nested = true,
    callback = function(event)
      require("promptbits." .. module)[name](event)
    end,
  })
end

local content = "promptbits-content://*"
on("BufReadCmd", content, "view", "read")
on("BufWriteCmd", content, "view", "write")
on("BufEnter", content, "view", "entered")
on("BufWipeout", content, "view", "gone")
on({ "BufWritePost", "FileChangedShellPost", "TextChanged", "InsertLeave" }, "*.json", "view", "changed")
on("BufFilePost", "*.json", "view", "renamed")
on("BufReadCmd", { "promptbits-diff://*", "promptbits-rendered://*", "promptbits-stats://*" }, "documents", "read")
on("LspAttach", nil, "display", "attached")

vim.treesitter.language.register("json", "promptbit")

vim.api.nvim_create_user_command("PromptBits", function(command)
  require("promptbits.commands").run(command)
end, {
  desc = "Prompts: check, content, preview, diff, stats, feedback, restart, log",
  nargs = "+",
  complete = function(...)
    return require("promptbits.commands").complete(...)
  end,
})

if vim.lsp.enable then
  vim.lsp.enable("promptbits")
else
  vim.api.nvim_create_autocmd("FileType", {
    group = group,
    pattern = { "promptbit", "json" },
    callback = function(event)
      local client = require("promptbits.client")
      local root = vim.bo[event.buf].buftype == "" and client.root(event.buf)
      if root then
        client.start(event.buf, root)
      end
    end,
  })
end
