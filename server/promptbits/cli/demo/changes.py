"""The scenes in which several files change: a rename that reaches them all, and what changed in words."""

from __future__ import annotations

import difflib
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from promptbits.cli.console import Style, escape, out
from promptbits.cli.demo.assistance import applied
from promptbits.cli.demo.client import Client

Json = dict[str, Any]


async def rename(client: Client, folder: Path, path: Path, new: str, style: Style) -> Path:
    """Rename the prompt of a file, show what that changes in which file, and do it; the file's new path."""
    text = path.read_text("utf-8")
    line = next(index for index, each in enumerate(text.split("\n")) if '"id"' in each)
    position = {"line": line, "character": text.split("\n")[line].index(": ") + 4}
    params = {"textDocument": {"uri": path.as_uri()}, "position": position, "newName": new}
    edit = await client.request("textDocument/rename", params)
    for change in edit["documentChanges"]:
        if change.get("kind") == "rename":
            old_path, path = _path(change["oldUri"]), _path(change["newUri"])
            out(f"  {style('renamed', 'yellow')} {old_path.relative_to(folder)} → {path.relative_to(folder)}")
            old_path.rename(path)
        else:
            _edit(_path(change["textDocument"]["uri"]), change["edits"], folder, style)
    return path


def compare(before: Path, after: Path) -> None:
    """What changed from one prompt to another, as `promptbits diff` shows it."""
    command = [sys.executable, "-m", "promptbits", "diff", before.name, after.name]
    out(f"  $ promptbits diff {before.name} {after.name}")
    sys.stdout.flush()
    shown = subprocess.run(command, cwd=before.parent, capture_output=True, text=True, encoding="utf-8", check=False)
    for line in (shown.stdout + shown.stderr).splitlines():
        out(f"  {escape(line)}")


def _edit(path: Path, edits: list[Json], folder: Path, style: Style) -> None:
    before = path.read_text("utf-8")
    after = applied(before, edits)
    out(f"  {style('edited', 'yellow')}  {path.relative_to(folder)}")
    for line in difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0):
        if not line.startswith(("---", "+++", "@@")):
            out(f"    {style(escape(line), 'red' if line.startswith('-') else 'green')}")
    path.write_text(after, "utf-8")


def _path(uri: str) -> Path:
    return Path(unquote(urlsplit(uri).path))
