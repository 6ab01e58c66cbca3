"""What a template says, so that two of them can be compared: a refactoring must not change it."""

from __future__ import annotations

from collections.abc import Container, Mapping

from promptbits.text import markdown
from promptbits.text.placeholders import Placeholder, pieces

# Text as it is rendered, and between two texts the name of a variable.
Meaning = list[str]


def meaning(content: str, declared: Container[str], known: Mapping[str, str] | None = None) -> Meaning:
    """The texts and variables of a template in turns, starting and ending with a text.

    Two templates with the same meaning render the same for all values of their variables.

    Args:
        content: the decoded template.
        declared: the declared names, on which depends what counts in fenced code.
        known: variables whose text is put in.
    """
    turns: Meaning = []
    text: list[str] = []
    done = 0
    for piece in pieces(content, markdown.scan(content).fences, declared):
        text.append(content[done : piece.start])
        done = piece.end
        if not isinstance(piece, Placeholder):
            text.append(piece.shown)
        elif known and piece.name in known:
            text.append(known[piece.name])
        else:
            turns += ["".join(text), piece.name]
            text.clear()
    text.append(content[done:])
    return [*turns, "".join(text)]
