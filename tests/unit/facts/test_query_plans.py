"""Every question is answered by an index: no scan of the facts, and no sort of more than one millisecond."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from contract import execution, feedback
from fact_strategies import identity

from promptbits.facts.opening import open_store
from promptbits.facts.sqlite import maintenance
from promptbits.facts.sqlite.connection import Session
from promptbits.facts.sqlite.embedded import SqliteStore


class Explaining:
    """A connection that asks for the plan of everything that is asked of it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.plans: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def _explain(self, statement: str, values: Any) -> None:
        if re.match(r"\s*(SELECT|INSERT|UPDATE|DELETE)", statement):
            rows = self._connection.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
            self.plans += [row[3] for row in rows]

    def execute(self, statement: str, values: Any = ()) -> Any:
        self._explain(statement, values)
        return self._connection.execute(statement, values)

    def executemany(self, statement: str, rows: list[Any]) -> Any:
        self._explain(statement, rows[0])
        return self._connection.executemany(statement, rows)


@pytest.fixture(params=["plain", "analyzed"])
def store(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[SqliteStore]:
    store = open_store(tmp_path / "facts.db")
    store.append([execution(n, conversation_id=f"c{n % 7}", context_signature="s") for n in range(500)])
    store.append([feedback(1000 + n, execution_id=identity(n * 2), outcome="failed", rating=3) for n in range(300)])
    if request.param == "analyzed":
        maintenance.optimize(store)
    yield store
    store.close()


ASKED: dict[str, Callable[[SqliteStore], object]] = {
    "append": lambda s: s.append([execution(2000, conversation_id="c1"), feedback(2001, execution_id=identity(2000))]),
    "append what is waited for": lambda s: s.append([execution(598), execution(597, outcome="unknown")]),
    "get": lambda s: s.get(identity(5)),
    "executions of a prompt": lambda s: list(s.facts(kinds=["execution"], prompt_id="alpha", limit=20)),
    "recent executions of a prompt": lambda s: list(s.facts(kinds=["execution"], prompt_id="alpha", newest_first=True)),
    "recent feedback": lambda s: list(s.facts(kinds=["feedback"], newest_first=True, limit=10)),
    "evolutions": lambda s: list(s.facts(kinds=["evolution"], prompt_id="alpha")),
    "all since": lambda s: list(s.facts(since="2026-11-20T00:00:00Z")),
    "by technology": lambda s: s.by_technology("Rust"),
    "similar": lambda s: s.similar("s", limit=5),
    "summaries of one": lambda s: s.summaries(["alpha"]),
    "summaries of some": lambda s: s.summaries(["alpha", "beta"]),
    "change counter": lambda s: s.change_counter(),
    "text": lambda s: s.text("0" * 64),
}


@pytest.mark.parametrize("question", ASKED)
def test_no_question_scans_the_facts(store: SqliteStore, question: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store.change_counter()
    with store.connections.lend() as (connection, names):
        explaining = Explaining(connection)
    lent = store.connections._local.lent
    monkeypatch.setattr(lent, "session", Session(explaining, names))  # type: ignore[arg-type]  # it behaves as one
    ASKED[question](store)
    monkeypatch.setattr(lent, "session", Session(connection, names))
    assert explaining.plans
    for plan in explaining.plans:
        # The other scans are of the one row of constants that some queries begin with.
        assert not re.match(r"SCAN (fact|technology|summary|word|subject|template|meta)\b", plan), plan
        assert plan != "USE TEMP B-TREE FOR ORDER BY", plan


def test_only_what_asks_for_everything_reads_every_summary(store: SqliteStore) -> None:
    with store.connections.lend() as (connection, _):
        explaining = Explaining(connection)
        explaining.execute("SELECT * FROM fact WHERE trace = 'x'")
    assert explaining.plans == ["SCAN fact"]  # what the test above looks for is what SQLite says
