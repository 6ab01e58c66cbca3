"""The measured texts of a lineage, taken from a real store: what a scorer learns from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from review_samples import AFTER, BEFORE, OTHER
from review_workspace import Workspace, table

from promptbits.facts.ids import content_sha256, new_id
from promptbits.facts.opening import open_store
from promptbits.facts.sqlite.embedded import SqliteStore
from promptbits.optimize.observations import Measured, MeasuredText, measured


@pytest.fixture
def work(tmp_path: Path) -> Workspace:
    space = Workspace(tmp_path)
    space.write("custom", table("report"))
    learned = {"source": "Learned", "parent": "report"}
    space.write("learned", table("report-v2", AFTER, revision=2, **learned))
    space.write("learned", table("report-v3", OTHER, revision=3, **learned))
    space.write("custom", table("other", OTHER))
    return space


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    opened = open_store(tmp_path / "facts.db")
    yield opened
    opened.close()


def runs(store: SqliteStore, id_: str, text: str, successes: int, trials: int, **fields: Any) -> None:
    """Conversations of a text; the texts are kept but where `keep` is false."""
    if fields.pop("keep", True):
        store.keep_text(content_sha256(text), text)
    store.append(
        [
            {
                "kind": "execution",
                "id": new_id(),
                "timestamp": "2026-11-20T16:00:00.000Z",
                "prompt_id": id_,
                "content_sha256": content_sha256(text),
                "outcome": "succeeded" if n < successes else "failed",
                **fields,
            }
            for n in range(trials)
        ]
    )


def test_texts_of_the_whole_lineage_under_one_model(work: Workspace, store: SqliteStore) -> None:
    runs(store, "report", BEFORE, 3, 7, model="big")
    runs(store, "report", "an older text", 1, 4, model="big", variant="x")
    runs(store, "report-v2", AFTER, 5, 6, model="big")
    runs(store, "report-v2", AFTER, 1, 2, model="big", variant="y")
    runs(store, "report-v3", OTHER, 9, 9, model="small")
    runs(store, "other", OTHER, 50, 50, model="big")
    of_big = {MeasuredText(BEFORE, 3, 7), MeasuredText("an older text", 1, 4), MeasuredText(AFTER, 6, 8)}
    for id_ in ("report", "report-v2", "report-v3"):  # a lineage is the same from wherever one looks
        found = measured(work.snapshot(id_), store)
        assert (found.model, set(found.texts), len(found.texts)) == ("big", of_big, 3)
        assert found.models == (("big", 19), ("small", 9))
    assert measured(work.snapshot("report"), store, "small").texts == (MeasuredText(OTHER, 9, 9),)
    assert measured(work.snapshot("report"), store, "none").texts == ()


def test_the_same_text_under_two_ids_of_a_lineage_counts_together(work: Workspace, store: SqliteStore) -> None:
    runs(store, "report", AFTER, 1, 2)
    runs(store, "report-v2", AFTER, 2, 3)
    assert measured(work.snapshot("report"), store) == Measured("", (MeasuredText(AFTER, 3, 5),), (("", 5),))


def test_a_text_that_was_not_kept_teaches_nothing_unless_it_is_the_one_at_hand(
    work: Workspace, store: SqliteStore
) -> None:
    runs(store, "report", BEFORE, 1, 2, keep=False)
    runs(store, "report", "lost", 1, 2, keep=False)
    found = measured(work.snapshot("report"), store)
    assert found.texts == (MeasuredText(BEFORE, 1, 2),)
    assert found.unknown == 1


def test_runs_without_an_outcome_or_a_text_are_no_measurement(work: Workspace, store: SqliteStore) -> None:
    runs(store, "report", BEFORE, 0, 2, outcome="unknown")
    runs(store, "report", BEFORE, 1, 1, content_sha256=None)
    assert measured(work.snapshot("report"), store) == Measured()
    assert measured(work.snapshot("report"), None, "big") == Measured("big")
