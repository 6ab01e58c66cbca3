"""What an editor does with an answer: it applies edits to files on disk, finds ranges, and reads shapes."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
from authoring import Author, Json, prompt
from client import ResponseError
from lsprotocol import converters, types

from promptbits.lsp.values.uris import path_of
from promptbits.text.document import Document
from promptbits.text.lines import Encoding

REQUEST_FAILED = -32803
CONTENT_MODIFIED = -32801
INVALID_PARAMS = -32602

_CONVERTER = converters.get_converter()

__all__ = ["Author", "Editor", "Json", "apply", "covered", "position_of", "prompt", "refusal", "shaped"]


def position_of(text: str, what: str, after: int = 0, encoding: Encoding = "utf-16") -> Json:
    """The position of a piece of text, or some characters further on."""
    line, character = Document.from_text(text).lines.position(text.index(what) + after, encoding)
    return {"line": line, "character": character}


def covered(text: str, span: Json, encoding: Encoding = "utf-16") -> str:
    """What a range covers."""
    return text[slice(*_offsets(text, span, encoding))]


def _offsets(text: str, span: Json, encoding: Encoding) -> tuple[int, int]:
    lines = Document.from_text(text).lines
    first, last = (lines.offset(span[end]["line"], span[end]["character"], encoding) for end in ("start", "end"))
    return first, last


def apply(edit: Json, opened: dict[str, tuple[int, str]] | None = None, encoding: Encoding = "utf-16") -> None:
    """Apply a `WorkspaceEdit` to the files on disk, in its order; open documents by address with version and text.

    An edit for another version, of a file that is not there, or one that overlaps with another fails the test.
    """
    assert ("changes" in edit) != ("documentChanges" in edit)
    changes = edit.get("documentChanges")
    if changes is None:
        changes = [
            {"textDocument": {"uri": uri, "version": None}, "edits": each} for uri, each in edit["changes"].items()
        ]
    for change in changes:
        match change.get("kind"):
            case "create":
                _file(change["uri"]).touch(exist_ok=False)
            case "rename":
                assert not _file(change["newUri"]).exists()
                _file(change["oldUri"]).rename(_file(change["newUri"]))
            case _:
                _edit(change, opened or {}, encoding)


def _edit(change: Json, opened: dict[str, tuple[int, str]], encoding: Encoding) -> None:
    uri, version = change["textDocument"]["uri"], change["textDocument"]["version"]
    path = _file(uri)
    if uri in opened:
        assert version in (None, opened[uri][0]), "an edit for another version"
        text = opened[uri][1]
    else:
        assert version is None, "a version of what is not open"
        text = path.read_bytes().decode("utf-8")
    spans = sorted((*_offsets(text, each["range"], encoding), each["newText"]) for each in change["edits"])
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(spans)), "edits overlap"
    for start, end, new in reversed(spans):
        text = text[:start] + new + text[end:]
    path.write_bytes(text.encode("utf-8"))


def _file(uri: str) -> Path:
    path = path_of(uri)
    assert path is not None
    return path


def shaped(method: str, result: Any) -> Any:
    """The result as the type that the protocol declares for the method; a wrong shape fails the test."""
    declared = types.METHOD_TO_TYPES[method][1]
    assert declared is not None
    return _CONVERTER.structure({"jsonrpc": "2.0", "id": 1, "result": result}, declared)


async def refusal(asked: Any, code: int = REQUEST_FAILED) -> str:
    """The message with which a request is refused."""
    with pytest.raises(ResponseError) as caught:
        await asked
    assert caught.value.code == code, caught.value
    return caught.value.message


class Editor:
    """An author who asks about places in documents; each answer has the shape that the protocol says."""

    def __init__(self, author: Author, encoding: Encoding = "utf-16") -> None:
        self.author = author
        self.encoding: Encoding = encoding

    async def request(self, method: str, params: Any) -> Any:
        result = await self.author.client.request(method, params)
        shaped(method, result)
        return result

    async def ask(self, method: str, name: str, **params: Any) -> Any:
        """Ask about a document."""
        params["textDocument"] = {"uri": self.author.uri(name)}
        return await self.request(f"textDocument/{method}", params)

    async def at(self, method: str, name: str, what: str, after: int = 0, **params: Any) -> Any:
        """Ask about the place of some text in a file on disk."""
        position = position_of(self.text(name), what, after, self.encoding)
        return await self.ask(method, name, position=position, **params)

    def text(self, name: str) -> str:
        return (self.author.folder / name).read_bytes().decode("utf-8")

    def places(self, locations: list[Json] | None) -> list[tuple[str, str]]:
        """Locations as file names with what stands there on disk, and the line of it."""
        found: list[tuple[str, str]] = []
        for each in locations or []:
            path = _file(each["uri"])
            text = path.read_bytes().decode("utf-8")
            found.append((path.name, f"{each['range']['start']['line']}:{covered(text, each['range'], self.encoding)}"))
        return found
