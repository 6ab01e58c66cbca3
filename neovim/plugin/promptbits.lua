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
on("BufReadCmd", "promptbits-library://*", "listing", "read")
on("BufWipeout", "promptbits-library://*", "listing", "gone")
on("FileType", { "promptbit", "json" }, "display", "opened")
on("LspAttach", nil, "display", "attached")
on("FileType", "json", "recognition", "look")
on("BufWritePost", "*.json", "recognition", "look")
on("LspAttach", nil, "recognition", "attached")

vim.treesitter.language.register("json", "promptbit")

vim.api.nvim_create_user_command("PromptBits", function(command)
  require("promptbits.commands").run(command)
end, {
  desc = "Prompts: library, content, preview, check and more",
  nargs = "*",
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

-- Where a plugin manager loads this late: JSON files that are open already are looked at anew.
for _, buf in ipairs(vim.api.nvim_list_bufs()) do
  if vim.api.nvim_buf_is_loaded(buf) and vim.bo[buf].filetype == "json" then
    vim.api.nvim_buf_call(buf, function()
      vim.cmd.filetype("detect")
    end)
  end
end
