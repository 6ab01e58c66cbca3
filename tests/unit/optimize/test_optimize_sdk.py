"""`promptbits.optimize_prompt`, as an application calls it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from review_workspace import Workspace, table

import promptbits
from promptbits.optimize.reviews.opening import open_reviews

CONTENT = (
    "# Report\n\nYou should maybe write a good report from the notes. It would be nice if it was rather short. Please "
    "try to list several risks, and basically say who owns each of them.\n\n<<notes>>\n"
)


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Workspace]:
    space = Workspace(tmp_path)
    space.write("custom", table("report", CONTENT))
    promptbits.configure(root=tmp_path)
    yield space
    promptbits.configure(root=None, facts=None)


def quiet(line: str) -> None:
    raise AssertionError(line)


def test_a_prompt_leaves_a_review_and_is_not_changed(work: Workspace) -> None:
    result = promptbits.optimize_prompt("report", breadth=5, seed=2)
    assert (result.prompt_id, result.review, result.recommended) == ("report", 1, None)
    assert result.original == result.text == CONTENT  # nothing is measured: nothing is better for certain
    assert result.candidates
    assert "No measurements yet" in result.evidence
    kept = open_reviews(work.path, quiet).get(1)
    assert kept.candidates == result.candidates
    assert kept.history[0].who == "promptbits.optimize_prompt"
    assert work.snapshot("report").content == CONTENT


def test_a_text_leaves_nothing(work: Workspace) -> None:
    text = CONTENT.replace("\n", "\r\n")
    result = promptbits.optimize_prompt(text)
    assert (result.prompt_id, result.review, result.original) == (None, None, text)
    assert result.candidates == promptbits.optimize_prompt(text).candidates
    assert all("<<notes>>" in each.text for each in result.candidates)
    assert not (work.path / ".promptbits").exists()


def test_what_is_asked_wrongly(work: Workspace) -> None:
    with pytest.raises(promptbits.PromptNotFoundError, match="did you mean 'report'"):
        promptbits.optimize_prompt("reprot")
    for wrong in ({"breadth": 1}, {"depth": 0}):
        with pytest.raises(ValueError, match="at least"):
            promptbits.optimize_prompt("report", **wrong)
    with pytest.raises(ValueError, match="no text to optimize"):
        promptbits.optimize_prompt(" \n")
    work.write("custom", '{"id": "report", "content": "half')
    with pytest.raises(promptbits.PromptNotFoundError):
        promptbits.optimize_prompt("nothing-there")


def test_facts_that_cannot_be_read_are_done_without(work: Workspace, caplog: pytest.LogCaptureFixture) -> None:
    store = work.path / "facts.db"
    store.write_text("no store at all")
    promptbits.configure(facts=store)
    assert promptbits.optimize_prompt("report").run.measured_texts == 0
    assert "optimized without facts" in caplog.text


def test_an_application_pays_for_it_only_if_it_asks() -> None:
    code = "import sys, promptbits; assert not {'numpy', 'tinydb', 'promptbits.optimize'} & set(sys.modules)"
    code += "; promptbits.load_prompt; assert not {'numpy', 'tinydb', 'promptbits.optimize'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
