-- A prompt is JSON.
vim.cmd.runtime({ "indent/json.vim", bang = true })
