"""The checks that ask the facts: which numbers count for a text, and fixes that settle the matter."""

from __future__ import annotations

from dataclasses import replace

import pytest
from check_helpers import HOME, applied, document_of, prompt, snapshot, snapshots
from hypothesis import given
from hypothesis import strategies as st
from measured_facts import row, view

from promptbits.checks.engine import check
from promptbits.checks.finding import Finding
from promptbits.checks.measurements import comparison, measurements
from promptbits.checks.snapshot import Snapshot
from promptbits.facts.ids import content_sha256
from promptbits.facts.intervals import newcombe, wilson
from promptbits.facts.store import StoreError, Summary
from promptbits.facts.view import FactsView

ID, TEXT = "code-review", "Review the code."
PARENT = "prompts/custom/base.json"


def shot(*rows: Summary, **fields: object) -> Snapshot:
    return replace(snapshot(prompt(**fields)), facts=view(rows))


def found(snapshot: Snapshot, code: str) -> list[Finding]:
    return [each for each in check(snapshot) if each.code == code]


def with_parent(own: tuple[int, int], parent: tuple[int, int], **fields: object) -> Snapshot:
    files = {
        HOME: prompt(parent="base", confidence=own[0] / own[1], **fields),
        PARENT: prompt(id="base", trigger={"Custom": "b"}),
    }
    facts = view([row(ID, TEXT, *own), row("base", "Review.", *parent, revision=1)])
    return replace(snapshots(files)[HOME], facts=facts)


# Confidence.


@given(trials=st.integers(30, 100_000), share=st.floats(0, 1), stated=st.floats(0, 1))
def test_the_fix_settles_it_and_what_lies_in_the_interval_is_fine(trials: int, share: float, stated: float) -> None:
    successes = round(trials * share)
    own = shot(row(ID, TEXT, successes, trials), confidence=stated)
    rate = wilson(successes, trials)
    assert rate is not None
    drift = found(own, "confidence-drift")
    if rate.low <= stated <= rate.high:
        assert drift == []
    elif stated < rate.low - 0.005 or stated > rate.high + 0.005:
        assert drift
    for finding in drift:
        assert finding.fix is not None
        [edit] = finding.fix.edits
        assert edit.new == f"{successes / trials:.2f}"
        mended = replace(own, document=document_of(applied(own.document.text, finding.fix.edits)))
        assert found(mended, "confidence-drift") == []


def test_what_it_says_of_the_confidence() -> None:
    [finding] = found(shot(row(ID, TEXT, 368, 400), confidence=0.5), "confidence-drift")
    said = "the confidence is 0.5, but 92.0 % [88.9–94.3] of 400 conversations with this text succeeded"
    assert (finding.message, finding.severity) == (said, "information")


@pytest.mark.parametrize("confidence", [True, "0.8", None, 1.5, -1, [], ...])
def test_no_drift_of_what_is_no_confidence(confidence: object) -> None:
    assert found(shot(row(ID, TEXT, 30, 400), confidence=confidence), "confidence-drift") == []


def test_few_conversations_say_nothing() -> None:
    assert found(shot(row(ID, TEXT, 0, 29)), "confidence-drift") == []
    assert found(shot(row(ID, TEXT, 0, 30)), "confidence-drift")
    parts = [replace(row(ID, TEXT, 0, 15), day=day) for day in ("2026-11-19", "2026-11-20")]
    assert found(shot(*parts), "confidence-drift"), "days, models and variants of a text count together"


def test_numbers_of_other_texts_and_of_none_never_count() -> None:
    other = shot(row(ID, "Another.", 0, 400), replace(row(ID, "", 0, 400), content_sha256=""))
    assert found(other, "confidence-drift") == []
    assert found(shot(row("somebody-else", TEXT, 0, 400)), "confidence-drift") == []


# The text before.


def test_a_changed_text_has_no_numbers_of_its_own() -> None:
    [finding] = found(shot(row(ID, "The text before.", 360, 400)), "stale-statistics")
    said = (
        "changed text: nothing is measured of it yet, 90.0 % [86.7–92.6] of 400 conversations belong to the text before"
    )
    assert (finding.message, finding.severity) == (said, "hint")
    runs = replace(row(ID, "The text before.", 0, 0), executions=12)
    assert "12 runs belong to the text before" in found(shot(runs), "stale-statistics")[0].message


def test_a_text_that_is_measured_or_was_never_is_not_stale() -> None:
    assert found(shot(row(ID, TEXT, 1, 1), row(ID, "Before.", 360, 400)), "stale-statistics") == []
    assert found(shot(), "stale-statistics") == []
    assert found(shot(replace(row(ID, "", 9, 9), content_sha256="")), "stale-statistics") == []


def test_facts_of_a_prompt_that_shadows_this_one_are_not_about_it() -> None:
    files = {HOME: prompt(), "prompts/builtin/code-review.json": prompt(source="Builtin", content="Other.")}
    shots = snapshots(files)
    facts = view([row(ID, TEXT, 320, 400)])
    assert found(replace(shots["prompts/builtin/code-review.json"], facts=facts), "stale-statistics") == []
    shots = snapshots(files | {HOME: prompt(content="Edited.")})
    assert found(replace(shots[HOME], facts=facts), "stale-statistics")


def test_the_text_before_is_the_one_seen_last() -> None:
    rows = [row(ID, text, 1, 2, last_seen=when) for text, when in (("One.", 5), ("Two.", 9), ("Three.", 7))]
    told = measurements(shot(*rows))
    assert told is not None
    assert told.before == content_sha256("Two.")


def test_nothing_is_said_while_the_content_cannot_be_read() -> None:
    text = '{"id": "code-review", "confidence": 0.1, "content": "Review the code.\n'
    broken = replace(snapshot(text), facts=view([row(ID, TEXT, 360, 400)]))
    assert {each.code for each in check(broken)} & {"stale-statistics", "confidence-drift", "regression"} == set()


# The parent.


@given(st.tuples(st.integers(0, 300), st.integers(1, 300)), st.tuples(st.integers(0, 300), st.integers(1, 300)))
def test_a_regression_is_a_difference_below_nought(one: tuple[int, int], two: tuple[int, int]) -> None:
    own, parent = ((min(each), max(each)) for each in (one, two))
    between = newcombe(*own, *parent)
    assert between is not None
    expected = between.high < 0 and min(own[1], parent[1]) >= 30
    assert bool(found(with_parent(own, parent), "regression")) == expected


def test_what_it_says_of_the_parent() -> None:
    regressed = with_parent((320, 400), (360, 400))
    [finding] = found(regressed, "regression")
    assert finding.message == (
        'less succeeded than with its parent "base": 80.0 % [75.8–83.6] of 400 conversations against '
        "90.0 % [86.7–92.6] of 400, -10.0 pts [-14.9, -5.1] (observed, not randomized)"
    )
    assert regressed.document.text[finding.start : finding.end] == '"base"'


def test_a_promoted_parent_is_compared_with_what_it_was_before() -> None:
    own = snapshots({HOME: prompt(parent="base"), PARENT: prompt(id="base")})[HOME]
    rows = [
        row(ID, TEXT, 90, 100),
        row("base", TEXT, 95, 100, last_seen=9, revision=2),
        row("base", "Review.", 80, 100, last_seen=5, revision=1),
    ]
    beside = comparison(replace(own, facts=view(rows)))
    assert beside is not None
    assert (beside.parent_text, beside.parent_revision) == (content_sha256("Review."), 1)


@pytest.mark.parametrize("parent", [None, 3, "", ID, "nobody", ["base"]])
def test_no_comparison_without_a_parent_that_is_measured(parent: object) -> None:
    assert comparison(shot(row(ID, TEXT, 1, 100), row("base", "x", 99, 100), parent=parent)) is None


# The view.


def test_each_prompt_is_read_once_for_one_state_of_the_store() -> None:
    asked: list[str] = []

    def read(ids: object) -> list[Summary]:
        asked.extend(ids)  # type: ignore[arg-type]  (strings)
        return [row(ID, TEXT, 90, 100)]

    own = replace(snapshot(prompt()), facts=FactsView(read))
    for _ in range(3):
        check(replace(own, document=document_of(prompt(content="Typing."))))
    assert asked == [ID]


def test_a_view_stays_the_same_until_what_was_asked_of_it_changes() -> None:
    rows = [row("a", "x", 1, 2), row("b", "x", 1, 2)]
    one = FactsView(lambda ids: [each for each in rows if each.prompt_id in ids])
    measured = one.measured("a"), one.measured("nobody")
    assert one.renewed() is one
    rows[1] = row("b", "x", 2, 3)
    assert one.renewed(["b"]) is one, "nobody has asked for b"
    assert one.summaries("b") == (rows[1],)
    rows[1] = row("b", "x", 3, 4)
    assert one.summaries("b") != (rows[1],), "to its readers it never changes"
    other = one.renewed()
    assert other is not one
    assert other.summaries("b") == (rows[1],)
    assert other.measured("a") is measured[0]
    assert other.measured("nobody") is measured[1]


def test_a_store_that_fails_measures_nothing_and_says_why() -> None:
    def read(_: object) -> list[Summary]:
        raise StoreError("facts.db: damaged")

    facts = FactsView(read)
    assert check(replace(snapshot(prompt()), facts=facts)) == []
    assert str(facts.problem) == "facts.db: damaged"
