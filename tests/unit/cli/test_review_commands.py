"""`promptbits review`: looking at reviews, and deciding about them."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from cli_workspace import Run, write
from facts_workspace import stored
from reviewed_prompts import AFTER, BEFORE, LONGER, a_root, kept, quiet, report

from promptbits.facts.ids import content_sha256
from promptbits.facts.opening import open_store
from promptbits.optimize.reviews.opening import open_reviews, reviews_path


@pytest.fixture
def file(root: Path) -> Path:
    return a_root(root)


def test_the_open_reviews_are_listed(root: Path, file: Path, run: Run) -> None:
    result = run("review", "list")
    assert (result.code, result.out) == (0, "")
    assert "no open review" in result.err
    kept(root)
    kept(root, measured=False)
    line = "2 proposals · predicted best +4 pts [−3, +11] (moderate, 23 measured texts)"
    other = "2 proposals · heuristic order, nothing is measured yet"
    assert run("review", "list").out == f"1\topen\treport\t{line}\n2\topen\treport\t{other}\n"
    run("review", "reject", "1", "--reason", "no")
    assert run("review", "list", "report").out == f"2\topen\treport\t{other}\n"
    assert [line[0] for line in run("review", "list", "--all").out.splitlines()] == ["1", "2"]
    assert run("review", "list", "--status", "rejected").out.startswith("1\trejected\t")
    assert run("review", "list", "other").out == ""
    value = json.loads(run("review", "list", "--json").out)
    assert [(each["number"], each["summary"]) for each in value["reviews"]] == [(2, other)]


def test_a_review_shows_predictions_as_such_and_a_diff(root: Path, file: Path, run: Run) -> None:
    kept(root)
    out = run("review", "show", "1").out
    assert out == (
        "review 1  report  open\n"
        "offline, seed 7, 10×3\n"
        "moderate (about 2:1 per pair), 23 measured texts, with big\n"
        "refused by filters: 4 (growth 3, placeholders 1)\n"
        "\n"
        "#\tpredicted\tagainst now\tP(better)\tedits\n"
        "1\t59 % [55–63]\t+4 pts [−3, +11]\t0.86\thedges-out\n"
        "2\t56 % [52–60]\t+1 pts [−6, +8]\t0.60\tverification-step, role-line\n"
        "now\t55 % [49–61]\t\t\tthe text as it is\n"
        "\n"
        "~ report → candidate 1  changed\n"
        "@@ -1,5 +1,5 @@\n # Report\n \n-You should maybe write a report.\n+Write a report.\n \n Use <<notes>>.\n"
        "\n"
        "candidate 1 is recommended (P(better) 0.86, predicted): promptbits review accept 1\n"
    )
    assert "+Say so." in run("review", "show", "1", "--candidate", "2").out


def test_without_measurements_no_rate_is_shown(root: Path, file: Path, run: Run) -> None:
    kept(root, measured=False)
    out = run("review", "show", "1").out
    assert "No measurements yet\n" in out
    assert "#\tedits\n1\thedges-out\n" in out
    assert not any(sign in out for sign in ("%", "pts", "P(better)"))
    assert "none is likely enough to be better to be recommended: let an experiment measure candidates 1 to 2" in out


def test_accept_gives_a_new_revision_and_a_fact(root: Path, file: Path, run: Run) -> None:
    kept(root)
    before = file.read_bytes()
    result = run("review", "accept", "1")
    assert result.code == 0
    assert "created prompts/learned/report-v2.json" in result.out
    assert file.read_bytes() == before
    learned = json.loads((root / "prompts/learned/report-v2.json").read_text())
    assert (learned["content"], learned["parent"], learned["revision"]) == (AFTER, "report", 2)
    assert run("check").code == 0
    (fact,) = stored(root)
    assert (fact["kind"], fact["prompt_id"], fact["parent_id"]) == ("evolution", "report-v2", "report")
    assert (fact["status"], fact["edits"], fact["proposer"]) == ("accepted", ["hedges-out"], "offline")
    store = open_store(root / ".promptbits/facts.db")
    assert [store.text(content_sha256(text)) for text in (BEFORE, AFTER)] == [BEFORE, AFTER]
    store.close()
    assert run("review", "list").out == ""
    again = run("review", "accept", "1")
    assert (again.code, again.out) == (2, "")
    assert "review 1 is no longer open: it was accepted as report-v2 on" in again.err
    assert len(stored(root)) == 1


def test_accept_in_place_and_the_review_is_then_done(root: Path, file: Path, run: Run) -> None:
    kept(root)
    result = run("review", "accept", "1", "--candidate", "2", "--in-place", "--json")
    assert json.loads(result.out) == {
        "version": 1,
        "review": 1,
        "status": "accepted",
        "prompt": "report",
        "revision": 1,
        "files": ["prompts/custom/report.json"],
    }
    assert json.loads(file.read_text()) == report(LONGER)
    (fact,) = stored(root)
    assert (fact["prompt_id"], fact["parent_id"], fact["revision"]) == ("report", "report", 1)
    assert (fact["parent_sha256"], fact["content_sha256"]) == (content_sha256(BEFORE), content_sha256(LONGER))


def test_promote_serves_the_revision(root: Path, file: Path, run: Run) -> None:
    kept(root)
    run("review", "accept", "1")
    result = run("review", "promote", "report-v2")
    assert (result.code, result.out) == (0, "report is revision 2 now: prompts/custom/report.json\n")
    assert json.loads(file.read_text()) == report(AFTER, revision=2)
    assert run("check").code == 0
    assert [fact["status"] for fact in stored(root)] == ["accepted", "promoted"]
    assert [each.what for each in open_reviews(root, quiet).get(1).history] == ["created", "accepted", "promoted"]
    assert "has this text already" in run("review", "promote", "report-v2").out
    assert len(stored(root)) == 2
    assert "evolved from no other prompt" in run("review", "promote", "report").err


def test_reject_keeps_the_reason_out_of_the_facts(root: Path, file: Path, run: Run) -> None:
    kept(root)
    assert run("review", "reject", "1").code == 2  # a reason is wanted
    assert "say why" in run("review", "reject", "1", "--reason", " ").err
    assert run("review", "reject", "1", "--reason", "too curt").out == "review 1 of report is rejected\n"
    assert "too curt" in run("review", "show", "1").out
    (fact,) = stored(root)
    assert fact["status"] == "rejected"
    assert "curt" not in json.dumps(fact)


def test_a_text_that_has_changed_is_not_overwritten(root: Path, file: Path, run: Run) -> None:
    kept(root)
    write(file, report(BEFORE + "More.\n"))
    before = file.read_bytes()
    assert "the text has changed since: promptbits review rebase 1" in run("review", "show", "1").err
    for options in ([], ["--in-place"]):
        result = run("review", "accept", "1", *options)
        assert result.code == 2
        assert "the text of report has changed since: rebase review 1 first" in result.err
    assert file.read_bytes() == before
    assert open_reviews(root, quiet).get(1).status == "open"
    assert not (root / "prompts/learned").exists()


def test_what_is_asked_wrongly_is_said_in_one_line(root: Path, file: Path, run: Run) -> None:
    kept(root)
    for args, words in (
        (["show", "9"], "there is no review 9"),
        (["show", "1", "--candidate", "3"], "review 1 has the candidates 1 to 2, and no candidate 3"),
        (["accept", "1", "--candidate", "3"], "no candidate 3"),
        (["promote", "reprot"], "did you mean 'report'?"),
    ):
        result = run("review", *args)
        assert (result.code, result.out) == (2, "")
        assert words in result.err
        assert result.err.count("\n") == 1
    file.unlink()
    assert "prompts/custom/report.json: the prompt of review 1 is no longer there" in run("review", "accept", "1").err


def test_a_damaged_file_is_set_aside_and_said_so(root: Path, file: Path, run: Run) -> None:
    kept(root)
    reviews_path(root).write_text('{"version": 1,')
    result = run("review", "list")
    assert result.code == 0
    assert "the file was damaged: it is kept as reviews.damaged-" in result.err
    reviews_path(root).write_text('{"version": 9}')
    result = run("review", "list")
    assert (result.code, "update promptbits" in result.err) == (2, True)


def test_a_prompt_that_was_moved_is_found_by_its_id(root: Path, file: Path, run: Run) -> None:
    kept(root)
    write(root / "prompts/custom/deep/report.json", file.read_bytes())
    file.unlink()
    assert run("review", "accept", "1", "--in-place").code == 0
    assert json.loads((root / "prompts/custom/deep/report.json").read_text())["content"] == AFTER


def test_two_who_accept_at_once_get_one_revision(root: Path, file: Path) -> None:
    kept(root)

    def accept(_n: int) -> int:
        command = [sys.executable, "-m", "promptbits", "review", "accept", "1"]
        return subprocess.run(command, capture_output=True, check=False, cwd=root).returncode

    with ThreadPoolExecutor(3) as pool:
        codes = sorted(pool.map(accept, range(3)))
    assert codes == [0, 2, 2]
    assert [each.name for each in (root / "prompts/learned").iterdir()] == ["report-v2.json"]
    assert len(stored(root)) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX")
def test_an_acceptance_that_is_killed_is_finished_by_asking_again(root: Path, file: Path, run: Run) -> None:
    """Killed once the new file is there: before or after anything else is written, as it happens."""
    for number in range(1, 5):
        kept(root)
        new = root / f"prompts/learned/report-v{number + 1}.json"
        command = [sys.executable, "-m", "promptbits", "review", "accept", str(number), "--candidate", "2"]
        with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as victim:
            while not new.exists() and victim.poll() is None:
                pass
            victim.kill()
        again = run("review", "accept", str(number), "--candidate", "2")
        review = open_reviews(root, quiet).get(number)
        assert review.status == "accepted"
        assert review.outcome is not None
        assert again.code == 0 or "no longer open: it was accepted" in again.err
        assert len([fact for fact in stored(root) if fact["metadata"]["review"] == review.id]) == 1
        new.unlink()
        write(
            new,
            {
                **report(LONGER + f"{number}\n"),
                "id": new.stem,
                "source": "Learned",
                "revision": number + 1,
                "parent": "report",
            },
        )


def test_a_file_that_is_there_by_now_is_not_overwritten(root: Path, file: Path, run: Run) -> None:
    """A revision that another branch brought in: the next number is taken."""
    kept(root)
    write(root / "prompts/learned/report-v2.json", replaced := b"not even a prompt")
    assert "report-v3.json" in run("review", "accept", "1").out
    assert (root / "prompts/learned/report-v2.json").read_bytes() == replaced


def test_a_review_of_a_shipped_prompt_needs_no_path(root: Path, file: Path, run: Run) -> None:
    from promptbits.prompts.library import shipped_library

    entry = min(shipped_library().entries(), key=lambda each: each.id)
    content = json.loads(Path(entry.path).read_text("utf-8"))["content"]
    store = open_reviews(root, quiet)
    made = kept(root, entry.id, content)
    candidate = replace(made.candidates[0], text=content + "\nSay so.\n")
    changed = replace(made, basis=replace(made.basis, path=None), candidates=(candidate,))
    store.update(1, lambda _it, _others: [changed])
    assert run("review", "accept", "1").code == 0
    assert run("review", "promote", f"{entry.id}-v2").code == 0
    own = json.loads((root / f"prompts/custom/{entry.id}.json").read_text())
    assert (own["content"], own["revision"], own["source"]) == (content + "\nSay so.\n", 2, "Custom")
    assert run("check").code == 0
