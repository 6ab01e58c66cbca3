-- Probes of the plugin in neovim/: what people type, and what they then see.
local P = {}

-- The document that a command opens.
local function shown(H, scheme)
  H.wait("a document of " .. scheme, function()
    return vim.startswith(vim.api.nvim_buf_get_name(0), scheme) and vim.bo.filetype ~= ""
  end)
  return { text = H.text(0), filetype = vim.bo.filetype, modifiable = vim.bo.modifiable }
end

-- What the plugin does with no more than an open file; then the filetype of other files and how many servers they have.
function P.attach(H, buf, arguments)
  H.ready(buf)
  local hints = H.draws(buf, "low", H.hint_of)
  local lenses = H.draws(buf, "compare with", H.lens_of)
  local filetypes = {}
  for _, path in ipairs(arguments.others) do
    H.open(path)
    if vim.endswith(path, ".json") then
      H.client(vim.api.nvim_get_current_buf())
    end
    table.insert(filetypes, { vim.bo.filetype, #vim.lsp.get_clients({ bufnr = 0 }) })
  end
  return {
    filetype = vim.bo[buf].filetype,
    syntax = vim.bo[buf].syntax,
    language = vim.treesitter.language.get_lang("promptbit"),
    root = H.client(buf).config.root_dir,
    hints = hints,
    lenses = lenses,
    others = filetypes,
    complete = vim.fn.getcompletion("PromptBits ", "cmdline"),
    complete_feedback = vim.fn.getcompletion("PromptBits feedback s", "cmdline"),
  }
end

-- Nothing is drawn where somebody wants neither lenses nor hints.
function P.plain(H, buf, arguments)
  H.ready(buf)
  H.expect(buf, arguments.findings)
  require("promptbits").setup({ colour = true, code_lens = "yes" })
  local lenses = vim.lsp.codelens.is_enabled
  return {
    hints = vim.lsp.inlay_hint.is_enabled({ bufnr = buf }),
    lenses = lenses and lenses({ bufnr = buf }) or not lenses and #vim.lsp.codelens.get(buf) > 0,
    refused = { H.said('"colour"'), H.said('"code_lens"') },
  }
end

-- Edits the content and writes it; then both sides change one line, and the conflict is solved.
function P.content(H, _, arguments)
  vim.cmd.PromptBits("content")
  local view = vim.api.nvim_get_current_buf()
  H.client(view)
  local before = H.text(view)
  H.edit(view, "hello", "good morning")
  H.expect(view, {})
  vim.cmd.write()
  local written = vim.fn.readblob(arguments.file)

  H.edit(view, "Warm.", "Cool.")
  vim.fn.writefile(vim.split((written:gsub("Warm%.", "Hot.")), "\n"), arguments.file, "b")
  vim.cmd.write()
  local conflict = { message = H.said("conflict"), text = H.text(view), modified = vim.bo[view].modified }
  H.replace(view, (H.text(view):gsub("<<<<<<<.*>>>>>>>[^\n]*", "Mild.")))
  vim.cmd.write()
  return { before = before, written = written, conflict = conflict, modified = vim.bo[view].modified }
end

-- A view without changes follows its prompt: what another window, or another program, does to it, and its name.
function P.follow(H, json, arguments)
  H.ready(json)
  vim.cmd.PromptBits("content")
  local view = vim.api.nvim_get_current_buf()
  vim.api.nvim_set_current_buf(json)
  H.edit(json, "hello", "hallo")
  vim.cmd.write()
  H.wait("the view to follow", function()
    return H.text(view):find("hallo", 1, true)
  end)
  vim.fn.writefile(vim.split((vim.fn.readblob(arguments.file):gsub("hallo", "servus")), "\n"), arguments.file, "b")
  vim.api.nvim_set_current_buf(view)
  H.wait("the view to be read anew", function()
    return H.text(view):find("servus", 1, true)
  end)
  local modified = vim.bo[view].modified

  vim.api.nvim_set_current_buf(json)
  H.point(json, '"greet"', 1)
  vim.lsp.buf.rename("welcome")
  H.wait("the view to take its name", function()
    return H.name(view) == "welcome.json.md"
  end)
  vim.cmd.wall()
  vim.api.nvim_set_current_buf(view)
  H.edit(view, "servus", "moin")
  H.edit(view, "<<name>>", "<<nobody>>")
  H.expect(view, arguments.findings)
  vim.cmd.write()
  local buffers = vim.tbl_map(function(info)
    return vim.fs.basename(info.name)
  end, vim.fn.getbufinfo({ bufloaded = 1 }))
  return { modified = modified, after = vim.bo[view].modified, buffers = buffers }
end

-- The whole root in the quickfix list, from a buffer that is no prompt; then when nothing is wrong.
function P.check(H, _, arguments)
  vim.cmd.PromptBits("check")
  H.wait("the list", function()
    return vim.fn.getqflist({ title = 1 }).title == "promptbits check" and vim.bo.filetype == "qf"
  end)
  local found = vim.tbl_map(function(item)
    return { H.name(item.bufnr), item.lnum, item.col, item.end_col, item.type, item.text }
  end, vim.fn.getqflist())
  vim.cmd.cclose()
  vim.fn.writefile(vim.split(arguments.mended, "\n"), arguments.file, "b")
  vim.cmd.PromptBits("check")
  return { found = found, message = H.said("Nothing to complain of"), left = #vim.fn.getqflist() }
end

-- Preview, comparison and statistics; the preview follows the prompt.
function P.documents(H, buf)
  H.ready(buf)
  vim.cmd("vertical PromptBits preview")
  local preview = shown(H, "promptbits-rendered:")
  local window, rendered = vim.api.nvim_get_current_win(), vim.api.nvim_get_current_buf()
  local windows = #vim.api.nvim_tabpage_list_wins(0)
  H.edit(buf, "Bow", "Wave")
  H.wait("the preview to follow", function()
    return H.text(rendered):find("Wave", 1, true)
  end)
  vim.api.nvim_buf_call(buf, vim.cmd.undo)
  vim.api.nvim_win_close(window, true)
  vim.cmd.PromptBits("diff")
  local diff = shown(H, "promptbits-diff:")
  vim.cmd.PromptBits("stats") -- from the document about the prompt
  local stats = shown(H, "promptbits-stats:")
  vim.cmd.PromptBits("content")
  return { preview = preview, windows = windows, diff = diff, stats = stats, content = H.name(0) }
end

-- Feedback by choice, and by a word; a word that is none.
function P.feedback(H, buf)
  H.ready(buf)
  local offered
  vim.ui.select = function(items, options, choose)
    offered = vim.tbl_map(options.format_item, items)
    choose(items[2])
  end
  vim.cmd.PromptBits("feedback")
  local messages = { H.said("rating 4") }
  vim.cmd.PromptBits({ args = { "feedback", "failed" } })
  table.insert(messages, H.said("as it stands: failed"))
  vim.cmd.PromptBits({ args = { "feedback", "9" } })
  return { offered = offered, messages = messages, refused = H.said("nothing was recorded") }
end

-- The server ends and starts anew, also for a view.
function P.restart(H, buf, arguments)
  H.expect(buf, arguments.findings)
  local before = H.client(buf).id
  vim.cmd.PromptBits("content")
  local view = vim.api.nvim_get_current_buf()
  H.client(view)
  vim.cmd.PromptBits("restart")
  H.wait("another server", function()
    local now = vim.lsp.get_clients({ bufnr = buf, name = "promptbits" })[1]
    return now and now.id ~= before and vim.lsp.buf_is_attached(view, now.id)
  end)
  H.expect(buf, arguments.findings)
  H.edit(view, "hello", "hallo")
  vim.cmd.write()
  vim.cmd.PromptBits("log")
  return { running = #vim.lsp.get_clients({ name = "promptbits" }), log = H.name(0) }
end

-- What the health report says, with another server for JSON attached or without.
function P.health(H, buf, arguments)
  H.ready(buf)
  if arguments.other then
    local command = { arguments.other, "-m", "promptbits", "lsp", "--stdio" } -- any server does, by this name
    vim.lsp.start({ name = "jsonls", cmd = command, root_dir = vim.fn.getcwd() }, { bufnr = buf })
    H.wait("the other server", function()
      return #vim.lsp.get_clients({ bufnr = buf }) == 2
    end)
  end
  vim.cmd.checkhealth("promptbits")
  return H.wait("the report", function()
    return vim.bo.filetype == "checkhealth" and H.text(0):find("filetype", 1, true) and H.text(0)
  end)
end

-- The program cannot be found: what commands and the health report say.
function P.missing(H)
  vim.cmd.PromptBits("check")
  local check = H.said("cannot be started")
  vim.cmd.checkhealth("promptbits")
  return { check = check, health = H.text(0) }
end

-- Help of every subcommand and option; and the tags as Neovim writes them from the help.
function P.help(H, _, arguments)
  local found = vim.tbl_map(function(tag)
    vim.cmd.help(tag)
    return { H.name(0), vim.api.nvim_get_current_line():find("*" .. tag .. "*", 1, true) ~= nil }
  end, arguments.tags)
  local doc = vim.fs.dirname(vim.api.nvim_buf_get_name(0))
  vim.fn.delete(doc .. "/tags")
  vim.cmd.helptags(doc)
  return { found = found, anew = vim.fn.readblob(doc .. "/tags") }
end

return P
