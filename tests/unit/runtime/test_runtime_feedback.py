"""Feedback: what people and evaluations say of a run."""

import pytest

import promptbits


@pytest.fixture
def prompt(desk):
    desk.write("greet", "Hello", revision=2)
    return promptbits.load_prompt("greet", conversation_id="c-1")


def test_feedback_about_a_run(desk, prompt):
    with prompt.track(model="m") as run:
        pass
    id_ = promptbits.record_feedback(prompt, rating=4, outcome="succeeded", execution_id=run.id)
    _, fact = desk.facts()
    assert fact == {
        "kind": "feedback",
        "id": id_,
        "timestamp": fact["timestamp"],
        "metadata": {},
        "prompt_id": "greet",
        "content_sha256": prompt.content_sha256,
        "revision": 2,
        "execution_id": run.id,
        "conversation_id": "c-1",
        "rating": 4,
        "outcome": "succeeded",
    }


def test_feedback_by_id_of_the_prompt(desk):
    promptbits.record_feedback("greet", conversation_id="c-9", outcome="failed", name="judge", score=0.25, label="bad")
    (fact,) = desk.facts()
    assert (fact["prompt_id"], fact["conversation_id"], fact["name"], fact["score"], fact["label"]) == (
        "greet",
        "c-9",
        "judge",
        0.25,
        "bad",
    )


@pytest.mark.parametrize(
    ("toml", "chosen", "kept"),
    [
        ("", None, False),
        ("[facts]\nkeep_text = true", None, True),
        ("[facts]\nkeep_text = true", False, False),
        ("", True, True),
        ("facts = 5", None, False),
    ],
)
def test_what_somebody_wrote_is_kept_only_if_that_is_wanted(desk, toml, chosen, kept):
    (desk.root / "promptbits.toml").write_text(toml)
    promptbits.configure(keep_text=chosen)
    promptbits.record_feedback("greet", rating=1, text="canary")
    assert ("canary" in str(desk.facts())) is kept
    assert (b"canary" in b"".join(path.read_bytes() for path in desk.store_path.parent.glob("facts.db*"))) is kept


@pytest.mark.parametrize("rating", [0, 6, "5", None, float("inf")])
def test_a_rating_that_is_none_breaks_nothing(desk, rating):
    promptbits.record_feedback("greet", rating=rating, outcome="great", user="ada")
    (fact,) = desk.facts()
    assert (fact.get("rating"), fact.get("outcome"), fact["user"]) == (None, None, "ada")


def test_feedback_about_nothing_is_refused_and_counted(desk, caplog):
    promptbits.record_feedback("", rating=5)
    assert promptbits.recording_status() == (0, 0, 1, 0)
    assert desk.facts() == []
    assert "refused" in caplog.text


def test_feedback_where_there_is_no_working_directory(desk, tmp_path, monkeypatch, caplog):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    promptbits.configure(root=None)
    gone.rmdir()
    promptbits.record_feedback("greet", rating=5, text="x")
    assert "no fact can be recorded" in caplog.text
    monkeypatch.chdir(tmp_path)
