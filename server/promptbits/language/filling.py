"""A prompt filled in with values, as far as they go: what an author sees before an application does."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NoReturn, cast

from promptbits.checks.snapshot import Snapshot
from promptbits.prompts.render import RenderError, flatten, render

TYPES: Final = ("string", "number", "integer", "boolean", "array")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a prompt does not render: the variable that it is about, if any, and words for the author.

    `is_missing` where a value is all that lacks: no mistake of whoever has not come to it yet.
    """

    variable: str | None
    message: str
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class Filled:
    """A prompt with values filled in. Where there is a problem, its placeholder stands as it is."""

    text: str
    problems: tuple[Problem, ...]

    @property
    def complete(self) -> bool:
        """Whether an application with these values would get this very text."""
        return not self.problems


def variables(snapshot: Snapshot) -> Iterator[tuple[str, dict[str, Any] | None]]:
    """The variables of a prompt: those that are declared, in their order, then others in the order of their use."""
    declared = snapshot.variables or {}
    yield from declared.items()
    for name in dict.fromkeys(each.name for each in snapshot.placeholders):
        if name not in declared:
            yield name, None


def filled(snapshot: Snapshot, values: Mapping[str, Any]) -> Filled:
    """Fill in values, and defaults where there is none.

    Each variable is rendered for itself, by the rules of `prompts.render`: one that is wrong does not hide the others.
    """
    declared, given = snapshot.variables or {}, dict(flatten(values))
    used = {each.name for each in snapshot.placeholders}
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for name, own in variables(snapshot):
        some = {name: given[name]} if name in given else {}
        try:
            # The content of a variable for itself is one placeholder; one that stands nowhere is looked at, too.
            texts[name] = render(f"<<{name}>>" if name in used else "", {} if own is None else {name: own}, some)
        except RenderError as error:
            is_missing = name not in given and "default" not in (own or {})
            problems.append(Problem(name, str(error), is_missing))
    for name in sorted(given.keys() - used - declared.keys()):
        try:
            render("", {}, {name: given[name]})
        except RenderError as error:
            problems.append(Problem(name, str(error)))
    reason = _unreadable(snapshot)
    if reason:
        problems.append(Problem(None, reason))
    known = {name: {"default": texts[name]} if name in texts else {} for name in declared}
    more = {name: text for name, text in texts.items() if name not in declared}
    return Filled(render(snapshot.content, known, more, partial=True), tuple(problems))


def _unreadable(snapshot: Snapshot) -> str:
    """Why an application could not load the prompt, or would load another content; empty where it can."""
    if snapshot.content_node is None:
        return "this prompt has no content that can be read"
    if not snapshot.content_is_whole:
        return "the content cannot be read to its end: a quote is missing or stray"
    return "" if snapshot.is_json else "the JSON is broken, so that no application can load this prompt"


def typed(snapshot: Snapshot, values: Mapping[str, Any]) -> dict[str, Any]:
    """What somebody typed into a form as the values that it stands for.

    An empty field is no value. A number is read as JSON has it, a boolean is `true` or `false`, and an array is JSON,
    or one item per line, or else items between commas. What cannot be read so stays as it is, and does not fit.
    """
    declared = snapshot.variables or {}
    return {
        name: _read(value, declared.get(name, {}).get("type")) if isinstance(value, str) else value
        for name, value in values.items()
        if value != ""
    }


def _read(text: str, kind: Any) -> Any:
    plain = text.strip()
    match kind:
        case "number" | "integer":
            value = _json(plain)
            return value if isinstance(value, int | float) and not isinstance(value, bool) else text
        case "boolean":
            return {"true": True, "false": False}.get(plain.lower(), text)
        case "array":
            if plain.startswith("["):
                value = _json(plain)
                return cast("list[Any]", value) if isinstance(value, list) else text
            items = text.splitlines() if "\n" in plain else plain.split(",")
            return [item.strip() for item in items if item.strip()]
        case _:
            return text


def _json(text: str) -> Any:
    """A JSON value with finite numbers; None for anything else."""
    try:
        value = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _refuse(_name: str) -> NoReturn:
    raise ValueError
