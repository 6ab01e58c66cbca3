"""Words for messages: what was meant, and how long a quotation may be."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from promptbits.prompts.words import Words


def near(word: Any, known: Iterable[str]) -> str | None:
    """The known word that a mistyped one most likely stands for."""
    return Words(known).near(word)


def kebab_case(text: str) -> str:
    """A text as lower-case words joined by hyphens; empty where nothing remains."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", text)
    plain = unicodedata.normalize("NFKD", spaced).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain.lower()))


def shown(text: str, most: int = 60) -> str:
    """A piece of the file, fit for a message: short, and on one line."""
    return printable(text if len(text) <= most else text[: most - 1] + "…")


def printable(text: str) -> str:
    """A text with U+FFFD for line breaks, controls, lone surrogates and all else that has no shape."""
    return text if text.isprintable() else "".join(char if char.isprintable() else "\ufffd" for char in text)
