"""`promptbits/library`: every prompt of every root, with what is wrong with it and what is measured of it.

What it takes is gathered a moment at a time, so that nobody who types waits for a large library.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import aclosing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final, cast

import orjson

from promptbits.facts.ids import content_sha256
from promptbits.facts.view import FactsView
from promptbits.language.measured.listing import Listed, listed
from promptbits.lsp.checking.library_checks import Found, LibraryChecks, Pace
from promptbits.lsp.rpc import messages
from promptbits.lsp.state.reading import document_on_disk
from promptbits.lsp.state.roots import RootState
from promptbits.lsp.state.session import Session
from promptbits.lsp.values.convert import Json
from promptbits.lsp.values.uris import uri_of
from promptbits.prompts.entry import Entry

LIBRARY: Final = "promptbits/library"

# What the answer says of a prompt, beside what is measured of its text: that is for who knows the facts.
Shown = tuple[Entry | None, tuple[int, int], str | None]


class Library:
    """Answers the request.

    Args:
        session: knows the roots.
        checks: finds out what is wrong with their prompts.

    Attributes:
        answered: what the client was told last of each prompt, by path.
    """

    def __init__(self, session: Session, checks: LibraryChecks) -> None:
        self._session = session
        self._checks = checks
        self._shipped: dict[str, str | None] = {}
        self.answered: dict[str, Shown] = {}

    async def answer(self, _params: Any) -> Json:
        """All roots with their prompts, those of the workspace first."""
        await self._session.configured.wait()
        await self._session.facts_known()
        by_root: dict[Path, list[Found]] = {}
        async with self._checks.turn, aclosing(self._checks.run(_EVERYTHING, _nobody, disk=True)) as run:
            async for found in run:
                if found.root is not None:
                    by_root.setdefault(found.root, []).append(found)
        roots, self.answered = list[Json](), {}
        for state in self._roots(by_root):
            prompts = await self._prompts(state, by_root.get(state.root.path, []))
            # Encoded already: at one go that would take long.
            encoded = orjson.Fragment(b"[" + b",".join(prompts) + b"]")
            roots.append({"uri": uri_of(state.root.path), "name": state.root.path.name, "prompts": encoded})
        return {"roots": roots}

    def _roots(self, by_root: dict[Path, list[Found]]) -> list[RootState]:
        """The roots of the workspace folders in their order, then others that have prompts."""
        first = dict.fromkeys(self._session.roots.of(each / "any.json") for each in self._session.roots.folders)
        others = (state for state in self._session.roots.states() if state not in first and state.root.path in by_root)
        return [*first, *others]

    async def _prompts(self, state: RootState, own: Iterable[Found]) -> list[bytes]:
        shipped = await self._shipped_prompts(state)
        pace, today = Pace(), datetime.now(UTC).date()
        prompts: list[bytes] = []
        for found in (*own, *shipped):
            entry = state.library.by_path(found.path)
            if entry is not None:  # else gone meanwhile
                self.answered[found.path] = entry, found.problems, found.text
                prompts.append(messages.encode(_prompt(state, entry, found, today), str))
            if pace.is_over():
                await pace.rest()
        return prompts

    async def _shipped_prompts(self, state: RootState) -> list[Found]:
        """What ships with the package; none of it where it is the root's own."""
        paths = [entry.path for entry in self._session.roots.shipped_only().entries()]
        paths = [path for path in paths if (entry := state.library.by_path(path)) and entry.layer == "shipped"]
        if not self._shipped and paths:
            self._shipped = await asyncio.to_thread(lambda: dict(_texts(paths)))
        return [Found(path, None, b"", text=self._shipped.get(path)) for path in paths]


class _Everything:
    """Holds whatever there is."""

    def __contains__(self, _item: object) -> bool:
        return True


_EVERYTHING: Final = _Everything()


def _nobody(_done: int, _total: int) -> None:
    """Nobody watches how far it is."""


def _texts(paths: Iterable[str]) -> Iterator[tuple[str, str | None]]:
    for path in paths:
        document = document_on_disk(path)
        value: object = document.value if document is not None else None
        content = cast("Json", value).get("content") if isinstance(value, dict) else None
        yield path, content_sha256(content) if isinstance(content, str) else None


def _prompt(state: RootState, entry: Entry, found: Found, today: date) -> Json:
    errors, warnings = found.problems
    served = state.library.served(entry.id)
    is_served = served is None or served.path == entry.path
    measured = _measured(state.facts, entry, found.text, today, is_served=is_served)
    return {
        "uri": found.uri or uri_of(entry.path),
        "id": entry.id,
        "description": entry.description or None,
        "layer": "builtin" if entry.layer == "shipped" else entry.layer,
        "shipped": entry.layer == "shipped",
        "shadowed": not is_served,
        "category": entry.category or None,
        "tags": entry.tags,
        "parent": entry.parent or None,
        "revision": entry.revision,
        "problems": {"errors": errors, "warnings": warnings},
        "measured": measured and measured._asdict(),
    }


def _measured(
    facts: FactsView | None, entry: Entry, text: str | None, today: date, *, is_served: bool
) -> Listed | None:
    if facts is None or not entry.id:
        return None
    return listed(facts.measured(entry.id), text, today, is_served=is_served)
