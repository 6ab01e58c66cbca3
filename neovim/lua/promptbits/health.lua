-- `:checkhealth promptbits`.
local client = require("promptbits.client")
local config = require("promptbits.config")

local M = {}

local health = vim.health
local PATIENCE_MS = 10000
local HINT = {
  "Install it: pipx install promptbits",
  'Or say where it is: require("promptbits").setup({ cmd = { "/path/to/promptbits" } })',
}

local function server()
  local command = config.command("--version")
  local said = table.concat(config.options.cmd, " ")
  if vim.fn.executable(command[1]) == 0 then
    return health.error(("`%s` is not found"):format(command[1]), HINT)
  end
  local started, done = pcall(function()
    return vim.system(command, { text = true }):wait(PATIENCE_MS)
  end)
  local version = started and done.code == 0 and done.stdout:match("(%d+%.%d+%.%d+)")
  if not version then
    return health.error(("`%s --version` fails"):format(said), started and vim.trim(done.stderr) or tostring(done))
  end
  health.ok(("`%s` is version %s"):format(said, version))
  if vim.version.lt(version, config.VERSION) then
    health.warn(("the plugin is version %s: upgrade the server"):format(config.VERSION), "pipx upgrade promptbits")
  elseif vim.version.gt(version, config.VERSION) then
    health.warn(("the plugin is version %s: upgrade the plugin"):format(config.VERSION))
  end
end

---@param root string
local function store(root)
  local path = vim.env.PROMPTBITS_FACTS or vim.fs.joinpath(root, ".promptbits", "facts.db")
  if vim.uv.fs_stat(path) then
    health.ok("facts are in " .. path)
  else
    health.info("nothing is measured yet: there is no " .. path)
  end
end

local function sessions()
  local running = vim.lsp.get_clients({ name = client.NAME })
  if #running == 0 then
    return health.info("no prompt is open")
  end
  for _, each in ipairs(running) do
    health.ok(("attached to %d buffers below %s"):format(#vim.tbl_keys(each.attached_buffers), each.config.root_dir))
    store(each.config.root_dir)
  end
end

---@param buf integer
local function other_servers(buf)
  for _, each in ipairs(vim.lsp.get_clients({ bufnr = buf })) do
    if each.name:lower():find("json", 1, true) then
      local name = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(buf), ":~:.")
      health.warn(("%s is attached to %s too"):format(each.name, name), {
        "Each reports a missing comma. Keep it away from the filetype `promptbit`,",
        'or leave JSON to it: require("promptbits").setup({ settings = { json = "semantic" } })',
      })
    end
  end
end

local function filetypes()
  if vim.filetype.match({ filename = "/x/prompts/custom/x.json" }) == "promptbit" then
    health.ok("prompts have the filetype `promptbit`")
  else
    health.warn("prompts do not get the filetype `promptbit`", "Is the folder `neovim/` in 'runtimepath'?")
  end
  for _, each in ipairs(vim.lsp.get_clients({ name = client.NAME })) do
    vim.iter(vim.tbl_keys(each.attached_buffers)):each(other_servers)
  end
end

function M.check()
  health.start("PromptBits: server")
  if vim.fn.has("nvim-0.10") == 0 then
    return health.error("Neovim 0.10 or newer is needed")
  end
  server()
  health.start("PromptBits: prompts")
  sessions()
  health.start("PromptBits: filetype")
  filetypes()
end

return M
