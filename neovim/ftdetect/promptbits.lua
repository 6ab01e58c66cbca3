-- Prompts have a filetype of their own, so that servers for JSON stay away from them.
local function in_root(path)
  local root = vim.fs.root(path, { "promptbits.toml", ".promptbits" })
  return root and vim.startswith(path, root .. "/prompts/") and "promptbit" or nil
end

local function claims_schema(_, buf)
  for _, line in ipairs(buf and vim.api.nvim_buf_get_lines(buf, 0, 20, false) or {}) do
    if line:find('"%$schema"%s*:%s*"[^"]*promptbit%.schema%.json"') then
      return "promptbit"
    end
  end
end

vim.filetype.add({
  pattern = {
    [".*%.prompt%.json"] = { "promptbit", { priority = 10 } },
    [".*/prompts/builtin/[^/]*%.json"] = { "promptbit", { priority = 10 } },
    [".*/prompts/custom/[^/]*%.json"] = { "promptbit", { priority = 10 } },
    [".*/prompts/learned/[^/]*%.json"] = { "promptbit", { priority = 10 } },
    [".*/prompts/.*%.json"] = { in_root, { priority = 5 } },
    [".*%.json"] = { claims_schema, { priority = 1 } },
  },
})
