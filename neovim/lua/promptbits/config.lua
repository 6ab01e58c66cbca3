-- What people may choose, in `vim.g.promptbits` or by `setup`. Everything has a default.
local notice = require("promptbits.notice")

local M = {}

-- The version of this plugin, which is that of the server.
M.VERSION = "0.1.0"

---@class promptbits.Options
---@field cmd string[] The program, without arguments of ours: `{ "promptbits" }`.
---@field settings table<string, any> Settings of the server, as in promptbits.toml.
---@field code_lens boolean Show code lenses.
---@field inlay_hints boolean Show inlay hints.
local defaults = { cmd = { "promptbits" }, settings = {}, code_lens = true, inlay_hints = true }

---@type promptbits.Options
M.options = defaults

-- What is wrong is told, and left as it was.
---@param options? table
function M.set(options)
  M.options = vim.deepcopy(defaults)
  for name, value in pairs(options or {}) do
    local default = defaults[name]
    if default == nil then
      notice.error(("promptbits: there is no option %q"):format(name))
    elseif type(value) ~= type(default) then
      notice.error(("promptbits: the option %q must be a %s"):format(name, type(default)))
    else
      M.options[name] = value
    end
  end
end

M.set(vim.g.promptbits)

-- The program with arguments.
---@param ... string
---@return string[]
function M.command(...)
  return vim.list_extend(vim.deepcopy(M.options.cmd), { ... })
end

return M
