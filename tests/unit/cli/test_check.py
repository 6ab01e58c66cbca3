"""`promptbits check`: which files it takes, what it prints, and its exit codes."""

import json
import os
from pathlib import Path

import pytest
from cli_workspace import Run, prompt, write


def codes(out: str) -> list[tuple[str, str]]:
    return [(each["file"], each["code"]) for each in json.loads(out)["diagnostics"]]


def test_fine_files_exit_with_0_and_are_counted(root: Path, run: Run) -> None:
    write(root / "prompts/custom/one.json", prompt("one"))
    write(root / "prompts/two.json", prompt("two"))
    result = run("check")
    assert result == (0, "2 files are fine\n", "")


def test_a_warning_exits_with_1_and_shows_place_source_caret_and_help(root: Path, run: Run) -> None:
    write(root / "prompts/one.json", prompt("other"))
    result = run("check")
    assert result.code == 1
    assert result.err == ""
    lines = result.out.splitlines()
    assert lines[0].startswith("prompts/one.json:2:9: warning[id-file-name] ")
    assert lines[1] == '  2 |   "id": "other",'
    assert lines[2] == "    |         ^^^^^^^"
    assert lines[3] == '    = help: Change the id to "one"'
    assert lines[-1] == "Found 1 warning in 1 of 1 file (1 fixable with --fix)"


def test_remarks_and_hints_are_shown_and_do_not_fail(root: Path, run: Run) -> None:
    write(root / "prompts/one.json", prompt("one", variables={"unused": {"type": "string"}}))
    result = run("check")
    assert result.code == 0
    assert "hint[unused-variable]" in result.out


def test_severity_leaves_out_what_is_milder(root: Path, run: Run) -> None:
    write(root / "prompts/one.json", prompt("other", variables={"unused": {"type": "string"}}))
    assert "unused-variable" not in run("check", "--severity", "warning").out
    result = run("check", "--severity", "error")
    assert (result.code, result.out) == (0, "1 file is fine\n")


def test_no_prompts_at_all_say_what_to_do(root: Path, run: Run) -> None:
    result = run("check")
    assert result.code == 2
    assert result.out == ""
    assert result.err == (
        f"promptbits: no prompts found under {root} (looked in prompts/): "
        "run `promptbits init`, or name files or folders\n"
    )


def test_the_root_is_found_from_below(root: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write(root / "promptbits.toml", 'roots = ["texts"]\n')
    write(root / "texts/one.json", prompt("other"))
    (root / "src/deep").mkdir(parents=True)
    monkeypatch.chdir(root / "src/deep")
    assert codes(run("check", "--json").out) == [(str(root / "texts/one.json"), "id-file-name")]


def test_a_file_in_a_prompt_folder_is_checked_beside_its_library(root: Path, run: Run) -> None:
    write(root / "prompts/one.json", prompt("one", related=["two", "three"]))
    write(root / "prompts/two.json", prompt("two", confidence=7))
    result = run("check", "prompts/one.json", "--json")
    assert json.loads(result.out)["files"] == 1
    assert codes(result.out) == [("prompts/one.json", "unknown-reference")]


def test_files_elsewhere_are_checked_where_they_lie(root: Path, run: Run, tmp_path: Path) -> None:
    write(root / "prompts/one.json", prompt("one"))
    elsewhere = write(tmp_path / "elsewhere/two.json", prompt("two", related=["one", "code-nothing"]))
    result = run("check", elsewhere, "--json")
    # Not even `one` is known there: the file is no part of this root.
    assert codes(result.out) == [(str(elsewhere), "unknown-reference")] * 2


def test_files_elsewhere_form_a_library_of_their_own(root: Path, run: Run, tmp_path: Path) -> None:
    one = write(tmp_path / "elsewhere/one.json", prompt("one", related=["two", "plan-mode"]))
    two = write(tmp_path / "elsewhere/two.json", prompt("two"))
    assert run("check", one, two).code == 0


def test_a_folder_that_is_no_root_gives_every_json_file(root: Path, run: Run, tmp_path: Path) -> None:
    write(tmp_path / "heap/a/one.json", prompt("one"))
    write(tmp_path / "heap/b/two.json", prompt("two", confidence=2))
    write(tmp_path / "heap/notes.txt", "no prompt")
    result = run("check", tmp_path / "heap", "--json")
    assert json.loads(result.out)["files"] == 2
    assert codes(result.out) == [(str(tmp_path / "heap/b/two.json"), "out-of-range")]


@pytest.mark.parametrize("marked", [True, False], ids=["marked", "by its prompts folder"])
def test_a_folder_that_is_a_root_gives_its_prompts_and_what_says_that_it_is_one(
    root: Path, run: Run, tmp_path: Path, marked: bool
) -> None:
    top = tmp_path / "project"
    if marked:
        write(top / "promptbits.toml", "")
    write(top / "package.json", {"name": "not-a-prompt"})
    write(top / "prompts/custom/one.json", prompt("one"))
    write(top / "docs/two.prompt.json", prompt("two"))
    write(top / "docs/three.json", {"$schema": "x/promptbit.schema.json"} | prompt("three"))
    result = run("check", top, "--json")
    assert result.code == 0
    assert json.loads(result.out)["files"] == 3


def test_a_folder_that_holds_roots_uses_the_settings_of_each(root: Path, run: Run) -> None:
    for name, level in (("strict", "error"), ("lax", "off")):
        write(root / name / "promptbits.toml", f'[checks]\nid-file-name = "{level}"\n')
        write(root / name / "prompts/one.json", prompt("other"))
    write(root / "tsconfig.json", {"compilerOptions": {}})
    result = run("check", ".", "--json")
    assert json.loads(result.out)["files"] == 2
    assert [(each["file"], each["severity"]) for each in json.loads(result.out)["diagnostics"]] == [
        ("strict/prompts/one.json", "error")
    ]


def test_json_has_exactly_the_documented_shape(root: Path, run: Run) -> None:
    write(root / "prompts/one.json", text := json.dumps(prompt("other"), ensure_ascii=False))
    result = run("check", "--json")
    assert result.err == ""
    at = text.index('"other"') + 1
    assert json.loads(result.out) == {
        "version": 1,
        "files": 1,
        "diagnostics": [
            {
                "file": "prompts/one.json",
                "code": "id-file-name",
                "severity": "warning",
                "message": 'the id is "other", but the file is called one.json: the two must be the same',
                "line": 1,
                "column": at,
                "end_line": 1,
                "end_column": at + 7,
                "fixable": True,
            }
        ],
    }
    assert run("check", "--format", "json").out == result.out


def test_columns_count_code_points(root: Path, run: Run) -> None:
    write(root / "prompts/one.json", text := '{"description": "😀😀", "id": "other"}')
    found = json.loads(run("check", "--json").out)["diagnostics"]
    column = next(each["column"] for each in found if each["code"] == "id-file-name")
    assert text[column - 1 :].startswith('"other"')


def test_wrong_settings_are_told_and_defaults_hold(root: Path, run: Run) -> None:
    write(root / "promptbits.toml", "json = 3\n[checks]\nid-file-nam = 'off'\n")
    write(root / "prompts/one.json", prompt("other"))
    result = run("check")
    assert result.code == 1
    assert len(result.err.splitlines()) == 2
    assert all(line.startswith("promptbits: warning: promptbits.toml: ") for line in result.err.splitlines())


def test_broken_settings_are_told_in_one_line(root: Path, run: Run) -> None:
    write(root / "promptbits.toml", "roots = [\n")
    write(root / "prompts/one.json", prompt("one"))
    result = run("check")
    assert result.code == 0
    assert len(result.err.splitlines()) == 1
    assert "promptbits.toml" in result.err


def test_json_and_another_format_exclude_each_other(root: Path, run: Run) -> None:
    result = run("check", "--json", "--format", "sarif")
    assert result.code == 2
    assert "exclude each other" in result.err


def test_promptbits_root_says_where_the_prompts_are(
    root: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "far/prompts/one.json", prompt("other"))
    monkeypatch.setenv("PROMPTBITS_ROOT", str(tmp_path / "far"))
    assert codes(run("check", "--json").out) == [(str(tmp_path / "far/prompts/one.json"), "id-file-name")]


def test_a_file_that_is_named_twice_is_checked_once(root: Path, run: Run) -> None:
    write(root / "prompts/one.json", prompt("one"))
    assert run("check", "prompts", "prompts/one.json", root / "prompts").out == "1 file is fine\n"


def test_thousands_of_files_are_read_once_each(root: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(30):
        write(root / f"prompts/p-{number}.json", prompt(f"p-{number}"))
    opened: list[str] = []
    real = open

    def counting(file: object, *args: object, **kwargs: object) -> object:
        opened.append(os.fspath(file) if isinstance(file, str | os.PathLike) else "")
        return real(file, *args, **kwargs)  # type: ignore[call-overload]  # the arguments of `open` as they came

    monkeypatch.setattr("builtins.open", counting)
    assert run("check").code == 0
    ours = [path for path in opened if path.startswith(str(root / "prompts"))]
    assert sorted(ours) == sorted(str(path) for path in (root / "prompts").iterdir())
