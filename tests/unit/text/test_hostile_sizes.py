"""Large hostile texts: every scan is linear. A quadratic one would run into the timeout."""

from __future__ import annotations

import json

import pytest

from promptbits.text import markdown, placeholders
from promptbits.text.document import Document
from promptbits.text.json_parser import parse
from promptbits.text.lines import LineIndex

pytestmark = pytest.mark.timeout(20)

# A quadratic scan of this many characters takes far more than the timeout, a linear one a fraction of a second.
SIZE = 40_000
PIECES = [
    "[", "]", "{", "}", "{[", "]}", '{"a":', '"', '""', "'", "''", "\\", '"\\', '\\"', "'\\", ",", ":", ",,", "[,",
    "{:", "/*", "*/", "/", "//", "#", "*", "<", "<<", "<<<<<<<", "\n<<<<<<<", "\n=======", "{{", "{{ ", "}}", "{{a",
    "<<a", "<<a.", "$", "`", "```", "\n```", "\n~~~", "> ", "\n> ```", "- ", "\n- ```", "# ", "\n#", " ", "\t", "\n",
    "\r", "\r\n", " \n", "\u2028", "\u00a0", "\ufeff", "\x00", "a", "a ", "0", "00 ", "1.", "1e", "-", "+", "é", "😀",
    "\ud83d", "“", "“a", "‘",
    '"a" b ', '"a"}', '"a\n', '"a"\n', '"a":\n', '"\n\n', 'x"\n\n\n', 'a: ', "a b ", "; ", "= ", "],", "},", '"a":1],',
]  # fmt: skip
FRAMES = [('{"a": "', '"}'), ('{"a": "b" x ', "\n}"), ("[", "]"), ('{"content": "a\nb', " x"), ("# a", "b")]


@pytest.mark.parametrize("piece", PIECES, ids=[ascii(piece) for piece in PIECES])
def test_every_scan_of_a_repeated_piece_is_linear(piece: str) -> None:
    for before, after in FRAMES:
        text = before + piece * (SIZE // len(piece)) + after
        tree = parse(text)
        assert tree.root is None or tree.root.end <= len(text)
        assert LineIndex(text).line_count >= 1
        markdown.scan(text)
        placeholders.scan(text)


@pytest.mark.parametrize("char", ["\\", " ", "\t", "a", "0", "#", "/", "*", "<", "`", "_", ".", "é"])
def test_one_long_run_of_a_character_is_linear(char: str) -> None:
    """A scan that is quadratic at the speed of C shows only in longer texts, and these are single tokens."""
    for before, after in (*FRAMES, ("{{", "}"), ("<<a", ">"), ("- ", "```")):
        text = before + char * (20 * SIZE) + after
        parse(text)
        markdown.scan(text)
        placeholders.scan(text)


@pytest.mark.parametrize(
    "text",
    [
        '{"a":"b" x ' + "}" * SIZE + "x",
        '{"a":"b" x ' + "} x" * SIZE,
        "[" + "0" * SIZE + "x]",
        "[" + "1" * SIZE + "x]",
        "[" + '"a" ' * SIZE + "]",
        "{" + "]," * SIZE,
        '{"a": "x\ny' + '"\n\n' * SIZE,
        '{"a": "x\ny' + '"  ' * SIZE + "z",
        "[" + '"a\nb\n"c":' * (SIZE // 8) + "]",
        "[" * 150 + '"a\n"b":' * (SIZE // 8),
    ],
    ids=lambda text: ascii(text[:24]),
)
def test_hostile_mixtures_are_parsed(text: str) -> None:
    assert parse(text).errors


def test_five_megabytes_in_one_string() -> None:
    content = ('Some <<name>> text with "quotes", é, 😀 and a line.\n' * 100_000)[: 5 * 1024 * 1024]
    text = json.dumps({"id": "x", "content": content}, ensure_ascii=False)
    document = Document.from_text(text)
    node = document.tree.find(("content",))
    assert document.is_strict
    assert node.value == content
    middle = len(content) // 2
    start, end = node.source_offset(middle), node.source_offset(middle + 1)
    assert json.loads(f'"{text[start:end]}"') == content[middle]
    for encoding in ("utf-8", "utf-16", "utf-32"):
        assert document.lines.offset(*document.lines.position(end, encoding), encoding) == end


def test_five_megabytes_without_the_closing_quote() -> None:
    text = '{"content": "' + "a line of text\\n" * 350_000 + "\n}"
    assert [error.kind for error in parse(text).errors] == ["unterminated-string"]


@pytest.mark.parametrize(
    "line",
    [
        "# a" + " " * SIZE + "b",
        "# a" + " #" * SIZE + "b",
        "#" + "\t" * SIZE + "b",
        "> " * SIZE + "```",
        "# " + "#" * SIZE,
    ],
    ids=lambda line: ascii(line[:10]),
)
def test_long_markdown_lines(line: str) -> None:
    assert markdown.scan(line + "\n# end\n").headings[-1].title == "end" or "```" in line


def test_long_runs_in_placeholders() -> None:
    assert placeholders.scan("\\" * (SIZE + 1) + "<<a>>") == []
    assert len(placeholders.scan("\\" * SIZE + "<<a>>")) == 1
    assert placeholders.scan("{{" + " " * SIZE + "a" + " " * SIZE + "}") == []
    assert len(placeholders.scan("{{" + " " * SIZE + "a" + " " * SIZE + "}}")) == 1
    assert placeholders.scan("<<" + "a." * SIZE + ">>") == []
    assert placeholders.scan(("{{" + " " * 1000) * 200) == []
