"""Prompts that name one another: what does not exist, what leads back to itself, and what is triggered twice."""

from collections.abc import Mapping
from typing import Any

import pytest
from check_helpers import ROOT, document_of, prompt, said, snapshots, told

from promptbits.checks.engine import check
from promptbits.checks.snapshot import Snapshot
from promptbits.prompts.entry import Entry
from promptbits.prompts.library import Library
from promptbits.prompts.words import Words

Findings = dict[str, list[tuple[str, str, str]]]


def library(**prompts: Mapping[str, Any]) -> Findings:
    """What is found in the prompts of a library; names with `_v` lie in learned/, those with `_b` in builtin/."""
    files: dict[str, Any] = {}
    for name, changes in prompts.items():
        id_ = name.replace("_", "-")
        layer, source = ("learned", "Learned") if "_v" in name else ("custom", "Custom")
        value = prompt(**{"id": id_, "trigger": {"Custom": id_}, "source": source} | dict(changes))
        files[f"prompts/{layer}/{id_}.json"] = value
    return {path.split("/")[-1][:-5]: told(shot) for path, shot in snapshots(files).items()}


# Unknown references


def test_each_name_that_leads_nowhere_is_told_where_it_stands() -> None:
    assert said(prompt(parent="nothing-like-it", related=["nor-this"])) == [
        ("unknown-reference", 'there is no prompt "nothing-like-it"', '"nothing-like-it"'),
        ("unknown-reference", 'there is no prompt "nor-this"', '"nor-this"'),
    ]


def test_what_exists_in_any_layer_is_known() -> None:
    assert library(a={"related": ["b", "a-v2"]}, b={}, a_v2={"parent": "a"}) == {"a": [], "b": [], "a-v2": []}


def test_what_was_meant_is_named_and_the_fix_writes_it() -> None:
    found = library(commit_message={}, a={"related": ["commit-mesage"]})
    message = 'there is no prompt "commit-mesage": did you mean "commit-message"?'
    assert found["a"] == [("unknown-reference", message, '"commit-mesage"')]
    files = {
        "prompts/custom/commit-message.json": prompt(id="commit-message", trigger={"Custom": "c"}),
        "prompts/custom/code-review.json": prompt(related=["commit-mesage"]),
    }
    shot = snapshots(files)["prompts/custom/code-review.json"]
    (finding,) = check(shot)
    assert finding.fix
    (edit,) = finding.fix.edits
    assert edit.new == '"commit-message"'


def test_what_was_meant_is_looked_for_among_all_ids_only_a_few_times(monkeypatch: pytest.MonkeyPatch) -> None:
    files = {f"prompts/custom/prompt-number-{n}.json": prompt(id=f"prompt-number-{n}") for n in range(100, 150)}
    wrong = [f"prompt-nummer-{n}" for n in range(100, 150)]
    asked: list[str] = []
    look_up = Words._look_up

    def counted(self: Words, word: str) -> str | None:
        asked.append(word)
        return look_up(self, word)

    monkeypatch.setattr(Words, "_look_up", counted)
    shot = snapshots(files | {"prompts/custom/code-review.json": prompt(related=wrong)})
    found = [each for each in check(shot["prompts/custom/code-review.json"]) if each.code == "unknown-reference"]
    assert [each.message for each in found if each.fix] == [
        f'there is no prompt "{name}": did you mean "{name.replace("mm", "mb")}"?' for name in wrong[:20]
    ]
    assert [each.message for each in found if not each.fix] == [f'there is no prompt "{name}"' for name in wrong[20:]]
    assert asked == wrong[:20]
    check(shot["prompts/custom/code-review.json"])
    assert asked == wrong[:20], "a keystroke elsewhere looks nothing up again"


def test_an_id_that_needs_escapes_is_written_with_them() -> None:
    files = {
        "prompts/custom/odd.json": prompt(id='commit "x"', trigger={"Custom": "c"}),
        "prompts/custom/code-review.json": prompt(related=['commit "y"']),
    }
    shot = snapshots(files)["prompts/custom/code-review.json"]
    fix = next(each.fix for each in check(shot) if each.code == "unknown-reference")
    assert fix
    assert fix.edits[0].new == '"commit \\"x\\""'


def test_a_prompt_is_not_related_to_itself_nor_meant_by_itself() -> None:
    message = "a prompt is not related to itself"
    assert said(prompt(related=["code-review"])) == [("unknown-reference", message, '"code-review"')]
    assert said(prompt(related=["code-reviews"])) == [
        ("unknown-reference", 'there is no prompt "code-reviews"', '"code-reviews"')
    ]


@pytest.mark.parametrize(
    "changes", [{"related": []}, {"related": [""]}, {"related": [5]}, {"related": "x"}, {"parent": 5}]
)
def test_what_is_no_name_is_a_matter_of_shape(changes: dict[str, Any]) -> None:
    assert "unknown-reference" not in [code for code, *_ in said(prompt(**changes))]


def test_a_library_that_is_still_being_read_lacks_nothing() -> None:
    shot = snapshots({"prompts/custom/code-review.json": prompt(related=["other"])}).popitem()[1]
    assert check(Snapshot(shot.document, shot.path, shot.root, Library(complete=False))) == []


def test_a_great_many_names_that_lead_nowhere_are_bounded() -> None:
    assert len(said(prompt(related=[f"r{number}" for number in range(5000)]))) == 100


# Lineage


def chain(length: int) -> dict[str, dict[str, Any]]:
    """Prompts p0 → p1 → … → p0, each the child of the next."""
    return {f"p{number}": {"parent": f"p{(number + 1) % length}"} for number in range(length)}


def test_a_prompt_that_is_its_own_parent() -> None:
    message = "the prompt descends from itself: code-review → code-review"
    assert said(prompt(parent="code-review")) == [("lineage-cycle", message, '"code-review"')]


@pytest.mark.parametrize(
    ("length", "way"),
    [
        (2, "p0 → p1 → p0"),
        (5, "p0 → p1 → p2 → p3 → p4 → p0"),
        (9, "p0 → p1 → p2 → p3 → p4 → … → p0"),
    ],
)
def test_a_circle_is_told_in_each_of_its_prompts(length: int, way: str) -> None:
    found = library(**chain(length))
    assert found["p0"] == [("lineage-cycle", f"the prompt descends from itself: {way}", '"p1"')]
    assert all([code for code, *_ in each] == ["lineage-cycle"] for each in found.values())


def test_a_circle_leads_to_the_other_parents() -> None:
    files = {
        f"prompts/custom/p{number}.json": prompt(
            id=f"p{number}", trigger={"Custom": str(number)}, parent=f"p{1 - number}"
        )
        for number in (0, 1)
    }
    (finding,) = check(snapshots(files)["prompts/custom/p0.json"])
    assert [(each.path, each.key) for each in finding.related] == [(str(ROOT / "prompts/custom/p1.json"), "parent")]


def test_a_circle_further_up_is_told_in_its_own_prompts_only() -> None:
    found = library(a={"parent": "p0"}, **chain(3))
    assert found["a"] == []
    assert found["p2"] != []


def test_two_prompts_may_have_one_parent() -> None:
    assert set(map(tuple, library(a={}, a_v2={"parent": "a"}, a_v3={"parent": "a"}).values())) == {()}


def test_a_very_long_lineage_is_followed_only_so_far() -> None:
    entries = [Entry(f"/p/{number}.json", "custom", f"p{number}", parent=f"p{number + 1}") for number in range(10_000)]
    value = prompt(parent="p0", trigger={"Custom": "x"})
    assert check(Snapshot(document_of(value), ROOT / "code-review.json", None, Library.of(entries))) == []


# Triggers


def test_the_same_trigger_is_told_in_both() -> None:
    found = library(a={"trigger": {"Language": "Rust"}}, b={"trigger": {"Language": "rust"}})
    assert found["a"] == [("duplicate-trigger", 'Language "Rust" also triggers b', '"Rust"')]
    assert found["b"] == [("duplicate-trigger", 'Language "rust" also triggers a', '"rust"')]


def test_many_with_one_trigger_are_counted() -> None:
    found = library(**{f"p{number}": {"trigger": {"Custom": "x"}} for number in range(6)})
    assert found["p0"][0][1] == 'Custom "x" also triggers p1, p2, p3 and 2 more'


@pytest.mark.parametrize(
    "prompts",
    [
        {"a": {"trigger": {"Language": "C"}}, "b": {"trigger": {"Framework": "C"}}},
        {"a": {"trigger": {"Language": "C"}}, "b": {"trigger": {"Language": "C++"}}},
        # Revisions of one prompt, however far apart, are one prompt.
        {"a": {"trigger": {"Custom": "x"}}, "a_v2": {"trigger": {"Custom": "x"}, "parent": "a"}},
        {
            "a": {"trigger": {"Custom": "x"}},
            "a_v2": {"trigger": {"Custom": "x"}, "parent": "a"},
            "a_v3": {"trigger": {"Custom": "x"}, "parent": "a-v2"},
            "a_v4": {"trigger": {"Custom": "x"}, "parent": "a-v3"},
            "a_v5": {"trigger": {"Custom": "x"}, "parent": "a"},
        },
    ],
)
def test_no_two_occasions_for_one_prompt(prompts: dict[str, Any]) -> None:
    assert not any(library(**prompts).values())


def test_revisions_in_a_circle_are_still_one_prompt() -> None:
    circle = {name: spec | {"trigger": {"Custom": "x"}} for name, spec in chain(3).items()}
    found = library(a={"parent": "p1", "trigger": {"Custom": "x"}}, **circle)
    assert {code for each in found.values() for code, *_ in each} == {"lineage-cycle"}


def test_what_shadows_or_ships_is_no_rival() -> None:
    files = {
        "prompts/custom/code-review.json": prompt(),
        "prompts/builtin/code-review.json": prompt(source="Builtin"),
    }
    shots = snapshots(files)
    assert [told(each) for each in shots.values()] == [[], []]
    shot = shots["prompts/custom/code-review.json"]
    shipped = Entry("/package/x.json", "shipped", "x", trigger_kind="Language", trigger_name="Rust")
    nameless = Entry("/p/y.json", "custom", "", trigger_kind="Language", trigger_name="Rust")
    assert check(Snapshot(shot.document, shot.path, shot.root, Library.of([shipped, nameless]))) == []


@pytest.mark.parametrize(
    "trigger", [{}, {"Language": ""}, {"Language": 5}, {"Language": "a", "Custom": "b"}, "Rust", None]
)
def test_a_trigger_that_is_none_triggers_nothing(trigger: Any) -> None:
    found = library(a={"trigger": trigger}, b={"trigger": trigger})
    assert "duplicate-trigger" not in {code for each in found.values() for code, *_ in each}
