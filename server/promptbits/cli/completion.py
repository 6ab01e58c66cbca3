"""`promptbits completion`: a script that teaches a shell to complete commands, options and ids."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import click

from promptbits.cli.errors import FINE

_SHELLS: Final = ("bash", "zsh", "fish")
_VARIABLE: Final = "_PROMPTBITS_COMPLETE"


# The line with the control character tells click to leave the lines below as they are.
_HELP: Final = """Print a completion script. Without SHELL, for the one that $SHELL names.

\b
bash: promptbits completion bash > ~/.local/share/bash-completion/completions/promptbits
zsh:  promptbits completion zsh > _promptbits, in a folder of your $fpath
fish: promptbits completion fish > ~/.config/fish/completions/promptbits.fish
"""


@click.command(help=_HELP)
@click.argument("shell", required=False, type=click.Choice(_SHELLS))
def completion(shell: str | None) -> int:
    """Print a completion script."""
    from click.shell_completion import ShellComplete, get_completion_class

    name = shell or Path(os.environ.get("SHELL", "")).name
    if name not in _SHELLS:
        raise click.UsageError(f"which shell? One of {', '.join(_SHELLS)}")
    kind = get_completion_class(name)
    assert kind is not None, "click completes in each of these shells"
    from promptbits.cli.group import cli

    # Not kind.source(): for bash that runs bash to ask for its version, and the script may be for another machine.
    click.echo(ShellComplete.source(kind(cli, {}, "promptbits", _VARIABLE)))
    return FINE
