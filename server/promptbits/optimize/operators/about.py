"""What a prompt is about, and what it says already: nothing is added that is there in other words."""

from __future__ import annotations

import re
from typing import Final

from promptbits.optimize.operators.view import View

OPENING: Final = 1500  # characters in which a prompt says who is to do what
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z+#./ -]{0,39}")
KINDS: Final = ("Framework", "Language", "BuildSystem", "Infrastructure")
# What a trigger names beside the technology: nobody is a developer of Django Models.
_TOPIC: Final = re.compile(
    r" (?:Models|Queries|Components|Indexing|Indexes|Server Actions|Server Components|App Router|Hooks|Schemas?|"
    r"Testing|Tests|Development|Sessions|Guidelines|Best Practices|Patterns|Migrations|Styling|Routing|Caching)\Z"
)
_LONGEST_NAME: Final = 3


def technology(view: View) -> str | None:
    """The technology the prompt is about, if it can stand in a sentence: no number, for numbers are never added."""
    kind, name = view.basis.trigger or ("", "")
    if kind not in KINDS or not _NAME.fullmatch(name):
        return None
    name = _TOPIC.sub("", _TOPIC.sub("", name))
    return name if len(name.split()) <= _LONGEST_NAME else None


def mentions(view: View, pattern: str, *, headings: bool = False) -> bool:
    """Whether the text, or one of its headings, holds a pattern, in whatever letters."""
    words = "\n".join(each.title for each in view.markdown.headings) if headings else view.text
    return re.search(pattern, words, re.IGNORECASE | re.MULTILINE) is not None
