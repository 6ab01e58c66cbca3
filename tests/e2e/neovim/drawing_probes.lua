-- Probes of what is drawn, folded, selected and linked in a prompt; each uses what Neovim itself has for it.
local P = {}

-- Runs the lens of the first line whose title has these words.
local function run_lens(H, words)
  H.choose(words)
  vim.api.nvim_win_set_cursor(0, { 1, 0 })
  vim.lsp.codelens.run()
end

-- Inlay hints, semantic tokens and code lenses, as drawn; then a lens is run.
function P.drawn(H, buf, arguments)
  H.ready(buf)
  local hints = H.draws(buf, arguments.hint, H.hint_of)
  H.wait("semantic tokens", function()
    return #(vim.lsp.semantic_tokens.get_at_pos(buf, H.find(buf, arguments.pieces[1])) or {}) > 0
  end)
  local tokens = vim.tbl_map(function(piece)
    local line, column = H.find(buf, piece)
    local at = vim.lsp.semantic_tokens.get_at_pos(buf, line, column) or {}
    local text = at[1] and vim.api.nvim_buf_get_text(buf, line, at[1].start_col, line, at[1].end_col, {})[1]
    return text and { at[1].type, text } or {}
  end, arguments.pieces)
  local lenses = H.draws(buf, arguments.lens, H.lens_of)
  run_lens(H, arguments.lens)
  H.wait("the prompt behind the lens", function()
    return H.name() == "greet.json"
  end)
  return { hints = hints, tokens = tokens, lenses = lenses }
end

-- The documents that lenses open, one after the other.
function P.lenses(H, buf, arguments)
  H.ready(buf)
  return vim.tbl_map(function(lens)
    vim.api.nvim_set_current_buf(buf)
    H.draws(buf, lens.title, H.lens_of)
    run_lens(H, lens.title)
    H.wait("a document", function()
      return vim.startswith(vim.api.nvim_buf_get_name(0), lens.scheme) and vim.bo.filetype ~= ""
    end)
    return { H.text(0), vim.bo.filetype, vim.bo.modifiable }
  end, arguments.lenses)
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
