-- Addresses: of a prompt, of the documents beside it, and of the folder that they belong to.
local M = {}

M.CONTENT = "promptbits-content"
M.ROOT_MARKERS = { "promptbits.toml", ".promptbits" }

-- The file of the prompt that a buffer is about: its own, or the one behind a document of ours.
---@param name string the name of a buffer
---@return string
function M.file(name)
  local rest = name:match("^promptbits%-%l+:(//.*)$")
  if not rest then
    return name
  end
  return vim.uri_to_fname("file:" .. rest:gsub("%?.*$", ""):gsub("%.diff$", ""):gsub("%.md$", ""))
end

-- The address of the content of a prompt.
---@param file string
---@return string
function M.view(file)
  return M.CONTENT .. vim.uri_from_fname(file):sub(#"file" + 1) .. ".md"
end

-- The address of the list of prompts of a root, of those that have a word.
---@param root string
---@param word? string
---@return string
function M.library(root, word)
  return ("promptbits-library://%s%s"):format(root, word and "?" .. word or "")
end

-- What the list of an address is of.
---@param name string
---@return string root
---@return string word
function M.listed(name)
  local root, word = name:match("^promptbits%-library://([^?]*)%??(.*)$")
  return root, word
end

-- The root of a file, where something says that there is one.
---@param file string
---@return string?
function M.told_root(file)
  return vim.fs.root(file, M.ROOT_MARKERS)
end

-- The root of a prompt: as told, else the folder above `prompts`, else the repository, else its folder.
---@param file string
---@return string
function M.root(file)
  return M.told_root(file) or file:match("^(.+)/prompts/") or vim.fs.root(file, ".git") or vim.fs.dirname(file)
end

return M
