"""Positions, ranges and edits as the protocol writes them: plain JSON, in the client's encoding."""

from __future__ import annotations

from typing import Any, cast

from promptbits.checks.finding import Edit
from promptbits.lsp.errors import InvalidParamsError
from promptbits.text.document import Document, Position
from promptbits.text.lines import Encoding

Json = dict[str, Any]


def range_of(document: Document, start: int, end: int, encoding: Encoding) -> Json:
    """A range of offsets as a protocol range."""
    first_line, first = document.lines.position(start, encoding)
    last_line, last = document.lines.position(end, encoding)
    return {"start": {"line": first_line, "character": first}, "end": {"line": last_line, "character": last}}


def position_of(document: Document, offset: int, encoding: Encoding) -> Json:
    """An offset as a protocol position."""
    line, character = document.lines.position(offset, encoding)
    return {"line": line, "character": character}


def text_edit(document: Document, edit: Edit, encoding: Encoding) -> Json:
    """An edit as the protocol writes it."""
    return {"range": range_of(document, edit.start, edit.end, encoding), "newText": edit.new}


def position_in(params: Any, key: str = "position") -> Position:
    """The position that parameters name.

    Raises:
        InvalidParamsError: they name none.
    """
    table = table_in(params, key)
    line, character = table.get("line"), table.get("character")
    if not isinstance(line, int) or not isinstance(character, int):
        raise InvalidParamsError
    return line, character


def range_in(params: Any) -> tuple[Position, Position]:
    """The range that parameters name.

    Raises:
        InvalidParamsError: they name none.
    """
    table = table_in(params, "range")
    return position_in(table, "start"), position_in(table, "end")


def table_in(params: Any, key: str) -> Json:
    """The table under a key of parameters.

    Raises:
        InvalidParamsError: there is none.
    """
    value = cast("Json", params).get(key) if isinstance(params, dict) else None
    if not isinstance(value, dict):
        raise InvalidParamsError
    return cast("Json", value)
