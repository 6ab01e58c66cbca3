"""Placeholders against a scanner that reads the grammar one character at a time."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from promptbits.text import markdown
from promptbits.text.placeholders import Escape, Placeholder, is_name, pieces, scan, substitute

LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_")
DIGITS = frozenset("0123456789")


@dataclass(frozen=True)
class Area:
    start: int
    end: int


def name_end(text: str, at: int) -> int:
    """Where a name that starts here ends; `at` itself if none does."""
    if at >= len(text) or text[at] not in LETTERS:
        return at
    while at < len(text) and text[at] in LETTERS | DIGITS:
        at += 1
    if at + 1 < len(text) and text[at] == "." and text[at + 1] in LETTERS:
        return name_end(text, at + 1)
    return at


def placeholder_at(text: str, at: int) -> tuple[str, int, str] | None:
    """(name, end, style) of a placeholder whose delimiter starts here, by its own shape and its neighbours."""
    opener = text[at : at + 2]
    if opener not in ("<<", "{{"):
        return None
    closer, blanks = (">>", "") if opener == "<<" else ("}}", " \t")
    before = text[at - 1] if at else ""
    if before == "$" or before == opener[0]:
        return None
    start = at + 2
    while start < len(text) and text[start] in blanks:
        start += 1
    end = name_end(text, start)
    if end == start:
        return None
    after = end
    while after < len(text) and text[after] in blanks:
        after += 1
    if text[after : after + 2] != closer or text[after + 2 : after + 3] == closer[0]:
        return None
    return text[start:end], after + 2, opener


def reference(text: str, fences: list[Area], declared: set[str]) -> tuple[list[Placeholder], str]:
    """The placeholders of a text, and the text with each of them rendered as its name in brackets."""
    found: list[Placeholder] = []
    shown = ""
    at = 0
    while at < len(text):
        if text[at] == "\\":
            end = at
            while end < len(text) and text[end] == "\\":
                end += 1
            count = end - at
            if text[end : end + 2] in ("<<", "{{"):
                # Two backslashes are one, where a delimiter follows; an odd one escapes it. Before what is no
                # placeholder, backslashes count only if they escape.
                if count % 2:
                    shown += "\\" * (count // 2) + text[end : end + 2]
                    at = end + 2
                else:
                    shown += "\\" * (count // 2)
                    at = end
                    at, shown = take(text, at, fences, declared, found, shown)
            else:
                shown += text[at:end]
                at = end
            continue
        at, shown = take(text, at, fences, declared, found, shown)
    return found, shown


def take(
    text: str, at: int, fences: list[Area], declared: set[str], found: list[Placeholder], shown: str
) -> tuple[int, str]:
    hit = placeholder_at(text, at)
    if hit:
        name, end, style = hit
        fenced = any(fence.start <= at < fence.end for fence in fences)
        if style == "<<" or not fenced or name in declared:
            found.append(Placeholder(name, at, end, style))
            return end, shown + f"[{name}]"
    return at + 1, shown + text[at]


texts = st.lists(
    st.sampled_from(
        ["<", ">", "{", "}", "$", "\\", "a", "b", ".", "_", "1", " ", "\t", "\n", "é", "<<", ">>", "{{", "}}", "<<a>>"]
        + ["{{b}}", "{{ a.b }}", "<<a_1>>", "\\<<", "\\\\{{"]
    ),
    max_size=16,
).map("".join)
areas = st.lists(st.integers(0, 40), max_size=6).map(
    lambda ends: [Area(start, end) for start, end in zip(sorted(ends)[0::2], sorted(ends)[1::2], strict=False)]
)
names = st.sets(st.sampled_from(["a", "b", "a.b", "a_1"]))


@settings(deadline=None, max_examples=2500)
@given(texts, areas, names)
@example("\\<<<a>>", [], set())
@example("\\{{{a}}}", [], set())
@example("<<a>><<b>>{{a}}", [], set())
@example("\\\\\\<<a>>\\\\<<b>>", [], set())
@example("\\\\<<EOF", [], set())
@example("{{ a }}{{a}}", [Area(3, 9)], set())
def test_scan_and_substitute_agree_with_the_reference(text: str, fences: list[Area], declared: set[str]) -> None:
    expected, shown = reference(text, fences, declared)
    assert scan(text, fences, declared) == expected
    assert substitute(text, fences, declared, lambda placeholder: f"[{placeholder.name}]") == shown
    at = 0
    for piece in pieces(text, fences, declared):
        assert at <= piece.start < piece.end <= len(text)
        at = piece.end
        if isinstance(piece, Placeholder):
            assert text[piece.start : piece.start + 2] == piece.style


HAZARDS = [
    "${{ github.ref }}",
    "$<<a>>",
    "style={{color: 'red'}}",
    "cat <<EOF\nx\nEOF",
    "cat <<-EOF >> out",
    "1<<n",
    "x<<n>>2 >> 3",
    "{{{x}}}",
    "<<<x>>>",
    "<<<x>>",
    "<<x>>>",
    "{{x}}}",
    "{{{x}}",
    "<< x >>",
    "<<x >>",
    "{{x y}}",
    "{{x.}}",
    "{{.x}}",
    "<<1x>>",
    "<<x-y>>",
    "{{é}}",
    "<<>>",
    "{{}}",
    "{{\nx\n}}",
    "{{\u00a0x}}",
    "<<x>",
    "{x}",
    "\\<<x>>",
    "\\{{ x }}",
    "\\\\\\<<x>>",
    "{{#if x}}{{/if}}{{>x}}",
    "std::cout << x >> y;",
]


@pytest.mark.parametrize("text", HAZARDS)
def test_these_are_no_placeholders(text: str) -> None:
    names = [placeholder.name for placeholder in scan(text, declared={"n", "x", "y", "EOF"})]
    # `x<<n>>2` is a placeholder by the letter of the grammar: there the shift loses.
    assert names == (["n"] if text.startswith("x<<n>>") else [])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<<a>>", [("a", "<<a>>")]),
        ("{{a}}", [("a", "{{a}}")]),
        ("{{ \ta.b_1 }}", [("a.b_1", "{{ \ta.b_1 }}")]),
        ("x<<a>>y", [("a", "<<a>>")]),
        ("{<<a>>}", [("a", "<<a>>")]),
        ("<{{a}}>", [("a", "{{a}}")]),
        ("<<a>>{{b}}<<c>>", [("a", "<<a>>"), ("b", "{{b}}"), ("c", "<<c>>")]),
        ("\\\\<<a>>", [("a", "<<a>>")]),
        ("$ <<a>> $\\\\<<b>>", [("a", "<<a>>"), ("b", "<<b>>")]),
        ("`<<a>>` and `{{b}}`", [("a", "<<a>>"), ("b", "{{b}}")]),
        ("<<a<<b>>", [("b", "<<b>>")]),
    ],
)
def test_these_are_placeholders(text: str, found: list[tuple[str, str]]) -> None:
    assert [(each.name, text[each.start : each.end]) for each in scan(text)] == found


def test_fenced_code_keeps_braces_that_nobody_declared() -> None:
    text = "{{a}}\n```jinja\n{{a}} {{b}} <<c>>\n```\n{{b}}\n"
    fences = markdown.scan(text).fences
    assert [each.name for each in scan(text, fences, {"b"})] == ["a", "b", "c", "b"]
    assert [each.name for each in scan(text, fences)] == ["a", "c", "b"]
    assert substitute(text, fences, {"b"}, lambda each: each.name.upper()) == "A\n```jinja\n{{a}} B C\n```\nB\n"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\\<<a>>", "<<a>>"),
        ("\\{{ a }}", "{{ a }}"),
        ("\\\\<<a>>", "\\1"),
        ("\\\\\\<<a>>", "\\<<a>>"),
        ("\\<<EOF", "<<EOF"),
        ("\\n \\< \\{ C:\\dir", "\\n \\< \\{ C:\\dir"),
        ("\\<a>> \\ <<a>>", "\\<a>> \\ 1"),
        ("\\<<a>><<a>>", "<<a>>1"),
    ],
)
def test_escapes_are_removed_where_they_escape(text: str, shown: str) -> None:
    assert substitute(text, (), (), lambda _: "1") == shown


@pytest.mark.parametrize("value", ["<<a>>", "{{ b }}", "\\<<a>>", "\\", "<", "{", "$"])
def test_values_are_never_scanned_again(value: str) -> None:
    assert substitute("<<a>><<b>>", (), (), lambda _: value) == value * 2
    assert substitute("<<<a>> {<<a>>a}}", (), (), lambda _: value) == "<<<a>> {" + value + "a}}"


def test_an_escape_says_what_it_shows() -> None:
    assert list(pieces("a\\\\\\{{b")) == [Escape(1, 6, "\\{{")]
    assert list(pieces("a\\\\{{b}}")) == [Escape(1, 3, "\\"), Placeholder("b", 3, 8, "{{")]


@pytest.mark.parametrize(("text", "name"), [("a", True), ("_a1.b", True), ("", False), ("a.", False), ("a b", False),
                                            ("1a", False), ("a\n", False), ("é", False), ("a..b", False)])  # fmt: skip
def test_is_name(text: str, name: bool) -> None:
    assert is_name(text) is name
