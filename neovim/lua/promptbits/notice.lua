-- What the plugin says. Scheduled, as messages of a running autocommand are lost.
local M = {}

---@param message string
---@param level? integer
local function say(message, level)
  vim.schedule(function()
    vim.notify(message, level or vim.log.levels.INFO, { title = "PromptBits" })
  end)
end

---@param message string
function M.info(message)
  say(message)
end

---@param message string
function M.warn(message)
  say(message, vim.log.levels.WARN)
end

---@param message string
function M.error(message)
  say(message, vim.log.levels.ERROR)
end

return M
