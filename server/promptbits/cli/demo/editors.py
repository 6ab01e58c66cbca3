"""How to connect an editor."""

from __future__ import annotations

from pathlib import Path

_TEXT = """\
Neovim 0.11 or newer, in init.lua:

  vim.lsp.config("promptbits", {{
    cmd = {{ "{command}", "lsp", "--stdio" }},
    filetypes = {{ "json" }},
    root_markers = {{ "promptbits.toml", ".promptbits", ".git" }},
  }})
  vim.lsp.enable("promptbits")

Helix, in ~/.config/helix/languages.toml:

  [language-server.promptbits]
  command = "{command}"
  args = ["lsp", "--stdio"]

  [[language]]
  name = "json"
  language-servers = ["promptbits"]

VS Code: our own extension is on its way. Until then any extension that starts a language server by command will do;
  the command is: {command} lsp --stdio

Other editors: the same command for JSON files. The server looks only at prompts and leaves other JSON alone.
Next: `{command} init` in your repository, or `{command} --help`."""


def instructions(python: Path) -> str:
    """What to put where, with the command that is installed beside this Python."""
    name = "promptbits.exe" if python.suffix == ".exe" else "promptbits"
    command = python.with_name(name)
    return _TEXT.format(command=command if command.exists() else "promptbits")
