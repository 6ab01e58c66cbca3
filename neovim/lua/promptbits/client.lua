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

-- Any JSON file of a root may be a prompt; elsewhere only what the filetype says to be one.
---@param buf integer
---@return string? root nil where the server has nothing to look at
function M.root(buf)
  local file = address.file(vim.api.nvim_buf_get_name(buf))
  if vim.bo[buf].filetype == "json" then
    return address.told_root(file)
  end
  return address.root(file)
end

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
    -- So that previews follow the prompt.
    capabilities = vim.tbl_deep_extend("force", vim.lsp.protocol.make_client_capabilities(), {
      workspace = { textDocumentContent = { dynamicRegistration = true } },
    }),
    handlers = {
      ["workspace/textDocumentContent/refresh"] = function(_, params)
        require("promptbits.documents").refresh(params.uri)
        return vim.NIL
      end,
    },
  }
end

-- Attaches the server to a buffer, whatever its type.
---@param buf integer
---@param root? string
function M.start(buf, root)
  local mine = vim.lsp.config and vim.lsp.config[M.NAME] or M.config()
  local file = address.file(vim.api.nvim_buf_get_name(buf))
  vim.lsp.start(vim.tbl_extend("force", mine, { root_dir = root or address.root(file) }), { bufnr = buf })
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

---@param buf integer
---@return vim.lsp.Client? client once it has been started
function M.of(buf)
  local client
  vim.wait(PATIENCE_MS, function()
    client = vim.lsp.get_clients({ bufnr = buf, name = M.NAME })[1]
    return client ~= nil and client.initialized
  end, 10)
  return client
end

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
  local answer, problem = M.call(client, "request_sync", method, params, PATIENCE_MS, buf)
  if answer and answer.err then
    return nil, answer.err.message
  end
  return answer and answer.result, problem
end

-- Runs a command of the server and does not wait for it; `done` gets what it answers.
---@param buf integer
---@param command string
---@param arguments any[]
---@param done? fun(answer: any)
function M.execute(buf, command, arguments, done)
  local client = M.of(buf)
  if not client then
    return notice.error("PromptBits is not attached to this buffer: see :checkhealth promptbits")
  end
  local params = { command = command, arguments = arguments }
  M.call(client, "request", "workspace/executeCommand", params, function(err, answer)
    if err then
      notice.error(err.message)
    elseif done then
      done(answer)
    end
  end, buf)
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
