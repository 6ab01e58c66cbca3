-- Probes of what is measured; each uses what Neovim itself has for it.
local P = {}

local function words(chunks)
  return chunks and table.concat(vim.tbl_map(function(chunk)
    return chunk[1]
  end, chunks))
end

-- What is drawn, once some of it has these words. Time passes for whoever waits for the author to pause.
local function drawn(H, buf, piece, pick)
  return H.wait(piece, function()
    vim.api.nvim_exec_autocmds("CursorHold", { buffer = buf })
    local found = H.drawn(buf, pick)
    return table.concat(found, "\n"):find(piece, 1, true) and found
  end)
end

-- Lenses stand above a line or, before 0.12, at its end, where diagnostics stand as well.
local function lens_of(details)
  local chunks = (details.virt_lines or {})[1] or details.virt_text or {}
  return vim.startswith(chunks[1] and chunks[1][2] or "", "LspCodeLens") and words(chunks)
end

local function hint_of(details)
  return details.virt_text_pos == "inline" and words(details.virt_text)
end

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
  local hints = drawn(H, buf, "measured", hint_of)
  local lenses = drawn(H, buf, "%", lens_of)
  H.expect(buf, arguments.drift)
  local done = { hints = hints, lenses = lenses }
  done.id, done.confidence = hover(H, buf, '"id"'), hover(H, buf, '"confidence"')
  local imported = vim.system(arguments.command, { text = true }):wait()
  assert(imported.code == 0, imported.stderr)
  done.later = table.concat(drawn(H, buf, arguments.later, lens_of), "\n")
  return done
end

return P
