-- `:PromptBits preview name=value …`: the prompt as it renders, with values for its variables.
local client = require("promptbits.client")
local notice = require("promptbits.notice")

local M = {}

-- Values are typed as text; the server reads them by the type of the variable.
---@param call promptbits.Call
function M.show(call)
  local values = vim.empty_dict()
  for _, argument in ipairs(call.arguments) do
    local name, value = argument:match("^([^=]+)=(.*)$")
    if not name then
      return notice.error(("A value is written name=value, not %q: nothing was rendered."):format(argument))
    end
    values[name] = value
  end
  client.execute(call.buf, "promptbits.showRendered", next(values) and { call.uri, values } or { call.uri })
end

-- What a variable may be, as far as that can be told.
---@param variable table
---@return string[]
local function values_of(variable)
  local values = type(variable.enum) == "table" and variable.enum or {}
  if #values == 0 and variable.type == "boolean" then
    values = { true, false }
  end
  return vim.tbl_map(function(value)
    return ("%s=%s"):format(variable.name, (tostring(value):gsub("([\\%s])", "\\%1")))
  end, values)
end

-- `name=` of every variable; with the name in place, the values that it may have.
---@param call promptbits.Call
---@param lead string
---@return string[]
function M.complete(call, lead)
  if call.file == "" then
    return {}
  end
  local params = { uri = call.uri, values = vim.empty_dict(), asText = true }
  local answer = client.ask(client.load(call.file), "promptbits/preview", params) or { variables = {} }
  local words = {}
  for _, variable in ipairs(answer.variables) do
    vim.list_extend(words, lead:find("=", 1, true) and values_of(variable) or { variable.name .. "=" })
  end
  return words
end

return M
