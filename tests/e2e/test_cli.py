"""The installed program: start-up, pipes, signals, terminals."""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PROMPT = {
    "id": "one",
    "trigger": {"Custom": "one"},
    "category": "BestPractices",
    "content": "Do it.\n",
    "confidence": 0.5,
    "source": "Custom",
}
_SECONDS = 60


def command() -> list[str]:
    """The console script beside this interpreter; where the package is only on the path, the module."""
    script = shutil.which("promptbits", path=str(Path(sys.executable).parent))
    return [script] if script else [sys.executable, "-m", "promptbits"]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    dropped = ("PROMPTBITS_ROOT", "PROMPTBITS_DEBUG", "NO_COLOR", "COLUMNS")
    return {key: value for key, value in os.environ.items() if key not in dropped} | {
        "PROMPTBITS_CACHE": str(tmp_path / "cache"),
        "TERM": "xterm-256color",
    }


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    write(folder / "prompts/one.json", PROMPT)
    return folder


def write(path: Path, value: dict) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", "utf-8")


def run(root: Path, environment: dict[str, str], *args: str, **more: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*command(), *args],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
        **more,
    )


def test_it_runs(root: Path, environment: dict[str, str]) -> None:
    done = run(root, environment, "check")
    assert (done.returncode, done.stdout, done.stderr) == (0, "1 file is fine\n", "")


def test_the_module_is_the_program(root: Path, environment: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "promptbits", "--version"], capture_output=True, text=True, env=environment, check=True
    )
    assert done.stdout == run(root, environment, "--version").stdout


def test_findings_and_failures_have_their_exit_codes(root: Path, environment: dict[str, str]) -> None:
    write(root / "prompts/two.json", PROMPT)
    assert run(root, environment, "check").returncode == 1
    assert run(root, environment, "check", "missing").returncode == 2
    assert run(root, environment, "nonsense").returncode == 2


def test_plain_text_in_a_pipe(root: Path, environment: dict[str, str]) -> None:
    write(root / "prompts/two.json", PROMPT)
    for args in (["check"], ["list"], ["fmt", "--diff"], ["show", "one"]):
        assert "\x1b" not in run(root, environment, *args).stdout


def test_a_reader_that_goes_away_is_no_error(root: Path, environment: dict[str, str]) -> None:
    for number in range(300):
        write(root / f"prompts/p-{number}.json", PROMPT | {"content": ""})
    process = subprocess.Popen(
        [*command(), "check"], cwd=root, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(_SECONDS) == 141


def test_what_the_encoding_of_the_output_cannot_hold_is_escaped(root: Path, environment: dict[str, str]) -> None:
    write(root / "prompts/two.json", PROMPT | {"id": "two", "content": "é <<x>> 😀", "variables": {}})
    done = run(root, environment | {"PYTHONIOENCODING": "latin-1"}, "check", encoding="latin-1")
    assert done.returncode == 1
    assert "é <<x>> \\U0001f600" in done.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this platform")
def test_a_full_disk_is_told(root: Path, environment: dict[str, str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*command(), "check"],
            cwd=root,
            env=environment,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr == "promptbits: no space left on the device\n"


def test_help_costs_at_most_five_times_a_bare_python(environment: dict[str, str], tmp_path: Path) -> None:
    """CPU time of both in turn; the least of several runs, as whatever else runs only ever adds to it."""
    compiled = {key: value for key, value in environment.items() if key != "PYTHONDONTWRITEBYTECODE"}
    compiled["PYTHONPYCACHEPREFIX"] = str(tmp_path / "pyc")  # installed packages are compiled
    cpu([*command(), "--help"], compiled)
    bare, ours = [], []
    for _ in range(12):
        bare.append(cpu([sys.executable, "-c", "pass"], compiled))
        ours.append(cpu([*command(), "--help"], compiled))
    assert min(ours) <= 5 * min(bare)


def cpu(args: list[str], environment: dict[str, str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(args, env=environment, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


# A terminal


def in_terminal(root: Path, environment: dict[str, str], *args: str) -> str:
    """What a program writes to a terminal of 80 columns."""
    pty = pytest.importorskip("pty")
    fcntl, termios, struct = (pytest.importorskip(name) for name in ("fcntl", "termios", "struct"))
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    with subprocess.Popen(
        [*command(), *args], cwd=root, env=environment, stdin=theirs, stdout=theirs, stderr=theirs, close_fds=True
    ) as process:
        os.close(theirs)
        chunks: list[bytes] = []
        try:
            while chunk := os.read(ours, 65536):
                chunks.append(chunk)
        except OSError:
            pass  # Linux says so when the other side is closed
        os.close(ours)
        process.wait(_SECONDS)
    return b"".join(chunks).decode()


def test_colours_on_a_terminal(root: Path, environment: dict[str, str]) -> None:
    write(root / "prompts/two.json", PROMPT)
    text = in_terminal(root, environment, "check")
    assert "\x1b[33;1mwarning[id-file-name]\x1b[0m" in text


@pytest.mark.parametrize("variable", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_no_colours_where_they_are_not_wanted(
    root: Path, environment: dict[str, str], variable: dict[str, str]
) -> None:
    write(root / "prompts/two.json", PROMPT)
    assert "\x1b" not in in_terminal(root, environment | variable, "check")


def test_lines_are_cut_to_the_terminal(root: Path, environment: dict[str, str]) -> None:
    write(
        root / "prompts/two.json",
        PROMPT | {"id": "two", "content": "words " * 99 + "<<x>>" + " words" * 99, "variables": {}},
    )
    text = in_terminal(root, environment | {"NO_COLOR": "1"}, "check")
    source = next(line for line in text.splitlines() if "<<x>>" in line and "|" in line)
    assert len(source) <= 80


def test_output_may_be_closed(root: Path, environment: dict[str, str]) -> None:
    done = subprocess.run(
        ["sh", "-c", '"$@" >&-', "sh", *command(), "check"], cwd=root, env=environment, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("columns", [30, 60, 80, 200])
def test_a_listed_id_is_whole_and_a_row_is_one_line(root: Path, environment: dict[str, str], columns: int) -> None:
    more = {"NO_COLOR": "1", "COLUMNS": str(columns)}
    ids = {line.split("\t")[0] for line in run(root, environment, "list").stdout.splitlines()}
    rows = [line.rstrip() for line in in_terminal(root, environment | more, "list").splitlines()]
    assert ids <= {row.split()[0] for row in rows if row}
    assert sum(bool(row) for row in rows) == len(ids) + 3  # a head, a rule, and the number of prompts
    assert all(len(row) <= max(columns, 40) for row in rows)


def test_list_is_a_table_on_a_terminal(root: Path, environment: dict[str, str]) -> None:
    text = in_terminal(root, environment | {"NO_COLOR": "1"}, "list", "--layer", "custom")
    assert "description" in text
    assert "1 prompt" in text


def test_show_says_on_a_terminal_where_it_comes_from_and_does_not_drive_it(
    root: Path, environment: dict[str, str]
) -> None:
    write(root / "prompts/one.json", PROMPT | {"content": "\x1b[2J\u202eevil"})
    text = in_terminal(root, environment | {"NO_COLOR": "1"}, "show", "one")
    assert "custom: prompts/one.json" in text
    assert "\\u001b[2J\\u202eevil" in text
    assert "\x1b[2J" not in text


# Watching


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is sent another way on Windows")
def test_watch_checks_again_on_every_change_until_ctrl_c(root: Path, environment: dict[str, str]) -> None:
    process = subprocess.Popen(
        [*command(), "check", "--watch"],
        cwd=root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    said = iter(process.stdout)
    try:
        until(said, "1 file is fine")
        until(said, "Watching for changes; Ctrl-C ends")
        write(root / "prompts/two.json", PROMPT)
        until(said, "Changed: prompts/two.json")
        until(said, "Found ")
        (root / "prompts/two.json").unlink()
        until(said, "Changed: prompts/two.json")
        until(said, "1 file is fine")
        (root / "promptbits.toml").write_text("[checks]\n")
        until(said, "Changed: promptbits.toml")
        until(said, "1 file is fine")
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=_SECONDS)
        assert (process.returncode, errors) == (130, "")
    finally:
        process.kill()
        process.communicate()


def until(said: Iterator[str], wanted: str) -> None:
    """Read on until a line begins like this."""
    assert any(line.startswith(wanted) for line in said)
