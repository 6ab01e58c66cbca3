"""Markdown that a proposal breaks is told from Markdown that it merely changes, or that was broken before."""

from __future__ import annotations

import pytest

from promptbits.optimize.filters import BasisFilter
from promptbits.optimize.terms import Basis


def codes(before: str, after: str) -> list[str]:
    """The codes of the rejections of a text, proposed for another."""
    return [each.code for each in BasisFilter(Basis(before)).check(after)]


BROKEN = [
    ("# One\n\nDo it.", "##One\n\nDo it."),
    ("## One\n\nDo it.", "## One\n\n##\n\nDo it."),
    ("Do it.\n\n## One\n\nTwo.", "Do it. ## One\n\nTwo."),
    ("Do it.\n\n---\n\nTwo.", "Do it all.\n---\n\nTwo."),
    ("See [this](a.md).", "See this: a.md."),
    ("See [this](https://a.b/c).", "See [this] (https://a.b/c)."),
    ("See [this](https://a.b/c).", "See [this](https://a.b/c and more."),
    ("Do it.", "Do it [now](over there."),
    ("Do **all** of it.", "Do **all of it."),
    ("Do **all** of it.", "Do all** of it now."),
    ("Do *all* of it.", "Do *all of it."),
    ("Do __all__ of it.", "Do __all of it."),
    ("**A** b.\n\nC **d**.", "**A** b **c.\n\nD** e **f**."),
    ("Do it.", "Do it:\n\n```\ncode"),
    ("Read <<a>>.", "Read `<<a>>` now."),
    ("Read <<a>>.", "Read:\n\n    <<a>>\n"),
    ("Read:\n\n<<a>>", "Read:\n\n```\n<<a>>\n```"),
    ("<in>\n<<a>>\n</in>\n\nGo.", "<in>\n<<a>>\n\nGo on."),
    ("Read it.", "<in>\nRead it."),
]
WHOLE = [
    ("# One\n\nDo it.", "## First\n\nDo it."),
    ("##One\n\nDo it.", "##One\n\nDo it now."),
    ("**Rules**\n\nDo it.", "## Rules\n\nDo it."),
    ("Do it.", "Do **all** of it, *now*, in __every__ **_case_**."),
    ("Do it in *.ts and src/**/*.py.", "Do it now in *.ts and src/**/*.py."),
    ("See https://a.b/c.", "See [this](https://a.b/c)."),
    ("See [a](b.md) and [c](d.md).", "See [first](d.md), then [second](b.md)."),
    ("Read <<a>>.", "Read this:\n\n<a>\n<<a>>\n</a>"),
    ("Read `<<a>>`.", "First, read `<<a>>`."),
    ("Call `a\nb` now.", "Then call `a b`."),
    ("Do it. Then stop.", "- Do it.\n- Then stop.\n\n---\n\nThat is all."),
    ("---\ntitle: a\n---\n\nDo it.", "---\ntitle: a\n---\n\nDo it now."),
]


@pytest.mark.parametrize(("before", "after"), BROKEN)
def test_broken_markdown_is_rejected(before, after):
    assert "markdown" in codes(before, after)


@pytest.mark.parametrize(("before", "after"), WHOLE)
def test_whole_markdown_is_not(before, after):
    assert codes(before, after) == []
