"""What a picture of success rates shows."""

from __future__ import annotations

from datetime import date

from promptbits.cli.facts.grouping import rows
from promptbits.cli.facts.plot.chart import chart
from promptbits.cli.facts.plot.scene import Area, Dot, Stroke, scene
from promptbits.facts.statistics import combine
from promptbits.facts.store import Summary

TODAY = date(2026, 11, 20)


def summary(day: str = "2026-11-20", **fields: object) -> Summary:
    given = {"prompt_id": "one", "content_sha256": "", "variant": "", "model": "", "day": day} | fields
    return Summary(**given)  # pyright: ignore


def line_days(*days: int) -> list[Summary]:
    return [summary(f"2026-11-{day:02}", successes=day % 3 + 1, failures=1) for day in days]


def test_a_day_without_conversations_breaks_the_line() -> None:
    drawn = chart(rows(line_days(10, 11, 13, 15, 16), "prompt", {}), "one", date(2026, 11, 8), TODAY)
    assert [point.bin for point in drawn.lines[0].points] == [2, 3, 5, 7, 8]
    shapes = scene(drawn).shapes
    assert sum(isinstance(each, Dot) for each in shapes) == 5
    assert sum(isinstance(each, Area) and each.opacity < 1 for each in shapes) == 3
    assert sum(isinstance(each, Stroke) and each.width > 1 for each in shapes) == 2


def test_weeks_add_up_their_days() -> None:
    found = [summary("2026-01-01", successes=1), *line_days(18, 19, 20)]
    drawn = chart(rows(found, "prompt", {}), "one", None, TODAY)
    assert drawn.days == 7
    assert sum(point.conversations for point in drawn.lines[0].points) == combine(found).conversations


def test_more_lines_than_colours_are_told() -> None:
    found = rows([summary(prompt_id=f"p{n}", successes=n + 1) for n in range(9)], "prompt", {})
    drawn = chart(found, "all", None, TODAY)
    assert [line.label for line in drawn.lines] == ["p8", "p7", "p6", "p5", "p4", "p3"]
    assert drawn.left_out == ["3 more rows are not drawn: only those with the most conversations"]


def test_days_to_come_are_not_in_the_picture() -> None:
    found = rows([*line_days(20), summary("2027-01-01", successes=5)], "prompt", {})
    drawn = chart(found, "one", None, TODAY)
    assert [point.conversations for point in drawn.lines[0].points] == [4]
