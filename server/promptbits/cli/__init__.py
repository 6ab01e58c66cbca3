"""The command line. One module per command, and one line per command in the table below.

Nothing but click is imported to print the help, so that `promptbits --help` costs little more than Python itself.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from typing import Final

# What to load for each command, and what it does in one line. `promptbits --help` shows them in this order.
COMMANDS: Final[dict[str, tuple[str, str]]] = {
    "init": ("promptbits.cli.init:init", "Prepare a folder for prompts"),
    "check": ("promptbits.cli.check:check", "Say what is wrong with prompts"),
    "fmt": ("promptbits.cli.fmt:fmt", "Write prompts in canonical form"),
    "new": ("promptbits.cli.new:new", "Write a new prompt, or turn plain text files into prompts"),
    "list": ("promptbits.cli.list_prompts:list_prompts", "List the prompts"),
    "show": ("promptbits.cli.show:show", "Show the text of a prompt, as written or rendered"),
    "edit": ("promptbits.cli.edit:edit", "Edit the text of a prompt in your editor"),
    "lsp": ("promptbits.cli.lsp:lsp", "Run the language server (editors start this)"),
    "demo": ("promptbits.cli.demo:demo", "Show what an author sees in an editor"),
    "completion": ("promptbits.cli.completion:completion", "Print a completion script for your shell"),
}


# How editors start the server. The framework would add a tenth to the time until it answers.
_SERVER: Final = (["lsp"], ["lsp", "--stdio"])


def main(args: Sequence[str] | None = None) -> int:
    """Run a command line, that of the process if none is given, and return its exit code.

    Garbage is not collected meanwhile: a command is over in a moment, and what it reads it keeps. That is a fifth of
    what `--help` costs. Commands that run for long turn collection on again.
    """
    arguments = list(sys.argv[1:] if args is None else args)
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        if arguments in _SERVER:
            from promptbits.cli.serving import serve

            return serve()
        from promptbits.cli.running import run

        return run(arguments)
    finally:
        if args is None:
            gc.freeze()  # nothing is collected on the way out of the process, either
        elif was_enabled:
            gc.enable()
