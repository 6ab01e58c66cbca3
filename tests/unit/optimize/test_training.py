"""Training from facts in a real store: what is promoted, what is not and why, and that it is the same every time."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from review_workspace import Workspace, table
from trained_prompts import keep, material, runs, skilled, text, trained, versions, workspace

from promptbits.facts.fields import checked
from promptbits.facts.ids import content_sha256
from promptbits.facts.intervals import newcombe
from promptbits.facts.opening import open_store
from promptbits.facts.sqlite.embedded import SqliteStore
from promptbits.optimize.observations import MeasuredText, measured
from promptbits.optimize.running import scorer_of
from promptbits.optimize.scorer.kernel import shipped
from promptbits.optimize.scorer.model import Scorer
from promptbits.optimize.training import gate
from promptbits.optimize.training.figures import Held
from promptbits.optimize.training.material import first_of, lineages
from promptbits.optimize.training.serving import promoted, standing


@pytest.fixture
def work(tmp_path: Path) -> Workspace:
    return workspace(tmp_path / "root")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    opened = open_store(tmp_path / "facts.db")
    yield opened
    opened.close()


def test_a_scorer_is_trained_promoted_and_described(work: Workspace, store: SqliteStore) -> None:
    skilled(store, range(10), day="2026-11-10")
    skilled(store, range(10, 16), day="2026-11-12")
    keep(store, runs("report", "its text is not kept", 3, 9, model="big"))
    done = trained(work, store)
    assert (done.result, done.number, versions(work).current()) == ("promoted", 1, 1)
    card = json.loads((versions(work).folder / "1.json").read_text())
    assert card == done.card
    facts = card["facts"]
    assert (facts["texts"], facts["conversations"], facts["not_kept"]) == (16, 640, 1)
    assert (facts["first"], facts["last"], facts["prompts"]) == ("2026-11-10", "2026-11-12", ["report"])
    assert sum(each["trials"] for each in facts["each"]) == 640
    assert sum(each["successes"] for each in facts["each"]) == facts["successes"]
    held, control = card["held_out"], card["shuffled"]
    assert 0.6 < held["low"] <= held["accuracy"] <= held["high"]
    assert 0.35 < control["accuracy"] < 0.65
    assert set(card["made_with"]) == {"promptbits", "numpy", "onnx", "onnxruntime"}
    loaded = Scorer.load(versions(work).scorer(1))
    assert loaded.digest == card["digest"] == scorer_of(measured(work.snapshot("report"), store)).digest
    page = versions(work).readable(1).read_text()
    assert "16 texts in 640 conversations" in page
    assert "from 2026-11-10 to 2026-11-12" in page
    assert "Write exactly one report" not in page + json.dumps(card)  # no text of a prompt


def test_a_training_is_a_fact(work: Workspace, store: SqliteStore) -> None:
    skilled(store, range(8))
    fact = trained(work, store).fact()
    assert fact is not None
    store.append([fact])
    (kept,) = store.facts(kinds=["training"])
    assert kept == checked(fact)
    assert (kept["prompt_id"], kept["model"], kept["version"], kept["decision"]) == ("report", "big", 1, "promoted")
    assert kept["figures"]["facts"]["texts"] == 8
    assert trained(work, store).fact() is None  # of nothing new


def test_the_same_facts_give_the_same_files_in_whatever_order_they_came(tmp_path: Path) -> None:
    files = []
    for name in ("one", "two"):
        space, store = workspace(tmp_path / name), open_store(tmp_path / f"{name}.db")
        numbers = list(range(9))
        random.Random(name).shuffle(numbers)
        skilled(store, numbers)
        trained(space, store)
        files.append({path.name: path.read_bytes() for path in versions(space).folder.iterdir()})
        store.close()
    assert files[0] == files[1]
    assert set(files[0]) == {"1.onnx", "1.json", "1.md", "current.json"}


def test_of_the_same_facts_no_second_version_is_made(work: Workspace, store: SqliteStore) -> None:
    skilled(store, range(8))
    trained(work, store)
    again = trained(work, store)
    assert (again.result, versions(work).numbers()) == ("unchanged", [1])
    assert again.reason == "version 1 learned from these very facts and is in use"
    skilled(store, range(8, 14))
    assert trained(work, store).result == "promoted"
    versions(work).roll_back()
    assert "is not in use: it was not promoted, or rolled back" in trained(work, store).reason
    assert versions(work).current() == 1


def test_facts_of_another_model_change_nothing(work: Workspace, store: SqliteStore) -> None:
    skilled(store, range(8))
    before = trained(work, store).card
    skilled(store, range(20), model="small", trials=11)
    assert trained(work, store).result == "unchanged"
    other = trained(work, store, "small")
    assert other.card["facts"]["texts"] == 20
    assert other.card["digest"] != before["digest"]
    assert (versions(work).current(), versions(work, "small").current()) == (1, 1)


def test_too_few_texts_are_told_with_what_is_needed(work: Workspace, store: SqliteStore) -> None:
    skilled(store, range(4))
    keep(store, runs("report", "lost", 1, 2, model="big"))
    done = trained(work, store)
    assert (done.result, done.number, done.card) == ("too_few", None, {})
    assert done.reason == "4 measured texts (and 1 whose text was not kept): at least 5 are needed to learn from"
    assert not versions(work).folder.exists()


def test_texts_that_were_measured_alike_teach_nothing(work: Workspace, store: SqliteStore) -> None:
    for n in range(6):
        keep(store, runs("report", text(n), 5, 10, model="big"), texts=[text(n)])
    assert trained(work, store).reason == "6 measured texts, all measured alike: nothing to learn"


def test_a_scorer_that_is_worse_on_the_same_held_out_pairs_is_not_promoted(work: Workspace, store: SqliteStore) -> None:
    """Rates that have nothing to do with the texts: sooner or later more of them make the order worse."""
    draw = random.Random(4)
    results = {}
    for step in range(6):
        for n in range(4 * step, 4 * step + 4):
            keep(store, runs("report", text(n), draw.randrange(31), 30, model="big"), texts=[text(n)])
        before = versions(work).current()
        done = trained(work, store)
        if not done.card or before is None:
            continue
        compared = done.card["compared_with"]
        assert compared["number"] == before
        assert compared["pairs"] <= done.card["held_out"]["pairs"]
        shares = [round(compared[each]["accuracy"], 3) for each in ("new", "current")]
        assert (done.result == "promoted") == (shares[0] >= shares[1])
        assert versions(work).current() == (done.number if done.result == "promoted" else before)
        results[done.result] = done
    assert set(results) == {"promoted", "not_promoted"}
    kept = results["not_promoted"]
    assert kept.reason.startswith("worse on held-out facts: ")
    assert versions(work).card(kept.number or 0)["promoted"] is False


def test_the_first_one_is_compared_with_chance() -> None:
    def held(share: float) -> Held:
        return Held(np.full((4, 4), share), 1.0 - np.eye(4))

    alike = [MeasuredText(text(n), n, 4) for n in range(4)]
    assert gate.verdict(held(0.5), None, alike).promoted
    worse = gate.verdict(held(0.49), None, alike, "why")
    assert (worse.promoted, worse.reason) == (
        False,
        "worse than chance: 49.0 % of 6 held-out pairs in the right order (why)",
    )


def test_only_pairs_that_are_told_apart_by_their_trials_count_where_there_are_enough() -> None:
    texts = [MeasuredText(text(n), 2 * n, 20 + 30 * (n % 3)) for n in range(12)]
    clear = gate.clearly_different(texts)
    for i, one in enumerate(texts):
        for j, other in enumerate(texts):
            between = newcombe(*one[1:], *other[1:])
            assert between is not None
            if between.low > 0.02 or between.high < -0.02:
                assert clear[i, j] == 1
            if between.low < -0.02 and between.high > 0.02:
                assert clear[i, j] == 0
    held = gate.held_out_pairs(shipped(), texts, texts)
    counted = int(clear.sum()) // 2
    assert 10 <= counted < held.pairs
    verdict = gate.verdict(held, None, texts)
    assert verdict.new.pairs == counted
    assert f"of {counted} clear held-out pairs" in verdict.reason


def test_a_current_version_that_cannot_be_tested_is_told(work: Workspace, store: SqliteStore) -> None:
    skilled(store, range(8))
    trained(work, store)
    versions(work).scorer(1).write_bytes(b"no model")
    skilled(store, range(8, 12))
    done = trained(work, store)
    assert done.result == "promoted"
    assert "(version 1 is damaged, or of another PromptBits)" in done.reason
    card = versions(work).card(2)
    (versions(work).folder / "2.json").write_text(json.dumps(card | {"facts": {"each": [{"content_sha256": 3}]}}))
    skilled(store, range(12, 14))
    assert "(the card of version 2 is damaged)" in trained(work, store).reason
    card = versions(work).card(3)
    card["facts"]["each"][0]["trials"] += 1
    (versions(work).folder / "3.json").write_text(json.dumps(card))
    skilled(store, range(14, 16))
    assert "(the facts of version 3 are no longer here)" in trained(work, store).reason


def test_optimizations_use_what_was_promoted(work: Workspace, store: SqliteStore) -> None:
    skilled(store, range(8))
    assert promoted(work.snapshot("report"), "big") is None
    trained(work, store)
    used = promoted(work.snapshot("report"), "big")
    assert used is not None
    learned = measured(work.snapshot("report"), store)
    fresh = scorer_of(learned)
    assert used.digest == fresh.digest
    assert [each.mean for each in used.score([text(50), text(51)])] == pytest.approx(
        [each.mean for each in fresh.score([text(50), text(51)])], abs=1e-5
    )
    assert standing(used, learned) == used.standing
    skilled(store, [8])
    newer = standing(used, measured(work.snapshot("report"), store))
    assert newer == f"{used.standing}; 40 newer conversations wait for `promptbits train`"
    assert promoted(work.snapshot("report"), "small") is None
    versions(work).scorer(1).write_bytes(b"no model")
    assert promoted(work.snapshot("report"), "big") is None


def test_a_lineage_has_one_scorer_from_wherever_one_looks(work: Workspace, store: SqliteStore) -> None:
    work.write("learned", table("report-v2", text(1), source="Learned", parent="report", revision=2))
    for n in range(6):
        id_ = "report-v2" if n % 2 else "report"
        keep(store, runs(id_, text(n), 30 + n if n % 2 else 10 + n, 40, model="big"), texts=[text(n)])
    library = work.library()
    assert lineages(library, ["report-v2", "report", "nobody"]) == ["report"]
    assert len(material(work, store).texts) == 6
    trained(work, store)
    assert promoted(work.snapshot("report-v2"), "big") is not None
    assert {sha for sha, _ in material(work, store).texts} == {content_sha256(text(n)) for n in range(6)}


def test_a_circle_of_parents_has_a_first_as_well(work: Workspace) -> None:
    for one, other in (("a", "b"), ("b", "c"), ("c", "a"), ("d", "a")):
        work.write("custom", table(one, parent=other))
    library = work.library()
    entries = [library.served(each) for each in "abcd"]
    assert {first_of(library, entry) for entry in entries if entry} == {"a"}
