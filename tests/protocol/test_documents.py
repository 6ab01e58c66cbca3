"""The text of open documents stays what the author sees: edits, positions, versions, in every encoding.

The tests of traps run twice, against our documents and against those of stock pygls, where they are expected to fail.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from authoring import PUSH, prompt, session, units
from lsprotocol import types
from pygls.workspace import PositionCodec, TextDocument, Workspace
from pygls.workspace.position_codec import Utf16

from promptbits.lsp.state.documents import Documents, OutOfSyncError
from promptbits.text import lines as lines_module
from promptbits.text.lines import Encoding, LineIndex

URI = "file:///w/prompts/a.json"
Span = tuple[int, int, int, int]
EXPECTED = pytest.mark.xfail(
    strict=True, raises=(AssertionError, KeyError, UnboundLocalError), reason="a trap of stock pygls"
)


class Ours:
    """Our documents, given the JSON of the protocol."""

    def __init__(self, text: str) -> None:
        self.documents = Documents()
        self.documents.open({"textDocument": {"uri": URI, "languageId": "json", "version": 1, "text": text}})

    def edit(self, version: int, span: Span, text: str, uri: str = URI) -> None:
        document = {"uri": uri, "version": version}
        try:
            self.documents.change({"textDocument": document, "contentChanges": [change(span, text)]})
        except OutOfSyncError:
            self.documents.lose(uri)

    @property
    def text(self) -> str:
        opened = self.documents.get(URI)
        assert opened is not None
        return opened.document.text


class Stock:
    """The documents of pygls, given the same."""

    def __init__(self, text: str) -> None:
        self.workspace = Workspace(None, types.TextDocumentSyncKind.Incremental)
        self.workspace.put_text_document(types.TextDocumentItem(URI, "json", 1, text))

    def edit(self, version: int, span: Span, text: str, uri: str = URI) -> None:
        edit = types.TextDocumentContentChangePartial(range=stock_range(span), text=text)
        self.workspace.update_text_document(types.VersionedTextDocumentIdentifier(version, uri), edit)

    @property
    def text(self) -> str:
        return self.workspace.get_text_document(URI).source


def change(span: Span, text: str) -> dict[str, Any]:
    start, end = {"line": span[0], "character": span[1]}, {"line": span[2], "character": span[3]}
    return {"range": {"start": start, "end": end}, "text": text}


def span_of(span: Span) -> dict[str, Any]:
    return change(span, "")["range"]


def stock_range(span: Span) -> types.Range:
    return types.Range(types.Position(span[0], span[1]), types.Position(span[2], span[3]))


@pytest.fixture(params=[Ours, pytest.param(Stock, marks=EXPECTED)])
def kind(request: pytest.FixtureRequest) -> type[Ours | Stock]:
    return request.param


# 7. Lines of pygls end at U+2028 and other places where no editor ends them.


@pytest.mark.parametrize("mark", ["\u2028", "\u2029", "\x85", "\f", "\v", "\x1c"])
def test_an_edit_below_an_unusual_character_hits_its_line(kind: type[Ours | Stock], mark: str) -> None:
    document = kind(f'{{"a": "x{mark}y",\n"b": 1}}')
    document.edit(2, (1, 5, 1, 6), "2")
    assert document.text == f'{{"a": "x{mark}y",\n"b": 2}}'


# 8. A column past the end of the last line stops one short of it.


def test_replacing_all_of_a_line_by_a_generous_range(kind: type[Ours | Stock]) -> None:
    document = kind("abc")
    document.edit(2, (0, 0, 0, 99), "Z")
    assert document.text == "Z"


def test_a_column_past_the_end_of_the_last_line_appends(kind: type[Ours | Stock]) -> None:
    document = kind('{}\n"a"')
    document.edit(2, (1, 50, 1, 50), "!")
    assert document.text == '{}\n"a"!'


# 9. A position in a long line costs a step of Python for each character before it.


@pytest.mark.parametrize("ours", [True, pytest.param(False, marks=EXPECTED)])
def test_the_cost_of_a_position_does_not_grow_with_its_line(ours: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counts the characters that are looked at, so that a slow machine changes nothing."""
    look = looked_at_by_ours if ours else looked_at_by_stock
    assert look(50_000 + 2**19, monkeypatch) <= 2 * look(50_000, monkeypatch)


def looked_at_by_ours(length: int, monkeypatch: pytest.MonkeyPatch) -> int:
    seen = 0
    count_units = lines_module._units

    def counted(text: str, encoding: Encoding) -> int:
        nonlocal seen
        seen += len(text)
        return count_units(text, encoding)

    index = LineIndex("é" * length)
    index.position(length, "utf-16")  # what is counted once for a text
    with monkeypatch.context() as patch:
        patch.setattr(lines_module, "_units", counted)
        assert index.position(length - 7, "utf-16") == (0, length - 7)
        assert index.offset(0, length - 7, "utf-16") == length - 7
    assert seen
    return seen


def looked_at_by_stock(length: int, _monkeypatch: pytest.MonkeyPatch) -> int:
    seen = 0

    class Counting(Utf16):
        def code_units_for_char(self, char: str) -> int:
            nonlocal seen
            seen += 1
            return super().code_units_for_char(char)

    codec = PositionCodec()
    codec.impl = Counting()
    position = types.Position(0, length - 7)
    assert codec.position_from_client_units(["é" * length], position).character == length - 7
    return seen


# 10. Documents change under whoever reads them, old versions are taken, and unopened ones are read from disk.


def test_a_version_once_taken_never_changes(kind: type[Ours | Stock]) -> None:
    document = kind("one")
    holder: Any = document.documents if isinstance(document, Ours) else document.workspace.text_documents
    before = holder.get(URI)
    document.edit(2, (0, 0, 0, 3), "two")
    assert (before.document.text if isinstance(document, Ours) else before.source) == "one"


def test_an_edit_of_a_version_that_was_there_is_not_applied(kind: type[Ours | Stock]) -> None:
    document = kind("one")
    document.edit(5, (0, 3, 0, 3), " two")
    document.edit(6, (0, 7, 0, 7), " three")
    document.edit(5, (0, 3, 0, 3), " two")
    document.edit(1, (0, 0, 0, 3), "four")
    assert document.text == "one two three"


@pytest.mark.parametrize("order", [[2, 4, 3, 5], [2, 5, 4, 3], [5, 4, 3, 2], [3, 2, 5, 4]])
def test_keys_that_overtook_one_another_are_put_in_order(kind: type[Ours | Stock], order: list[int]) -> None:
    """Helix 25.01 sends what is typed fast as versions 5, 7, 8, 6."""
    document = kind("")
    for version in order:
        document.edit(version, (0, version - 2, 0, version - 2), "abcd"[version - 2])
    assert document.text == "abcd"
    assert isinstance(document, Ours)
    newest = document.documents.get(URI)
    assert newest is not None
    assert (newest.version, newest.in_sync) == (5, True)


def test_an_edit_that_comes_much_too_late_is_not_guessed_at() -> None:
    document = Ours("")
    for version in range(3, 30):
        document.edit(version, (0, 0, 0, 0), "a")
    document.edit(2, (0, 0, 0, 0), "b")
    newest = document.documents.get(URI)
    assert newest is not None
    assert (newest.document.text, newest.in_sync) == ("a" * 27, False)


def test_an_edit_of_a_document_that_is_not_open_is_ignored(kind: type[Ours | Stock], tmp_path: Path) -> None:
    document = kind("one")
    document.edit(2, (0, 0, 0, 0), "!", uri=(tmp_path / "missing.json").as_uri())
    assert document.text == "one"


# 11. An empty document has no positions at all.


@pytest.mark.parametrize("ours", [True, pytest.param(False, marks=EXPECTED)])
def test_the_start_of_an_empty_document_has_a_position(ours: bool) -> None:
    if ours:
        assert LineIndex("").position(0, "utf-16") == (0, 0)
    else:
        assert TextDocument(URI, "").client_position_at_offset(0) == types.Position(0, 0)
    document = Ours("")
    document.edit(2, (0, 0, 0, 0), "{}")
    assert document.text == "{}"


# 12. The encoding is the first one of the client's that we know.


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("preferred", "chosen"),
    [
        (["utf-8", "utf-16", "utf-32"], "utf-8"),
        (["utf-32", "utf-8", "utf-16"], "utf-32"),
        (["utf-16"], "utf-16"),
        (["utf-7", "utf-8"], "utf-8"),
        (["utf-7"], "utf-16"),
        ([], "utf-16"),
        (None, "utf-16"),
    ],
)
async def test_the_clients_first_preference_is_taken(preferred: Any, chosen: str, tmp_path: Path) -> None:
    general = {} if preferred is None else {"general": {"positionEncodings": preferred}}
    async with session(tmp_path, handshake=False) as author:
        result = await author.client.initialize({**PUSH, **general})
        assert result["capabilities"]["positionEncoding"] == chosen
        assert author.session.documents.encoding == chosen
        text = json.dumps(json.loads(prompt("a", description="\U0001f600 é", confidence=7)), ensure_ascii=False)
        author.open("a.prompt.json", text)
        report = await author.published("a.prompt.json", "out-of-range")
        before = units(text[: text.index("7")], chosen)
        assert report["diagnostics"][0]["range"] == span_of((0, before, 0, before + 1))
