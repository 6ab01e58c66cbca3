"""Fences and headings: a table for what authors write in lists and quotes, and markdown-it on plain documents."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from promptbits.text.markdown import Markdown, scan

lines = st.one_of(
    st.sampled_from(
        ["", " ", "text", "    four", "  two", "#", "# A", "##  B  ##", "### C#", "#D", "####### seven", "\\# e"]
    ),
    st.sampled_from(
        ["   ## F", "    # code", "# #", "## G ### ", "#\tH", "## I #x", "# J \\#", "```", "~~~", "````", "~~~~"]
    ),
    st.sampled_from(
        ["``` py", "~~~ `x`", "``` a`b", '```py title="x"', "   ```", "    ```", "  ~~~", "``", "~~", "``` "]
    ),
    st.sampled_from(["~~~~ ~~~", "```x```", "text ```", "\t```", "```\t", "é😀", "<<a>>"]),
)
documents = st.tuples(st.lists(lines, max_size=12), st.sampled_from(["\n", "\r\n"]), st.booleans()).map(
    lambda parts: parts[1].join(parts[0]) + parts[1] * parts[2]
)


def by_line(text: str, markdown: Markdown) -> tuple[list[tuple[int, int, str, str]], list[tuple[int, int]]]:
    """(first line, last line, marker, info) of fences and (line, level) of headings, counted in lines."""
    fences = [
        (text.count("\n", 0, fence.start), text.count("\n", 0, fence.end), fence.marker, fence.info)
        for fence in markdown.fences
    ]
    return fences, [(text.count("\n", 0, heading.start), heading.level) for heading in markdown.headings]


@settings(deadline=None, max_examples=1200)
@given(documents)
@example("```\n    ```\n# not\n```")
@example("``` a`b\n# heading")
@example("```\n````\n# heading")
@example("# a\n\n    # code\n\n\t```\n# b")
@example("##\r\ntext")
def test_the_same_fences_and_headings_as_markdown_it(text: str) -> None:
    tokens = MarkdownIt("commonmark").parse(text)
    last_line = text.count("\n")
    fences = []
    for token in tokens:
        if token.type == "fence":
            first, after = token.map
            # An unclosed fence reaches to the end of the text, with an empty last line if there is one.
            fences.append((first, after - 1, token.markup, token.info.strip()))
    headings = [
        (token.map[0], int(token.tag[1])) for token in tokens if token.type == "heading_open" and token.markup[0] == "#"
    ]
    markdown = scan(text)
    found, found_headings = by_line(text, markdown)
    assert found_headings == headings
    assert [each[0] for each in found] == [each[0] for each in fences]
    assert [each[2:] for each in found] == [each[2:] for each in fences]
    for fence, ours, theirs in zip(markdown.fences, found, fences, strict=True):
        assert ours[1] == (theirs[1] if fence.closed else last_line)
    contents = [token for token in tokens if token.type == "inline" and token.level == 1]
    titles = {token.map[0]: token.content for token in contents}
    for (line, _), heading in zip(found_headings, markdown.headings, strict=True):
        assert heading.title == titles.get(line, "")


CASES: list[tuple[str, list[tuple[str, bool]], list[str]]] = [
    # (text, (source, closed) of every fence, titles of headings)
    ("```\na\n```\n# b", [("```\na\n```", True)], ["b"]),
    ("~~~\n```\n# a\n~~~", [("~~~\n```\n# a\n~~~", True)], []),
    ("````\n```\n# a\n`````\n# b", [("````\n```\n# a\n`````", True)], ["b"]),
    ("```py\n# a\n``` x\n", [("```py\n# a\n``` x\n", False)], []),
    ("``` a`b\n# c", [], ["c"]),
    ("~~~ a`b~\n# c\n~~~", [("~~~ a`b~\n# c\n~~~", True)], []),
    ("```\r\n# a\r\n```\r\n# b\r\n", [("```\r\n# a\r\n```\r", True)], ["b"]),
    ("- a\n\n  ```\n  # b\n  ```\n# c", [("  ```\n  # b\n  ```", True)], ["c"]),
    ("1. a\n\n    ```\n    b\n    ```", [("    ```\n    b\n    ```", True)], []),
    ("- a\n  - b\n\n      ```\n      c\n      ```", [("      ```\n      c\n      ```", True)], []),
    ("- ```py\n  a\n  ```\n# c", [("- ```py\n  a\n  ```", True)], ["c"]),
    ("- a\n\ntext\n\n    ```\n# b", [], ["b"]),
    ("    ```\n# a", [], ["a"]),
    ("> ```\n> # a\n> ```\n# b", [("> ```\n> # a\n> ```", True)], ["b"]),
    ("> ```\n> a\n# b", [("> ```\n> a", True)], ["b"]),
    ("> > ```\n> > a\n> > ```", [("> > ```\n> > a\n> > ```", True)], []),
    ("```", [("```", False)], []),
    ("a\n```\n", [("```\n", False)], []),
    ("a ``` b\n# c", [], ["c"]),
    ("#hash\n#! /bin\n####### x", [], []),
    ("# a #b ##\n## \n#", [], ["a #b", "", ""]),
    ("```\n    ```\n# a\n```", [("```\n    ```\n# a\n```", True)], []),
]


@pytest.mark.parametrize(("text", "fences", "titles"), CASES, ids=[repr(case[0])[:30] for case in CASES])
def test_blocks(text: str, fences: list[tuple[str, bool]], titles: list[str]) -> None:
    markdown = scan(text)
    assert [(text[fence.start : fence.end], fence.closed) for fence in markdown.fences] == fences
    assert [heading.title for heading in markdown.headings] == titles
    for heading in markdown.headings:
        assert text[heading.start : heading.end].strip().startswith("#" * heading.level)


def test_in_fence() -> None:
    text = "a\n```\nb\n```\nc\n~~~\nd"
    markdown = scan(text)
    inside = "".join(char for index, char in enumerate(text) if markdown.in_fence(index))
    assert inside == "```\nb\n```~~~\nd"
    assert not markdown.in_fence(-1)
