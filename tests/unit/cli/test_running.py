"""The frame around the commands: help, errors, exit codes, lazy loading, completion, watching."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from cli_workspace import Run, prompt, write

from promptbits import __version__
from promptbits.cli import COMMANDS, main
from promptbits.cli.check import Options
from promptbits.cli.errors import CommandError
from promptbits.cli.group import cli
from promptbits.cli.progress import Progress
from promptbits.cli.prompts_at_hand import complete_ids
from promptbits.cli.watching import follow, watched


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_of_the_table_loads_and_has_help(name: str, run: Run) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert isinstance(command, click.Command)
    result = run(name, "--help")
    assert result.code == 0
    assert result.out.startswith(f"Usage: promptbits {name} ")


def test_help_lists_every_command(run: Run) -> None:
    for args in (["--help"], ["-h"]):
        result = run(*args)
        assert result.code == 0
        for name, (_, text) in COMMANDS.items():
            assert re.search(rf"^  {name} +{re.escape(text)}$", result.out, re.MULTILINE)


def test_no_command_at_all_shows_the_help_and_fails(run: Run) -> None:
    result = run()
    assert (result.code, result.out) == (2, "")
    assert "Commands:" in result.err


def test_version(run: Run) -> None:
    assert run("--version") == (0, f"promptbits {__version__}\n", "")


@pytest.mark.parametrize("args", [["--help"], ["--version"], []])
def test_help_and_version_import_nothing_but_click(args: list[str]) -> None:
    code = (
        "import sys; before = set(sys.modules); from promptbits.cli import main; main(sys.argv[1:]);"
        "print(*(set(sys.modules) - before), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code, *args], capture_output=True, text=True, check=True)
    loaded = done.stderr.splitlines()[-1].split()
    ours = {name for name in loaded if name.startswith("promptbits")}
    assert ours == {
        "promptbits",
        "promptbits.cli",
        *(f"promptbits.cli.{name}" for name in ("running", "group", "errors")),
    }
    foreign = {name.partition(".")[0] for name in loaded} - set(sys.stdlib_module_names) - {"promptbits"}
    assert foreign == {"click"}
    assert "importlib.metadata" not in loaded


def test_check_imports_nothing_heavy(root: Path) -> None:
    write(root / "prompts/one.json", prompt("one"))
    code = "import sys; from promptbits.cli import main; assert main(['check']) == 0; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert not loaded & {"rich", "pydantic", "pygls", "lsprotocol", "jsonschema", "watchfiles", "rapidfuzz", "asyncio"}


def test_a_mistyped_command(run: Run) -> None:
    result = run("chekc")
    assert result.code == 2
    assert "there is no command 'chekc': did you mean 'check'?" in result.err


@pytest.mark.parametrize("args", [["--nope"], ["check", "--nope"], ["check", "--format", "xml"], ["show"]])
def test_wrong_usage_exits_with_2(run: Run, args: list[str]) -> None:
    result = run(*args)
    assert result.code == 2
    assert "Usage: promptbits" in result.err


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (CommandError("do this\x1b[2J"), 2, "promptbits: do this\\u001b[2J\n"),
        (PermissionError(13, "Permission denied", "a/b"), 2, "promptbits: a/b: permission denied\n"),
        (PermissionError(13, "Permission denied", b"a/b"), 2, "promptbits: a/b: permission denied\n"),
        (OSError(28, "No space left on device"), 2, "promptbits: no space left on the device\n"),
        (OSError(), 2, "promptbits: input/output error\n"),
        (FileNotFoundError(2, "x"), 2, "promptbits: the working directory is no longer there: change to another one\n"),
        (RecursionError(), 2, "promptbits: the input is too large or nested too deep\n"),
        (ValueError("secret text"), 2, "promptbits: unexpected ValueError: run with PROMPTBITS_DEBUG=1 for details\n"),
        (KeyboardInterrupt(), 130, ""),
        (BrokenPipeError(), 141, ""),
    ],
)
def test_errors_become_one_line_and_an_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: BaseException, code: int, line: str
) -> None:
    def fail(*_args: object) -> None:
        raise error

    monkeypatch.setattr(cli, "invoke", fail)
    assert main(["check"]) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == line


def test_debug_shows_where_it_went_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object) -> None:
        raise ValueError("details")

    monkeypatch.setattr(cli, "invoke", fail)
    monkeypatch.setenv("PROMPTBITS_DEBUG", "1")
    with pytest.raises(ValueError, match="details"):
        main(["check"])


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(run: Run, shell: str, monkeypatch: pytest.MonkeyPatch) -> None:
    result = run("completion", shell)
    assert result.code == 0
    assert f"_PROMPTBITS_COMPLETE={shell}_complete" in result.out
    monkeypatch.setenv("SHELL", f"/usr/bin/{shell}")
    assert run("completion").out == result.out


def test_completion_for_an_unknown_shell(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELL", "/bin/tcsh")
    result = run("completion")
    assert result.code == 2
    assert "bash, zsh, fish" in result.err


def completions(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    monkeypatch.setenv("_PROMPTBITS_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", " ".join(words))
    monkeypatch.setenv("COMP_CWORD", str(len(words) - 1))
    with pytest.raises(SystemExit) as left:
        main([])
    assert left.value.code == 0
    return [line.partition(",")[2] for line in capsys.readouterr().out.splitlines()]


def test_commands_options_and_ids_complete(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(root / "prompts/custom/zebra-one.json", prompt("zebra-one"))
    assert completions(monkeypatch, capsys, "promptbits", "sh") == ["show"]
    assert completions(monkeypatch, capsys, "promptbits", "check", "--sev") == ["--severity"]
    for command in ("show", "edit"):
        assert completions(monkeypatch, capsys, "promptbits", command, "zeb") == ["zebra-one"]


def test_completing_ids_never_fails(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root.rmdir()
    context = click.Context(cli)
    assert complete_ids(context, click.Argument(["x"]), "z") == []


def options(*paths: str) -> Options:
    return Options(paths, "text", "hint", fix=False)


def test_watching_checks_again_after_what_matters(root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = write(root / "prompts/one.json", prompt("other"))

    def changes() -> Iterator[set[str]]:
        yield set()
        yield {str(root / "notes.txt")}
        write(path, prompt("one"))
        yield {str(path), str(root / "notes.txt")}
        path.unlink()
        yield {str(path)}
        write(path, prompt("one"))
        yield {str(root / f"prompts/{number}.json") for number in range(5)}

    assert follow(options(), changes()) == 0
    captured = capfd.readouterr()
    assert [line for line in captured.out.splitlines() if line and not line.startswith(" ")] == [
        'prompts/one.json:2:9: warning[id-file-name] the id is "other", but the file is called one.json: '
        "the two must be the same",
        "Found 1 warning in 1 of 1 file (1 fixable with --fix)",
        "Watching for changes; Ctrl-C ends",
        "Changed: prompts/one.json",
        "1 file is fine",
        "Changed: prompts/one.json",
        "Changed: prompts/0.json, prompts/1.json, prompts/2.json and 2 more",
        "1 file is fine",
    ]
    assert "no prompts found" in captured.err


def test_what_is_watched(root: Path) -> None:
    write(root / "promptbits.toml", 'roots = ["a", "a/b", "missing"]\n')
    write(root / "a/b/one.json", prompt("one"))
    other = write(root / "elsewhere/two.json", prompt("two"))
    assert watched([]) == ([root / "a"], [root / "promptbits.toml"])
    assert watched(["elsewhere/two.json"])[0] == [root / "a", other.parent]


def test_watching_nothing_says_what_to_do(root: Path, run: Run) -> None:
    result = run("check", "--watch")
    assert result.code == 2
    assert "promptbits init" in result.err


@pytest.mark.parametrize(("terminal", "seconds", "drawn"), [(True, 1.0, True), (True, 0.1, False), (False, 9.0, False)])
def test_progress_is_drawn_on_a_terminal_after_a_moment(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], terminal: bool, seconds: float, drawn: bool
) -> None:
    monkeypatch.setattr("promptbits.cli.progress.is_terminal", lambda _stream: terminal)
    monkeypatch.setenv("FORCE_COLOR", "1")
    clock = iter([0.0])
    monkeypatch.setattr("promptbits.cli.progress.time.monotonic", lambda: next(clock, seconds))
    with Progress("Checking") as progress:
        progress(10, 100)
        progress(20, 100)
    assert ("Checking" in capsys.readouterr().err) is drawn


@pytest.mark.parametrize("command", [["check"], ["list"], ["show", "plan-mode"], ["new", "x"]])
def test_a_mistyped_root_is_told(command: list[str], root: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROMPTBITS_ROOT", str(root / "nowhere"))
    result = run(*command)
    assert (result.code, result.out) == (2, "")
    assert result.err == f"promptbits: PROMPTBITS_ROOT names {root / 'nowhere'}, which is not a folder\n"
    assert not (root / "nowhere").exists()
