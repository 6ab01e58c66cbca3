"""`promptbits git-textconv` and `git-merge` for `--help` and completion; git itself gets to them without click."""

from __future__ import annotations

import click

from promptbits.prompts.readable import FORMAT


@click.command("git-textconv")
@click.option("--format", "form", metavar="N", default=str(FORMAT), help="The form that git keeps in its cache.")
@click.argument("file")
def git_textconv(form: str, file: str) -> int:
    """Print the prompt in FILE as text: its fields, its variables, its content as it is.

    Git starts this to show a prompt (`promptbits git-setup`). A file that is no prompt is printed as it is.
    """
    from promptbits.cli.git.textconv import main

    return main(["--format", form, file])


@click.command("git-merge")
@click.argument("versions", nargs=3, metavar="BASE OURS THEIRS")
@click.argument("size", metavar="MARKER-SIZE")
@click.argument("path")
@click.argument("labels", nargs=-1, metavar="[LABEL-BASE LABEL-OURS LABEL-THEIRS]")
def git_merge(versions: tuple[str, ...], size: str, path: str, labels: tuple[str, ...]) -> int:
    """Merge three versions of a prompt, the result in the place of OURS.

    Git starts this to merge a prompt (`promptbits git-setup`). The content is merged line by line; where both sides
    changed the same lines, markers stand on lines of their own inside the content, and the exit code is 1.
    """
    from promptbits.cli.git.driver import main

    return main([*versions, size, path, *labels])
