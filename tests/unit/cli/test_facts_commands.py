"""`promptbits record`, `import` and `export`, as a user runs them."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_workspace import Run, prompt, write
from facts_workspace import execution, fill, lines_of, sha, stored

from promptbits.facts.fields import checked
from promptbits.facts.opening import open_store

TEXT = prompt("one")["content"]
# Looks like a key and opens nothing.
KEY = "ghp_" + "9fK2mQx7Lw4Zt8Rb3Vn6Yc1Hd5Js0Pg2Ae7U"


@pytest.fixture(autouse=True)
def library(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PROMPTBITS_FACTS", raising=False)
    write(root / "promptbits.toml", "")
    write(root / "prompts/one.json", prompt("one"))
    write(
        root / "prompts/learned/one-v2.json",
        prompt("one-v2", content="Better\n", parent="one", revision=2, source="Learned"),
    )


# record


def test_an_execution_has_the_text_of_its_prompt(root: Path, run: Run) -> None:
    done = run(
        "record", "execution", "one", "--outcome", "succeeded", "--ms", "840", "--model", "m1", "--conversation", "c"
    )
    (fact,) = stored(root)
    assert (done.code, done.out, done.err) == (0, f"{fact['id']}\n", "")
    assert fact["content_sha256"] == sha(TEXT)
    assert (fact["revision"], fact["outcome"], fact["execution_time_ms"], fact["model"]) == (1, "succeeded", 840, "m1")
    store = open_store(root / ".promptbits/facts.db")
    assert store.text(sha(TEXT)) == TEXT
    store.close()


def test_an_execution_of_another_revision(root: Path, run: Run) -> None:
    assert run("record", "execution", "one", "--outcome", "failed", "--revision", "2").code == 0
    done = run("record", "execution", "one", "--outcome", "failed", "--revision", "7")
    assert done.err == "promptbits: 'one' has no revision 7 now: recorded as text unknown\n"
    two, seven = stored(root)
    assert (two["content_sha256"], two["revision"]) == (sha("Better\n"), 2)
    assert ("content_sha256" in seven, seven["revision"]) == (False, 7)


def test_a_fact_is_recorded_once(root: Path, run: Run) -> None:
    args = ["record", "execution", "one", "--outcome", "unknown", "--time", "2026-11-01T10:00:00+01:00"]
    fact = json.loads(run(*args, "--metadata", '{"ticket": 7}', "--json").out)
    assert (fact["timestamp"], fact["metadata"]) == ("2026-11-01T09:00:00.000Z", {"ticket": 7})
    assert run(*args, "--id", fact["id"]).out == f"{fact['id']}\n"
    assert stored(root) == [fact]


def test_a_feedback_on_an_execution_needs_no_prompt(root: Path, run: Run) -> None:
    id_ = run("record", "execution", "one", "--outcome", "unknown").out.strip()
    done = run("record", "feedback", "--execution", id_, "--outcome", "failed", "--rating", "2", "--text", "bad")
    assert (done.code, done.err) == (0, "promptbits: the text is not kept: the setting `facts.keep_text` is off\n")
    fact = stored(root)[1]
    assert (fact["prompt_id"], fact["execution_id"], fact["outcome"], fact["rating"]) == ("one", id_, "failed", 2)
    assert "text" not in fact


def test_what_users_write_is_kept_with_the_setting(root: Path, run: Run) -> None:
    write(root / "promptbits.toml", "[facts]\nkeep_text = true\n")
    assert run("record", "feedback", "one", "--text", "bad").err == ""
    assert stored(root)[0]["text"] == "bad"
    assert stored(root)[0]["content_sha256"] == sha(TEXT)


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["execution", "on", "--outcome", "failed"], "there is no prompt 'on'"),
        (["execution", "one"], "Missing option '--outcome'"),
        (["execution", "one", "--outcome", "failed", "--ms", "-1"], "execution_time_ms: expected a number from 0"),
        (["execution", "one", "--outcome", "failed", "--ms", "nan"], "execution_time_ms: expected a number"),
        (["execution", "one", "--outcome", "failed", "--id", "7"], "id: expected a UUIDv7"),
        (["execution", "one", "--outcome", "failed", "--metadata", "[]"], "--metadata: expected a JSON object"),
        (["execution", "one", "--outcome", "failed", "--time", "soon"], "'soon' is no time"),
        (["feedback", "--rating", "3"], "name the prompt, or the execution"),
        (["feedback", "one"], "say something"),
        (["feedback", "one", "--rating", "9"], "rating: expected a number from 1 to 5"),
        (["feedback", "--execution", "01a1f9d6-780a-7c66-bfff-006295f73699", "--rating", "3"], "there is no execution"),
        (["feedback", "--execution", "x", "--rating", "3"], "there is no execution x"),
    ],
)
def test_what_cannot_be_recorded(root: Path, run: Run, args: list[str], words: str) -> None:
    done = run("record", *args)
    assert (done.code, done.out) == (2, "")
    assert words in done.err
    assert not (root / ".promptbits/facts.db").exists() or stored(root) == []


# import and export


def test_import_tells_what_it_took_and_what_not(root: Path, run: Run) -> None:
    facts = [execution(number, revision=1 + number % 3) for number in range(30)]
    bad = [execution(100 + number, outcome="maybe") for number in range(25)]
    path = write(root / "facts.jsonl", lines_of(*facts[:10], *bad, *facts[10:]))
    done = run("import", path, "--report", "report.txt")
    assert done.code == 1
    assert done.out == "Imported 30 facts into .promptbits/facts.db, 25 refused\n"
    errors = done.err.splitlines()
    assert errors[0] == "facts.jsonl:11: execution: outcome: expected one of succeeded, failed, unknown"
    assert (len(errors), errors[-1]) == (21, "… and 5 more lines")
    report = (root / "report.txt").read_text().splitlines()
    assert (len(report), report[-1].split(":")[:2]) == (25, ["facts.jsonl", "35"])
    hashes = [fact.get("content_sha256") for fact in stored(root)]
    assert hashes[:6] == [sha(TEXT), sha("Better\n"), None] * 2


def test_import_again_changes_nothing(root: Path, run: Run) -> None:
    path = write(root / "facts.csv", "timestamp,prompt_id,outcome\n" + "2026-11-20T16:00:00Z,one,failed\n" * 3)
    assert run("import", path).out == "Imported 3 facts into .promptbits/facts.db\n"
    before = stored(root)
    done = run("import", path)
    assert (done.code, done.out) == (0, "Imported 0 facts into .promptbits/facts.db, 3 facts already there\n")
    assert stored(root) == before


def test_what_the_documentation_shows_can_be_imported(root: Path, run: Run) -> None:
    page = (Path(__file__).resolve().parents[3] / "docs/facts.md").read_text("utf-8")
    shown = page.split("```json\n")[1].split("```")[0]
    assert run("import", write(root / "shown.jsonl", shown)).out == "Imported 1 fact into .promptbits/facts.db\n"
    (fact,) = stored(root)
    assert (fact["prompt_id"], fact["revision"]) == ("weekly-report", 1)


def test_a_dry_run_makes_no_store(root: Path, run: Run) -> None:
    path = write(root / "facts.jsonl", lines_of(execution(), execution(1, outcome="?")))
    done = run("import", "--dry-run", "--json", path)
    assert done.code == 1
    value = json.loads(done.out)
    assert (value["added"], value["refused"], value["dry_run"]) == (1, 1, True)
    assert value["problems"][0]["line"] == 2
    assert not (root / ".promptbits/facts.db").exists()
    fill(root, execution())
    before = (root / ".promptbits/facts.db").read_bytes()
    assert run("import", "--dry-run", write(root / "same.jsonl", lines_of(stored(root)[0], execution(5)))).out == (
        "Would import 1 fact into .promptbits/facts.db, 1 fact already there\n"
    )
    assert (root / ".promptbits/facts.db").read_bytes() == before


def test_several_files_packed_or_not(root: Path, run: Run) -> None:
    one = write(root / "a.jsonl.gz", gzip.compress(lines_of(execution())))
    two = write(root / "b.data", "timestamp;prompt_id;outcome\n2026-11-20T16:00:00Z;one;failed\n")
    assert run("import", one, two).out == "Imported 2 facts into .promptbits/facts.db\n"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "this is a binary file"),
        ("timestamp,prompt_id\n".encode("utf-16"), "this is UTF-16: save it as UTF-8"),
        (gzip.compress(b"{}\n" * 1000, mtime=0)[:-12], "the gzip file is broken or cut off"),
        (b"\x1f\x8b\x08\0\0garbage garbage garbage", "the gzip file is broken"),
        (b"hello\nworld\n", "the first line must name the columns"),
        (None, "is a directory"),
    ],
)
def test_files_that_hold_no_facts(root: Path, run: Run, data: bytes | None, words: str) -> None:
    path = root / "odd"
    if data is None:
        path.mkdir()
    else:
        write(path, data)
    done = run("import", path)
    assert (done.code, done.out) == (2, "")
    assert done.err.splitlines()[-1].startswith("promptbits: odd: ")
    assert words in done.err


def test_a_file_that_is_not_there(run: Run) -> None:
    done = run("import", "none.jsonl")
    assert (done.code, done.err) == (2, "promptbits: none.jsonl: no such file or directory\n")


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_what_is_exported_can_be_imported_elsewhere(
    root: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    facts = [execution(n, revision=1, metadata={"note": "=1\n'é", "n": [n, None, 0.1]}) for n in range(5)]
    facts.append(execution(9, content_sha256=sha(TEXT), variant="b", cost_usd=0.1, forced=False))
    facts.append(
        checked({**execution(10), "kind": "feedback", "outcome": "failed", "label": "", "execution_id": facts[0]["id"]})
    )
    fill(root, *facts)
    expected = stored(root)
    name = f"facts.{form}.gz"
    done = run("export", "-o", name)
    assert (done.code, done.out, done.err) == (0, "", f"promptbits: wrote 7 facts to {name}\n")
    assert stat.S_IMODE((root / name).stat().st_mode) == 0o600
    assert gzip.decompress((root / name).read_bytes()) == run("export", "--format", form).out.encode()
    other = tmp_path / "other"
    write(other / "promptbits.toml", "")
    write(other / "prompts/one.json", prompt("one"))
    monkeypatch.chdir(other)
    assert run("import", root / name).code == 0
    assert stored(other) == expected


def test_export_selects(root: Path, run: Run) -> None:
    facts = [execution(0), execution(1, prompt_id="two"), execution(2), checked({**execution(3), "kind": "feedback"})]
    fill(root, *facts)

    def exported(*args: str) -> list[str]:
        return [json.loads(line)["id"] for line in run("export", *args).out.splitlines()]

    ids = [fact["id"] for fact in facts]
    assert exported() == ids
    assert exported("--prompt", "one") == [ids[0], *ids[2:]]
    assert exported("--since", facts[2]["timestamp"]) == ids[2:]
    assert exported("--kind", "feedback") == ids[3:]
    assert exported("--prompt", "nobody") == []


def test_no_secret_and_no_prompt_text_is_exported(root: Path, run: Run) -> None:
    fill(root, execution(0, metadata={"header": f"Bearer {KEY}", KEY: ["x", KEY]}, content_sha256=sha(TEXT)))
    store = open_store(root / ".promptbits/facts.db")
    store.keep_text(sha(TEXT), TEXT)
    store.close()
    for form in ("jsonl", "csv"):
        done = run("export", "--format", form)
        assert KEY not in done.out
        assert "[secret removed: GitHub personal access token]" in done.out
        assert "replaced 3 texts that looked like a secret" in done.err
        assert "About one" not in done.out
    with_texts = run("export", "--texts").out.splitlines()
    assert json.loads(with_texts[-1]) == {"kind": "text", "content_sha256": sha(TEXT), "content": TEXT}


def test_a_template_with_a_secret_is_left_out(root: Path, run: Run) -> None:
    content = f"use {KEY}"
    fill(root, execution(0, content_sha256=sha(content)))
    store = open_store(root / ".promptbits/facts.db")
    store.keep_text(sha(content), content)
    store.close()
    done = run("export", "--texts")
    assert KEY not in done.out
    assert done.err == "promptbits: left out 1 template with what looks like a secret in it\n"


def test_texts_have_no_room_in_a_table(root: Path, run: Run) -> None:
    fill(root, execution())
    assert run("export", "--texts", "--format", "csv").code == 2


def test_export_of_nothing(root: Path, run: Run) -> None:
    done = run("export")
    assert (done.code, done.err) == (2, "promptbits: nothing is measured yet: .promptbits/facts.db is not there\n")
    fill(root)
    assert run("export").out == ""
    assert len(list(csv.reader(io.StringIO(run("export", "--format", "csv").out)))) == 1


def test_a_failed_export_leaves_what_was_there(root: Path, run: Run, unprivileged: Callable[[], None]) -> None:
    fill(root, execution())
    folder = root / "closed"
    write(folder / "facts.jsonl", "before")
    folder.chmod(0o555)
    unprivileged()
    try:
        done = run("export", "-o", "closed/facts.jsonl")
    finally:
        os.seteuid(0) if os.getuid() == 0 else None
        folder.chmod(0o755)
    assert (done.code, done.err) == (2, "promptbits: closed/facts.jsonl: permission denied\n")
    assert [each.name for each in folder.iterdir()] == ["facts.jsonl"]
    assert (folder / "facts.jsonl").read_text() == "before"
