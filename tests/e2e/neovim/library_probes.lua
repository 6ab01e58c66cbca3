-- Probes of the library, of new prompts, of previews with values, and of prompts that no pattern knows.
local P = {}

local function wait_for_file(H, name)
  H.wait(name, function()
    return H.name() == name
  end)
end

local function key(keys)
  vim.api.nvim_feedkeys(vim.keycode(keys), "mx", false)
end

-- The list of the library, from a file that is no prompt: sorted, opened from, of a word; a prompt by its id; one that
-- ships with the server.
function P.library(H, notes)
  local function listed(command)
    vim.cmd(command)
    H.wait("the list", function()
      return vim.bo.filetype == "promptbits-library"
    end)
    return vim.api.nvim_buf_get_lines(0, 0, -1, false)
  end
  local done = { all = listed("PromptBits library") }
  local list = vim.api.nvim_get_current_buf()
  key("s")
  done.by_rate = vim.api.nvim_buf_get_lines(0, 0, 1, false)[1]
  key("s")
  done.by_problems = vim.api.nvim_buf_get_lines(0, 0, 1, false)[1]
  done.sorted = H.said("Sorted by problems")
  key("<CR>")
  wait_for_file(H, "broken.json")
  H.client(0)
  vim.api.nvim_set_current_buf(notes)
  done.some = listed("PromptBits library PEOPLE")
  vim.api.nvim_set_current_buf(notes)
  vim.cmd("PromptBits library nowhere")
  done.none = H.said("nowhere")
  vim.cmd("PromptBits library greet")
  wait_for_file(H, "greet.json")
  done.ids = vim.fn.getcompletion("PromptBits library gre", "cmdline")
  done.shipped = vim.iter(done.all):find(function(line)
    return line:find("shipped", 1, true)
  end)
  vim.cmd("PromptBits library " .. done.shipped:match("^%S+"))
  H.wait("a prompt that ships", function()
    return vim.bo.readonly
  end)
  H.client(0)
  done.servers = #vim.lsp.get_clients({ name = "promptbits" })
  vim.cmd.PromptBits("content")
  done.view = { modifiable = vim.bo.modifiable, empty = H.text(0) == "", why = H.said("duplicate") }
  vim.api.nvim_set_current_buf(list)
  done.modified = vim.bo.modified
  return done
end

-- A new prompt by its id and by a question, a duplicate, and ids that are refused.
function P.new(H, buf)
  H.ready(buf)
  vim.cmd.PromptBits({ args = { "new", "farewell" } })
  wait_for_file(H, "farewell.json")
  local asked = {}
  vim.ui.input = function(options, done)
    table.insert(asked, options.default)
    done("hello")
  end
  vim.cmd.PromptBits("new")
  wait_for_file(H, "hello.json")
  vim.api.nvim_set_current_buf(buf)
  vim.cmd.PromptBits("content") -- also from a document about the prompt
  vim.ui.input = function(options, done)
    table.insert(asked, options.default)
    done(options.default)
  end
  vim.cmd.PromptBits("duplicate")
  wait_for_file(H, "greet-copy.json")
  local state = { vim.bo.filetype, vim.bo.modified }
  vim.cmd.PromptBits({ args = { "new", "greet" } })
  local taken = H.said("choose another id")
  vim.cmd.PromptBits({ args = { "new", "Two Words" } })
  return { asked = asked, state = state, taken = taken, wrong = H.said("two-words") }
end

-- Previews with values, and what is completed of them.
function P.values(H, buf)
  H.ready(buf)
  local function completed(lead)
    vim.api.nvim_set_current_buf(buf)
    return vim.fn.getcompletion("PromptBits preview " .. lead, "cmdline")
  end
  local done = { names = completed(""), tones = completed("tone="), flags = completed("loud=") }
  vim.cmd([[PromptBits preview name=Ada\ Lovelace tone=cool]])
  H.wait("the preview", function()
    return H.text(0):find("Ada Lovelace", 1, true)
  end)
  done.text = H.text(0)
  local rendered = vim.api.nvim_get_current_buf()
  H.edit(buf, "Say", "Shout")
  H.wait("the preview to follow", function()
    return H.text(rendered):find("Shout hello to Ada Lovelace", 1, true)
  end)
  vim.cmd.PromptBits("json")
  done.json = H.name()
  vim.cmd.PromptBits({ args = { "preview", "name" } })
  done.refused = H.said("name=value")
  return done
end

-- Without a subcommand there is a choice: of few in a file that is no prompt, of all in one.
function P.menu(H, notes, arguments)
  local few = H.choose("check every prompt")
  vim.cmd.PromptBits()
  H.said("Nothing to complain of")
  H.open(arguments.file)
  local all = H.choose("as Markdown")
  vim.cmd.PromptBits()
  wait_for_file(H, "greet.json.md")
  return { few = #few, all = #all, notes = H.name(notes) }
end

-- The filetype of prompts that only the server knows: in a folder of promptbits.toml, by a `$schema` far down, also
-- outside of the root, and by one that is typed.
function P.recognised(H, buf, arguments)
  local function becomes(each, filetype)
    H.wait(H.name(each) .. " to become " .. filetype, function()
      return vim.bo[each].filetype == filetype
    end)
  end
  becomes(buf, "promptbit")
  H.draws(buf, "Edit as Markdown", H.lens_of)
  local client = H.client(buf)
  local outside = H.open(arguments.outside)
  becomes(outside, "promptbit")
  assert(H.client(outside).id == client.id, "another server")
  local typed = H.open(arguments.typed)
  H.client(typed)
  local before = vim.bo[typed].filetype
  H.edit(typed, "{", "{" .. arguments.schema)
  vim.cmd.write()
  becomes(typed, "promptbit")
  local other = H.open(arguments.other)
  H.client(other)
  H.ask(other, "promptbits/isPrompt", { uri = vim.uri_from_bufnr(other) }) -- answered after the plugin's own question
  return { before = before, other = vim.bo[other].filetype, servers = #vim.lsp.get_clients({ name = "promptbits" }) }
end

-- The plugin is added while a prompt is open.
function P.late(H, buf)
  local before = vim.bo[buf].filetype
  vim.cmd.packadd("promptbits")
  H.client(buf)
  H.draws(buf, "Edit as Markdown", H.lens_of)
  return { before = before, after = vim.bo[buf].filetype }
end

-- What is wrong in `vim.g.promptbits` is told.
function P.options(H, buf)
  H.client(buf)
  return H.said("promptbits:")
end

return P
