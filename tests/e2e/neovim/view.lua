-- :PromptBitsContent, in a prompt, opens its content as Markdown; :w puts it back into the JSON file, and writes that.
local SCHEME = "promptbits-content"

-- The answer of the server that has the prompt behind a view. The prompt is loaded, whether or not a window shows it.
local function ask(view, method, params)
  params.uri = vim.api.nvim_buf_get_name(view)
  local json = vim.fn.bufadd(vim.uri_to_fname("file" .. params.uri:sub(#SCHEME + 1, -4)))
  vim.fn.bufload(json)
  vim.bo[json].fixendofline = false
  vim.cmd("checktime " .. json)
  local client
  vim.wait(5000, function()
    client = vim.lsp.get_clients({ bufnr = json, name = "promptbits" })[1]
    return client and client.initialized
  end, 10)
  local sent = { method, params, 5000, json }
  local answer, problem = nil, "PromptBits is not attached to " .. vim.fn.bufname(json)
  if client then
    answer, problem = client.request_sync(unpack(vim.fn.has("nvim-0.11") == 1 and { client, unpack(sent) } or sent))
  end
  if not answer or answer.err then
    vim.schedule_wrap(vim.notify)(problem or answer.err.message, vim.log.levels.ERROR)
  end
  return answer and answer.result, client, json
end

local function show(view, text, version)
  local lines = vim.split(text:gsub("\r\n?", "\n"), "\n")
  vim.bo[view].endofline = #lines > 1 and lines[#lines] == "" and table.remove(lines) ~= nil
  if not vim.deep_equal(lines, vim.api.nvim_buf_get_lines(view, 0, -1, false)) then
    vim.api.nvim_buf_set_lines(view, 0, -1, false, lines)
  end
  vim.b[view].promptbits_version = version
end

local function read(event)
  local view, bo = event.buf, vim.bo[event.buf]
  local content, client = ask(view, "promptbits/content", {})
  bo.modifiable, bo.buftype, bo.swapfile, bo.undolevels = true, content and "acwrite" or "nofile", false, -1
  show(view, content and content.text or "", content and content.version)
  bo.undolevels, bo.modified, bo.modifiable = vim.go.undolevels, false, content ~= nil
  if content then
    bo.filetype = "markdown"
    vim.lsp.buf_attach_client(view, client.id)
  end
end

local function write(event)
  local view, lines = event.buf, vim.api.nvim_buf_get_lines(event.buf, 0, -1, false)
  local text = table.concat(lines, "\n") .. (vim.bo[view].endofline and "\n" or "")
  local params = { text = text, baseVersion = vim.b[view].promptbits_version }
  local answer, client, json = ask(view, "promptbits/setContent", params)
  if answer and answer.conflict then
    show(view, answer.conflict.text, answer.conflict.version)
    vim.notify("The JSON was changed in the same lines. Resolve the conflict and write again.", vim.log.levels.WARN)
  elseif answer then
    vim.lsp.util.apply_workspace_edit(answer.edit, client.offset_encoding)
    vim.api.nvim_buf_call(json, vim.cmd.update)
    show(view, answer.text, answer.version)
    vim.bo[view].modified = vim.bo[json].modified
  end
end

local pattern = SCHEME .. "://*"
vim.api.nvim_create_autocmd("BufReadCmd", { pattern = pattern, nested = true, callback = read })
vim.api.nvim_create_autocmd("BufWriteCmd", { pattern = pattern, nested = true, callback = write })
vim.api.nvim_create_user_command("PromptBitsContent", function()
  vim.cmd.edit(vim.fn.fnameescape(SCHEME .. vim.uri_from_bufnr(0):sub(5) .. ".md"))
end, { desc = "Edit the content of this prompt as Markdown" })
