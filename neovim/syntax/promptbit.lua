-- A prompt is JSON.
vim.cmd.runtime({ "syntax/json.vim", bang = true })
