-- One function per probe: gets the harness, the first buffer and the arguments; returns what Python asserts on.
local P = {}

function P.attach(H, buf)
  local client = H.client(buf)
  return {
    encoding = client.offset_encoding,
    root = client.config.root_dir,
    clients = #vim.lsp.get_clients({ bufnr = buf }),
  }
end

-- Diagnostics follow each edit; undoing the last brings back those of the text before it.
function P.typing(H, buf, arguments)
  H.expect(buf, arguments.findings)
  local before = arguments.findings
  for index, step in ipairs(arguments.steps) do
    before = index > 1 and arguments.steps[index - 1].findings or before
    vim.o.undolevels = vim.o.undolevels -- what follows is undone on its own
    H.edit(buf, step.old, step.new)
    H.expect(buf, step.findings)
  end
  local last = H.text(buf)
  vim.cmd.undo()
  H.expect(buf, before)
  return last
end

-- By which way diagnostics come.
function P.way(H, buf, arguments)
  H.expect(buf, arguments.findings)
  return {
    provider = H.client(buf).server_capabilities.diagnosticProvider ~= nil,
    pulls = H.requested["textDocument/diagnostic"] or 0,
    published = H.published,
  }
end

-- A file that is no prompt, before and after an edit, while the server talks about a prompt beside it.
function P.other_file(H, buf, arguments)
  local client = H.client(buf)
  local prompt = H.open(arguments.prompt)
  H.expect(prompt, arguments.findings)
  H.edit(buf, arguments.old, arguments.new)
  H.replace(prompt, arguments.mended)
  H.expect(prompt, {})
  local answer = {}
  if client.server_capabilities.diagnosticProvider then
    local params = { textDocument = vim.lsp.util.make_text_document_params(buf) }
    for _, each in pairs(vim.lsp.buf_request_sync(buf, "textDocument/diagnostic", params, 5000) or {}) do
      answer = each.result.items
    end
  end
  return { attached = vim.lsp.buf_is_attached(buf, client.id), found = #H.found(buf), answer = #answer, published = H.published }
end

-- Closing a buffer takes its diagnostics away; opening it again brings them back.
function P.closing(H, buf, arguments)
  H.expect(buf, arguments.findings)
  local pushed = not H.client(buf).server_capabilities.diagnosticProvider
  H.open(arguments.other)
  vim.cmd.bdelete({ args = { tostring(buf) }, bang = true })
  if pushed then
    H.wait("an empty report", function()
      local counts = H.published[vim.fs.basename(arguments.closed)]
      return counts[#counts] == 0
    end)
  end
  H.wait("no diagnostics anywhere", function()
    return #vim.diagnostic.get() == 0
  end)
  H.expect(H.open(arguments.closed), arguments.findings)
  return true
end

-- A file is renamed on disk and opened under its new name; then the buffer of the old name goes.
function P.renamed(H, buf, arguments)
  H.client(buf)
  H.expect(buf, {})
  assert(vim.uv.fs_rename(arguments.old, arguments.new))
  local renamed = H.open(arguments.new)
  H.expect(renamed, arguments.together)
  vim.cmd.bwipeout({ args = { tostring(buf) }, bang = true })
  H.expect(renamed, arguments.alone)
  H.edit(renamed, arguments.id, arguments.new_id)
  H.expect(renamed, {})
  return true
end

-- A buffer is written under another name.
function P.saved_as(H, buf, arguments)
  H.client(buf)
  H.expect(buf, {})
  vim.cmd.saveas({ args = { arguments.new }, bang = true })
  H.expect(buf, arguments.findings)
  return true
end

-- The process of the server: the one child that Neovim has.
function P.server_process(H, buf)
  H.client(buf)
  return vim.api.nvim_get_proc_children(vim.fn.getpid())
end

-- Formats and writes the buffer.
function P.format(H, buf)
  H.client(buf)
  vim.lsp.buf.format({ async = false, timeout_ms = 5000, name = "promptbits" })
  vim.cmd.write()
  return true
end

-- The outline, as the location list shows it: kind and name, and the line from 1.
function P.symbols(H, buf)
  H.client(buf)
  local items
  vim.lsp.buf.document_symbol({
    on_list = function(list)
      items = list.items
    end,
  })
  H.wait("symbols", function()
    return items
  end)
  return vim.tbl_map(function(item)
    return { text = item.text, line = item.lnum }
  end, items)
end

-- Applies the action with a title, with the cursor on a piece of text; returns the titles that were offered.
function P.code_action(H, buf, arguments)
  H.expect(buf, arguments.findings)
  H.point(buf, arguments.piece)
  local titles = {}
  vim.lsp.buf.code_action({
    apply = true,
    context = arguments.only and { only = arguments.only },
    filter = function(action)
      table.insert(titles, action.title)
      return action.title == arguments.title
    end,
  })
  if arguments.settings then
    H.wait("an edit of another file", function()
      return vim.fn.bufnr(arguments.settings) > 0 and vim.bo[vim.fn.bufnr(arguments.settings)].modified
    end)
    vim.cmd.wall()
    vim.cmd.write()
  end
  H.expect(buf, arguments.left)
  return { titles = titles, text = H.text(buf) .. "\n" }
end

-- What the hover of a piece of text says.
function P.hover(H, buf, arguments)
  H.client(buf)
  H.point(buf, arguments.piece, 1)
  vim.lsp.buf.hover()
  return H.floating()
end

-- Types after a piece of text, asks for completions as the keyboard does, and takes the one with a label.
function P.complete(H, buf, arguments)
  H.client(buf)
  vim.o.completeopt = "menuone,noselect"
  H.point(buf, arguments.after, #arguments.after - 1)
  H.press("a" .. arguments.typed .. "<C-x><C-o>")
  local offered = H.wait("the menu", function()
    local info = vim.fn.complete_info({ "items", "pum_visible" })
    return info.pum_visible == 1 and #info.items > 0 and info.items
  end)
  local labels = vim.tbl_map(function(item)
    return vim.trim(item.abbr ~= "" and item.abbr or item.word)
  end, offered)
  local down = vim.fn.index(labels, arguments.label) + 1
  if down > 0 then
    H.press(("<C-n>"):rep(down) .. "<C-y>")
    H.wait("the text of the item", function() -- which 0.12 writes once the server has resolved the item
      return H.text(buf):find(arguments.written, 1, true)
    end)
  end
  return { labels = labels, text = H.text(buf) .. "\n" }
end

return P
