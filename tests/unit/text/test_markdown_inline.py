"""Code spans, links and addresses: a table, markdown-it on generated paragraphs, and time that grows with the text."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from promptbits.text import markdown
from promptbits.text.markdown_inline import Span, scan

EMPTY_ITEM = re.compile(r"^[ >]*(?:-|1\.)[ ]*\r?$", re.MULTILINE)
CONTAINER = re.compile(r"^[ ]*(?:-|1\.|>)", re.MULTILINE)
QUOTE = re.compile(r"^[ ]*>", re.MULTILINE)
INDENTED = re.compile(r"^ {4}", re.MULTILINE)
ORACLE = MarkdownIt("commonmark", {"html": False})

pieces = st.sampled_from(
    ["`", "``", "```", "[", "]", "![", "](", "](x)", "](<x y>)", "(", ")", "\\", "<", ">", "a", " ", "é😀", '"', "'"]
    + ["<https://a.b/c>", "<mailto:a>", '](y "t")', "](z 't'", "](\\(", "](a(b)c)", "](&amp;)", "\n", "\n\n"]
    + ["\n> ", "\n- ", "\n1. ", "\n# ", "\n---\n", "\n    ", "\n\n    ", "\n```\n", "\r\n", "!", "](\n/u\n)", "]()"]
    + ["](<>)", "\\`", "\\]"]
)  # fmt: skip


def spans(text: str) -> list[Span]:
    return scan(markdown.scan(text))


def found(text: str) -> list[tuple[str, str]]:
    """What is found: of code its text, of links their target."""
    return [(each.kind, each.target or text[each.inside[0] : each.inside[1]]) for each in spans(text)]


def by_oracle(text: str) -> list[tuple[str, str]]:
    """Code spans and targets as markdown-it finds them, without order."""
    result: list[tuple[str, str]] = []

    def walk(tokens: list[Any]) -> None:
        for token in tokens:
            if token.type == "code_inline":
                result.append(("code", token.content))
            elif token.type == "link_open":
                result.append(("autolink" if token.markup == "autolink" else "link", token.attrs["href"]))
            elif token.type == "image":
                result.append(("image", token.attrs["src"]))
            # The text of an image is rendered without its code spans and links, but they are there.
            walk(token.children or [])

    walk(ORACLE.parse(text))
    return sorted(result)


def as_oracle(text: str) -> list[tuple[str, str]]:
    """Our answer in the words of the oracle."""
    result: list[tuple[str, str]] = []
    for span in spans(text):
        inside = text[span.inside[0] : span.inside[1]]
        if span.kind == "code":
            lines = [line.lstrip(" ").removeprefix(">").lstrip(" ") for line in inside.splitlines()[1:]]
            inside = " ".join(inside.splitlines()[:1] + lines) + (" " if inside.endswith("\n") else "")
            padded = len(inside) > 1 and inside[0] == inside[-1] == " " and not inside.isspace()
            result.append(("code", inside[1:-1] if padded else inside))
        elif span.kind != "url":
            result.append((span.kind, ORACLE.normalizeLink(span.target)))
    return sorted(result)


def holds_a_link_in_an_image(found: list[Span]) -> bool:
    images = [each for each in found if each.kind == "image"]
    return any(each.start < inner.start < each.end for each in images for inner in found if "link" in inner.kind)


# Where the spaces go at line ends inside of code is no matter of ours.
def squeezed(spans: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted((kind, " ".join(text.replace(">", "").split())) for kind, text in spans)


@settings(deadline=None, max_examples=1500)
@given(st.lists(pieces, max_size=14).map("".join))
@example("`a\n> b`")
@example("[a](x) `b`\n\n    `c`\n- d\n\n    `e`")
@example("[[a](x)](y) ![[a](x)](y)")
@example("`` ` `` \\`a` ```x``")
def test_the_same_code_spans_and_targets_as_markdown_it(text: str) -> None:
    assume(not holds_a_link_in_an_image(spans(text)))  # there it is markdown-it that differs from CommonMark
    assume(not EMPTY_ITEM.search(text))  # whether it begins a list depends on what stands around it
    # Code ends with the item or quote it stands in, which a scan of the lines does not know.
    assume(not (CONTAINER.search(text) and "```" in text))
    assume(not (QUOTE.search(text) and INDENTED.search(text)))
    # A rule ends a list, and with it what is indented below it is code.
    assume(not (CONTAINER.search(text) and "---" in text and INDENTED.search(text)))
    assert squeezed(as_oracle(text)) == squeezed(by_oracle(text))


CASES: list[tuple[str, list[tuple[str, str]]]] = [
    ("a `b` ``c ` d`` `e", [("code", "b"), ("code", "c ` d")]),
    ("`a\nb` `c\n\nd`", [("code", "a\nb")]),
    ("# `a\nb`", []),
    ("- `a\n- b`", []),
    ("`a\n---\nb`", []),
    ("```\n`a` [b](c) https://d.e\n```\n`f`", [("code", "f")]),
    ("text\n\n    `code`\n\n`a`", [("code", "a")]),
    ("- item\n\n    `a`", [("code", "a")]),
    ("- ```\n  x\n  ```\n\n    `a`", [("code", "a")]),
    ("\\`a `b\\`", [("code", "b\\")]),
    ("[a](b) ![c](d)", [("link", "b"), ("image", "d")]),
    ("[![a](b)](c)", [("link", "c"), ("image", "b")]),
    ("[a [b](c) d](e)", [("link", "c")]),
    ("[a](<b c> 'd') [e](f\\) \"g\") [h](i(j)k)", [("link", "b c"), ("link", "f)"), ("link", "i(j)k")]),
    ("[a](&auml;&#x41;&nosuch;)", [("link", "äA&nosuch;")]),
    ("[a] (b) \\[c](d) [e](f g)", []),
    ("[`](a)`](b)", [("link", "b"), ("code", "](a)")]),
    ("<https://a.b/c?d> <mailto:e@f> <a b:c> <b>", [("autolink", "https://a.b/c?d"), ("autolink", "mailto:e@f")]),
    ("See https://a.b/c. (https://d.e/f_(g)), HTTP://H.I!", [
        ("url", "https://a.b/c"), ("url", "https://d.e/f_(g)"), ("url", "HTTP://H.I"),
    ]),
    ("[https://a.b](https://c.d) **https://e.f** [https://g.h]", [
        ("link", "https://c.d"), ("url", "https://e.f"), ("url", "https://g.h"),
    ]),
    ("https:// xhttps://a.b git+https://c.d ftp://e.f http://", [("url", "https://c.d")]),
    ("`https://a.b` \"https://c.d\"", [("code", "https://a.b"), ("url", "https://c.d")]),
    ("https://a.b/<<c>> https://{{d}}/e", [("url", "https://a.b/"), ("url", "https://{{d}}/e")]),
    ("https://a.b)).) https://c.d/(e)))", [("url", "https://a.b"), ("url", "https://c.d/(e)")]),
    ("", []),
    ("`", []),
    ("\\", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[text for text, _ in CASES])
def test_what_is_found(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize("text", [text for text, _ in CASES])
def test_ranges_are_those_of_the_source(text: str) -> None:
    for span in spans(text):
        piece, inside = text[span.start : span.end], text[span.inside[0] : span.inside[1]]
        if span.kind == "code":
            assert piece == piece[0] * ((len(piece) - len(inside)) // 2) + inside + piece[0] * (
                (len(piece) - len(inside)) // 2
            )
        elif span.kind == "link":
            assert piece[0] == "["
            assert piece[-1] == ")"
        elif span.kind == "image":
            assert piece[:2] == "!["
        else:
            assert inside == span.target


@settings(deadline=None, max_examples=300)
@given(st.lists(pieces | st.sampled_from(["https://a.b", "http://", ")."]), max_size=14).map("".join))
def test_spans_lie_side_by_side_or_in_a_link(text: str) -> None:
    every = spans(text)
    for at, span in enumerate(every):
        assert 0 <= span.start <= span.inside[0] <= span.inside[1] <= span.end <= len(text)
        for other in every[at + 1 :]:
            inside = span.kind in ("link", "image") and other.end <= span.end
            assert other.start >= span.end or inside


@given(st.lists(pieces, max_size=14).map("".join), st.data())
def test_a_part_of_the_text_gives_the_spans_of_its_paragraphs(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text)))
    some = scan(markdown.scan(text), at, at)
    assert [each for each in spans(text) if each.start <= at <= each.end] == [
        each for each in some if each.start <= at <= each.end
    ]


HOSTILE = [
    "`", "[", "]", "![", "](", "](a", "](<", "](<a", '](a "', "](a '", "](a (", "](a\n", "](\\", "<a:", "<", "\\",
    "`a", "``a`", "`a``b```c",
    "[](a)", "[[](a)]", "http://", "https://a)", "https://(a", "&amp", "* ", "\n- ", "\n* *", "\n> ", "\n=",
    " ", "\n    ", "\n_ ", "[a](" + "(" * 40, "[ ](  ", ".", "\n",
]  # fmt: skip


def cost(text: str) -> float:
    """The time of the processor that a scan takes, the better one of two."""
    parsed = markdown.scan(text)
    times: list[float] = []
    for _ in range(2):
        start = time.process_time()
        scan(parsed)
        times.append(time.process_time() - start)
    return min(times)


@pytest.mark.parametrize("piece", HOSTILE, ids=[ascii(piece) for piece in HOSTILE])
def test_time_grows_with_the_text_and_no_faster(piece: str) -> None:
    def sized(length: int) -> str:
        return "https://" + piece * (length // len(piece)) + "x"

    # Linear is 8 times, quadratic 64 times; the addend keeps what takes no time at all from failing.
    assert cost(sized(100_000)) < 24 * cost(sized(12_500)) + 0.002
