"""`promptbits edit`: the text of a prompt in the user's editor, as git does with messages."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import click

from promptbits.cli import files
from promptbits.cli.console import escape, out, say, shown_path
from promptbits.cli.errors import FINE, CommandError, os_error
from promptbits.cli.prompts_at_hand import at_hand, complete_ids
from promptbits.prompts import drafts
from promptbits.prompts.content import UnfitError, as_custom, decoded, trimmed, with_content
from promptbits.prompts.entry import Entry
from promptbits.text.document import Document


@click.command()
@click.argument("id_", metavar="ID", shell_complete=complete_ids)
def edit(id_: str) -> int:
    """Edit the text of the prompt with this ID in $VISUAL or $EDITOR.

    A prompt that ships with the package is copied to custom/ first, where it shadows the shipped one.
    """
    here = at_hand()
    entry = here.find(id_)[0]
    data = Path(entry.path).read_bytes()
    document = Document.from_bytes(data)
    try:
        content = decoded(document)
    except UnfitError as error:
        line, column = document.lines.position(error.start, "utf-32")
        raise CommandError(f"{shown_path(entry.path)}:{line + 1}:{column + 1}: {error}") from error
    shipped = entry.layer == "shipped"
    target = drafts.custom_path(here.root, entry.id) if shipped else Path(entry.path)
    if not shipped:
        files.require_writable(target)  # said before somebody writes a page, not after
    else:
        say(f"{entry.id} ships with promptbits: what you change is saved to {shown_path(target)}")
    draft = _draft(entry, content)
    try:
        _run_editor(draft)
        text = trimmed(content, _read(draft))
        if text != content:
            _save(target, document, data, text, shipped=shipped)
    except (CommandError, OSError) as error:
        message = os_error(error) if isinstance(error, OSError) else str(error)
        if _is_changed(draft, content):
            raise CommandError(f"{message}; your text is kept in {draft}") from error
        _remove(draft)
        raise CommandError(message) from error
    _remove(draft)
    result = "unchanged" if text == content else f"saved to {shown_path(target)}"
    out(f"{escape(entry.id)}: {escape(result)}")
    return FINE


def _draft(entry: Entry, content: str) -> Path:
    """A temporary file that only the user can read, with a name that tells the editor what it is."""
    folder = Path(tempfile.mkdtemp(prefix="promptbits-"))
    draft = folder / f"{re.sub(r'[^A-Za-z0-9._-]', '-', entry.id)[:80]}.md"
    draft.write_bytes(content.encode("utf-8"))
    return draft


def _run_editor(draft: Path) -> None:
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ("notepad" if os.name == "nt" else "vi")
    # As git does: the variable may hold options, quotes and whatever else a shell understands.
    command = f'{editor} "{draft}"' if os.name == "nt" else ["sh", "-c", f'{editor} "$@"', editor, str(draft)]
    sys.stdout.flush()
    code = subprocess.run(command, check=False).returncode
    if code != 0:
        raise CommandError(f"the editor {editor!r} ended with code {code}, so nothing was saved (see $VISUAL, $EDITOR)")


def _read(draft: Path) -> str:
    try:
        return draft.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise CommandError("what the editor wrote is not UTF-8, so nothing was saved") from error
    except FileNotFoundError as error:
        raise CommandError("the editor removed the file, so nothing was saved") from error


def _is_changed(draft: Path, content: str) -> bool:
    try:
        return draft.read_bytes() != content.encode("utf-8")
    except OSError:
        return False


def _remove(draft: Path) -> None:
    """Remove the temporary folder with what the editor may have left beside the text."""
    shutil.rmtree(draft.parent, ignore_errors=True)


def _save(target: Path, document: Document, data: bytes, text: str, *, shipped: bool) -> None:
    if "\0" in text:
        raise CommandError("the text holds a NUL character, which no prompt may")
    edited = with_content(document, text)
    if not shipped:
        files.replace(target, edited.text.encode("utf-8"), expected=data)
        return
    try:
        files.create(target, as_custom(edited).text.encode("utf-8"))
    except FileExistsError as error:
        raise CommandError(f"{shown_path(target)}: there is one already, and nothing was overwritten") from error
