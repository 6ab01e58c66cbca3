"""The scenes in which the author asks: a completion that is accepted, a hover, and a quick fix as a diff."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from promptbits.cli.console import Style, escape, out
from promptbits.cli.demo.client import Client
from promptbits.text.document import Document

Json = dict[str, Any]


async def accept_completion(client: Client, path: Path, style: Style) -> None:
    """Type the beginning of a placeholder, look at what is offered, and take the first."""
    text = path.read_text("utf-8")
    lines = text.split("\n")
    row = next(index for index, line in enumerate(lines) if '"content"' in line)
    column = lines[row].index(" from these notes")
    typed = " for <<au"
    await client.open(path)
    await client.type(path, row, column, 0, typed)
    lines[row] = lines[row][:column] + typed + lines[row][column:]
    out(f"  typed:    {_around(lines[row], column, len(typed))}")
    place = {"line": row, "character": column + len(typed)}
    answer = await client.request("textDocument/completion", _at(path, place))
    for item in answer["items"][:3]:
        out(f"  offered:  {style(item['label'], 'bold')}  {style(item.get('detail', ''), 'dim')}")
    chosen = answer["items"][0]
    edits = [chosen["textEdit"], *chosen.get("additionalTextEdits", [])]
    after = applied("\n".join(lines), edits)
    out(f"  accepted: {_around(after.split(chr(10))[row], column, len(typed) + 10)}")


async def hover(client: Client, path: Path, what: str) -> None:
    """Rest the pointer on the first place where a text stands."""
    text = path.read_text("utf-8")
    found = await client.request("textDocument/hover", _at(path, _position(text, what)))
    for line in found["contents"]["value"].split("\n"):
        out(f"  {escape(line)}")


async def quick_fix(client: Client, path: Path, what: str, style: Style) -> None:
    """Ask for the fixes of the first place where a text stands, and show what the first one changes."""
    text = path.read_text("utf-8")
    place = _position(text, what)
    params = {"textDocument": {"uri": path.as_uri()}, "range": {"start": place, "end": place}}
    context = {"diagnostics": [], "only": ["quickfix"]}
    actions = await client.request("textDocument/codeAction", params | {"context": context})
    for action in actions:
        out(f"  offered: {style(action['title'], 'bold')}")
    after = applied(text, actions[0]["edit"]["documentChanges"][0]["edits"])
    for line in difflib.unified_diff(text.splitlines(), after.splitlines(), lineterm="", n=0):
        if not line.startswith(("---", "+++", "@@")):
            out(f"  {style(escape(line), 'red' if line.startswith('-') else 'green')}")


def applied(text: str, edits: Iterable[Json]) -> str:
    """The text with protocol edits applied, as an editor applies them."""
    document = Document.from_text(text)
    spans = [
        (
            *(document.lines.offset(at["line"], at["character"], "utf-16") for at in each["range"].values()),
            each["newText"],
        )
        for each in edits
    ]
    for start, end, new in sorted(spans, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _around(line: str, column: int, length: int) -> str:
    return f"…{escape(line[max(column - 30, 0) : column + length])}…"


def _position(text: str, what: str) -> Json:
    line, character = Document.from_text(text).lines.position(text.index(what), "utf-16")
    return {"line": line, "character": character}


def _at(path: Path, place: Json) -> Json:
    return {"textDocument": {"uri": path.as_uri()}, "position": place}
