-- The client of the server: how it is started, and how it is asked.
local address = require("promptbits.address")
local config = require("promptbits.config")
local notice = require("promptbits.notice")

local M = { NAME = "promptbits" }

local PATIENCE_MS = 5000
local METHODS_TAKE_SELF = vim.fn.has("nvim-0.11") == 1

-- Calls a method of a client, in the way of this Neovim.
---@param client vim.lsp.Client
---@param method string
function M.call(client, method, ...)
  if METHODS_TAKE_SELF then
    return client[method](client, ...)
  end
  return client[method](...)
end

-- Any JSON file of a root may be a prompt; elsewhere only what the filetype or a server says to be one.
---@param buf integer
---@return string? root nil where the server has nothing to look at
function M.root(buf)
  local file = address.file(vim.api.nvim_buf_get_name(buf))
  if vim.b[buf].promptbits_root then
    return vim.b[buf].promptbits_root
  elseif vim.bo[buf].filetype == "json" then
    return address.told_root(file)
  end
  return address.root(file)
end

-- What lenses may run here.
---@param name string the subcommand
---@return fun(command: lsp.Command)
local function runs(name)
  return function(command)
    require("promptbits.commands").run_for(name, vim.uri_to_fname(command.arguments[1]))
  end
end

local commands = {
  ["promptbits.editContent"] = runs("content"),
  ["promptbits.preview"] = runs("preview"),
}

---@return vim.lsp.Config|table
function M.config()
  return {
    name = M.NAME,
    cmd = config.command("lsp", "--stdio"),
    filetypes = { "promptbit", "json" },
    root_dir = function(buf, use)
      local root = M.root(buf)
      if root then
        use(root)
      end
    end,
    settings = next(config.options.settings) and { promptbits = config.options.settings } or {},
    commands = commands,
    capabilities = vim.tbl_deep_extend("force", vim.lsp.protocol.make_client_capabilities(), {
      workspace = { textDocumentContent = { dynamicRegistration = true } }, -- so that previews follow the prompt
      experimental = {
        promptbits = { commands = vim.tbl_keys(commands), libraryChanged = false, llmRequest = false },
      },
    }),
    handlers = {
      ["workspace/textDocumentContent/refresh"] = function(_, params)
        require("promptbits.documents").refresh(params.uri)
        return vim.NIL
      end,
    },
  }
end

---@param root string
---@return vim.lsp.ClientConfig
local function of_root(root)
  local mine = vim.lsp.config and vim.lsp.config[M.NAME] or M.config()
  return vim.tbl_extend("force", mine, { root_dir = root })
end

-- Attaches the server to a buffer, whatever its type.
---@param buf integer
---@param root? string
function M.start(buf, root)
  local file = address.file(vim.api.nvim_buf_get_name(buf))
  vim.lsp.start(of_root(root or address.root(file)), { bufnr = buf })
end

-- The buffer of a prompt, loaded and with the server, whether or not a window shows it.
---@param file string
---@return integer buf
function M.load(file)
  local buf = vim.fn.bufadd(file)
  vim.fn.bufload(buf)
  if #vim.lsp.get_clients({ bufnr = buf, name = M.NAME }) == 0 then
    M.start(buf, M.root(buf)) -- the same one, where it is on its way
  end
  return buf
end

-- Waits for a client that is on its way.
---@param find fun(): vim.lsp.Client?
---@return vim.lsp.Client?
local function started(find)
  local client
  vim.wait(PATIENCE_MS, function()
    client = find()
    return client ~= nil and client.initialized
  end, 10)
  return client
end

---@param buf integer
---@return vim.lsp.Client? client once it has been started
function M.of(buf)
  return started(function()
    return vim.lsp.get_clients({ bufnr = buf, name = M.NAME })[1]
  end)
end

-- The client of a root, also where no prompt of it is open.
---@param root string
---@return vim.lsp.Client?
function M.at(root)
  for _, each in ipairs(vim.lsp.get_clients({ name = M.NAME })) do
    if each.config.root_dir == root then
      return each
    end
  end
  local id ---@type integer?
  if METHODS_TAKE_SELF then
    id = vim.lsp.start(of_root(root), { attach = false })
  else
    id = vim.lsp.start_client(of_root(root))
  end
  return id and started(function()
    return vim.lsp.get_client_by_id(id)
  end)
end

-- Asks and waits for the answer.
---@param client vim.lsp.Client
---@param method string
---@param params? table
---@param buf? integer what it is about
---@return table? answer
---@return string? problem
function M.wait(client, method, params, buf)
  local answer, problem = M.call(client, "request_sync", method, params, PATIENCE_MS, buf)
  if answer and answer.err then
    return nil, answer.err.message
  end
  return answer and answer.result, problem
end

-- The same, of the client that a buffer has.
---@param buf integer
---@param method string
---@param params table
---@return table? answer
---@return string? problem
function M.ask(buf, method, params)
  local client = M.of(buf)
  if not client then
    return nil, "PromptBits is not attached to " .. vim.fn.bufname(buf)
  end
  return M.wait(client, method, params, buf)
end

-- Asks and does not wait for the answer; what goes wrong is told.
---@param client? vim.lsp.Client
---@param method string
---@param params? table
---@param done? fun(answer: any)
function M.request(client, method, params, done)
  if not client then
    return notice.error("PromptBits is not running: see :checkhealth promptbits")
  end
  M.call(client, "request", method, params, function(err, answer)
    if err then
      notice.error(err.message)
    elseif done then
      done(answer)
    end
  end)
end

-- Runs a command of the server and does not wait for it; `done` gets what it answers.
---@param buf integer
---@param command string
---@param arguments any[]
---@param done? fun(answer: any)
function M.execute(buf, command, arguments, done)
  M.request(M.of(buf), "workspace/executeCommand", { command = command, arguments = arguments }, done)
end

-- Ends a client, and waits until it has gone.
---@param client vim.lsp.Client
local function stop(client)
  for buf in pairs(vim.deepcopy(client.attached_buffers)) do -- first: nothing is to be asked of a server that ends
    vim.lsp.buf_detach_client(buf, client.id)
  end
  M.call(client, "stop")
  local function gone()
    return vim.lsp.get_client_by_id(client.id) == nil
  end
  if not vim.wait(PATIENCE_MS, gone, 10) then
    M.call(client, "stop", true)
  end
end

-- Ends the servers and starts them anew for the buffers that they had, and for prompts that have none.
function M.restart()
  local roots = {} ---@type table<integer, string|false>
  for _, buf in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_is_loaded(buf) and vim.bo[buf].filetype == "promptbit" and vim.bo[buf].buftype == "" then
      roots[buf] = false
    end
  end
  for _, client in ipairs(vim.lsp.get_clients({ name = M.NAME })) do
    for buf in pairs(client.attached_buffers) do
      roots[buf] = client.config.root_dir
    end
    stop(client)
  end
  for buf, root in pairs(roots) do
    M.start(buf, root or nil)
  end
end

return M
