-- Runs one probe and writes what it returns as JSON. Loaded before the setup of the client, so that it sees every message.
local H = { published = {}, requested = {} }
local DEADLINE_MS = 8000

local publish = vim.lsp.handlers["textDocument/publishDiagnostics"]
vim.lsp.handlers["textDocument/publishDiagnostics"] = function(err, result, ...)
  local name = vim.fs.basename(vim.uri_to_fname(result.uri))
  H.published[name] = H.published[name] or {}
  table.insert(H.published[name], #result.diagnostics)
  return publish(err, result, ...)
end

vim.api.nvim_create_autocmd("LspRequest", {
  callback = function(event)
    local request = event.data.request
    if request.type == "pending" then
      H.requested[request.method] = (H.requested[request.method] or 0) + 1
    end
  end,
})

-- Waits until `ready` returns something, and returns that. Neovim lives on meanwhile: it takes keys and draws.
function H.wait(what, ready)
  local probe, timer = coroutine.running(), assert(vim.uv.new_timer())
  local deadline = vim.uv.hrtime() + DEADLINE_MS * 1000000
  local function look()
    if timer:is_closing() then
      return
    end
    local worked, value = pcall(ready)
    if not worked or value or vim.uv.hrtime() > deadline then
      timer:close()
      coroutine.resume(probe, worked, value)
    end
  end
  timer:start(0, 5, vim.schedule_wrap(look))
  local worked, value = coroutine.yield()
  if not worked then
    error(value, 0)
  end
  return value or error("waited in vain for " .. what, 0)
end

function H.client(buf)
  return H.wait("the server to attach", function()
    local client = vim.lsp.get_clients({ bufnr = buf, name = "promptbits" })[1]
    return client and client.initialized and client
  end)
end

-- An answer of the server, for what Neovim has no function.
function H.ask(buf, method, params)
  local client = H.client(buf)
  local sent = { method, params, 5000, buf }
  local answer = client.request_sync(unpack(vim.fn.has("nvim-0.11") == 1 and { client, unpack(sent) } or sent))
  assert(answer and not answer.err, vim.inspect(answer))
  return answer.result
end

-- The client of a buffer, once the server has read every prompt: a search of all of them waits for that.
function H.ready(buf)
  H.ask(buf, "workspace/symbol", { query = "" })
  return H.client(buf)
end

function H.text(buf)
  return table.concat(vim.api.nvim_buf_get_lines(buf, 0, -1, false), "\n")
end

-- The diagnostics of a buffer, each as "code line:byte" in Neovim's own coordinates, from 0.
function H.found(buf)
  local found = vim.tbl_map(function(each)
    return ("%s %d:%d"):format(each.code, each.lnum, each.col)
  end, vim.diagnostic.get(buf))
  table.sort(found)
  return found
end

-- Waits until the diagnostics of a buffer are exactly these.
function H.expect(buf, findings)
  local came, problem = pcall(H.wait, "diagnostics", function()
    return vim.deep_equal(H.found(buf), findings)
  end)
  if not came then
    local found = table.concat(H.found(buf), ", ")
    error(("expected [%s], there is [%s]: %s"):format(table.concat(findings, ", "), found, problem), 0)
  end
end

-- The file name of a buffer.
function H.name(buf)
  return vim.fs.basename(vim.api.nvim_buf_get_name(buf or 0))
end

-- The line of the messages that has a piece of text, once there is one.
function H.said(piece)
  return H.wait("the message " .. piece, function()
    for line in vim.fn.execute("messages"):gmatch("[^\n]+") do
      if line:find(piece, 1, true) then
        return line
      end
    end
  end)
end

-- The text of what an extmark draws.
function H.words(chunks)
  return chunks and table.concat(vim.tbl_map(function(chunk)
    return chunk[1]
  end, chunks))
end

-- Lenses stand above a line or, before 0.12, at its end, where diagnostics stand as well.
function H.lens_of(details)
  local chunks = (details.virt_lines or {})[1] or details.virt_text or {}
  return vim.startswith(chunks[1] and chunks[1][2] or "", "LspCodeLens") and H.words(chunks)
end

function H.hint_of(details)
  return details.virt_text_pos == "inline" and H.words(details.virt_text)
end

-- What is drawn in a buffer: each extmark that `pick` makes something of, as "line:byte what", from 0.
function H.drawn(buf, pick)
  vim.cmd.redraw({ bang = true })
  local found = {}
  for _, mark in ipairs(vim.api.nvim_buf_get_extmarks(buf, -1, 0, -1, { details = true })) do
    local what = pick(mark[4])
    if what then
      table.insert(found, ("%d:%d %s"):format(mark[2], mark[3], what))
    end
  end
  return found
end

-- What is drawn, once some of it has a piece of text.
function H.draws(buf, piece, pick)
  return H.wait(piece, function()
    local found = H.drawn(buf, pick)
    return table.concat(found, "\n"):find(piece, 1, true) and found
  end)
end

-- Where a piece of text is in a buffer: line and byte, from 0.
function H.find(buf, piece)
  for index, line in ipairs(vim.api.nvim_buf_get_lines(buf, 0, -1, false)) do
    local start = line:find(piece, 1, true)
    if start then
      return index - 1, start - 1
    end
  end
  error("the text is not there: " .. piece, 0)
end

-- Replaces one piece of text, as typing would.
function H.edit(buf, old, new)
  local line, column = H.find(buf, old)
  vim.api.nvim_buf_set_text(buf, line, column, line, column + #old, vim.split(new, "\n"))
end

-- Replaces all of the text.
function H.replace(buf, text)
  vim.api.nvim_buf_set_lines(buf, 0, -1, false, vim.split((text:gsub("\n$", "")), "\n"))
end

-- Puts the cursor on the first byte of a piece of text, or `after` bytes further.
function H.point(buf, piece, after)
  local line, column = H.find(buf, piece)
  vim.api.nvim_win_set_cursor(0, { line + 1, column + (after or 0) })
end

-- Presses keys, as an author would.
function H.press(keys)
  vim.api.nvim_input(keys)
end

-- What the floating window says, once there is one.
function H.floating()
  local window = H.wait("a floating window", function()
    for _, each in ipairs(vim.api.nvim_list_wins()) do
      if vim.api.nvim_win_get_config(each).relative ~= "" then
        return each
      end
    end
  end)
  return H.text(vim.api.nvim_win_get_buf(window))
end

-- Chooses the item with these words wherever there is a choice, and remembers what was offered.
function H.choose(words)
  local offered = {}
  vim.ui.select = function(items, options, choose)
    local chosen
    for _, item in ipairs(items) do
      local line = options.format_item(item)
      table.insert(offered, line)
      chosen = chosen or line:find(words, 1, true) and item
    end
    choose(chosen or error("there is no such choice: " .. vim.inspect(offered), 0))
  end
  return offered
end

function H.open(path)
  vim.cmd.edit({ args = { path }, bang = true })
  return vim.api.nvim_get_current_buf()
end

local function main()
  local arguments = vim.json.decode(vim.env.ARGUMENTS)
  local probes = dofile(vim.env.PROBES)
  local done, result = pcall(probes[vim.env.PROBE], H, vim.api.nvim_get_current_buf(), arguments)
  local report = done and { result = result } or { problem = tostring(result) }
  report.messages = vim.fn.execute("messages")
  vim.fn.writefile({ vim.json.encode(report) }, vim.env.REPORT)
  if arguments.leave == "killed" then
    vim.uv.kill(vim.uv.os_getpid(), "sigkill")
  end
  vim.cmd.quitall({ bang = true })
end

function H.main()
  coroutine.wrap(main)()
end

return H
