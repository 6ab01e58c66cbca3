-- The content of a prompt as a Markdown document: `:w` puts it back into the JSON file, and writes that.
local address = require("promptbits.address")
local client = require("promptbits.client")
local display = require("promptbits.display")
local notice = require("promptbits.notice")

local M = {}

-- The JSON buffer of each view.
---@type table<integer, integer>
local prompts = {}

-- The buffer of the prompt behind a view, as it is on disk where nothing is unsaved.
---@param view integer
---@return integer
local function prompt_of(view)
  local json = client.load(address.file(vim.api.nvim_buf_get_name(view)))
  prompts[view] = json
  vim.bo[json].fixendofline = false
  vim.cmd.checktime(json)
  return json
end

---@param view integer
---@param text string
---@param version? string what the next writing is based on
local function show(view, text, version)
  local lines = vim.split(text:gsub("\r\n?", "\n"), "\n")
  vim.bo[view].endofline = #lines > 1 and lines[#lines] == "" and table.remove(lines) ~= nil
  if not vim.deep_equal(lines, vim.api.nvim_buf_get_lines(view, 0, -1, false)) then
    vim.api.nvim_buf_set_lines(view, 0, -1, false, lines)
  end
  vim.b[view].promptbits_version = version
end

---@param view integer
---@return string
local function text_of(view)
  local lines = vim.api.nvim_buf_get_lines(view, 0, -1, false)
  return table.concat(lines, "\n") .. (vim.bo[view].endofline and "\n" or "")
end

-- `BufReadCmd`. What cannot be edited is shown with the reason.
---@param event { buf: integer }
function M.read(event)
  local view, bo = event.buf, vim.bo[event.buf]
  local json = prompt_of(view)
  local content, problem = client.ask(json, "promptbits/content", { uri = vim.api.nvim_buf_get_name(view) })
  local refusal = content and content.readOnly or not content and (problem or "The content cannot be read.") or nil
  bo.modifiable, bo.buftype, bo.swapfile, bo.undolevels = true, refusal and "nofile" or "acwrite", false, -1
  show(view, content and content.text or "", content and content.version)
  bo.undolevels, bo.modified, bo.modifiable = vim.go.undolevels, false, not refusal
  if content then
    bo.filetype = "markdown"
    display.prepare(view)
    vim.lsp.buf_attach_client(view, client.of(json).id)
  end
  if content and refusal then
    notice.warn(refusal)
  elseif refusal then
    notice.error(refusal)
  end
end

-- `BufWriteCmd`.
---@param event { buf: integer }
function M.write(event)
  local view = event.buf
  local json = prompt_of(view)
  local answer, problem = client.ask(json, "promptbits/setContent", {
    uri = vim.api.nvim_buf_get_name(view),
    text = text_of(view),
    baseVersion = vim.b[view].promptbits_version,
  })
  if not answer then
    return notice.error(problem or "The content cannot be written.")
  end
  if answer.conflict then
    show(view, answer.conflict.text, answer.conflict.version)
    return notice.warn("The JSON was changed in the same lines. Resolve the conflict and write again.")
  end
  vim.lsp.util.apply_workspace_edit(answer.edit, client.of(json).offset_encoding)
  vim.api.nvim_buf_call(json, vim.cmd.update)
  show(view, answer.text, answer.version)
  vim.bo[view].modified = vim.bo[json].modified
end

---@param view integer
---@return boolean
local function is_clean(view)
  return vim.api.nvim_buf_is_loaded(view) and vim.bo[view].buftype == "acwrite" and not vim.bo[view].modified
end

-- Reads the content anew, unless something is unsaved. What was done before can still be undone. Nothing waits for
-- the answer: answers come in the order of the questions, so the last one shown is the newest.
---@param view integer
local function refresh(view)
  local attached = vim.lsp.get_clients({ bufnr = prompts[view], name = client.NAME })[1]
  if not attached or not is_clean(view) then
    return
  end
  local params = { uri = vim.api.nvim_buf_get_name(view) }
  client.call(attached, "request", "promptbits/content", params, function(_, content)
    if content and is_clean(view) then
      show(view, content.text, content.version)
      vim.bo[view].modified = false
    end
  end, prompts[view])
end

-- The prompt of some view has changed.
---@param event { buf: integer }
function M.changed(event)
  for view, json in pairs(prompts) do
    if json == event.buf and is_clean(view) then
      vim.schedule(function()
        refresh(view)
      end)
    end
  end
end

-- Gives a view another name; for the server, one document closes and another opens.
---@param view integer
---@param name string
local function rename(view, name)
  local old, modified = vim.api.nvim_buf_get_name(view), vim.bo[view].modified
  local attached = vim.lsp.get_clients({ bufnr = view, name = client.NAME })[1]
  if attached then
    vim.lsp.buf_detach_client(view, attached.id)
  end
  vim.api.nvim_buf_set_name(view, name)
  local left = vim.fn.bufnr("^" .. vim.fn.escape(old, "*?[]{}\\,") .. "$")
  if left ~= -1 and left ~= view then
    vim.api.nvim_buf_delete(left, { force = true })
  end
  vim.bo[view].modified = modified
  if attached then
    vim.lsp.buf_attach_client(view, attached.id)
  end
end

-- The prompt of some view has another name. Later: an edit that renames the file may have more to do in the view.
---@param event { buf: integer }
function M.renamed(event)
  vim.schedule(function()
    for view, json in pairs(prompts) do
      if json == event.buf and vim.api.nvim_buf_is_loaded(view) then
        local name = address.view(vim.api.nvim_buf_get_name(json))
        if name ~= vim.api.nvim_buf_get_name(view) then
          rename(view, name)
        end
      end
    end
  end)
end

-- A view is entered: look whether another program has written the prompt.
---@param event { buf: integer }
function M.entered(event)
  local json = prompts[event.buf]
  if json and vim.api.nvim_buf_is_loaded(json) then
    vim.cmd.checktime(json)
  end
end

---@param event { buf: integer }
function M.gone(event)
  prompts[event.buf] = nil
end

return M
