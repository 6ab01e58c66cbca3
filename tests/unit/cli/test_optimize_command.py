"""`promptbits optimize`, and what of `promptbits review` optimizes again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_workspace import Run, write
from reviewed_prompts import quiet, report

from promptbits.optimize.reviews.opening import open_reviews

CONTENT = """# Weekly report

You should maybe write a good report from the notes. It would be nice if it was rather short. Please try to list
several risks, and basically say who owns each of them.

## Notes

<<notes>>
"""


@pytest.fixture
def file(root: Path) -> Path:
    write(root / "promptbits.toml", "")
    return write(root / "prompts/custom/report.json", report(CONTENT))


def test_proposals_are_kept_as_a_review_and_nothing_is_changed(root: Path, file: Path, run: Run) -> None:
    before = file.read_bytes()
    result = run("optimize", "report", "--breadth", "6", "--seed", "3")
    assert result.code == 0, result.err
    assert result.out.startswith("review 1  report  open\noffline, seed 3, 6×3\n")
    assert "No measurements yet" in result.out
    assert result.out.endswith("kept as review 1: promptbits review show 1\n")
    assert not any(sign in result.out for sign in (" pts ", "P(better)", "predicted\t"))
    assert file.read_bytes() == before
    (review,) = open_reviews(root, quiet).all()
    assert review.basis.content == CONTENT
    assert all("<<notes>>" in each.text for each in review.candidates)


def test_the_same_again_is_the_same_review(root: Path, file: Path, run: Run) -> None:
    first = json.loads(run("optimize", "report", "--json").out)
    again = json.loads(run("optimize", "prompts/custom/report.json", "--json").out)
    assert first == again
    assert json.loads(run("optimize", "report", "--seed", "1", "--json").out)["number"] == 2


def test_a_section_and_a_wrong_one(root: Path, file: Path, run: Run) -> None:
    value = json.loads(run("optimize", "report", "--section", "weekly report", "--json").out)
    assert value["basis"]["section"] == [0, len(CONTENT)]  # all of it is below this heading
    value = json.loads(run("optimize", "report", "--section", "Notes", "--json").out)
    start = CONTENT.index("## Notes")
    assert value["basis"]["section"] == [start, len(CONTENT)]
    assert all(each["text"].startswith(CONTENT[:start]) for each in value["candidates"])
    result = run("optimize", "report", "--section", "Nope")
    assert (result.code, result.out) == (2, "")
    assert "the content has no heading 'Nope': its headings are 'Weekly report', 'Notes'" in result.err


def test_a_budget_gives_shorter_texts_only(root: Path, file: Path, run: Run) -> None:
    value = json.loads(run("optimize", "report", "--tokens", "40", "--json").out)
    assert value["basis"]["token_budget"] == 40
    assert all(len(each["text"]) < len(CONTENT) for each in value["candidates"])


def test_refine_goes_on_from_a_candidate(root: Path, file: Path, run: Run) -> None:
    first = json.loads(run("optimize", "report", "--json").out)
    second = json.loads(run("review", "refine", "1", "--candidate", "2", "--json").out)
    chosen = first["candidates"][1]
    assert second["number"] == 2
    assert second["origin"]["text"] == chosen["text"]
    assert all(each["edits"][: len(chosen["edits"])] == chosen["edits"] for each in second["candidates"])
    assert second["run"]["seed"] == first["run"]["seed"] + 1
    assert run("review", "accept", "2").code == 0
    assert [each.status for each in open_reviews(root, quiet).all()] == ["superseded", "accepted"]
    assert run("check").code == 0


def test_rebase_carries_the_proposals_over(root: Path, file: Path, run: Run) -> None:
    first = json.loads(run("optimize", "report", "--json").out)
    now = CONTENT.replace("# Weekly report", "# Report of a week")
    write(file, report(now))
    assert run("review", "accept", "1").code == 2
    value = json.loads(run("review", "rebase", "1", "--json").out)
    assert value["basis"]["content"] == now
    assert len(value["candidates"]) + len(value["lost"]) == len(first["candidates"])
    assert run("review", "accept", "1", "--in-place").code == 0
    assert json.loads(file.read_text())["content"].count("# Report of a week") == 1
    assert run("check").code == 0


def test_what_cannot_be_optimized_is_said_in_one_line(root: Path, file: Path, run: Run) -> None:
    write(root / "prompts/custom/broken.json", '{"id": "broken", "content": "half')
    write(root / "prompts/custom/empty.json", report("  ") | {"id": "empty"})
    for prompt, words in (
        ("reprot", "did you mean 'report'?"),
        ("prompts/custom/broken.json", "prompts/custom/broken.json:1:29"),
        ("empty", "the content is empty"),
        ("prompts/custom/none.json", "prompts/custom/none.json: no such file"),
    ):
        result = run("optimize", prompt)
        assert (result.code, result.out, result.err.count("\n")) == (2, "", 1), result.err
        assert words in result.err
