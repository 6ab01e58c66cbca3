"""Whatever an author's file holds, the server answers for the right version and goes on."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from authoring import PULL, PUSH, Author, codes, cut, item, prompt, session

pytestmark = pytest.mark.asyncio

A, B = "prompts/a.json", "prompts/b.json"

CONTENT = """## Réviser <<langage>> \U0001f680

Use `{{ style }}` and <<count>>, never \\<<this>>.

```python
print("<<langage>>\\t", 1 << 3)  # {{ style }}
```

| a | b |
| - | - |
| 漢字 | e\u0301\u2028end |
"""
WHOLE = prompt(
    "a",
    content=CONTENT,
    variables={
        "langage": {"description": 'which "one"', "type": "string", "enum": ["a", "b\\c", "\ud83d"], "default": "a"},
        "style": {"type": "array", "default": [1.5e300, -0, True, None, {}], "required": False},
        "count": {"type": "integer", "examples": [1, 2, 3]},
    },
    source={"LLMGenerated": {"model": "m", "timestamp": "2026-01-01T00:00:00Z"}},
    tags=["x", "y-z"],
    version=">=3.2,<4",
    revision=2,
    parent="b",
    related=["b", "c"],
    model={"provider": "p", "temperature": 0.2},
    note="x" * 2000,
)
LONG = json.dumps(json.loads(prompt("a", content=CONTENT * 60)), ensure_ascii=True)


async def answered(author: Author, text: str, version: int) -> list[str]:
    """Send the whole text and return the codes of the report of its version."""
    author.type(A, version, text)
    return codes(await author.published(A, version=version))


async def test_a_prompt_cut_at_every_offset(tmp_path: Path) -> None:
    cuts = range(min(len(WHOLE), 4096))
    assert len(cuts) > 3000
    async with session(tmp_path, quiet=0) as author:
        author.open(A, WHOLE)
        await author.read()
        for version, end in enumerate(cuts, start=2):
            assert await answered(author, WHOLE[:end], version), end


async def test_a_long_prompt_cut_at_random_offsets(tmp_path: Path) -> None:
    chance = random.Random(2)
    assert len(LONG) > 12_000
    async with session(tmp_path, quiet=0) as author:
        author.open(A, LONG)
        await author.read()
        for version, end in enumerate((chance.randrange(4096, len(LONG)) for _ in range(200)), start=2):
            assert await answered(author, LONG[:end], version), end


ODD = {
    "empty": "",
    "blank": " \n\t\n",
    "line separator": prompt("a", content="x\u2028y\u2029z\x85"),
    "emoji": prompt("a", content="\U0001f469\u200d\U0001f467\U0001f1e9\U0001f1ea"),
    "combining marks": prompt("a", content="e\u0301" + "\u0300" * 500),
    "windows line ends": prompt("a", content="x").replace("\n", "\r\n"),
    "old mac line ends": prompt("a", content="x").replace("\n", "\r"),
    "escaped half of a pair": prompt("a", content="x").replace('"Say', '"\\ud83d').replace('"x"', '"\\ude00\\ud83d"'),
    "raw half of a pair": prompt("a", content="\ud83d x \ude00"),
    "raw half of a pair in a key": prompt("a", **{"\ud83d": 1}),
    "half of a pair as id": prompt("\udc00", related=["\ud800", "b"], parent="\udfff"),
    "null character": prompt("a", content="x").replace('"x"', '"\0"') + "\0",
    "byte-order mark": "\ufeff" + prompt("a"),
    "nesting": '{"id": "a", "tags": ' + "[" * 10_000 + "]" * 10_000 + "}",
    "nesting, open": '{"a":' * 10_000,
    "nesting of arrays, open": "[" * 10_000,
    "numbers beyond float": prompt("a").replace("0.5", "1e99999").replace('"Custom"', "-1e-99999", 1),
    "numbers of many digits": prompt("a", revision=1).replace('"revision": 1', f'"revision": {"9" * 6000}'),
    "no object": "[1, 2, 3]",
    "a number": "7",
    "constants of Python": '{"a": NaN, "b": Infinity, "c": -Infinity}',
    "markdown": "# Hello\n\nThis is no JSON.\n",
    "a conflict": "<<<<<<< ours\n" + prompt("a") + "=======\n" + prompt("b") + ">>>>>>> theirs\n",
    "quotes": '"' * 5000,
    "backslashes": '{"content": "' + "\\" * 5001,
    "keys twice": "{" + '"id": "a",' * 2000 + '"id": "a"}',
    "placeholders": prompt("a", content="<<x>>{{y}}" * 5000),
    "open placeholders": prompt("a", content="<<" * 20_000 + "{{" * 20_000),
    "fences": prompt("a", content="```\n" * 5001),
}
# Fit to be read by anybody: of these nothing needs to be said.
SPOTLESS = {"emoji", "combining marks", "windows line ends", "old mac line ends"}


@pytest.mark.parametrize("name", ODD)
async def test_odd_texts_are_answered_and_the_server_goes_on(name: str, tmp_path: Path) -> None:
    text = ODD[name]
    async with session(tmp_path) as author:
        author.open(B, prompt("b", related=["a"]))
        author.open(A, text, version=5)
        report = await author.published(A)
        assert report["version"] == 5
        await author.settled()
        assert bool(author.reports(A)[-1]["diagnostics"]) == (name not in SPOTLESS)
        author.type(A, 6, "x", (0, 0, 0, 0))
        assert {"json-syntax", "conflict-marker"} & set(codes(await author.published(A, version=6)))
        author.type(A, 7, prompt("a", confidence=7))
        await author.published(A, "out-of-range", version=7)


@pytest.mark.parametrize("name", ODD)
async def test_odd_texts_on_disk_are_indexed_and_can_be_pulled(name: str, tmp_path: Path) -> None:
    async with session(tmp_path, PULL) as author:
        author.write(A, ODD[name])
        author.open(B, prompt("b", confidence=7))
        await author.read()
        assert codes(await author.pull(B)) == ["out-of-range"]
        report = await author.pull(A)
        assert (await author.pull(A, report["resultId"]))["kind"] == "unchanged"


async def test_five_megabytes(tmp_path: Path) -> None:
    text = prompt("a", content="é <<x>> \U0001f600\n" * 360_000, confidence=7)
    assert len(text.encode()) > 5_000_000
    async with session(tmp_path) as author:
        author.open(A, text)
        report = await author.published(A)
        assert "oversized-content" in codes(report)
        assert cut(text, item(report, "out-of-range")["range"]) == "7"
        author.type(A, 2, "8", (8, 16, 8, 17))
        assert "out-of-range" in codes(await author.published(A, version=2))


@pytest.mark.parametrize("bytes_", [b'{"id": "\xff\xfe"}', "{}".encode("utf-16"), b"\xef\xbb\xbf{}", b"\x80" * 300])
async def test_what_is_not_utf_8_on_disk_is_told(bytes_: bytes, tmp_path: Path) -> None:
    async with session(tmp_path, PULL) as author:
        author.write(A, "").write_bytes(bytes_)
        assert "invalid-encoding" in codes(await author.pull(A))


@pytest.mark.parametrize(
    "body",
    [
        b'{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"file:///w/\\ud800.json",'
        b'"languageId":"promptbit","version":1,"text":"{\\ud800"}}}',
        b'{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":7,"text":"{}"}}}',
        b'{"jsonrpc":"2.0","method":"textDocument/didOpen","params":null}',
        b'{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":{"uri":"x:y"},"contentChanges":[]}}',
        b'{"jsonrpc":"2.0","method":"textDocument/didClose","params":{"textDocument":[]}}',
        b'{"jsonrpc":"2.0","method":"textDocument/didSave","params":{}}',
        b'{"jsonrpc":"2.0","method":"workspace/didChangeWatchedFiles","params":{"changes":{}}}',
        b'{"jsonrpc":"2.0","method":"workspace/didChangeConfiguration","params":[1]}',
        b'{"jsonrpc":"2.0","method":"workspace/didChangeWorkspaceFolders","params":{"event":7}}',
    ],
)
async def test_odd_messages_are_survived(body: bytes, tmp_path: Path) -> None:
    async with session(tmp_path, PUSH) as author:
        author.client.send_bytes(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        author.open(A, prompt("a", confidence=7))
        await author.published(A, "out-of-range")
