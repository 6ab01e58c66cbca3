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
    "stats": ("promptbits.cli.facts.stats:stats", "Show what is measured about prompts"),
    "record": ("promptbits.cli.facts.record:record", "Record how a prompt did, from a script"),
    "import": ("promptbits.cli.facts.import_facts:import_facts", "Take facts in from JSONL, CSV or OTLP files"),
    "export": ("promptbits.cli.facts.export:export", "Write facts out as JSONL or CSV"),
    "db": ("promptbits.cli.facts.db:db", "Look after the store of facts"),
    "optimize": ("promptbits.cli.optimize:optimize", "Propose better versions of a prompt"),
    "review": ("promptbits.cli.review:review", "Look at proposals, and decide about them"),
    "train": ("promptbits.cli.train:train", "Learn from facts which texts do well"),
    "diff": ("promptbits.cli.diff:diff", "Show what has changed in prompts, as text"),
    "git-setup": ("promptbits.cli.git.setup:git_setup", "Let git show and merge prompts as text"),
    "git-textconv": ("promptbits.cli.git.commands:git_textconv", "Print a prompt as text (git starts this)"),
    "git-merge": ("promptbits.cli.git.commands:git_merge", "Merge three versions of a prompt (git starts this)"),
    "otlp": ("promptbits.cli.otlp:otlp", "Receive what applications report by OpenTelemetry"),
    "completion": ("promptbits.cli.completion:completion", "Print a completion script for your shell"),
}


# How editors start the server. The framework would add a tenth to the time until it answers.
_SERVER: Final = (["lsp"], ["lsp", "--stdio"])
# What git starts once for each file that it shows or merges: the framework would triple the time that takes.
_FROM_GIT: Final = {"git-textconv": "promptbits.cli.git.textconv", "git-merge": "promptbits.cli.git.driver"}
_HELP: Final = {"-h", "--help"}


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
        if arguments and arguments[0] in _FROM_GIT and not set(arguments) & _HELP:
            from importlib import import_module

            return import_module(_FROM_GIT[arguments[0]]).main(arguments[1:])
        from promptbits.cli.running import run

        return run(arguments)
    finally:
        if args is None:
            gc.freeze()  # nothing is collected on the way out of the process, either
        elif was_enabled:
            gc.enable()
