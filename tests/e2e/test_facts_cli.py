"""Facts through the installed program: pipes, terminals, full disks, and a process that is killed."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

_SECONDS = 60


def command() -> list[str]:
    """The console script beside this interpreter; where the package is only on the path, the module."""
    script = shutil.which("promptbits", path=str(Path(sys.executable).parent))
    return [script] if script else [sys.executable, "-m", "promptbits"]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    dropped = ("PROMPTBITS_ROOT", "PROMPTBITS_DEBUG", "PROMPTBITS_FACTS", "NO_COLOR", "COLUMNS")
    return {key: value for key, value in os.environ.items() if key not in dropped} | {
        "PROMPTBITS_CACHE": str(tmp_path / "cache"),
        "PROMPTBITS_STATE": str(tmp_path / "state"),
        "TERM": "xterm-256color",
    }


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "promptbits.toml").touch()
    return folder


def lines(count: int) -> bytes:
    """Executions of two prompts, four to a conversation."""
    facts = (
        {
            "kind": "execution",
            "id": f"01a1f9d6-780a-7c66-bfff-{n:012x}",
            "timestamp": f"2026-11-20T16:{n // 60 % 60:02}:{n % 60:02}Z",
            "prompt_id": f"p{n % 2}",
            "outcome": "failed" if n % 5 == 0 else "succeeded",
            "conversation_id": f"c{n // 4}",
            "execution_time_ms": n % 1000,
        }
        for n in range(count)
    )
    return b"".join(json.dumps(fact).encode() + b"\n" for fact in facts)


def run(root: Path, environment: dict[str, str], *args: str, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*command(), *args], cwd=root, env=environment, input=data, capture_output=True, timeout=_SECONDS, check=False
    )


def test_facts_go_through_pipes(root: Path, environment: dict[str, str], tmp_path: Path) -> None:
    done = run(root, environment, "import", "-", data=lines(50))
    assert (done.returncode, done.stdout, done.stderr) == (0, b"Imported 50 facts into .promptbits/facts.db\n", b"")
    for form in ("jsonl", "csv"):
        other = tmp_path / form
        other.mkdir()
        (other / "promptbits.toml").touch()
        exported = run(root, environment, "export", "--format", form).stdout
        assert run(other, environment, "import", "--format", form, "-", data=exported).returncode == 0
        assert run(other, environment, "export").stdout == run(root, environment, "export").stdout
        assert run(other, environment, "stats", "--json").stdout == run(root, environment, "stats", "--json").stdout


def test_an_import_that_is_killed_is_finished_by_the_next_one(root: Path, environment: dict[str, str]) -> None:
    count = 60_000
    (root / "facts.jsonl").write_bytes(lines(count))
    process = subprocess.Popen([*command(), "import", "facts.jsonl"], cwd=root, env=environment, stdout=subprocess.PIPE)
    store = root / ".promptbits/facts.db-wal"
    deadline = time.monotonic() + _SECONDS
    while not (store.exists() and store.stat().st_size > 100_000):
        assert process.poll() is None
        assert time.monotonic() < deadline
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert run(root, environment, "db", "check").returncode == 0
    done = json.loads(run(root, environment, "import", "--json", "facts.jsonl").stdout)
    assert done["added"] + done["repeated"] == count
    assert done["added"] > 0
    rows = json.loads(run(root, environment, "stats", "--json").stdout)["rows"]
    assert sum(row["executions"] for row in rows) == count
    assert run(root, environment, "db", "check").returncode == 0


def test_two_imports_at_once_take_each_fact_once(root: Path, environment: dict[str, str]) -> None:
    (root / "facts.jsonl").write_bytes(lines(20_000))
    processes = [
        subprocess.Popen(
            [*command(), "import", "--json", "facts.jsonl"], cwd=root, env=environment, stdout=subprocess.PIPE
        )
        for _ in range(2)
    ]
    results = [json.loads(process.communicate(timeout=_SECONDS)[0]) for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    assert sum(each["added"] for each in results) == 20_000
    assert run(root, environment, "db", "check").returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this platform")
def test_a_full_disk_is_told_in_one_line(root: Path, environment: dict[str, str]) -> None:
    run(root, environment, "import", "-", data=lines(10))
    done = run(root, environment, "export", "-o", "/dev/full")
    assert (done.returncode, done.stderr) == (2, b"promptbits: /dev/full: no space left on the device\n")
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*command(), "export"], cwd=root, env=environment, stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert (done.returncode, done.stderr) == (2, b"promptbits: no space left on the device\n")


def test_a_reader_that_goes_away_is_no_error(root: Path, environment: dict[str, str]) -> None:
    run(root, environment, "import", "-", data=lines(5_000))
    process = subprocess.Popen(
        [*command(), "export"], cwd=root, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(_SECONDS) == 141


def test_a_terminal_gets_a_table_and_a_bar(root: Path, environment: dict[str, str]) -> None:
    (root / "facts.jsonl").write_bytes(lines(60_000))
    shown = in_terminal(root, environment, 80, "import", "facts.jsonl")
    assert "Importing, MB" in shown
    assert "Imported 60,000 facts" in shown
    wide = in_terminal(root, environment, 200, "stats")
    assert "p0" in wide
    assert "last seen" in wide
    assert "30 days" in wide
    narrow = in_terminal(root, environment, 60, "stats")
    assert "80.0 % [" in narrow
    assert "last seen" not in narrow
    assert all(len(line) <= 60 for line in plain(narrow).splitlines())


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text).replace("\r", "")


def in_terminal(root: Path, environment: dict[str, str], columns: int, *args: str) -> str:
    """What a program writes to a terminal."""
    pty = pytest.importorskip("pty")
    fcntl, termios, struct = (pytest.importorskip(name) for name in ("fcntl", "termios", "struct"))
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
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
