"""A candidate accepted as a new revision or in place, and a revision promoted: held against the rules of the design."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from review_samples import AFTER, BEFORE, ME
from review_workspace import Workspace, table, text_of

from promptbits.facts.fields import checked
from promptbits.facts.ids import content_sha256
from promptbits.optimize.reviews import evolution, lifecycle
from promptbits.optimize.reviews.changes import CreatedFile, EditedFile
from promptbits.optimize.reviews.model import RefusedError, StaleError
from promptbits.optimize.reviews.promoting import Promotion, base_of, promote
from promptbits.optimize.reviews.revisions import as_revision, in_place
from promptbits.prompts.formatting import is_canonical
from promptbits.text.document import Document


@pytest.fixture
def work(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


def test_a_new_revision_is_as_the_design_has_it(work: Workspace) -> None:
    base = table("report", related=["commit-message"], version="1.x", model={"temperature": 0.20})
    path = work.write("custom", text_of(base).replace("0.7,", "0.70,"))
    before = path.read_bytes()
    accepted = as_revision(work.review(), 1, work.snapshot("report"))
    (change,) = accepted.changes
    assert isinstance(change, CreatedFile)
    assert change.path == work.path / "prompts/learned/report-v2.json"
    work.carry_out(accepted.changes)
    assert path.read_bytes() == before
    expected = {**base, "id": "report-v2", "content": AFTER, "source": "Learned", "revision": 2, "parent": "report"}
    assert json.loads(change.text) == expected
    assert '"confidence": 0.70,' in change.text  # in its own spelling
    assert is_canonical(Document.from_text(change.text))
    assert (accepted.outcome.prompt_id, accepted.outcome.revision) == ("report-v2", 2)
    assert work.findings("report-v2") == work.findings("report")  # nothing that the base has not
    plain = [each for each in work.findings("report-v2") if each.code != "unknown-reference"]
    assert plain == []


def test_the_next_revision_goes_on_from_the_highest_of_the_lineage(work: Workspace) -> None:
    work.write("custom", table("report"))
    for n, parent in ((2, "report"), (5, "report-v2"), (4, "report-v2")):
        fields = {"source": "Learned", "revision": n, "parent": parent}
        work.write("learned", table(f"report-v{n}", f"# {n}\n\n<<notes>>\n", **fields))
    accepted = as_revision(work.review("report-v4"), 1, work.snapshot("report-v4"))
    work.carry_out(accepted.changes)
    new = work.snapshot("report-v6").prompt
    # Named after the base, though its parent is the one that was optimized.
    assert (new["id"], new["parent"], new["revision"]) == ("report-v6", "report-v4", 6)
    assert work.findings("report-v6") == []


@pytest.mark.parametrize("layer", ["custom", "learned"])
def test_nothing_is_ever_overwritten(work: Workspace, layer: str) -> None:
    """Also where a prompt of another lineage has the name, or a file that is no prompt."""
    work.write("custom", table("report"))
    taken = work.write(layer, table("report-v2", source="Custom" if layer == "custom" else "Learned"))
    (work.path / "prompts/learned").mkdir(exist_ok=True)
    (work.path / "prompts/learned/report-v3.json").write_text("notes")
    before = taken.read_bytes()
    accepted = as_revision(work.review(), 1, work.snapshot("report"))
    work.carry_out(accepted.changes)
    assert accepted.outcome.prompt_id == "report-v4"
    assert work.snapshot("report-v4").prompt["revision"] == 4
    assert taken.read_bytes() == before


def test_an_acceptance_that_was_cut_short_is_found_done(work: Workspace) -> None:
    work.write("custom", table("report"))
    first = as_revision(work.review(), 1, work.snapshot("report"))
    work.carry_out(first.changes)
    again = as_revision(work.review(), 1, work.snapshot("report"))
    assert again.changes == ()
    assert again.outcome == first.outcome
    other = as_revision(work.review("report", AFTER + "More.\n"), 1, work.snapshot("report"))
    assert other.outcome.prompt_id == "report-v3"


def test_a_shipped_prompt_gets_a_revision_of_the_users_own(work: Workspace) -> None:
    id_ = next(entry.id for entry in work.library().entries() if entry.layer == "shipped" and entry.variables)
    content = work.snapshot(id_).content
    accepted = as_revision(work.review(id_, content + "\nSay so.\n"), 1, work.snapshot(id_))
    work.carry_out(accepted.changes)
    new = work.snapshot(f"{id_}-v2")
    assert new.path == work.path / f"prompts/learned/{id_}-v2.json"
    assert "$schema" not in new.prompt
    assert work.findings(f"{id_}-v2") == []
    promotion = promote(new, work.snapshot(id_))
    work.carry_out(promotion.changes)
    own = work.snapshot(id_)
    assert own.path == work.path / f"prompts/custom/{id_}.json"
    assert (own.content, own.prompt["revision"], own.prompt["source"]) == (new.content, 2, "Custom")
    assert work.findings(id_) == []
    assert promotion.before == content


def test_a_schema_that_is_a_path_still_leads_to_the_same_file(work: Workspace) -> None:
    path = work.path / "prompts/custom/deep/report.json"
    path.parent.mkdir(parents=True)
    schema = {"$schema": "../../../schemas/promptbit.schema.json"}
    path.write_text(text_of({**schema, **table("report")}))
    accepted = as_revision(work.review(), 1, work.snapshot("report"))
    assert isinstance(accepted.changes[0], CreatedFile)
    assert json.loads(accepted.changes[0].text)["$schema"] == "../../schemas/promptbit.schema.json"
    path.write_text(text_of({"$schema": "https://x.example/promptbit.schema.json", **table("report")}))
    accepted = as_revision(work.review(), 1, work.snapshot("report"))
    assert isinstance(accepted.changes[0], CreatedFile)
    assert json.loads(accepted.changes[0].text)["$schema"] == "https://x.example/promptbit.schema.json"


def test_in_place_only_the_content_is_touched(work: Workspace) -> None:
    odd = text_of(table("report")).replace('  "', '\t"').replace("<", "\\u003c")
    path = work.write("custom", odd)
    accepted = in_place(work.review(), 1, work.snapshot("report"))
    (change,) = accepted.changes
    assert isinstance(change, EditedFile)
    where = [odd[edit.start : edit.end] for edit in change.edits]
    assert where == ["You should maybe w"]
    work.carry_out(accepted.changes)
    assert path.read_text() == odd.replace("You should maybe write", "Write")
    assert json.loads(path.read_text()) == table("report", AFTER)
    assert accepted.outcome.revision == 1
    assert in_place(work.review("report", AFTER), 1, work.snapshot("report")).changes == ()
    assert work.findings("report") == []


def test_a_shipped_prompt_is_copied_before_it_is_changed(work: Workspace) -> None:
    id_ = next(entry.id for entry in work.library().entries() if entry.layer == "shipped")
    accepted = in_place(work.review(id_, work.snapshot(id_).content + "\nSay so.\n"), 1, work.snapshot(id_))
    work.carry_out(accepted.changes)
    assert work.snapshot(id_).path == work.path / f"prompts/custom/{id_}.json"
    assert work.findings(id_) == []


def test_what_cannot_be_accepted_is_refused_in_words(work: Workspace) -> None:
    path = work.write("custom", table("report"))
    review = work.review()
    for accept in (as_revision, in_place):
        with pytest.raises(RefusedError, match="review 1 has the candidates 1 to 1, and no candidate 2"):
            accept(review, 2, work.snapshot("report"))
        closed = lifecycle.rejected(review, "no", ME)
        with pytest.raises(RefusedError, match="no longer open: it was rejected on 2026-11-20 16:00 by me"):
            accept(closed, 1, work.snapshot("report"))
    path.write_text(text_of(table("report", BEFORE + "New.\n")))
    for accept in (as_revision, in_place):
        with pytest.raises(StaleError, match="has changed since: rebase review 1 first"):
            accept(review, 1, work.snapshot("report"))
    path.write_text(text_of(table("report")).replace('"tags"', '"id": "report", "tags"'))
    with pytest.raises(RefusedError, match=r"report\.json:\d+:\d+: a key is written twice"):
        as_revision(review, 1, work.snapshot("report"))


def test_a_file_outside_of_every_folder_is_accepted_in_place_only(work: Workspace) -> None:
    work.write("custom", table("report"))
    loose = work.path / "report.json"
    loose.write_text(text_of(table("report")))
    snapshot = replace(work.snapshot("report"), path=loose)
    with pytest.raises(RefusedError, match="outside of every prompt folder: accept it in place"):
        as_revision(work.review(), 1, snapshot)
    assert in_place(work.review(), 1, snapshot).changes[0].path == loose


def learn(work: Workspace, content: str, **fields: object) -> None:
    work.write("learned", table("report-v2", content, source="Learned", revision=2, parent="report", **fields))


def test_promotion_copies_content_and_variables_and_takes_the_revision(work: Workspace) -> None:
    path = work.write("custom", table("report", related=["a-b"]))
    learn(work, "# Now <<who>>\n", variables={"who": {"default": "me", "type": "string"}}, confidence=0.1, tags=["x"])
    learned = work.path / "prompts/learned/report-v2.json"
    before = learned.read_bytes()
    promotion = promote(work.snapshot("report-v2"), work.snapshot("report"))
    work.carry_out(promotion.changes)
    variables = {"who": {"default": "me", "type": "string"}}
    assert json.loads(path.read_text()) == table(
        "report", "# Now <<who>>\n", related=["a-b"], variables=variables, revision=2
    )
    assert list(json.loads(path.read_text())) == list(table("report", revision=2, related=[]))
    assert learned.read_bytes() == before
    assert promote(work.snapshot("report-v2"), work.snapshot("report")).changes == ()


VARIABLES = st.none() | st.dictionaries(
    st.sampled_from(["notes", "a", "b.c"]),
    st.fixed_dictionaries({}, optional={"default": st.integers(0, 9)}),
    max_size=2,
)


@given(VARIABLES, VARIABLES, st.none() | st.integers(1, 9), st.integers(1, 9), st.text(max_size=30), st.booleans())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_promotion_of_anything_is_what_a_table_says(work, old, new, base_revision, revision, content, flat) -> None:
    fields = {"variables": old, "revision": base_revision}
    base = {name: value for name, value in table("report", **fields).items() if value is not None}
    text = text_of(base) if not flat else json.dumps(base, separators=(",", ":"))
    path = work.write("custom", text)
    learned = {"source": "Learned", "revision": revision, "parent": "report", "variables": new}
    learned = {name: value for name, value in table("report-v2", content, **learned).items() if value is not None}
    work.write("learned", learned)
    if "\0" in content:
        with pytest.raises(RefusedError, match="NUL"):
            promote(work.snapshot("report-v2"), work.snapshot("report"))
        return
    promotion = promote(work.snapshot("report-v2"), work.snapshot("report"))
    work.carry_out(promotion.changes)
    expected = {**base, "content": content, "revision": revision, "variables": new}
    result = json.loads(path.read_text())
    assert result == {name: value for name, value in expected.items() if value is not None}
    assert promote(work.snapshot("report-v2"), work.snapshot("report")).changes == ()


def test_what_cannot_be_promoted_is_refused_in_words(work: Workspace) -> None:
    work.write("custom", table("report"))
    library = work.library()
    entry = library.served("report")
    assert entry is not None
    with pytest.raises(RefusedError, match="report evolved from no other prompt"):
        base_of(library, entry)
    with pytest.raises(RefusedError, match="names the parent 'gone', and there is no such prompt"):
        base_of(library, entry._replace(parent="gone"))
    learn(work, "# Now\n")
    work.write("custom", table("report", parent="report-v2"))
    library = work.library()
    entry = library.served("report-v2")
    assert entry is not None
    with pytest.raises(RefusedError, match="report-v2 descends from itself"):
        base_of(library, entry)


def test_each_decision_gives_a_fact_in_order(work: Workspace) -> None:
    work.write("custom", table("report"))
    review = work.review()
    accepted = as_revision(review, 1, work.snapshot("report"))
    fact = checked(evolution.of_acceptance(review, accepted.outcome, ME))
    assert {name: fact[name] for name in ("prompt_id", "parent_id", "revision", "proposer", "edits", "status")} == {
        "prompt_id": "report-v2",
        "parent_id": "report",
        "revision": 2,
        "proposer": "offline",
        "edits": ["edit-1"],
        "status": "accepted",
    }
    assert (fact["parent_sha256"], fact["content_sha256"]) == (content_sha256(BEFORE), content_sha256(AFTER))
    assert fact["prediction"] == {
        "mean": 0.61,
        "std": 0.05,
        "evidence": "weak",
        "probability_better": 0.7,
        "original": {"mean": 0.55, "std": 0.04, "evidence": "weak"},
        "measured_texts": 6,
        "model": "m",
    }
    rejection = evolution.of_rejection(lifecycle.rejected(review, "it is too curt", ME), ME)
    assert rejection is not None
    assert checked(rejection)["status"] == "rejected"
    assert "curt" not in str(rejection)  # what people write is no fact
    assert fact["id"] != rejection["id"]
    assert evolution.of_acceptance(review, accepted.outcome, ME)["id"] == fact["id"]  # asked again, it counts once
    done = Promotion((), "report", "report-v2", 2, BEFORE, AFTER)
    promotion = checked(evolution.of_promotion(done, ME))
    assert (promotion["prompt_id"], promotion["parent_id"], promotion["status"]) == ("report", "report-v2", "promoted")
