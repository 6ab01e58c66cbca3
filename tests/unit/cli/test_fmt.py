"""`promptbits fmt`: canonical bytes, and nothing touched without need."""

import io
import json
import os
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest
from cli_workspace import Run, prompt, text_of, write


def untidy(id_: str) -> str:
    return json.dumps(dict(reversed(prompt(id_).items())))


def test_files_are_written_in_canonical_form(root: Path, run: Run) -> None:
    one = write(root / "prompts/one.json", untidy("one"))
    one.chmod(0o600)
    two = write(root / "prompts/two.json", prompt("two"))
    stamp = two.stat().st_mtime_ns
    result = run("fmt")
    assert result == (0, "formatted prompts/one.json\n1 file formatted, 1 file left unchanged\n", "")
    assert one.read_text() == text_of(prompt("one"))
    assert one.stat().st_mode & 0o777 == 0o600
    assert two.stat().st_mtime_ns == stamp
    assert run("fmt").out == "2 files left unchanged\n"


def test_check_lists_and_writes_nothing(root: Path, run: Run) -> None:
    one = write(root / "prompts/one.json", untidy("one"))
    result = run("fmt", "--check")
    assert result.code == 1
    assert result.out == "would format prompts/one.json\n1 file would be formatted\n"
    assert one.read_text() == untidy("one")


@pytest.mark.parametrize("ending", ["", "\n", "\r\n"])
def test_the_diff_is_one_that_patch_applies(root: Path, run: Run, ending: str) -> None:
    one = write(root / "prompts/one.json", untidy("one").replace("About", "Ab\u2028ut") + ending)
    result = run("fmt", "--diff")
    assert result.code == 1
    write(root / "the.diff", result.out)
    subprocess.run(["git", "apply", "--unsafe-paths", "the.diff"], check=True, cwd=root)
    assert one.read_text() == text_of(prompt("one")).replace("About", "Ab\u2028ut")


def test_a_file_that_is_not_json_is_left_as_it_is(root: Path, run: Run) -> None:
    broken = write(root / "prompts/one.json", '{"id": "one"')
    write(root / "prompts/two.json", untidy("two"))
    result = run("fmt")
    assert result.code == 1
    assert result.out.splitlines()[0].startswith("prompts/one.json:1:1: error ")
    assert result.out.splitlines()[-1] == "1 file formatted, 1 file cannot be formatted"
    assert broken.read_text() == '{"id": "one"'


def test_json_lists_what_changed_and_what_failed(root: Path, run: Run) -> None:
    write(root / "prompts/one.json", untidy("one"))
    write(root / "prompts/two.json", "{")
    result = run("fmt", "--json")
    report = json.loads(result.out)
    assert (report["version"], report["files"], report["changed"]) == (1, 2, ["prompts/one.json"])
    assert [(each["file"], each["line"], each["column"]) for each in report["failed"]] == [("prompts/two.json", 1, 1)]


def test_json_files_that_may_be_no_prompts_are_left_alone(root: Path, run: Run, tmp_path: Path) -> None:
    package = write(tmp_path / "heap/package.json", '{"name":"x"}')
    write(tmp_path / "heap/one.json", untidy("one"))
    assert run("fmt", tmp_path / "heap").out.endswith("1 file formatted\n")
    assert package.read_text() == '{"name":"x"}'
    run("fmt", package)
    assert package.read_text() == '{\n  "name": "x"\n}\n'


@pytest.mark.parametrize(
    ("given", "args", "code", "out"),
    [
        ('{"id":1}', [], 0, '{\n  "id": 1\n}\n'),
        ('{"id":"😀\\ud800"}', [], 0, '{\n  "id": "😀\\ud800"\n}\n'),
        ('{"id":1}', ["--check"], 1, ""),
        ('{\n  "id": 1\n}\n', ["--check"], 0, ""),
        ('{"id"', [], 1, ""),
    ],
)
def test_a_dash_formats_stdin(
    run: Run, monkeypatch: pytest.MonkeyPatch, given: str, args: list[str], code: int, out: str
) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(given.encode())))
    result = run("fmt", "-", *args)
    assert (result.code, result.out) == (code, out)
    if given == '{"id"':
        assert result.err.startswith("<stdin>:1:")


def test_a_dash_stands_alone(root: Path, run: Run) -> None:
    assert run("fmt", "-", "x.json").code == 2


def test_nothing_to_format_says_what_to_do(root: Path, run: Run) -> None:
    result = run("fmt")
    assert result.code == 2
    assert "promptbits init" in result.err


@pytest.mark.skipif(os.name == "nt", reason="no such names on Windows")
def test_the_name_of_a_file_does_not_break_the_diff(root: Path, run: Run) -> None:
    write(root / "prompts/a\n+++ b.json", '{"id":1}')
    assert run("fmt", "--diff", root / "prompts").out.splitlines()[:3] == [
        "--- a/prompts/a\\u000a+++ b.json",
        "+++ b/prompts/a\\u000a+++ b.json",
        "@@ -1 +1,3 @@",
    ]
