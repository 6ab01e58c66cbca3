"""Checking, rebuilding, compacting, backing up and archiving."""

from __future__ import annotations

import contextlib
import gzip
import json
import sqlite3
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from brute_force import BruteForceStore
from contract import execution, feedback
from fact_strategies import HASHES, MOMENTS, histories, identity
from hypothesis import given, settings
from hypothesis import strategies as st

from promptbits.facts.opening import open_store
from promptbits.facts.sqlite import maintenance
from promptbits.facts.sqlite.archiving import archive
from promptbits.facts.sqlite.embedded import SqliteStore
from promptbits.facts.store import Appended, DamagedStoreError, Fact, StoreError


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = open_store(tmp_path / "facts.db")
    yield store
    store.close()


def sql(store: SqliteStore, statement: str, *values: Any) -> list[Any]:
    with store.connections.lend() as (connection, _):
        return connection.execute(statement, values).fetchall()


def filled(store: SqliteStore) -> SqliteStore:
    store.append(
        [execution(n, timestamp=MOMENTS[n % 4], execution_time_ms=n + 1, conversation_id="c") for n in range(9)]
    )
    store.append([feedback(20, execution_id=identity(3), rating=4, outcome="failed"), feedback(21, rating=2)])
    store.append([feedback(22, execution_id=identity(77), conversation_id="c", rating=5, outcome="succeeded")])
    return store


@settings(max_examples=60, deadline=None)
@given(histories(), st.lists(st.sampled_from(MOMENTS), max_size=2))
def test_a_sound_store_has_no_problems_and_archives_change_no_number(
    batches: list[list[Fact]], limits: list[str]
) -> None:
    oracle = BruteForceStore()
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "facts.db")
        archives = [(number * 2 + 1, limit) for number, limit in enumerate(limits)]
        for number, batch in enumerate(batches):
            # Late facts, repeats and feedback come after their days were archived.
            assert store.append(batch) == oracle.append(batch)
            for _, limit in [each for each in archives if each[0] == number]:
                archive(store, limit)
            assert store.summaries() == oracle.summaries()
            assert maintenance.check(store) == []
        before = store.summaries()
        maintenance.optimize(store, rebuild=True)
        assert store.summaries() == before
        archived = [
            json.loads(line)
            for path in Path(folder).glob("*.gz")
            for line in gzip.decompress(path.read_bytes()).splitlines()
        ]
        kept = list(store.facts())
        everything = sorted([*archived, *kept], key=lambda fact: fact["id"])
        assert everything == sorted(oracle.facts(), key=lambda fact: fact["id"])
        store.close()


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("UPDATE summary SET executions = executions + 1", "differs from a recount: executions"),
        ("UPDATE summary SET failures = 1, successes = 0 WHERE successes = 1", "failures"),
        ("UPDATE summary SET latency = x'0000000001000000'", "latency"),
        ("UPDATE summary SET rating_milli = 1 WHERE rated", "rating_milli"),
        ("UPDATE summary SET day = '2020-01-01' WHERE rated > 0", "is missing"),
        ("DELETE FROM summary", "is missing"),
        ("INSERT INTO summary SELECT 'ghost', content_sha256, variant, model, day, revision, 1, 0, 0, NULL, "
         "0, 0, 0, 0, 0, 0, 0, 0, 0 FROM summary LIMIT 1", "counts what is not there"),
        ("UPDATE fact SET outcome = 1 - outcome WHERE kind = 1 AND outcome >= 0", "not counted where it belongs"),
        ("UPDATE fact SET awaits = NULL WHERE awaits IS NOT NULL", "not counted where it belongs"),
        ("UPDATE fact SET conversation = 'other' WHERE kind = 1", "not counted where it belongs"),
        ("UPDATE fact SET input_tokens = 5 WHERE kind = 0", "input_tokens"),
        ("DELETE FROM fact WHERE kind = 1", "differs"),
        ("DELETE FROM word", "a word that is not there"),
        ("DELETE FROM subject", "a subject that is not there"),
        ("INSERT INTO technology VALUES ('x', 0, 999)", "a technology names a fact"),
        ("INSERT INTO template VALUES (x'00', x'00')", "not what its hash says"),
    ],
)  # fmt: skip
def test_check_finds_what_disagrees(store: SqliteStore, damage: str, said: str) -> None:
    filled(store)
    assert maintenance.check(store) == []
    sql(store, damage)
    problems = [problem.text for problem in maintenance.check(store)]
    assert any(said in problem for problem in problems), problems


def test_a_rebuild_mends_summaries(store: SqliteStore) -> None:
    good = filled(store).summaries()
    sql(store, "UPDATE summary SET executions = 7, latency = NULL")
    seen = store.change_counter()
    maintenance.optimize(store, rebuild=True)
    assert (store.summaries(), maintenance.check(store)) == (good, [])
    assert store.change_counter() > seen


def test_an_index_that_lost_a_row_is_found(store: SqliteStore) -> None:
    filled(store)
    sql(store, "PRAGMA writable_schema = ON")
    sql(store, "UPDATE sqlite_master SET sql = replace(sql, 'kind, time', 'time, kind') WHERE name = 'fact_time'")
    store.close()
    (first, *_) = maintenance.check(open_store(store.path))
    assert "the file is damaged" in first.text


def test_progress_is_told_to_the_end(store: SqliteStore, tmp_path: Path) -> None:
    filled(store)
    for work in (
        lambda tell: maintenance.check(store, tell),
        lambda tell: maintenance.backup(store, tmp_path / "copy.db", tell),
        lambda tell: maintenance.optimize(store, tell, rebuild=True),
        lambda tell: archive(store, MOMENTS[3], tell),
    ):
        told: list[tuple[int, int]] = []
        work(lambda done, total, told=told: told.append((done, total)))
        assert told
        assert told[-1][0] == told[-1][1] > 0


def test_a_backup_is_whole_private_and_replaces_nothing(store: SqliteStore, tmp_path: Path) -> None:
    filled(store)
    copy = tmp_path / "copies.db"
    maintenance.backup(store, copy)
    store.append([execution(50)])
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    other = open_store(copy)
    assert maintenance.check(other) == []
    assert [fact["id"] for fact in other.facts()] == [f["id"] for f in store.facts() if f["id"] != identity(50)]
    other.close()
    with pytest.raises(StoreError, match="is there already"):
        maintenance.backup(store, copy)
    with pytest.raises(StoreError, match="cannot be written"):
        maintenance.backup(store, tmp_path / "no folder" / "copy.db")


def test_compacting_gives_space_back(store: SqliteStore) -> None:
    store.append([execution(n, timestamp=MOMENTS[0], metadata={"much": "x" * 500}) for n in range(3000)])
    archive(store, MOMENTS[3])
    before, after = maintenance.compact(store)
    assert after < before / 3
    assert maintenance.check(store) == []


def test_stats_tell_what_is_there(store: SqliteStore) -> None:
    assert maintenance.stats(store).first is None
    filled(store)
    found = maintenance.stats(store)
    assert (found.facts["execution"], found.facts["feedback"], found.facts["evolution"]) == (9, 3, 0)
    assert (found.first, found.last, found.archived, found.prompts) == (MOMENTS[0], MOMENTS[3], 0, 1)
    assert found.size > 0
    archive(store, MOMENTS[1])
    later = maintenance.stats(store)
    assert (later.archived, later.first) == (3, MOMENTS[1])


def test_archived_facts_are_known_and_found_by_late_ones(store: SqliteStore) -> None:
    store.append([execution(1, timestamp=MOMENTS[0], outcome="unknown", content_sha256=HASHES[0], model="large")])
    moved = archive(store, "2026-11-20")
    assert (moved.facts, moved.path.name) == (1, "facts-archive-2026-11-20.jsonl.gz")
    assert stat.S_IMODE(moved.path.stat().st_mode) == 0o600
    assert store.get(identity(1)) is None
    assert store.append([execution(1, timestamp=MOMENTS[0])]) == Appended(0, 1)
    store.append([feedback(2, execution_id=identity(1), outcome="succeeded", rating=4)])
    first, second = store.summaries()
    assert (first.executions, second.successes, second.model, second.rated) == (1, 1, "large", 1)
    assert maintenance.check(store) == []


def test_an_archive_that_was_cut_short_is_mended_and_a_strange_one_left_alone(store: SqliteStore) -> None:
    filled(store)
    one = archive(store, "2026-11-20").path
    torn = one.read_bytes() + b"\x1f\x8b half a member"
    one.write_bytes(torn)
    store.append([execution(60, timestamp=MOMENTS[0])])
    archive(store, "2026-11-20")
    assert len(gzip.decompress(one.read_bytes()).splitlines()) == 4
    strange = one.with_name("facts-archive-2026-11-21.jsonl.gz")
    strange.write_bytes(b"mine")
    assert archive(store, "2026-11-21").path.name == "facts-archive-2026-11-21-2.jsonl.gz"
    assert strange.read_bytes() == b"mine"


def test_the_views_let_people_recount_in_sql(store: SqliteStore) -> None:
    filled(store)
    store.append(
        [execution(60, prompt_id="beta", conversation_id=identity(3), variant="bold", model="m", provider="o")]
    )
    (row,) = sql(store, "SELECT * FROM executions WHERE prompt_id = 'beta'")
    assert row[:8] == (identity(60), MOMENTS[1], "beta", "", "bold", "m", identity(3), "succeeded")
    counted = sql(
        store, "SELECT substr(timestamp, 1, 10), count(*) FROM executions WHERE prompt_id = 'alpha' GROUP BY 1"
    )
    assert counted == [(row.day, row.executions) for row in store.summaries(["alpha"]) if row.executions]
    rated = sql(store, "SELECT count(rating), sum(rating) FROM feedbacks")
    assert rated == [(3, sum(row.rating_milli for row in store.summaries()) / 1000)]


def test_sums_beyond_what_the_file_holds_stay_at_the_most(store: SqliteStore) -> None:
    """A thousand runs of ten thousand dollars each, in one batch and one by one: counted, not refused, and sound."""
    store.append([execution(number, cost_usd=10_000) for number in range(1_000)])
    (row,) = store.summaries()
    assert (row.executions, row.priced, row.cost_pico_usd) == (1_000, 1_000, 2**62 - 1)
    store.append([execution(1_000, cost_usd=10_000)])
    (row,) = store.summaries()
    assert (row.executions, row.cost_pico_usd) == (1_001, 2**62 - 1)
    assert maintenance.check(store) == []


def test_a_row_that_is_gone_is_damage_and_said_in_one_line(store: SqliteStore) -> None:
    store.append([execution(1)])
    path = store.connections.path
    store.close()
    with contextlib.closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA foreign_keys = OFF")
        other.execute("DELETE FROM subject")
        other.commit()
    with pytest.raises(DamagedStoreError, match="damaged"):
        list(open_store(path).facts())
