-- Subcommands that are a command of the server: a comparison, what is measured, feedback.
local client = require("promptbits.client")
local notice = require("promptbits.notice")

local M = {}

local FEEDBACK = { "5", "4", "3", "2", "1", "succeeded", "failed" }
local LABELS = { ["5"] = "5, very good", ["1"] = "1, very bad" }

-- The lens that compares knows the prompt that this one evolved from.
---@param call promptbits.Call
function M.diff(call)
  local lenses, problem = client.ask(call.buf, "textDocument/codeLens", { textDocument = { uri = call.uri } })
  for _, lens in ipairs(lenses or {}) do
    if lens.command and lens.command.command == "promptbits.showDiff" then
      return client.execute(call.buf, lens.command.command, lens.command.arguments)
    end
  end
  notice.warn(problem or "There is nothing to compare this prompt with: it has no parent.")
end

---@param call promptbits.Call
function M.stats(call)
  client.execute(call.buf, "promptbits.showStats", { call.uri })
end

-- What `:PromptBits feedback` takes.
---@return string[]
function M.ratings()
  return FEEDBACK
end

---@param call promptbits.Call
function M.feedback(call)
  local function record(choice)
    if choice then
      client.execute(call.buf, "promptbits.recordFeedback", { call.uri, tonumber(choice) or choice }, function(answer)
        notice.info(answer.message)
      end)
    end
  end
  if call.arguments[1] then
    return record(call.arguments[1])
  end
  vim.ui.select(FEEDBACK, {
    prompt = "How did this prompt do?",
    format_item = function(item)
      return LABELS[item] or item
    end,
  }, record)
end

return M
