"""Inlay hints: the default of each placeholder, an estimate of the tokens of the content, and what is measured.

They stand behind the placeholder, behind the key `content`, and behind the confidence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from promptbits.checks.content import CHARACTERS_PER_TOKEN
from promptbits.checks.snapshot import Snapshot
from promptbits.language.hover.content import estimated_tokens
from promptbits.language.markup import code, counted, printable, prose
from promptbits.language.measured.hint import measured_hint
from promptbits.language.target import decoded_offset
from promptbits.prompts.render import as_text

HintKind = Literal["default", "tokens", "measured"]

# Editors do not draw what is far out on a long line.
FARTHEST: Final = 10_000
_LONGEST: Final = 20


@dataclass(frozen=True, slots=True)
class Hint:
    """A label to draw at an offset; its tooltip is Markdown without links, images and HTML, whatever a prompt says."""

    offset: int
    label: str
    tooltip: str
    kind: HintKind


def hints(snapshot: Snapshot, start: int, end: int, farthest: int | None = FARTHEST) -> list[Hint]:
    """The hints in a range, in order.

    Args:
        snapshot: the prompt.
        start: where the range starts.
        end: where it ends; a hint that stands exactly there counts.
        farthest: how far into its line of the file a hint may stand; None for a view with lines of its own.
    """
    found = [*_defaults(snapshot, start, end), *_size(snapshot), *_measured(snapshot)]
    return sorted(
        (hint for hint in found if start <= hint.offset <= end and _is_near(snapshot, hint.offset, farthest)),
        key=lambda hint: hint.offset,
    )


def _is_near(snapshot: Snapshot, offset: int, farthest: int | None) -> bool:
    if farthest is None:
        return True
    lines = snapshot.document.lines
    return offset - lines.span(lines.line_of(offset))[0] <= farthest


def _defaults(snapshot: Snapshot, start: int, end: int) -> Iterator[Hint]:
    node, variables = snapshot.content_node, snapshot.variables
    if node is None or not variables or end < node.start or start > node.end:
        return
    first, last = decoded_offset(node, max(start, node.start)), decoded_offset(node, min(end, node.end))
    words: dict[str, tuple[str, str]] = {}
    for use in snapshot.placeholders:
        spec = variables.get(use.name, {})
        if first <= use.end <= last + 1 and "default" in spec:
            label, tooltip = words.get(use.name) or words.setdefault(use.name, _words(use.name, spec))
            yield Hint(node.source_offset(use.end), label, tooltip, "default")


def _words(name: str, spec: dict[str, Any]) -> tuple[str, str]:
    """The label of a default, and what is known of its variable."""
    default, kind, description = spec["default"], spec.get("type"), spec.get("description")
    value = as_text(default)
    blocks = [f"Variable {code(name)} · {code(kind) if isinstance(kind, str) else '`string`, the default type'}"]
    if isinstance(description, str) and description.strip():
        blocks.append(prose(description))
    blocks.append(f"Default: {code(value, 300)}; it fills in where no value is given")
    shown = printable(value[: _LONGEST + 1]) or '""'
    return f" = {shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + '…'}", "\n\n".join(blocks)


def _size(snapshot: Snapshot) -> Iterator[Hint]:
    """An estimate of the tokens; none while the content cannot be read to its end, for it would be false."""
    member = snapshot.document.tree.find_member(("content",))
    if member is None or not snapshot.content.strip() or not snapshot.content_is_whole:
        return
    characters = len(snapshot.content)
    about = estimated_tokens(characters)
    tooltip = (
        f"About {counted(about, 'token')}: an estimate from {counted(characters, 'character')} of content at "
        f"{CHARACTERS_PER_TOKEN} characters per token, before placeholders are filled in. Nothing was measured: models "
        "count differently, and text in other languages than English takes more."
    )
    yield Hint(member.key.end, f" ≈ {counted(about, 'token')}", tooltip, "tokens")


def _measured(snapshot: Snapshot) -> Iterator[Hint]:
    found = measured_hint(snapshot)
    if found is not None:
        yield Hint(*found, "measured")
