"""Reviews over the protocol: seen wherever they were made, and decided about by edits that the client makes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from authoring import DEADLINE, session
from editing import INVALID_PARAMS, Json, position_of, prompt, refusal
from optimizing_author import APPLY, ASK, BEFORE, FULL, REPORT, Optimizer, report

from promptbits.facts.ids import content_sha256, new_id
from promptbits.facts.locating import facts_path
from promptbits.facts.opening import open_store
from promptbits.optimize.reviews.lifecycle import By, rejected
from promptbits.optimize.reviews.model import Candidate, Rejected, Review, ReviewBasis, Run
from promptbits.optimize.reviews.opening import open_reviews
from promptbits.optimize.reviews.store import ReviewStore
from promptbits.optimize.terms import Evidence, Prediction

pytestmark = pytest.mark.asyncio

BETTER = BEFORE.replace("You should probably avoid jargon.", "Avoid jargon.")
LONGER = BEFORE + "\n## Check\n\nCheck it.\n"
LENS = "2 proposals · predicted best +4 pts [−3, +11] (moderate, 23 measured texts)"
HEURISTIC = "2 proposals · heuristic order, nothing is measured yet"
LEARNED = "prompts/learned/report-v2.json"
REVIEWS = "promptbits/reviews"


def quiet(line: str) -> None:
    raise AssertionError(line)


def store_of(root: Path) -> ReviewStore:
    return open_reviews(root, quiet)


def kept(root: Path, evidence: Evidence = "moderate", content: str = BEFORE) -> Review:
    """A review of two candidates, as a command in a terminal leaves it."""

    def predicted(mean: float) -> Prediction:
        return Prediction(mean, 0.0253, evidence)

    texts = 23 if evidence == "moderate" else 0
    standing = "moderate (about 2:1 per pair), 23 measured texts" if texts else "No measurements yet: heuristic order"
    return store_of(root).add(
        Review(
            0,
            new_id(),
            ReviewBasis("report", REPORT, content, content_sha256(content)),
            (
                Candidate(BETTER, ("hedges-out",), predicted(0.59), 0.86),
                Candidate(LONGER, ("check-step",), predicted(0.56), 0.6),
            ),
            Run(
                "offline",
                7,
                measured_texts=texts,
                model="big" if texts else "",
                standing=standing,
                original=predicted(0.55),
            ),
            (Rejected("growth", ("role-line",), 3),),
            1 if texts else None,
            history=(By("me", "2026-11-20T16:00:00.000Z").did("created"),),
        )
    )


async def seen(author: Any, evidence: Evidence = "moderate") -> Optimizer:
    """An editor that knows of a review that somebody else has made."""
    editor = await Optimizer.begun(author)
    kept(author.folder, evidence)
    await editor.changed()
    return editor


async def test_a_review_that_somebody_else_makes_is_seen(tmp_path: Path) -> None:
    async with session(tmp_path, FULL) as author:
        editor = await seen(author)
        assert await editor.lenses() == [LENS]
        await author.asked("workspace/codeLens/refresh", 0)
        store_of(tmp_path).update(1, lambda it, _: [rejected(it, "no", By.now("somebody"))])
        await editor.changed()
        assert await editor.lenses() == []
        assert [each["status"] for each in await editor.reviews()] == ["rejected"]


async def test_nothing_measured_shows_no_rate_anywhere(tmp_path: Path) -> None:
    async with session(tmp_path, FULL) as author:
        editor = await seen(author, "none")
        assert await editor.lenses() == [HEURISTIC]
        [review] = await editor.reviews()
        text = await editor.document(review["document"])
        titles = [each["title"] for each in await editor.actions()]
        shown = json.dumps([review, text, titles], ensure_ascii=False)
        assert "P(better)" not in shown
        assert "%]" not in shown
        assert " pts" not in shown
        assert all(
            each["predicted"] is each["gain"] is each["probabilityBetter"] is None for each in review["candidates"]
        )


async def test_a_review_is_told_in_numbers_with_their_intervals(tmp_path: Path) -> None:
    async with session(tmp_path, FULL) as author:
        editor = await seen(author)
        [review] = await editor.reviews(uri=editor.uri)
        assert (review["number"], review["uri"], review["stale"], review["recommended"]) == (1, editor.uri, False, 1)
        assert review["summary"] == LENS
        best = review["candidates"][0]
        assert best["predicted"] == "59 % [54–64]"
        assert best["gain"]["estimate"] == pytest.approx(0.04)
        assert best["gainText"] == "+4 pts [−3, +11]"
        assert best["edits"][0]["name"] == "hedges-out"
        assert best["edits"][0]["rationale"]
        assert review["candidates"][1]["edits"] == [{"name": "check-step", "rationale": ""}]
        assert await editor.document(review["basis"]) == BEFORE
        assert [await editor.document(each["document"]) for each in review["candidates"]] == [BETTER, LONGER]


async def test_a_review_reads_as_a_document(tmp_path: Path) -> None:
    async with session(tmp_path, FULL) as author:
        editor = await seen(author)
        [review] = await editor.reviews()
        text = await editor.document(review["document"])
        assert (
            "| 1 (recommended) | 59 % [54–64] | +4 pts [−3, +11] | 0.86 | hedges-out |".replace("[", "\\[") not in text
        )
        assert "59 % [54–64] | +4 pts [−3, +11] | 0.86 | hedges-out |" in text
        assert "-The text should be written in plain words. You should probably avoid jargon." in text
        assert "+The text should be written in plain words. Avoid jargon." in text
        assert "- growth: 3 (by role-line)" in text
        assert "Candidate 1 is recommended (P(better) 0.86, predicted)" in text


async def test_a_candidate_becomes_a_new_revision(tmp_path: Path) -> None:
    async with session(tmp_path, FULL) as author:
        editor = await seen(author)
        answer = await editor.choose("Accept candidate 1 as a new revision, recommended (predicted +4 pts [−3, +11])")
        assert (answer["promptId"], answer["revision"], answer["uri"]) == ("report-v2", 2, author.uri(LEARNED))
        made = json.loads(editor.text(LEARNED))
        assert (made["content"], made["parent"], made["source"]) == (BETTER, "report", "Learned")
        assert editor.text(REPORT) == report()
        review = store_of(tmp_path).get(1)
        assert review.status == "accepted"
        assert review.outcome is not None
        assert (review.outcome.how, review.outcome.prompt_id) == ("revision", "report-v2")
        assert await editor.lenses() == []


async def test_a_candidate_is_accepted_in_place_by_the_smallest_edit(tmp_path: Path) -> None:
    async with session(tmp_path, FULL) as author:
        editor = await seen(author)
        await editor.choose("Accept candidate 2 in place")
        assert editor.text(REPORT) == report(LONGER)
        [edit] = [each["params"]["edit"] for each in author.client.received if each.get("method") == APPLY]
        [change] = edit["documentChanges"]
        assert change["textDocument"]["version"] == 1
        assert len(json.dumps(change["edits"])) < len(BEFORE)
        assert store_of(tmp_path).get(1).status == "accepted"


async def test_an_acceptance_is_a_fact_with_what_was_predicted(tmp_path: Path) -> None:
    async with session(tmp_path, FULL) as author:
        editor = await seen(author)
        await editor.run("acceptProposal", 1, 1, "in-place")
    facts = open_store(facts_path(tmp_path), read_only=True)
    [fact] = [each for each in facts.facts() if each["kind"] == "evolution"]
    assert (fact["status"], fact["edits"], fact["content_sha256"]) == (
        "accepted",
        ["hedges-out"],
        content_sha256(BETTER),
    )
    assert fact["prediction"]["mean"] == pytest.approx(0.59)
    assert facts.text(content_sha256(BETTER)) == BETTER
    facts.close()


@pytest.mark.parametrize("answer", [{"applied": False}, {"applied": False, "failureReason": "no"}, None, {}])
@pytest.mark.parametrize("how", ["revision", "in-place"])
async def test_an_edit_that_is_not_made_decides_nothing(how: str, answer: Json | None, tmp_path: Path) -> None:
    async with session(tmp_path, FULL) as author:
        editor = await seen(author)
        author.client.answers[APPLY] = lambda _: answer
        message = await refusal(editor.run("acceptProposal", 1, 1, how))
        assert message.startswith("nothing was decided: the editor did not make this change")
        assert store_of(tmp_path).get(1).status == "open"
        assert not facts_path(tmp_path).exists()
        assert await editor.lenses() == [LENS]


async def test_a_review_that_was_decided_about_meanwhile_stays_so(tmp_path: Path) -> None:
    async with session(tmp_path, FULL) as author:
        editor = await seen(author)
        apply = author.client.answers[APPLY]

        def slow(params: Json) -> Json:
            store_of(tmp_path).update(1, lambda it, _: [rejected(it, "no", By.now("somebody"))])
            return apply(params)

        author.client.answers[APPLY] = slow
        message = await refusal(editor.run("acceptProposal", 1, 1, "in-place"))
        assert message.startswith("the change was made, and the review stays as it is: review 1 is no longer open")
        assert store_of(tmp_path).get(1).status == "rejected"


@pytest.mark.parametrize("reason", ["Too long", None])
async def test_a_rejection_says_why(reason: str | None, tmp_path: Path) -> None:
    async with session(tmp_path, FULL) as author:
        editor = await seen(author)
        author.client.answers[ASK] = lambda asked: {"title": reason} if reason else None
        await editor.choose("Reject the proposals…")
        review = store_of(tmp_path).get(1)
        assert review.status == ("rejected" if reason else "open")
        if reason:
            assert review.history[-1].note == "Too long"
        assert editor.text(REPORT) == report()


async def test_a_reason_may_come_with_the_command(tmp_path: Path) -> None:
    async with session(tmp_path, FULL) as author:
        editor = await seen(author)
        await editor.run("rejectReview", 1, "tried it before")
        assert store_of(tmp_path).get(1).history[-1].note == "tried it before"
        assert await refusal(editor.run("rejectReview", 1, "again")) != ""


async def test_proposals_are_rebased_once_the_text_has_changed(tmp_path: Path) -> None:
    now = BEFORE.replace("# Report\n", "# Report for all\n")
    async with session(tmp_path, FULL) as author:
        editor = await seen(author)
        author.write(REPORT, report(now))
        author.type(REPORT, 2, report(now))
        editor.versions[editor.uri] = 2
        assert await editor.lenses() == [f"{LENS} · the text has changed since"]
        titles = [each["title"] for each in await editor.actions("# Report for all")]
        assert not [each for each in titles if each.startswith("Accept")]
        stale = await refusal(editor.run("acceptProposal", 1, 1, "in-place"))
        assert stale == "the text of report has changed since: rebase review 1 first"
        answer = await editor.choose("Rebase the proposals onto", "# Report for all")
        assert (answer["review"], answer["lost"]) == (1, [])
        assert [each.text for each in store_of(tmp_path).get(1).candidates] == [
            each.replace("# Report\n", "# Report for all\n") for each in (BETTER, LONGER)
        ]
        await editor.run("acceptProposal", 1, 1, "in-place")
        assert json.loads(editor.text(REPORT))["content"] == BETTER.replace("# Report\n", "# Report for all\n")


async def test_a_revision_is_promoted(tmp_path: Path) -> None:
    learned = prompt(
        "report-v2", content=BETTER, variables={"notes": {"description": "What it is about"}}, source="Learned",
        parent="report", revision=2, trigger={"Custom": "trigger of report"},
    )  # fmt: skip
    async with session(tmp_path, FULL) as author:
        author.write(LEARNED, learned)
        editor = await Optimizer.begun(author)
        author.open(LEARNED, learned)
        await author.settled()
        start = position_of(learned, "# Report")
        found = await editor.ask(
            "codeAction", LEARNED, range={"start": start, "end": start},
            context={"diagnostics": [], "only": ["refactor.rewrite.promptbits.review"]},
        )  # fmt: skip
        assert [each["title"] for each in found] == ["Promote: let report have this text (revision 2)"]
        answer = await author.client.request("workspace/executeCommand", found[0]["command"])
        assert answer["message"] == "report is revision 2, with the text of report-v2"
        base = json.loads(editor.text(REPORT))
        assert (base["content"], base["revision"], base["source"]) == (BETTER, 2, "Custom")
        assert editor.text(LEARNED) == learned


async def test_only_a_revision_is_promoted(tmp_path: Path) -> None:
    async with session(tmp_path, FULL) as author:
        editor = await Optimizer.begun(author)
        assert await refusal(editor.run("promoteRevision")) == "only a learned revision is promoted"


async def test_a_client_that_cannot_edit_is_offered_no_edit(tmp_path: Path) -> None:
    weak = FULL | {"workspace": {key: each for key, each in FULL["workspace"].items() if key != "applyEdit"}}
    async with session(tmp_path, weak) as author:
        editor = await seen(author)
        titles = [each["title"] for each in await editor.actions(only=["refactor.rewrite.promptbits.review"])]
        assert titles == ["Show the proposals", "Reject the proposals…"]
        await refusal(editor.run("acceptProposal", 1, 1, "in-place"))
        assert store_of(tmp_path).get(1).status == "open"


async def test_a_client_that_creates_no_files_has_the_revision_written(tmp_path: Path) -> None:
    weak = FULL | {"workspace": FULL["workspace"] | {"workspaceEdit": {}}}
    async with session(tmp_path, weak) as author:
        editor = await seen(author)
        await editor.run("acceptProposal", 1, 1, "revision")
        assert json.loads(editor.text(LEARNED))["content"] == BETTER
        assert store_of(tmp_path).get(1).status == "accepted"


async def test_a_damaged_file_is_told_of_once(tmp_path: Path) -> None:
    async with session(tmp_path, FULL) as author:
        author.write(".promptbits/reviews.json", "{")
        editor = await Optimizer.begun(author)
        assert await editor.reviews() == []
        assert await editor.reviews() == []
        [told] = author.warnings()
        assert "the file was damaged" in told


@pytest.mark.parametrize("uri", ["7.md", "x.md", "1.md?x", "1.txt", "1.md?9", "1.md?-1"])
async def test_an_address_that_is_none_of_a_review_is_refused(uri: str, tmp_path: Path) -> None:
    async with session(tmp_path, FULL) as author:
        editor = await seen(author)
        code = -32803 if uri in ("7.md", "1.md?9") else INVALID_PARAMS
        await refusal(editor.document(f"promptbits-review://{tmp_path.as_posix()}/{uri}"), code)


async def test_reviews_of_a_file_that_is_no_prompt_are_refused(tmp_path: Path) -> None:
    async with session(tmp_path, FULL) as author:
        await Optimizer.begun(author)
        await refusal(author.client.request(REVIEWS, {"uri": author.uri("nothing.json")}, deadline=DEADLINE))
        await refusal(author.client.request(REVIEWS, {"uri": 7}, deadline=DEADLINE), INVALID_PARAMS)


async def test_a_review_goes_with_a_prompt_that_is_moved(tmp_path: Path) -> None:
    async with session(tmp_path, FULL) as author:
        editor = await Optimizer.begun(author)
        review = kept(tmp_path)
        store_of(tmp_path).update(
            1, lambda it, _: [replace(it, basis=replace(review.basis, path="prompts/custom/old/report.json"))]
        )
        await editor.changed()
        await author.client.until(lambda: True, deadline=DEADLINE)
        [told] = await editor.reviews(uri=editor.uri)
        assert told["uri"] == editor.uri
