-- Probes of what is measured; each uses what Neovim itself has for it.
local P = {}

-- Waits until Neovim knows of a hint, and has it draw all anew: what it drew between a refresh and the answer, it keeps.
local function know_hint(H, buf, piece)
  H.wait("a hint", function()
    return vim.iter(vim.lsp.inlay_hint.get({ bufnr = buf })):any(function(each)
      return vim.inspect(each.inlay_hint.label):find(piece, 1, true)
    end)
  end)
  vim.lsp.inlay_hint.enable(false, { bufnr = buf })
  vim.lsp.inlay_hint.enable(true, { bufnr = buf })
end

-- What the hover on a piece of text says.
local function hover(H, buf, piece)
  H.point(buf, piece, 1)
  vim.lsp.buf.hover()
  local said = H.floating()
  vim.cmd.fclose({ bang = true })
  return said
end

-- Lens, hint, diagnostic and hovers of a prompt; then the lens again, after another process has added facts.
function P.measured(H, buf, arguments)
  H.ready(buf)
  know_hint(H, buf, "measured")
  local hints = H.draws(buf, "measured", H.hint_of)
  local lenses = H.draws(buf, "%", H.lens_of)
  H.expect(buf, arguments.drift)
  local done = { hints = hints, lenses = lenses }
  done.id, done.confidence = hover(H, buf, '"id"'), hover(H, buf, '"confidence"')
  local imported = vim.system(arguments.command, { text = true }):wait()
  assert(imported.code == 0, imported.stderr)
  done.later = table.concat(H.draws(buf, arguments.later, H.lens_of), "\n")
  return done
end

return P
