"""`promptbits check --fix`: what it mends, and what it leaves alone."""

import json
from pathlib import Path

import pytest
from cli_workspace import Run, prompt, text_of, write

from promptbits.checks.finding import Edit, Finding, Fix
from promptbits.checks.mending import apply, choose, mend
from promptbits.checks.snapshot import Snapshot
from promptbits.cli import files
from promptbits.text.document import Document


def test_everything_certain_is_mended_and_reported(root: Path, run: Run) -> None:
    broken = (
        text_of(prompt("one", source="Builtin")).replace('"Builtin"\n', '"Builtin",\n').replace('"one",', '"one"', 1)
    )
    path = write(root / "prompts/one.json", broken)
    result = run("check", "--fix")
    assert result.code == 0
    assert json.loads(path.read_text()) == prompt("one")
    assert result.out == (
        "fixed prompts/one.json: json-syntax ×2, source-folder\nFixed 3 findings in 1 file\n\n1 file is fine\n"
    )


def test_what_remains_is_shown_and_decides_the_exit_code(root: Path, run: Run) -> None:
    write(root / "prompts/one.json", prompt("two", related=["nothing-like-it"]))
    result = run("check", "--fix")
    assert result.code == 1
    assert "fixed prompts/one.json: id-file-name\n" in result.out
    assert "unknown-reference" in result.out


def test_machine_formats_stay_machine_readable(root: Path, run: Run) -> None:
    write(root / "prompts/one.json", prompt("two"))
    result = run("check", "--fix", "--json")
    assert json.loads(result.out) == {"version": 1, "files": 1, "diagnostics": []}
    assert result.err == "fixed prompts/one.json: id-file-name\nFixed 1 finding in 1 file\n\n"


def test_what_is_not_shown_is_not_mended(root: Path, run: Run) -> None:
    path = write(root / "prompts/one.json", prompt("two"))
    before = path.read_bytes()
    assert run("check", "--fix", "--severity", "error").code == 0
    assert path.read_bytes() == before


def test_files_that_may_be_no_prompts_are_left_alone(root: Path, run: Run, tmp_path: Path) -> None:
    package = write(tmp_path / "heap/package.json", '{"name": "x",}')
    result = run("check", "--fix", tmp_path / "heap")
    assert package.read_text() == '{"name": "x",}'
    assert "1 file left alone that may be no prompts: name them to have them fixed" in result.err
    run("check", "--fix", package)
    assert "name" in json.loads(package.read_text())


def test_mode_and_links_are_kept(root: Path, run: Run, tmp_path: Path) -> None:
    real = write(tmp_path / "real.json", prompt("two"))
    real.chmod(0o640)
    link = root / "prompts/one.json"
    link.parent.mkdir()
    link.symlink_to(real)
    assert run("check", "--fix").code == 0
    assert link.is_symlink()
    assert json.loads(real.read_text())["id"] == "one"
    assert real.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in link.parent.iterdir()] == ["one.json"]


def test_a_file_that_is_not_utf8_is_never_rewritten(root: Path, run: Run) -> None:
    path = write(root / "prompts/one.json", b'{"id": "two", "content": "\xff",}')
    run("check", "--fix")
    assert path.read_bytes() == b'{"id": "two", "content": "\xff",}'


def test_a_file_that_changed_meanwhile_is_never_overwritten(
    root: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(root / "prompts/one.json", prompt("two"))
    real = files.replace

    def late(target: str | Path, data: bytes, *, expected: bytes) -> None:
        path.write_text("somebody else's")
        real(target, data, expected=expected)

    monkeypatch.setattr(files, "replace", late)
    result = run("check", "--fix")
    assert result.code == 2
    assert "prompts/one.json: the file has changed meanwhile: nothing was written" in result.err
    assert path.read_text() == "somebody else's"


def finding(start: int, *edits: Edit) -> Finding:
    return Finding("json-syntax", "error", "", start, start, Fix("", edits) if edits else None)


def test_fixes_that_touch_one_another_wait_for_the_next_round() -> None:
    first = finding(0, Edit(0, 2, "a"), Edit(8, 9, "b"))
    touching = finding(1, Edit(2, 3, "c"))
    inside = finding(8, Edit(8, 8, "d"))
    apart = finding(5, Edit(4, 6, "e"))
    without = finding(4)
    assert choose([first, touching, without, apart, inside]) == [first, apart]


def test_edits_are_applied_from_the_end() -> None:
    assert apply(Document("0123456789"), [Edit(0, 1, "ab"), Edit(9, 10, ""), Edit(4, 4, "-")]).text == "ab123-45678"


def test_a_fix_that_makes_the_file_worse_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    harmful = finding(0, Edit(0, 1, ""))
    monkeypatch.setattr("promptbits.checks.engine.check", lambda _snapshot: [harmful])
    document, codes = mend(Snapshot(Document("{}")), lambda _finding: True)
    assert document.text == "{}"
    assert not codes


def test_a_fix_that_undoes_itself_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "promptbits.checks.engine.check",
        lambda snapshot: [finding(0, Edit(0, 1, "2" if snapshot.document.text == "1" else "1"))],
    )
    document, _ = mend(Snapshot(Document("1")), lambda _finding: True)
    assert document.text in ("1", "2")
