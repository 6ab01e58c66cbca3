-- A prompt is JSON.
vim.cmd.runtime({ "ftplugin/json.vim", bang = true })
