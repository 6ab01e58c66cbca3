"""No text of a prompt breaks out of the Markdown of a hover, and no half-typed text breaks the hover."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hover_helpers import ROOT, shot
from markdown_it import MarkdownIt
from markdown_it.token import Token

from promptbits.language.hover import hover, plain
from promptbits.language.markup import code, printable, prose
from promptbits.prompts.entry import Entry

# Text that would be more than text.

EVIL = [
    "[x](command:evil)",
    "![x](https://evil.example/a.png)",
    "<img src=x onerror=alert(1)>",
    "<!-- a",
    "``` \n[x](command:evil)\n```",
    "` [x](command:evil) `",
    "`` [x](command:evil) ``",
    "a `` ` ``` [x](command:evil) ` b",
    "a\n\n# heading\n\n---\n\n> quote\n\n    code\n\n- item\n\n1. item",
    "- [x](command:evil)",
    "1. [x](command:evil)",
    "# [x](command:evil)",
    "see www.evil.example, https://evil.example or a@evil.example",
    "<https://evil.example>",
    "[x]: command:evil",
    "[x][y] **bold** _em_ ~~no~~ &lt;b&gt; $(gear) \\` \\[",
    "a|b\n-|-\nc|d",
    "`" * 200,
    "a\u202eb\u2066c\u200bd\x1b[31m\x00\u2028e\ufefff\ud800g\U000e0041",
    " `",
    "` ",
    "```",
    "~~~",
    "",
]
INLINE = {"text", "code_inline"}
BLOCKS = {f"{name}_{end}" for name in ("paragraph", "bullet_list", "list_item") for end in ("open", "close")}
LINK = re.compile(r"www\.|://|[^\s]@[^\s]|[\[\]<>]")
INVISIBLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


def tokens(markdown: str) -> Iterator[Token]:
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown):
        yield token
        yield from token.children or ()


def assert_safe(markdown: str) -> None:
    for token in tokens(markdown):
        assert token.type in INLINE | BLOCKS | {"inline", "softbreak"}, (token.type, markdown)
        if token.type == "text":
            assert LINK.search(token.content) is None, markdown
    for piece in (markdown, plain(markdown)):
        assert INVISIBLE.search(piece) is None, ascii(piece)
    assert not any(line.lstrip(" -").startswith(("```", "~~~")) for line in markdown.split("\n")), markdown


@pytest.mark.parametrize("evil", EVIL)
def test_no_text_of_a_prompt_breaks_out(evil: str) -> None:
    value = {
        "id": evil,
        "description": evil,
        "trigger": {"Language": evil},
        "version": evil,
        "parent": evil,
        "related": [evil],
        "content": f"# {evil}\n<<x>> <<y>>\n## {evil} <<x>>",
        "variables": {
            "x": {"description": evil, "type": evil, "default": evil, "enum": [evil], "examples": [evil]},
            evil: {"required": evil},
        },
        evil: {evil: evil},
    }
    text = json.dumps(value, ensure_ascii=False)
    named = Entry(f"{ROOT}/prompts/{evil}/b.json", "custom", evil, evil, evil, "Language", evil, version=evil)
    shadowed = replace_entry(named, path=f"/{evil}", layer="builtin", related=(evil,))
    snapshot = shot(text, named, shadowed, replace_entry(named, path="/c", id="c"))
    shown = {found.markdown for offset in range(len(text)) if (found := hover(snapshot, offset))}
    assert len(shown) > 8
    for markdown in shown:
        assert_safe(markdown)


def replace_entry(entry: Entry, **fields: Any) -> Entry:
    return entry._replace(**fields)


@pytest.mark.parametrize("evil", EVIL)
def test_code_spans_hold_exactly_the_text(evil: str) -> None:
    (inline,) = [token for token in tokens(f"a {code(evil)} b") if token.type == "inline"]
    spans = [token.content for token in inline.children or () if token.type == "code_inline"]
    expected = re.sub(
        "``+", lambda run: "\\u0060" * len(run[0]), printable(evil[:79] + "…" if len(evil) > 80 else evil)
    )
    assert spans == [expected or '""']
    assert plain(f"a {code(evil)} b") == f"a {spans[0]} b"


def test_prose_stays_prose() -> None:
    for text in ("Reviews code: what's new, 3.5 times (or so)!", "Prüft – auf Deutsch", "说明文字。", "نمی‌خواهم"):
        assert prose(text) == text
    assert prose("Use Next.js or [this](x) now") == "Use `Next.js` or `[this](x)` now"
    assert printable("a\u202eb\n\U000e0041") == "a\\u202eb\\n\\u{e0041}"


# Half-typed text.

WHOLE = json.dumps(
    {
        "$schema": "https://example.org/promptbit.schema.json",
        "id": "review",
        "description": "Reviews \u201ccode\u201d",
        "trigger": {"Language": "Rust"},
        "category": "Testing",
        "content": '# Review\n\nLook at <<file>> \U0001f600 and "{{ topic }}".\n\n```rust\nfn main() {}\n```\n' * 6,
        "variables": {"file": {"type": "string", "enum": ["a", "b"]}, "topic": {"default": "x", "required": False}},
        "confidence": 0.8,
        "source": {"LLMGenerated": {"model": "m", "timestamp": "2025-01-01T00:00:00Z"}},
        "tags": ["one", "two"],
        "version": ">=1.2,<2",
        "parent": "base",
        "related": ["base", "none"],
        "model": {"temperature": 0.5},
    },
    indent=2,
)


def test_every_offset_of_a_whole_prompt() -> None:
    snapshot = shot(WHOLE)
    for offset in range(-1, len(WHOLE) + 2):
        found = hover(snapshot, offset)
        if found:
            assert found.start <= offset < found.end
            assert_safe(found.markdown)


def test_every_truncation() -> None:
    for length in range(len(WHOLE)):
        snapshot = shot(WHOLE[:length])
        for offset in (*range(0, length, 211), *range(max(length - 3, 0), length + 1)):
            found = hover(snapshot, offset)
            assert found is None or (found.start <= offset < found.end <= length)
