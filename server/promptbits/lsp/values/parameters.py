"""What the parameters of a message name: whatever a client sends is at worst invalid, and never a traceback."""

from __future__ import annotations

from typing import Any, cast

from promptbits.lsp.rpc.errors import InvalidParamsError
from promptbits.lsp.values.convert import Json
from promptbits.text.document import Position


def table(value: Any) -> Json:
    """A value that has to be a table.

    Raises:
        InvalidParamsError: it is none.
    """
    if not isinstance(value, dict):
        raise InvalidParamsError
    return cast("Json", value)


def position(value: Any) -> Position:
    """A value that has to be a position.

    Raises:
        InvalidParamsError: it is none.
    """
    place = table(value)
    line, character = place.get("line"), place.get("character")
    if not isinstance(line, int) or not isinstance(character, int):
        raise InvalidParamsError
    return line, character


def table_in(params: Any, key: str) -> Json:
    """The table under a key of parameters.

    Raises:
        InvalidParamsError: there is none.
    """
    return table(table(params).get(key))


def list_in(params: Any, key: str) -> list[Any]:
    """The list under a key of parameters.

    Raises:
        InvalidParamsError: there is none.
    """
    value = table(params).get(key)
    if not isinstance(value, list):
        raise InvalidParamsError
    return cast("list[Any]", value)


def text_in(params: Any, key: str) -> str:
    """The text under a key of parameters.

    Raises:
        InvalidParamsError: there is none.
    """
    value = table(params).get(key)
    if not isinstance(value, str):
        raise InvalidParamsError
    return value


def uri_in(params: Any) -> str:
    """The address of the document that a request is about.

    Raises:
        InvalidParamsError: they name none.
    """
    return text_in(table_in(params, "textDocument"), "uri")


def position_in(params: Any, key: str = "position") -> Position:
    """The position that parameters name.

    Raises:
        InvalidParamsError: they name none.
    """
    return position(table(params).get(key))


def range_in(params: Any) -> tuple[Position, Position]:
    """The range that parameters name.

    Raises:
        InvalidParamsError: they name none.
    """
    span = table_in(params, "range")
    return position_in(span, "start"), position_in(span, "end")
