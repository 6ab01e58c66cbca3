"""Versions of the technology: what is one, and what was meant by what is not."""

from __future__ import annotations

import pytest

from promptbits.prompts.versions import is_version, suggestion

VERSIONS = [
    "*",
    "1",
    "14.2",
    "1.2.3.4",
    "4.x",
    "14.2.x",
    "14.0+",
    "3+",
    ">=3.2,<4",
    ">=3.2, <4",
    ">= 3.2",
    "==1",
    "!=2",
    ">1,<3,!=2",
]
NOT_VERSIONS = [
    "", " ", "x", "latest", "v1", "1.", ".1", "1..2", "1.2.3.4.5", "1.x.2", "1.x+", "1.*", "1 +", "14.0 +",
    "^1.2", "~1.2",
    ">=3.2 <4", ">=3.2,", ",<4", "=1", "1-2", "1 - 2", "1.2-beta", "*+", "1\n", "１", ">=x", "1,2", "**",
]  # fmt: skip


@pytest.mark.parametrize("text", VERSIONS)
def test_these_are_versions(text: str) -> None:
    assert is_version(text)


@pytest.mark.parametrize("text", NOT_VERSIONS)
def test_these_are_not(text: str) -> None:
    assert not is_version(text)
    meant = suggestion(text)
    assert meant is None or is_version(meant)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("v14", "14"),
        ("V1.2", "1.2"),
        (" 14.2 ", "14.2"),
        ("1.*", "1.x"),
        ("latest", "*"),
        ("Any", "*"),
        (">=3.2 <4", ">=3.2,<4"),
        ("14.0 +", "14.0+"),
        ("14 and newer", "14+"),
        ("3.9 or later", "3.9+"),
        ("^1.2", None),
        ("next year", None),
        ("1" + " " * 300_000 + "a", None),
    ],
    ids=lambda value: repr(value)[:20],
)
@pytest.mark.timeout(20)
def test_suggestions(text: str, meant: str | None) -> None:
    assert suggestion(text) == meant
