"""`promptbits/statistics`: what is measured of a prompt and its lineage, as numbers to draw."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any, Final

from promptbits.facts.intervals import Interval
from promptbits.facts.statistics import Statistics as Numbers
from promptbits.language.measured.lineage import MOST_DAYS, Lineage, MeasuredText, lineage
from promptbits.lsp.requests.named import prompt_in
from promptbits.lsp.rpc.errors import InvalidParamsError
from promptbits.lsp.state.session import Session
from promptbits.lsp.values.convert import Json
from promptbits.lsp.values.parameters import table, text_in
from promptbits.prompts.root import stem

STATISTICS: Final = "promptbits/statistics"

_MILLI: Final = 1e3


class Statistics:
    """Answers the request."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def answer(self, params: Any) -> Json:
        """The texts of a lineage, and the days of one of them.

        Raises:
            RequestFailedError: there is no such prompt.
        """
        text, id_ = (table(params).get(name) for name in ("contentSha256", "id"))
        if not all(each is None or isinstance(each, str) for each in (text, id_)):
            raise InvalidParamsError
        await self._session.library_read(text_in(params, "uri"))
        await self._session.facts_known()
        snapshot = prompt_in(self._session, params)
        found = await asyncio.to_thread(lineage, snapshot, text, id_)
        own = snapshot.prompt.get("id")
        name = own if isinstance(own, str) else stem(snapshot.path) if snapshot.path else ""
        return self._written(name, found, text)

    def _written(self, id_: str, found: Lineage, text: str | None) -> Json:
        shown = found.shown
        days = list(shown.days.items())[-MOST_DAYS:] if shown is not None else []
        return {
            "id": id_,
            "texts": [self._text(each) for each in found.texts],
            "days": [
                {"day": day, **_rate(each), "executions": each.executions, "latency": _latency(each)}
                for day, each in days
            ],
            "contentSha256": shown.text if shown is not None else text,
            "notes": list(found.notes),
        }

    def _text(self, each: MeasuredText) -> Json:
        numbers = each.statistics
        return {
            "id": each.id,
            "revision": each.revision,
            "uri": self._session.address(each.path) if each.path is not None else None,
            "contentSha256": each.text,
            "current": each.is_current,
            **_rate(numbers),
            "executions": numbers.executions,
            "latency": _latency(numbers),
            "rating": {"count": numbers.rated, "mean": numbers.rating},
            "inputTokens": numbers.input_tokens,
            "outputTokens": numbers.output_tokens,
            "cost": numbers.total_cost,
            "difference": _difference(each.difference),
            "firstSeen": each.first_day,
            "lastSeen": _time(numbers.last_seen),
        }


def _rate(numbers: Numbers) -> Json:
    rate = numbers.rate
    return {
        "conversations": numbers.conversations,
        "successes": numbers.successes,
        "rate": None if rate is None else rate.estimate,
        "low": None if rate is None else rate.low,
        "high": None if rate is None else rate.high,
    }


def _latency(numbers: Numbers) -> Json:
    return {"p50": numbers.p50, "p95": numbers.p95, "p99": numbers.p99}


def _difference(between: Interval | None) -> Json | None:
    return None if between is None else {"value": between.estimate, "low": between.low, "high": between.high}


def _time(milliseconds: int) -> str | None:
    if not milliseconds:
        return None
    return datetime.fromtimestamp(milliseconds / _MILLI, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
