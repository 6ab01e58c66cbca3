"""How measured numbers are put together and written."""

from __future__ import annotations

import gc
import sys
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from facts_workspace import Memory
from hypothesis import given
from hypothesis import strategies as st

from promptbits.cli.facts.grouping import Text, ordered, rows
from promptbits.cli.facts.masking import masked
from promptbits.cli.facts.stats_report import columns, print_table
from promptbits.cli.facts.texts import Texts, lineage
from promptbits.cli.facts.times import moment, written
from promptbits.cli.facts.writing import written_whole
from promptbits.facts import wording
from promptbits.facts.interchange.csv_table import facts_of_table
from promptbits.facts.interchange.importing import Importer
from promptbits.facts.interchange.jsonl import facts_of_lines
from promptbits.facts.interchange.lines import lines
from promptbits.facts.intervals import Interval, wilson
from promptbits.facts.statistics import combine
from promptbits.facts.store import Summary
from promptbits.facts.trend import blocks, by_day, days_until
from promptbits.prompts.entry import Entry
from promptbits.prompts.library import Library

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 16, tzinfo=UTC)


def summary(day: str = "2026-11-20", **fields: object) -> Summary:
    given = {"prompt_id": "one", "content_sha256": "", "variant": "", "model": "", "day": day} | fields
    return Summary(**given)  # pyright: ignore


def test_a_trend_is_one_line_however_narrow_the_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    found = rows([summary(successes=1, content_sha256="0" * 64)], "revision", {})
    print_table(found, columns(found, "revision", TODAY, trend=True), "row")
    lines_ = capsys.readouterr().out.splitlines()
    assert any(f"{'·' * 29}█" in line for line in lines_)
    assert max(map(len, lines_)) <= 60


# Wording


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "cannot tell"),
        (0.01, "0.01 ms"),
        (4.2, "4.2 ms"),
        (9.96, "10 ms"),
        (840.4, "840 ms"),
        (999.4, "999 ms"),
        (999.6, "1.00 s"),
        (1234.0, "1.23 s"),
        (9_999.0, "10.0 s"),
        (59_900.0, "59.9 s"),
        (90_000.0, "1.5 min"),
    ],
)
def test_durations(value: float | None, words: str) -> None:
    assert wording.duration(value) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [(None, "cannot tell"), (0.0, "$0.00"), (0.0049, "$0.0049"), (0.1, "$0.10"), (1234.5, "$1,234.50")],
)
def test_money(value: float | None, words: str) -> None:
    assert wording.dollars(value) == words


def test_other_numbers() -> None:
    assert wording.rate(Interval(0.921, 0.904, 0.935)) == "92.1 % [90.4–93.5]"
    assert (
        wording.rate(wilson(0, 0)) == wording.stars(None) == wording.number(None) == wording.moment(0) == "cannot tell"
    )
    assert (wording.stars(4.26), wording.number(1203.6)) == ("★ 4.3", "1,204")
    assert wording.moment(1795190400000) == "2026-11-20 16:00"


@given(st.floats(0.01, 1e12))
def test_no_duration_is_written_with_an_exponent(value: float) -> None:
    number, _, unit = wording.duration(value).partition(" ")
    assert "e" not in number
    in_ms = float(number.replace(",", "")) * {"ms": 1, "s": 1000, "min": 60_000}[unit]
    assert in_ms == pytest.approx(value, rel=0.06)


# Trend


def test_the_trend_shows_rates_in_eighths_and_dots_for_what_nobody_knows() -> None:
    found = [
        summary("2026-11-20", successes=1),
        summary("2026-11-19", failures=1),
        summary("2026-11-18", successes=1, failures=1),
        summary("2026-11-17", executions=5),
        summary("2026-11-10", successes=9),
    ]
    days = days_until(TODAY, 5)
    assert days == ["2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19", "2026-11-20"]
    assert blocks(by_day(found, days)) == "··▅▁█"


# Times


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("2026-11-20", "2026-11-20T00:00:00.000Z"),
        ("2026-11-20T16:00:00+01:00", "2026-11-20T15:00:00.000Z"),
        ("2026-11-20 16:00", "2026-11-20T16:00:00.000Z"),
        ("30d", "2026-10-21T16:00:00.000Z"),
        ("12h", "2026-11-20T04:00:00.000Z"),
        ("2w", "2026-11-06T16:00:00.000Z"),
    ],
)
def test_times_as_people_type_them(text: str, when: str) -> None:
    assert written(moment(text, NOW)) == when


@pytest.mark.parametrize("text", ["", "d", "-3d", "3 d", "yesterday", "2026-13-01", "999999w"])
def test_what_is_no_time(text: str) -> None:
    with pytest.raises((ValueError, OverflowError)):
        moment(text, NOW)


# Rows


def test_rows_of_a_prompt_are_those_of_its_texts() -> None:
    found = rows(
        [
            summary(successes=1),
            summary(content_sha256="a" * 64, revision=1, successes=2, last_seen=1),
            summary("2026-11-19", content_sha256="a" * 64, revision=2, successes=3, last_seen=2),
            summary(content_sha256="b" * 64, failures=1),
        ],
        "revision",
        {"one": Text("c" * 64, 4)},
    )
    assert [row.label for row in found] == ["r4 cccccccc (this text)", "r2 aaaaaaaa", "r? bbbbbbbb", "text unknown"]
    assert [row.statistics.conversations for row in found] == [0, 5, 1, 1]
    assert found[0].statistics.is_empty


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3), st.integers(0, 3)), max_size=8))
def test_no_row_loses_or_doubles_a_conversation(data: list[tuple[str, int, int]]) -> None:
    given = [summary(prompt_id=id_, model=id_, successes=won, failures=lost) for id_, won, lost in data]
    for by in ("prompt", "revision", "model", "variant", "day"):
        found = rows(given, by, {})
        assert sum(row.statistics.conversations for row in found) == combine(given).conversations
        assert sorted(row.label for row in ordered(found, "success")) == sorted(row.label for row in found)


# Texts of revisions


def entry(id_: str, parent: str = "", revision: int = 1) -> Entry:
    return Entry(f"/p/{id_}.json", "learned", id_, parent=parent, revision=revision)


def test_the_lineage_is_everything_that_comes_from_the_same_base() -> None:
    library = Library.of([entry("a"), entry("b", "a", 2), entry("c", "a", 3), entry("d", "b", 4), entry("x")])
    for id_ in "abcd":
        assert sorted(each.id for each in lineage(library, library.by_id(id_)[0])) == [*"abcd"]


def test_a_lineage_that_goes_in_a_circle_ends() -> None:
    library = Library.of([entry("a", "b"), entry("b", "a", 2), entry("c", "c")])
    assert sorted(each.id for each in lineage(library, library.by_id("a")[0])) == ["a", "b"]
    assert [each.id for each in lineage(library, library.by_id("c")[0])] == ["c"]


def test_a_revision_that_two_prompts_have_is_nobodys(tmp_path: Path) -> None:
    for id_ in "abc":
        (tmp_path / f"{id_}.json").write_text(f'{{"content": "{id_}"}}')
    twins = [entry("a"), entry("b", "a", 2), entry("c", "a", 2)]
    library = Library.of(each._replace(path=str(tmp_path / f"{each.id}.json")) for each in twins)
    texts = Texts(library)
    assert texts.of_revision("a", 2) is None
    assert texts.of_revision("none", 1) is None
    found = texts.of_revision("b", 2), texts.of_revision("b", 1)
    assert [each and each.content for each in found] == ["b", "a"]
    (tmp_path / "c.json").unlink()
    assert texts.of_revision("c", 2) is None


# Secrets

KEY = "ghp_" + "9fK2mQx7Lw4Zt8Rb3Vn6Yc1Hd5Js0Pg2Ae7U"


def test_only_the_secret_is_taken_out() -> None:
    assert masked(f"a {KEY} b {KEY}") == (
        "a [secret removed: GitHub personal access token] b [secret removed: GitHub personal access token]",
        2,
    )
    assert masked("ghp_ is how such tokens begin, all of them") == ("ghp_ is how such tokens begin, all of them", 0)


# Files that are there whole or not at all


def test_a_file_appears_at_the_end_and_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "out"
    with written_whole(path, private=True) as file:
        file.write(b"new")
        assert not path.exists()
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"new", 0o600)
    path.chmod(0o640)
    with written_whole(path) as file:
        file.write(b"newer")
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_file_that_was_not_finished_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.write_bytes(b"before")

    def fail() -> None:
        with written_whole(path) as file:
            file.write(b"half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert [each.name for each in tmp_path.iterdir()] == ["out"]
    assert path.read_bytes() == b"before"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this platform")
def test_a_full_device_names_the_path() -> None:
    with pytest.raises(OSError, match="/dev/full"), written_whole(Path("/dev/full")) as file:
        file.write(b"x")


# Memory


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_a_long_file_is_never_in_memory(form: str) -> None:
    """Three times the lines need no more memory."""

    def peak(count: int) -> int:
        gc.collect()
        tracemalloc.start()
        for _ in Importer(_Nowhere(), lambda *_: None, lambda _: None).run(read(count)):
            pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    def read(count: int) -> Iterator[object]:
        stream = _Endless(form, count)
        return facts_of_lines(lines(stream)) if form == "jsonl" else facts_of_table(lines(stream))

    peak(6_000)
    assert peak(18_000) < 1.3 * peak(6_000)


class _Nowhere(Memory):
    """Takes everything and keeps nothing."""

    def append(self, facts):
        done = super().append(facts)
        self.facts.clear()
        return done


class _Endless(BytesIO):
    """Lines that are made as they are read."""

    def __init__(self, form: str, count: int) -> None:
        super().__init__()
        self._form, self._left = form, count
        self._head = b"id,timestamp,prompt_id,outcome\n" if form == "csv" else b"\n"

    def readline(self, size: int | None = -1) -> bytes:
        head, self._head = self._head, b""
        if head:
            return head
        self._left -= 1
        if self._left < 0:
            return b""
        id_ = f"01a1f9d6-780a-7c66-bfff-{self._left:012x}"
        if self._form == "csv":
            return f"{id_},2026-11-20T16:00:00Z,one,failed\n".encode()
        return (
            f'{{"kind":"execution","id":"{id_}","timestamp":"2026-11-20T16:00:00Z","prompt_id":"one","outcome":"failed"}}\n'
        ).encode()


# Late imports


def test_help_loads_none_of_this() -> None:
    import subprocess

    code = "import sys; from promptbits.cli import main; main(['--help']); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "stats" in done.stdout
    assert not [
        name for name in done.stderr.split() if name.startswith(("promptbits.facts", "promptbits.cli.facts", "sqlite3"))
    ]
