-- Probes of the content of a prompt as Markdown.
local P = {}

local function view_of(path)
  return "promptbits-content" .. vim.uri_from_fname(path):sub(5) .. ".md"
end

-- Opens the view of the prompt in the current buffer, as an author does.
local function open()
  vim.cmd.PromptBits("content")
  return vim.api.nvim_get_current_buf()
end

local function state(H, view)
  local bo = vim.bo[view]
  return { text = H.text(view), eol = bo.eol, modified = bo.modified, filetype = bo.filetype }
end

-- Opens the view and makes edits; each is written on its own. Then the last is undone and written, and done again.
function P.edit(H, json, arguments)
  local view = open()
  local before = state(H, view)
  local files = {}
  local function apart() -- what follows is undone on its own, as it is for somebody who types
    vim.bo[view].undolevels, vim.bo[json].undolevels = 1000, 1000
  end
  for _, edit in ipairs(arguments.edits) do
    apart()
    H.edit(view, edit[1], edit[2])
    vim.cmd.write()
    table.insert(files, vim.fn.readblob(arguments.file))
  end
  local after = state(H, view)
  vim.cmd.undo()
  apart()
  vim.cmd.write()
  local undone = vim.fn.readblob(arguments.file)
  vim.api.nvim_set_current_buf(json)
  vim.cmd.undo() -- the last edit of the JSON was the undoing
  local redone = H.text(json) .. "\n"
  return { before = before, after = after, files = files, undone = undone, redone = redone }
end

-- A view is the first thing that Neovim opens: no window ever shows the JSON.
function P.alone(H, _, arguments)
  vim.cmd.edit(vim.fn.fnameescape(view_of(arguments.file)))
  local view = vim.api.nvim_get_current_buf()
  local before = state(H, view)
  local listed = #vim.fn.getbufinfo({ buflisted = 1 })
  for _, text in ipairs(arguments.texts) do
    vim.api.nvim_buf_set_lines(view, 0, -1, false, vim.split(text, "\n"))
    vim.cmd.write()
  end
  local after = state(H, view)
  vim.cmd.edit({ bang = true })
  return { before = before, listed = listed, after = after, again = state(H, view) }
end

-- Diagnostics, completion, hover and rename inside the view; then it is written.
function P.language(H, json, arguments)
  H.expect(json, {})
  local view = open()
  H.expect(view, {})
  H.edit(view, "<<name>>", "<<nobody>>")
  H.expect(view, arguments.findings)
  H.edit(view, "<<nobody>>", "<<name>>")
  H.expect(view, {})

  H.point(view, "<<name>>", 2)
  vim.lsp.buf.hover()
  local hover = H.floating()

  vim.o.completeopt = "menuone,noselect"
  vim.cmd.stopinsert()
  H.point(view, "Warm.", 4)
  H.press("a Dear <lt><lt>na<C-x><C-o>")
  H.wait("the menu", function()
    return vim.fn.pumvisible() == 1
  end)
  H.press("<C-n><C-y><Esc>")
  H.wait("the placeholder", function()
    return H.text(view):find("Dear <<name>>", 1, true) and vim.fn.mode() == "n"
  end)

  H.point(view, "<<name>>", 2)
  vim.lsp.buf.rename("guest")
  H.wait("the new name in both", function()
    return H.text(view):find("Dear <<guest>>", 1, true) and H.text(json):find('"guest"', 1, true)
  end)
  vim.cmd.write()
  H.expect(view, {})
  H.expect(json, {})
  return { hover = hover, text = H.text(view) }
end

-- Tokens, a refactoring that changes the content and its variables, and the outline, inside the view.
function P.more(H, json, arguments)
  H.client(json)
  local view = open()
  local line, column = H.find(view, "<<name>>")
  local token = H.wait("semantic tokens", function()
    return (vim.lsp.semantic_tokens.get_at_pos(view, line, column) or {})[1]
  end)
  line, column = H.find(view, "hello")
  vim.lsp.buf.code_action({
    apply = true,
    range = { start = { line + 1, column }, ["end"] = { line + 1, column + 4 } },
    filter = function(action)
      return action.title == arguments.title
    end,
  })
  H.wait("the words to be extracted", function()
    return H.text(view):find("<<hello>>", 1, true) and H.text(json):find('"hello"', 1, true)
  end)
  local outline
  vim.lsp.buf.document_symbol({
    on_list = function(list)
      outline = list.items
    end,
  })
  H.wait("the outline", function()
    return outline
  end)
  vim.cmd.write()
  H.expect(view, {})
  return {
    token = { token.type, line, token.start_col, token.end_col },
    outline = vim.tbl_map(function(item)
      return { item.text:match("%] (%S+)"), item.lnum }
    end, outline),
  }
end

-- Another program changes the JSON: the view reads it anew, and what is found in it is found where it now is.
function P.reload(H, json, arguments)
  H.client(json)
  local view = open()
  H.expect(view, arguments.before)
  vim.fn.writefile(vim.split(arguments.text, "\n"), arguments.file, "b")
  vim.cmd.edit()
  local text = H.text(view)
  H.expect(view, arguments.after)
  H.edit(view, "Say", "\nSay")
  H.expect(view, arguments.later)
  return text
end

-- The JSON file goes while its view is open.
function P.orphan(H, json, arguments)
  H.ready(json)
  local view = open()
  H.edit(view, "hello", "hallo")
  vim.uv.fs_unlink(arguments.file)
  vim.cmd.bunload({ args = { tostring(json) }, bang = true })
  vim.cmd.messages("clear")
  vim.cmd.write()
  return { message = H.said("greet.json"), state = state(H, view) }
end

-- The JSON is changed behind a view that is changed too: in other lines, then in the same line.
function P.merge(H, json, arguments)
  local view = open()
  H.edit(view, "hello", "good morning")
  vim.api.nvim_buf_call(json, function()
    H.edit(json, "Warm.", "Calm.")
  end)
  vim.cmd.write()
  local merged = { text = H.text(view), file = vim.fn.readblob(arguments.file) }

  H.edit(view, "Calm.", "Cool.")
  vim.fn.writefile(vim.split((merged.file:gsub("Calm%.", "Hot.")), "\n"), arguments.file, "b")
  vim.cmd.write()
  local message = H.said("conflict")
  local conflict = { state = state(H, view), message = message, file = vim.fn.readblob(arguments.file) }

  H.replace(view, (H.text(view):gsub("<<<<<<<.*>>>>>>>[^\n]*", "Mild.")))
  vim.cmd.write()
  return { merged = merged, conflict = conflict, solved = state(H, view), file = vim.fn.readblob(arguments.file) }
end

-- Content that no editor can hold.
function P.refused(H, _, arguments)
  H.client(0)
  local view = open()
  local message = H.said(arguments.reason)
  local written = pcall(vim.cmd.write)
  return { message = message, written = written, modifiable = vim.bo[view].modifiable }
end

return P
