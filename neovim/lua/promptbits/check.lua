-- `promptbits check` of a whole root, into the quickfix list.
local address = require("promptbits.address")
local config = require("promptbits.config")
local notice = require("promptbits.notice")

local M = {}

local TYPES = { error = "E", warning = "W", information = "I", hint = "N" }

-- Columns of the report are characters, those of Neovim bytes.
---@param line? string
---@param column integer from 1
---@return integer
local function byte_column(line, column)
  return line and vim.fn.byteidx(line, column - 1) + 1 or column
end

---@param root string
---@param findings table[]
---@return table[]
local function items(root, findings)
  local lines = {} ---@type table<string, string[]>
  return vim.tbl_map(function(each)
    local path = vim.fs.joinpath(root, each.file)
    lines[path] = lines[path] or (vim.fn.filereadable(path) == 1 and vim.fn.readfile(path) or {})
    return {
      filename = path,
      lnum = each.line,
      col = byte_column(lines[path][each.line], each.column),
      end_lnum = each.end_line,
      end_col = byte_column(lines[path][each.end_line], each.end_column),
      type = TYPES[each.severity],
      text = ("%s [%s]"):format(each.message, each.code),
    }
  end, findings)
end

---@param root string
---@param done vim.SystemCompleted
local function list(root, done)
  local read, report = pcall(vim.json.decode, done.stdout)
  if done.code > 1 or not read then
    return notice.error((vim.trim(done.stderr):gsub("^promptbits: ", "")))
  end
  vim.fn.setqflist({}, " ", { title = "promptbits check", items = items(root, report.diagnostics) })
  if #report.diagnostics > 0 then
    vim.cmd("botright copen")
  else
    vim.cmd.cclose()
    notice.info(("Nothing to complain of in %d %s."):format(report.files, report.files == 1 and "file" or "files"))
  end
end

-- What is on disk is checked.
---@param call promptbits.Call
function M.run(call)
  local root = address.root(call.file ~= "" and call.file or vim.fn.getcwd() .. "/")
  local command = config.command("check", "--json")
  local started, problem = pcall(vim.system, command, { cwd = root, text = true }, function(done)
    vim.schedule(function()
      list(root, done)
    end)
  end)
  if not started then
    notice.error(("%s cannot be started: %s"):format(command[1], problem))
  end
end

return M
