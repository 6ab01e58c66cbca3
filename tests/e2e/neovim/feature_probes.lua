-- Probes of the features that lead elsewhere and refactor; each uses what Neovim itself has for it.
local P = {}

-- Where the cursor is: file, line and byte, from 0.
local function here(H)
  local line, column = unpack(vim.api.nvim_win_get_cursor(0))
  return ("%s %d:%d"):format(H.name(), line - 1, column)
end

-- The quickfix list that an action makes: file, line and byte of each, and its text.
local function listed(H, act)
  vim.fn.setqflist({}, "r")
  act()
  local items = H.wait("a list", function()
    local list = vim.fn.getqflist()
    return #list > 0 and list
  end)
  vim.cmd.cclose()
  return vim.tbl_map(function(item)
    return { ("%s %d:%d"):format(H.name(item.bufnr), item.lnum - 1, item.col - 1), item.text }
  end, items)
end

-- Does something, and returns the first new message that it leads to.
local function told(H, act)
  vim.cmd.messages("clear")
  act()
  return H.wait("a message", function()
    local said = vim.trim(vim.fn.execute("messages"))
    return said ~= "" and said
  end)
end

-- From the parent of one prompt to the prompt, to a variable in it, and back to all who name it.
function P.navigate(H, buf, arguments)
  H.ready(buf)
  H.point(buf, arguments.parent, 1)
  vim.lsp.buf.definition()
  H.wait("the parent", function()
    return H.name() == "greet.json"
  end)
  local there = { here(H) }
  local parent = vim.api.nvim_get_current_buf()
  H.client(parent)
  H.point(parent, "<<name>>", 3)
  vim.lsp.buf.document_highlight()
  local highlights = H.wait("highlights", function()
    local found = H.drawn(parent, function(details)
      return details.hl_group and details.hl_group:match("^LspReference.*")
    end)
    return #found > 0 and found
  end)
  local before = here(H)
  vim.lsp.buf.definition()
  H.wait("the declaration", function()
    return here(H) ~= before
  end)
  table.insert(there, here(H))
  H.point(parent, '"greet"', 1)
  local uses = listed(H, function()
    vim.lsp.buf.references({ includeDeclaration = false })
  end)
  local symbols = listed(H, function()
    vim.lsp.buf.workspace_symbol("gretform")
  end)
  H.point(parent, '"greet"', 1)
  local below = listed(H, function()
    vim.lsp.buf.typehierarchy("subtypes")
  end)
  vim.api.nvim_set_current_buf(buf)
  H.point(buf, '"greet-formal"', 1)
  local above = listed(H, function()
    vim.lsp.buf.typehierarchy("supertypes")
  end)
  return { there = there, highlights = highlights, uses = uses, symbols = symbols, below = below, above = above }
end

-- Renames an id and then a variable, each after a new name that is refused; writes all.
function P.rename(H, buf, arguments)
  H.ready(buf)
  H.point(buf, '"greet"', 1)
  local taken = told(H, function()
    vim.lsp.buf.rename("farewell")
  end)
  vim.lsp.buf.rename("welcome")
  H.wait("the file to be renamed", function()
    return vim.uv.fs_stat(arguments.new)
  end)
  vim.cmd.wall()
  local renamed = vim.fn.bufnr(arguments.new)
  vim.api.nvim_set_current_buf(renamed)
  H.client(renamed)
  H.point(renamed, "<<name>>", 3)
  local clash = told(H, function()
    vim.lsp.buf.rename("tone")
  end)
  H.point(renamed, "Say", 0)
  local nothing = told(H, function()
    vim.lsp.buf.rename("word")
  end)
  local asked
  vim.ui.input = function(options, done)
    asked = options.default
    done("guest")
  end
  H.point(renamed, "<<name>>", 3)
  vim.lsp.buf.rename()
  H.wait("the new name", function()
    return H.text(renamed):find('"guest": {', 1, true)
  end)
  vim.cmd.wall()
  local buffers = #vim.fn.getbufinfo({ bufloaded = 1 })
  return { taken = taken, clash = clash, nothing = nothing, asked = asked, buffers = buffers }
end

-- A file explorer renames a file: it asks first and applies the answer, then it moves the file.
function P.move(H, buf, arguments)
  local client = H.ready(buf)
  local files = { { oldUri = vim.uri_from_fname(arguments.old), newUri = vim.uri_from_fname(arguments.new) } }
  vim.lsp.util.apply_workspace_edit(H.ask(buf, "workspace/willRenameFiles", { files = files }), client.offset_encoding)
  vim.lsp.util.rename(arguments.old, arguments.new)
  vim.cmd.wall()
  return H.name(buf)
end

-- Takes refactorings one after the other: `from` to `to` is selected where both are given.
function P.refactor(H, buf, arguments)
  H.ready(buf)
  local offered = {}
  for _, step in ipairs(arguments.steps) do
    H.point(buf, step.from)
    local range
    if step.to then
      local line, first = H.find(buf, step.from)
      local _, last = H.find(buf, step.to)
      range = { start = { line + 1, first }, ["end"] = { line + 1, last + #step.to - 1 } }
    end
    local titles = {}
    local before = H.text(buf)
    vim.lsp.buf.code_action({
      apply = true,
      range = range,
      context = { only = { "refactor" }, diagnostics = {} },
      filter = function(action)
        table.insert(titles, action.title)
        return action.title == step.title
      end,
    })
    H.wait("an edit by " .. step.title, function()
      return H.text(buf) ~= before
    end)
    table.insert(offered, titles)
    vim.cmd.wall()
  end
  return offered
end

-- The diagnostics of every prompt in Neovim's own list; then again, once another program has mended one of them.
function P.workspace(H, buf, arguments)
  local client = H.ready(buf)
  local known = {}
  local function pull()
    for _, report in ipairs(H.ask(buf, "workspace/diagnostic", { previousResultIds = vim.tbl_values(known) }).items) do
      if report.kind == "full" then
        local shown = { uri = report.uri, diagnostics = report.items }
        vim.lsp.handlers["textDocument/publishDiagnostics"](nil, shown, { client_id = client.id })
      end
      known[report.uri] = { uri = report.uri, value = report.resultId }
    end
    vim.diagnostic.setqflist({ open = false })
    return vim.tbl_map(function(item)
      return ("%s %d:%d"):format(H.name(item.bufnr), item.lnum - 1, item.col - 1)
    end, vim.fn.getqflist())
  end
  local found = pull()
  vim.fn.writefile(vim.split(arguments.mended, "\n"), arguments.file, "b")
  return { found = found, mended = pull() }
end

-- Other programs change files beside an open prompt.
function P.watched(H, buf, arguments)
  H.ready(buf)
  for _, step in ipairs(arguments.steps) do
    local done = vim.system(step.command, { cwd = arguments.folder }):wait()
    assert(done.code == 0, done.stderr)
    H.expect(buf, step.findings)
  end
  return true
end

return P
