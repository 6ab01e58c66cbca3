"""An editor with a view: it holds the text of each document, applies workspace edits to it, and saves."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from authoring import PUSH, Author, Json, prompt, session

from promptbits.text.document import Document
from promptbits.text.lines import Encoding

A = "prompts/custom/a.json"
BOM = "\ufeff"
ENCODINGS: tuple[Encoding, ...] = ("utf-8", "utf-16", "utf-32")
CHANGES: Json = {"workspace": {"workspaceEdit": {"documentChanges": True, "resourceOperations": ["create", "rename"]}}}


class Editor:
    """Holds documents as editors do: without a byte-order mark, in step with the server, saved when it is told."""

    def __init__(self, author: Author, encoding: Encoding) -> None:
        self.author = author
        self.encoding: Encoding = encoding
        self.texts: dict[str, str] = {}
        self.versions: dict[str, int] = {}

    def view(self, name: str = A, slashes: int = 1) -> str:
        """The address of a view, as VS Code spells it with one slash, or Neovim with three."""
        return f"promptbits-content:{'/' * (slashes - 1)}{quote(str(self.author.folder / name))}.md"

    def open(self, uri: str, text: str) -> str:
        uri = self.author.uri(uri)
        language = "markdown" if uri.startswith("promptbits-content:") else "json"
        self.author.open(uri, text, language=language)
        self.texts[uri], self.versions[uri] = text, 1
        return uri

    def type(self, uri: str, text: str) -> None:
        uri = self.author.uri(uri)
        self.versions[uri] += 1
        self.texts[uri] = text
        self.author.type(uri, self.versions[uri], text)

    def close(self, uri: str) -> None:
        uri = self.author.uri(uri)
        self.author.close(uri)
        del self.texts[uri], self.versions[uri]

    async def opened(self, name: str = A, slashes: int = 1) -> str:
        """Open the view of a prompt with what the server says its content is."""
        view = self.view(name, slashes)
        return self.open(view, (await self.content(view))["text"])

    async def content(self, uri: str) -> Json:
        return await self.author.client.request("promptbits/content", {"uri": self.author.uri(uri)})

    async def set(self, uri: str, version: str, text: str) -> Json:
        params = {"uri": self.author.uri(uri), "baseVersion": version, "text": text}
        return await self.author.client.request("promptbits/setContent", params)

    async def mapped(self, uri: str, *positions: Json) -> Json:
        params = {"uri": self.author.uri(uri), "positions": list(positions)}
        return await self.author.client.request("promptbits/mapPosition", params)

    async def ask(self, method: str, uri: str, **params: Any) -> Any:
        params["textDocument"] = {"uri": self.author.uri(uri)}
        return await self.author.client.request(f"textDocument/{method}", params)

    def text(self, uri: str) -> str:
        """The text of a document: as it is held, or as it is on disk, where a byte-order mark is not text."""
        if uri in self.texts:
            return self.texts[uri]
        path = self.author.folder / uri if ":" not in uri else on_disk(uri)
        return path.read_bytes().decode().removeprefix(BOM)

    def position(self, uri: str, offset: int) -> Json:
        line, character = Document.from_text(self.text(self.author.uri(uri))).lines.position(offset, self.encoding)
        return {"line": line, "character": character}

    def at(self, uri: str, what: str, after: int = 0) -> Json:
        """The position of the only place where something stands."""
        text = self.text(self.author.uri(uri))
        assert text.count(what) == 1, (what, text)
        return self.position(uri, text.index(what) + after)

    def offset(self, uri: str, position: Json) -> int:
        lines = Document.from_text(self.text(self.author.uri(uri))).lines
        return lines.offset(position["line"], position["character"], self.encoding)

    def cut(self, uri: str, span: Json) -> str:
        """What a range of a document covers."""
        start, end = (self.offset(uri, span[name]) for name in ("start", "end"))
        return self.text(self.author.uri(uri))[start:end]

    def edited(self, uri: str, edits: list[Json]) -> str:
        text = self.text(uri)
        spans = [
            (*(self.offset(uri, each["range"][name]) for name in ("start", "end")), each["newText"]) for each in edits
        ]
        spans.sort(key=lambda each: each[:2])
        assert all(one[1] <= other[0] for one, other in pairwise(spans)), "edits overlap"
        for start, end, new in reversed(spans):
            text = text[:start] + new + text[end:]
        return text

    def apply(self, edit: Json) -> None:
        """Apply a workspace edit: to what is open in the editor, to what is not on disk."""
        assert "changes" in edit or "documentChanges" in edit
        changes = edit.get("documentChanges")
        if changes is None:
            changes = [{"textDocument": {"uri": uri}, "edits": edits} for uri, edits in edit["changes"].items()]
        for change in changes:
            if change.get("kind") == "create":
                on_disk(change["uri"]).write_bytes(b"")
                continue
            uri, version = change["textDocument"]["uri"], change["textDocument"].get("version")
            assert version in (None, self.versions.get(uri)), "a stale edit"
            new = self.edited(uri, change["edits"])
            if uri in self.texts:
                self.type(uri, new)
            else:
                self.write(uri, new)

    def write(self, uri: str, text: str) -> None:
        """Write a file as it was, with the byte-order mark that it had."""
        path = on_disk(uri)
        mark = BOM.encode() if path.read_bytes().startswith(BOM.encode()) else b""
        path.write_bytes(mark + text.encode("utf-8", "surrogatepass"))


@contextlib.asynccontextmanager
async def editing(
    folder: Path,
    text: str | None = None,
    *,
    encoding: Encoding = "utf-16",
    capabilities: Json | None = None,
    **more: Any,
) -> AsyncIterator[Editor]:
    """A session with an editor; the text is that of the prompt A on disk."""
    folder = folder / "müße = 1"  # addresses of it are written in several ways
    folder.mkdir(exist_ok=True)
    asked: Json = {**PUSH, **CHANGES, **(capabilities or {}), "general": {"positionEncodings": [encoding]}}
    async with session(folder, asked, **more) as author:
        author.write("promptbits.toml", "")
        if text is not None:
            author.write(A, text)
        yield Editor(author, encoding)


def on_disk(uri: str) -> Path:
    """The file of an address."""
    return Path(unquote(uri.removeprefix("file://")))


def said(**fields: Any) -> str:
    """The text of the prompt A."""
    return prompt("a", **fields)
