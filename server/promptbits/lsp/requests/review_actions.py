"""Better versions of a prompt as code actions: each runs a command, since none has an edit before somebody decides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from promptbits.language.actions import wants
from promptbits.language.reviewing.offers import Offer, Verb, decisions, optimizations
from promptbits.lsp.requests.reviewing import ACCEPT, OPTIMIZE, PROMOTE, REBASE, REJECT, SHOW_REVIEW
from promptbits.lsp.state.reviewed import placed
from promptbits.lsp.state.session import Session
from promptbits.lsp.state.surface import Surface
from promptbits.lsp.values.convert import Json

_COMMANDS: Final[dict[Verb, str]] = {
    "optimize": OPTIMIZE,
    "show": SHOW_REVIEW,
    "accept": ACCEPT,
    "reject": REJECT,
    "rebase": REBASE,
    "promote": PROMOTE,
}


class ReviewActions:
    """What can be asked for, and what can be decided."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def list(self, surface: Surface, start: int, end: int, only: list[str] | None) -> list[Json]:
        """The actions for a range of a prompt."""
        kinds = None if only is None else tuple(only)
        return [self._item(surface, each) for each in self._offers(surface, start, end) if wants(kinds, each.kind)]

    def _offers(self, surface: Surface, start: int, end: int) -> Iterator[Offer]:
        place = placed(self._session, surface)
        if place is None:
            return
        client = self._session.client
        can: dict[Verb, bool] = {
            "show": client.show_documents,
            "accept": client.apply_edits,
            "promote": client.apply_edits,
        }
        yield from (each for each in decisions(place.snapshot, place.reviews) if can.get(each.verb, True))
        yield from optimizations(place.snapshot, start, end)

    def _item(self, surface: Surface, offer: Offer) -> Json:
        command = {
            "title": offer.title,
            "command": _COMMANDS[offer.verb],
            "arguments": [surface.uri, *offer.arguments],
        }
        return {"title": offer.title, "kind": offer.kind, "command": command}
