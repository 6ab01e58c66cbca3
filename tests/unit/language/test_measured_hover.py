"""Hovering over the id and the confidence: a row for each text, the trend, and the document of all statistics."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from markdown_it import MarkdownIt
from measured_prompts import row, shot, text_of, timed

from promptbits.facts.store import Summary
from promptbits.language.hover import hover
from promptbits.language.measured.report import report
from promptbits.language.measured.table import describe_measurements

TEXT, TODAY = "Say hello.", date(2026, 11, 20)
TABLES = MarkdownIt("js-default")


def cells(markdown: str) -> list[list[str]]:
    """The rows of the tables in some Markdown, as a reader of it finds them."""
    rows: list[list[str]] = []
    for token in TABLES.parse(markdown):
        if token.type == "tr_open":
            rows.append([])
        if token.type == "inline" and token.level >= 4 and rows:
            rows[-1].append(token.content)
    return [each for each in rows if each]


def said(text: str, *rows: Summary) -> list[str]:
    return describe_measurements(shot(text, *rows), TODAY)


def test_a_row_for_each_text_with_all_that_is_measured() -> None:
    full = row(
        "greet", TEXT, 90, 100, revision=2,
        input_tokens=90_000, input_counted=100, output_tokens=20_500, output_counted=100,
        cost_pico_usd=300_000_000_000, priced=100, rating_milli=42_000, rated=10,
    )  # fmt: skip
    full = replace(full, latency=timed(full, 840))
    rows = (
        full,
        row("greet", "Older.", 5, 10, revision=1, last_seen=5),
        row("greet", "", 1, 3),
        row("base", "Say.", 80, 100, revision=1),
    )
    table = cells(said(text_of(), *rows)[0])
    assert table[0] == [
        "text", "conversations", "success", "p50", "p95", "tokens in + out", "cost", "rating", "last seen",
    ]  # fmt: skip
    assert [each[0].partition(" (")[2].rstrip(")") or each[0] for each in table[1:]] == [
        "this text", "parent", table[3][0], "text unknown",
    ]  # fmt: skip
    assert table[1][1:] == [
        "100", "90.0 % [82.6–94.5]", "827 ms", "827 ms", "900 + 205", "$0.003", "★ 4.2", "2026-11-20 16:00",
    ]  # fmt: skip
    assert table[4][1:] == ["3", "33.3 % [6.1–79.2]", "–", "–", "–", "–", "–", "2026-11-20 16:00"]


def test_many_texts_are_counted() -> None:
    rows = [row("greet", f"Text {number}.", 1, 2, last_seen=number) for number in range(9)]
    found = said(text_of(), *rows)
    assert len(cells(found[0])) == 7
    assert found[1] == "and 3 more texts"
    assert len(cells(report(shot(text_of(), *rows), TODAY).partition("## By text")[2].partition("##")[0])) == 10


def test_the_trend_has_a_character_for_each_day_and_a_dot_where_nothing_is_known() -> None:
    rates = {0: (10, 10), 1: (0, 10), 2: (5, 10), 4: (0, 0), 29: (7, 8), 30: (1, 1), 31: (0, 1)}
    rows = [
        row("greet", TEXT, good, all_, day=(TODAY - timedelta(days=back)).isoformat(), executions=3)
        for back, (good, all_) in rates.items()
    ]
    last = said(text_of(), *rows)[-1]
    assert last == f"Success of this text in 30 days up to 2026-11-20: `█{'·' * 26}▅▁█`"


def test_a_changed_text_shows_what_belongs_to_the_text_before() -> None:
    found = said(text_of(), row("greet", "Before.", 90, 100))
    assert "(the text before)" in cells(found[0])[1][0]
    assert found[1] == "Nothing is measured of the text as it stands: these numbers belong to other texts"
    assert found[2].startswith("Success of the text before in 30 days")


def test_nothing_measured_nothing_said() -> None:
    assert said(text_of()) == []
    assert said(text_of(), row("base", "Say.", 1, 2)) == []
    assert report(shot(text_of()), TODAY) == "# What is measured of `greet`\n\nNothing yet.\n"
    assert report(shot("{"), TODAY).startswith("# What is measured\n")


@pytest.mark.parametrize("where", ['"id"', '"gre', '"confidence"', "0.9"])
def test_it_is_shown_on_the_id_and_on_the_confidence(where: str) -> None:
    text = text_of()
    found = hover(shot(text, row("greet", TEXT, 90, 100)), text.index(where) + 1)
    assert found is not None
    assert "| 100 | 90.0 % [82.6–94.5] |" in found.markdown
    bare = hover(shot(text), text.index(where) + 1)
    assert bare is not None
    assert found.markdown.startswith(bare.markdown)


def test_names_that_applications_give_do_not_break_the_tables() -> None:
    names = ["a|b", "](x)`", "<b>", "c\nd", "", "\u202e"]
    rows = [row("greet", TEXT, 1, 2, model=name, variant=name[::-1]) for name in names]
    text = report(shot(text_of(), *rows), TODAY)
    assert {len(each) for each in cells(text)} == {9}
    assert not {"link_open", "html_inline", "image"} & {
        child.type for token in TABLES.parse(text) for child in token.children or ()
    }


def test_wherever_it_is_cut_nothing_fails() -> None:
    text = text_of()
    rows = (row("greet", TEXT, 90, 100), row("base", "Say.", 90, 100))
    for end in range(0, len(text), 2):
        own = shot(text[:end], *rows)
        assert report(own, TODAY).endswith("\n")
        describe_measurements(own, TODAY)
