"""How the rate of a text went of late: its last days beside those before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from promptbits.facts.ids import content_sha256
from promptbits.facts.intervals import newcombe
from promptbits.facts.store import Summary
from promptbits.facts.trend import HALF, changes
from promptbits.facts.view import FactsView, Measured
from promptbits.language.measured.listing import Trend, listed

TODAY = date(2026, 11, 20)
NOON = 1_795_176_000_000  # of that day
TEXT = content_sha256("Say it.")


def row(back: int, successes: int, failures: int, text: str = TEXT, **more: object) -> Summary:
    """The summary of a day so many days ago."""
    fields = {"executions": successes + failures, "last_seen": NOON - back * 86_400_000} | more
    day = (TODAY - timedelta(days=back)).isoformat()
    return Summary("p", text, "", "", day, successes=successes, failures=failures, **fields)  # type: ignore[arg-type]


def test_the_last_days_are_held_against_as_many_before() -> None:
    rows = [row(0, 5, 1), row(HALF - 1, 4, 0), row(HALF, 2, 7), row(2 * HALF - 1, 1, 3), row(2 * HALF, 100, 0)]
    assert changes(rows) == {TEXT: newcombe(9, 10, 3, 13)}


def test_the_last_day_is_the_last_one_with_an_outcome() -> None:
    rows = [row(0, 0, 0, executions=9), row(40, 5, 1), row(40 + HALF, 2, 7)]
    assert changes(rows) == {TEXT: newcombe(5, 6, 2, 9)}
    assert changes([row(0, 0, 0, executions=3)]) == {}
    assert changes([row(0, 5, 1), row(1, 2, 2)]) == {}, "nothing was known before"


@pytest.mark.parametrize(
    ("recent", "before", "back", "expected"),
    [
        ((90, 10), (60, 40), 0, "up"),
        ((60, 40), (90, 10), 0, "down"),
        ((80, 20), (80, 20), 0, "unknown"),
        ((800, 200), (800, 200), 0, "steady"),
        ((9, 1), (6, 4), 0, "unknown"),
        ((90, 10), (60, 40), HALF - 1, "up"),
        ((90, 10), (60, 40), HALF, "unknown"),
    ],
)
def test_a_trend_is_told_where_the_interval_can_tell(
    recent: tuple[int, int], before: tuple[int, int], back: int, expected: Trend
) -> None:
    measured = Measured.of_rows([row(back, *recent), row(back + HALF, *before)])
    found = listed(measured, TEXT, TODAY, is_served=True)
    assert found is not None
    assert found.trend == expected


def test_what_is_shown_is_of_the_text_before_where_nothing_is_measured_of_this_one() -> None:
    measured = Measured.of_rows([row(0, 3, 1)])
    found = listed(measured, content_sha256("Changed."), TODAY, is_served=True)
    assert found is not None
    assert (found.olderText, found.successes, found.conversations) == (True, 3, 4)
    assert listed(measured, content_sha256("Changed."), TODAY, is_served=False) is None
    assert listed(Measured(), TEXT, TODAY, is_served=True) is None
    unread = listed(measured, None, TODAY, is_served=True)
    assert unread is not None
    assert unread.olderText


def test_many_prompts_are_read_in_few_questions_and_once() -> None:
    asked: list[int] = []

    def read(ids: Sequence[str]) -> list[Summary]:
        known = sorted(ids)
        asked.append(len(known))
        return [Summary(each, TEXT, "", "", "2026-11-20", successes=1) for each in known]

    view = FactsView(read)
    ids = [f"p-{number}" for number in range(1000)]
    view.measured("p-7")
    view.read(ids)
    assert sum(asked) == 1000
    assert len(asked) <= 52
    assert all(view.measured(each).of(TEXT).successes == 1 for each in ids)
    view.read(ids)
    assert sum(asked) == 1000
