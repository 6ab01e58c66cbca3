-- Probes of what is drawn, folded, selected and linked in a prompt; each uses what Neovim itself has for it.
local P = {}

local function words(chunks)
  return chunks and table.concat(vim.tbl_map(function(chunk)
    return chunk[1]
  end, chunks))
end

-- Runs the lens of the first line whose title has these words.
local function run_lens(words_of_it)
  vim.ui.select = function(items, options, choose)
    for _, item in ipairs(items) do
      if options.format_item(item):find(words_of_it, 1, true) then
        return choose(item)
      end
    end
    error("no such lens: " .. vim.inspect(items))
  end
  vim.api.nvim_win_set_cursor(0, { 1, 0 })
  vim.lsp.codelens.run()
end

-- Inlay hints, semantic tokens and code lenses, as drawn; then a lens is run.
function P.drawn(H, buf, arguments)
  H.ready(buf)
  vim.lsp.inlay_hint.enable(true, { bufnr = buf })
  local hints = H.wait("inlay hints", function()
    local found = H.drawn(buf, function(details)
      return details.virt_text_pos == "inline" and words(details.virt_text)
    end)
    return #found > 0 and found
  end)
  H.wait("semantic tokens", function()
    return #(vim.lsp.semantic_tokens.get_at_pos(buf, H.find(buf, arguments.pieces[1])) or {}) > 0
  end)
  local tokens = vim.tbl_map(function(piece)
    local line, column = H.find(buf, piece)
    local at = vim.lsp.semantic_tokens.get_at_pos(buf, line, column) or {}
    local text = at[1] and vim.api.nvim_buf_get_text(buf, line, at[1].start_col, line, at[1].end_col, {})[1]
    return text and { at[1].type, text } or {}
  end, arguments.pieces)
  if vim.lsp.codelens.enable then
    vim.lsp.codelens.enable(true, { bufnr = buf })
  else
    vim.lsp.codelens.refresh({ bufnr = buf })
  end
  local lenses = H.wait("code lenses", function()
    local found = H.drawn(buf, function(details)
      return words((details.virt_lines or {})[1]) or (details.virt_text_pos == "eol" and words(details.virt_text))
    end)
    return #found > 0 and found
  end)
  run_lens(arguments.lens)
  H.wait("the prompt behind the lens", function()
    return H.name() == "greet.json"
  end)
  return { hints = hints, tokens = tokens, lenses = lenses }
end

-- The documents that a lens and a command open.
function P.documents(H, buf, arguments)
  H.ready(buf)
  local shown = {}
  local function take(scheme)
    H.wait("a document", function()
      return vim.startswith(vim.api.nvim_buf_get_name(0), scheme) and vim.bo.filetype ~= ""
    end)
    table.insert(shown, { H.text(0), vim.bo.filetype, vim.bo.modifiable })
    vim.api.nvim_set_current_buf(buf)
  end
  if not vim.lsp.codelens.enable then
    vim.lsp.codelens.refresh({ bufnr = buf })
    H.wait("code lenses", function()
      return #vim.lsp.codelens.get(buf) > 0
    end)
  end
  run_lens(arguments.lens)
  take("promptbits-diff:")
  H.ask(buf, "workspace/executeCommand", {
    command = "promptbits.showRendered",
    arguments = { vim.uri_from_bufnr(buf) },
  })
  take("promptbits-rendered:")
  return shown
end

-- Closed folds from each line given: their last lines, from 1.
function P.folds(H, buf, arguments)
  H.ready(buf)
  vim.wo.foldmethod = "expr"
  vim.wo.foldexpr = "v:lua.vim.lsp.foldexpr()"
  vim.wo.foldlevel = 99
  return vim.tbl_map(function(piece)
    local line = H.find(buf, piece) + 1
    H.wait("a fold at " .. piece, function()
      return vim.fn.foldlevel(line) > 0
    end)
    vim.cmd(line .. "foldclose")
    local last = vim.fn.foldclosedend(line)
    vim.cmd("normal! zR")
    return { line, last }
  end, arguments.pieces)
end

-- Selections that grow from a piece of text.
function P.grow(H, buf, arguments)
  H.ready(buf)
  H.point(buf, arguments.piece, 1)
  local grown = {}
  for step = 1, arguments.steps do
    vim.lsp.buf.selection_range(1)
    local region = vim.fn.getregion(vim.fn.getpos("v"), vim.fn.getpos("."), { type = vim.fn.mode() })
    table.insert(grown, table.concat(region, "\n"))
  end
  return grown
end

-- Types over the name of a variable, where the other places follow.
function P.linked(H, buf, arguments)
  H.ready(buf)
  vim.lsp.linked_editing_range.enable(true, { client_id = H.client(buf).id })
  H.point(buf, arguments.piece, arguments.after)
  H.wait("linked ranges", function()
    return #H.drawn(buf, function(details)
      return details.hl_group == "LspReferenceTarget" and details.hl_group
    end) == arguments.count
  end)
  H.press("i" .. arguments.typed)
  H.wait("the others to follow", function()
    local _, count = H.text(buf):gsub(vim.pesc(arguments.becomes), "")
    return count == arguments.count
  end)
  H.press("<Esc>")
  H.wait("normal mode", function()
    return vim.fn.mode() == "n"
  end)
  vim.cmd.write()
  return true
end

-- What the links of a document lead to; a link to a file is resolved as a client does that follows it.
function P.links(H, buf)
  H.ready(buf)
  local params = { textDocument = vim.lsp.util.make_text_document_params(buf) }
  local found = {}
  for _, link in ipairs(H.ask(buf, "textDocument/documentLink", params)) do
    local from, to = link.range.start, link.range["end"]
    local text = vim.api.nvim_buf_get_text(buf, from.line, from.character, to.line, to.character, {})[1] -- all ASCII
    local target = link.target or H.ask(buf, "documentLink/resolve", link).target
    table.insert(found, { text, target })
  end
  return found
end

-- What `gx` opens on each piece of text.
function P.follow(H, buf, arguments)
  H.ready(buf)
  local opened = {}
  vim.ui.open = function(target)
    table.insert(opened, target)
  end
  for _, piece in ipairs(arguments.pieces) do
    H.point(buf, piece, 1)
    vim.cmd.normal("gx")
  end
  return opened
end

return P
