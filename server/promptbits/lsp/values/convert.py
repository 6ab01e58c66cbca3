"""Positions, ranges and edits as the protocol writes them: plain JSON, in the client's encoding."""

from __future__ import annotations

from typing import Any

from promptbits.checks.finding import Edit
from promptbits.text.document import Document
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
