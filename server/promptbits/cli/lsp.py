"""`promptbits lsp`: the language server."""

from __future__ import annotations

import gc

import click


@click.command()
@click.option("--stdio", is_flag=True, help="Speak over stdin and stdout, which is what the server does anyway.")
@click.option("--clientProcessId", "client_process", hidden=True, help="Some clients append it; it is not needed.")
def lsp(stdio: bool, client_process: str | None) -> int:
    """Run the language server over stdin and stdout. Editors start this."""
    del stdio, client_process  # accepted because clients append them
    from promptbits.lsp.server import main  # 300 ms, paid by this command alone

    gc.enable()  # which is off for commands that are over in a moment
    return main()
