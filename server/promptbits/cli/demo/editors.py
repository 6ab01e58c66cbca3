"""How to connect an editor."""

from __future__ import annotations

from pathlib import Path

_TEXT = """\
VS Code, in a checkout of PromptBits (the extension carries the server and installs it once you agree):

  make vsix
  code --install-extension vscode-extension/promptbits-*.vsix

Neovim 0.10 or newer: the repository is a plugin for any plugin manager. In init.lua, say where the server is:

  vim.g.promptbits = {{ cmd = {{ "{command}" }} }}

Helix, in ~/.config/helix/languages.toml:

  [language-server.promptbits]
  command = "{command}"
  args = ["lsp", "--stdio"]

  [[language]]
  name = "promptbit"
  scope = "source.json"
  grammar = "json"
  file-types = [{{ glob = "prompts/{{builtin,custom,learned}}/*.json" }}, {{ glob = "*.prompt.json" }}]
  roots = ["promptbits.toml", ".promptbits"]
  language-servers = ["promptbits"]

Any other editor that speaks LSP starts this for JSON files: {command} lsp --stdio
The server looks only at prompts and leaves other JSON alone.
Next: `{command} init` in your repository, or `{command} --help`."""


def instructions(python: Path) -> str:
    """What to put where, with the command that is installed beside this Python."""
    name = "promptbits.exe" if python.suffix == ".exe" else "promptbits"
    command = python.with_name(name)
    return _TEXT.format(command=command if command.exists() else "promptbits")
