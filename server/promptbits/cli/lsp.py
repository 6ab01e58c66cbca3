"""`promptbits lsp`: the language server."""

from __future__ import annotations

from typing import NoReturn

import click

from promptbits.cli.serving import serve


@click.command()
@click.option("--stdio", is_flag=True, help="Speak over stdin and stdout, which is what the server does anyway.")
@click.option("--clientProcessId", "client_process", hidden=True, help="Some clients append it; it is not needed.")
def lsp(stdio: bool, client_process: str | None) -> NoReturn:
    """Run the language server over stdin and stdout. Editors start this."""
    del stdio, client_process  # accepted because clients append them
    serve()
