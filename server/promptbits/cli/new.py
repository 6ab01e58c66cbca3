"""`promptbits new`: a prompt from a template, or from plain text files."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from promptbits.cli import files
from promptbits.cli.collect import current_root
from promptbits.cli.console import escape, out, out_json, say, shown_path
from promptbits.cli.errors import FAILED, FINE, CommandError, os_error
from promptbits.prompts import drafts
from promptbits.prompts.library import shipped_library
from promptbits.prompts.root import Root


@click.command()
@click.argument("names", metavar="[ID | FILE…]", nargs=-1)
@click.option(
    "--from",
    "sources",
    multiple=True,
    metavar="FILE",
    type=click.Path(),
    help="A Markdown or text file whose text becomes the content; more files may follow it.",
)
@click.option("--json", "as_json", is_flag=True, help="Print what was written as JSON.")
def new(names: tuple[str, ...], sources: tuple[str, ...], as_json: bool) -> int:
    """Write a new prompt to custom/; nothing is ever overwritten.

    `promptbits new my-prompt` starts from a template. `promptbits new --from notes/*.md` turns each file into a
    prompt: the id is its name in kebab-case, the first heading describes it, and its placeholders are declared as
    variables.
    """
    texts = [*sources, *(name for name in names if sources and os.path.isfile(name))]  # noqa: PTH113
    ids = [name for name in names if name not in texts]
    if not names and not sources:
        raise click.UsageError("name the new prompt: promptbits new my-prompt")
    if sources and (missing := [name for name in ids if len(texts) > 1 or drafts.kebab_case(name) != name]):
        raise CommandError(f"{missing[0]}: no such file (and no id for {shown_path(texts[0])})")
    if len(ids) > 1:
        raise click.UsageError(f"{' '.join(ids)}: one id at a time")
    root = current_root()
    for warning in root.warnings:
        say(f"warning: {warning}")
    created: list[Path] = []
    problems: list[str] = []
    for text in texts or [None]:
        try:
            id_, prompt = _prompt(ids[0] if ids else None, text)
            created.append(_write(root, id_, prompt))
            if shipped_library().by_id(id_):
                say(f"{id_} shadows the prompt of that name that ships with promptbits")
        except CommandError as error:
            problems.append(str(error))
        except OSError as error:
            problems.append(os_error(error))
    for problem in problems:
        say(problem)
    if as_json:
        out_json({"version": 1, "created": [shown_path(path) for path in created]})
    else:
        for path in created:
            out(f"created {escape(shown_path(path))}")
    return FAILED if problems else FINE


def _prompt(id_: str | None, text: str | None) -> tuple[str, dict[str, Any]]:
    if text is None:
        assert id_ is not None, "without files there is an id"
        return id_, drafts.template(_checked(id_))
    name = _checked(id_) if id_ else drafts.kebab_case(Path(text).stem)
    if not name:
        raise CommandError(f"{text}: no id can be made from this name: promptbits new ID --from FILE")
    return name, drafts.from_text(name, _read(text))


def _checked(id_: str) -> str:
    meant = drafts.kebab_case(id_)
    if meant != id_ or not id_:
        hint = f", such as {meant}" if meant else ""
        raise CommandError(f"{id_!r} is no id: use lower-case words joined by hyphens{hint}")
    return id_


def _read(path: str) -> str:
    data = Path(path).read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CommandError(f"{path}: byte 0x{data[error.start]:02x} at offset {error.start} is not UTF-8") from error
    if "\0" in text:
        raise CommandError(f"{path}: it holds NUL bytes and is no text")
    if not text.strip():
        raise CommandError(f"{path}: it holds no text, and a prompt needs some")
    return text


def _write(root: Root, id_: str, prompt: dict[str, Any]) -> Path:
    path = drafts.custom_path(root, id_)
    try:
        files.create(path, drafts.as_text(prompt).encode("utf-8"))
    except FileExistsError as error:
        raise CommandError(f"{shown_path(path)}: there is one already, and nothing was overwritten") from error
    return path
