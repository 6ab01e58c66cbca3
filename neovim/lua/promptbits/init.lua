-- The plugin works without `setup`; it is for those who want something else than the defaults.
local M = {}

---@param options? table|promptbits.Options
function M.setup(options)
  require("promptbits.config").set(options)
  if vim.lsp.config then
    local mine = require("promptbits.client").config()
    vim.lsp.config("promptbits", { cmd = mine.cmd, settings = mine.settings })
  end
end

return M
