-- For plugin managers, which put the root of a repository on 'runtimepath': the plugin for Neovim is in `neovim/`.
if vim.g.loaded_promptbits or vim.fn.has("nvim-0.10") == 0 then
  return
end

local here = vim.fn.fnamemodify(debug.getinfo(1, "S").source:sub(2), ":p") -- the file that is sourced
local folder = vim.fs.joinpath(vim.fs.dirname(vim.fs.dirname(vim.fs.normalize(here))), "neovim")
vim.opt.runtimepath:append(folder)
-- Neovim looked for these before the folder was there.
for _, each in ipairs({ "ftdetect", "plugin" }) do
  vim.cmd.source(vim.fn.fnameescape(vim.fs.joinpath(folder, each, "promptbits.lua")))
end
