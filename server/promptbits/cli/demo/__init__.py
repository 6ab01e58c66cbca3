"""`promptbits demo`: the real server over stdio, a prompt being typed, and what an author sees of it."""

from __future__ import annotations

import click


@click.command()
def demo() -> None:
    """Show what an author sees in an editor.

    Copies the shipped prompts and a few broken ones to a temporary folder, starts the language server as an editor
    would, types into a prompt, and shows each diagnostic as it comes and goes.
    """
    import asyncio

    from promptbits.cli.demo.story import tell

    asyncio.run(tell())
