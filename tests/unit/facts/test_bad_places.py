"""Stores that cannot be opened, read or written: one clear line, nothing lost, nothing half done. All for real."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from contract import execution
from fact_strategies import identity

from promptbits.facts.locating import facts_path
from promptbits.facts.opening import open_store
from promptbits.facts.sqlite import maintenance
from promptbits.facts.sqlite.connection import Connections
from promptbits.facts.sqlite.embedded import SqliteStore
from promptbits.facts.store import StoreError


def one_line(failure: pytest.ExceptionInfo[StoreError], path: Path) -> str:
    text = str(failure.value)
    assert text.startswith(f"{path}: ")
    assert "\n" not in text
    return text


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 1 MB of its own, if this machine lets us have one."""
    folder = tmp_path / "small"
    folder.mkdir()
    if (
        sys.platform != "linux"
        or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], capture_output=True, check=False
        ).returncode
    ):
        pytest.skip("needs the right to mount a file system")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_a_full_disk_refuses_and_keeps_what_was_acknowledged(small_disk: Path) -> None:
    store = open_store(small_disk / "facts.db")
    acknowledged = 0

    def write_on() -> None:
        nonlocal acknowledged
        for number in range(5_000):
            store.append([execution(number, metadata={"much": "x" * 300})])
            acknowledged += 1

    with pytest.raises(StoreError, match="the disk is full; nothing was written") as failure:
        write_on()
    one_line(failure, small_disk / "facts.db")
    assert len(list(store.facts())) == acknowledged > 10
    assert maintenance.check(store) == []
    subprocess.run(["mount", "-o", "remount,size=8m", small_disk], check=True)
    store.append([execution(9_999)])
    assert maintenance.check(store) == []
    store.close()


def test_a_full_disk_refuses_a_new_store(small_disk: Path) -> None:
    (small_disk / "filler").write_bytes(b"x" * (1 << 20))
    with pytest.raises(StoreError, match=r"full|No space left") as failure:
        open_store(small_disk / "facts.db")
    one_line(failure, small_disk / "facts.db")
    assert [each.name for each in small_disk.iterdir()] == ["filler"]


def test_a_disk_that_fills_up_while_a_store_is_made_leaves_a_sound_one_or_none(small_disk: Path) -> None:
    """Half a file would be taken for a damaged store for ever."""
    path = small_disk / "facts.db"
    refused = 0
    for free in range(4_096, 250_000, 4_096):
        (small_disk / "filler").write_bytes(b"x" * ((1 << 20) - free))
        try:
            store = open_store(path)
            store.close()
        except StoreError:
            refused += 1
        (small_disk / "filler").unlink()
        if path.exists():
            store = open_store(path, create=False)
            assert maintenance.check(store) == [], free
            store.close()
        for each in small_disk.iterdir():
            each.unlink()
    assert refused > 5


LIMITED = """
import resource, signal, sys
from pathlib import Path
from contract import execution
from promptbits.facts.opening import open_store
from promptbits.facts.store import StoreError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store = open_store(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
acknowledged = 0
try:
    for number in range(5_000):
        store.append([execution(number, metadata={"much": "x" * 300})])
        acknowledged += 1
except StoreError as problem:
    print(acknowledged, problem, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs limits on file sizes")
def test_a_file_that_may_not_grow_refuses_and_keeps_what_was_acknowledged(tmp_path: Path) -> None:
    path = tmp_path / "facts.db"
    here = {**os.environ, "PYTHONPATH": os.fspath(Path(__file__).parent)}
    ran = subprocess.run([sys.executable, "-c", LIMITED, path], capture_output=True, text=True, check=True, env=here)
    acknowledged, said = ran.stdout.strip().split(" ", 1)
    assert said.startswith(f"{path}: ")
    store = open_store(path)
    assert len(list(store.facts())) == int(acknowledged) > 5
    assert maintenance.check(store) == []
    store.close()


@pytest.fixture
def read_only_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder with a store in it, mounted so that not even root can write."""
    folder = tmp_path / "sealed"
    folder.mkdir()
    store = open_store(folder / "facts.db")
    store.append([execution(1)])
    store.close()
    if (
        sys.platform != "linux"
        or subprocess.run(["mount", "--bind", "-r", folder, folder], capture_output=True, check=False).returncode
    ):
        pytest.skip("needs the right to mount a file system")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_a_read_only_disk_can_be_read_and_says_so_when_written(read_only_disk: Path) -> None:
    path = read_only_disk / "facts.db"
    with pytest.raises(OSError, match="Read-only file system"):
        (read_only_disk / "probe").touch()
    with pytest.raises(StoreError) as failure:
        open_store(path).append([execution(2)])
    assert "read-only" in one_line(failure, path) or "cannot be opened" in str(failure.value)
    store = open_store(path, read_only=True)
    assert [fact["id"] for fact in store.facts()] == [identity(1)]
    assert store.summaries()[0].executions == 1
    assert maintenance.check(store) == []
    store.close()
    with pytest.raises(StoreError, match=r"Read-only file system|read-only"):
        open_store(read_only_disk / "other" / "facts.db")


def test_a_reader_never_writes(tmp_path: Path) -> None:
    path = tmp_path / "facts.db"
    with pytest.raises(StoreError, match="there is no fact store"):
        open_store(path, read_only=True)
    with pytest.raises(StoreError, match="there is no fact store"):
        open_store(path, create=False)
    assert list(tmp_path.iterdir()) == []
    writer = open_store(path)
    reader = open_store(path, read_only=True)
    writer.append([execution(1)])
    assert reader.change_counter() == writer.change_counter()
    for write in (
        lambda: reader.append([execution(2)]),
        lambda: reader.keep_text("", ""),
        lambda: maintenance.compact(reader),
        lambda: maintenance.optimize(reader),
    ):
        with pytest.raises(StoreError, match="opened for reading only"):
            write()
    writer.close()
    reader.close()


@pytest.mark.parametrize("content", [b"", b"no database at all" * 50, b"SQLite format 3\x00" + b"\x00" * 4000])
def test_a_file_of_another_kind_is_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "facts.db"
    path.write_bytes(content)
    for read_only in (False, True):
        with pytest.raises(StoreError, match="damaged or no fact store") as failure:
            open_store(path, read_only=read_only)
        one_line(failure, path)
    assert path.read_bytes() == content
    assert [each.name for each in tmp_path.iterdir()] == ["facts.db"]


def test_a_database_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "facts.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="no fact store"):
        open_store(path)
    assert path.read_bytes() == before


def test_a_folder_in_the_place_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "facts.db").mkdir()
    with pytest.raises(StoreError) as failure:
        open_store(tmp_path / "facts.db")
    one_line(failure, tmp_path / "facts.db")
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError) as failure:
        open_store(tmp_path / "file" / "facts.db")
    one_line(failure, tmp_path / "file" / "facts.db")


def test_flipped_bytes_are_found_and_never_a_traceback(tmp_path: Path) -> None:
    good = tmp_path / "good.db"
    store = open_store(good)
    store.append([execution(number, metadata={"some": "x" * 100}) for number in range(500)])
    store.close()
    size = good.stat().st_size
    for page in range(1, size // 4096):
        path = tmp_path / f"bad{page}.db"
        shutil.copyfile(good, path)
        with path.open("r+b") as file:
            file.seek(page * 4096)
            file.write(b"\xff" * 64)
        said = _what_is_said_of(path)
        assert said
        assert all("\n" not in each for each in said)


def _what_is_said_of(path: Path) -> list[str]:
    """Open, check, read and write; what was said. Only StoreError may come."""
    said: list[str] = []
    store = SqliteStore(path)
    for work in (
        lambda: said.extend(problem.text for problem in maintenance.check(store)),
        lambda: list(store.facts()),
        lambda: store.append([execution(9_999)]),
        lambda: store.summaries(),
    ):
        try:
            work()
        except StoreError as problem:
            said.append(str(problem))
    store.close()
    return said


def test_the_file_is_private_from_its_first_byte(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        path = facts_path(tmp_path)
        store = open_store(path)
        store.append([execution(1)])
        modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()}
        assert {name: modes[name] for name in modes if name != ".gitignore"} == dict.fromkeys(
            ("facts.db", "facts.db-wal", "facts.db-shm"), 0o600
        )
        assert (path.parent / ".gitignore").read_text() == "*\n"
        store.close()
        path.chmod(0o644)
        open_store(path).close()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    finally:
        os.umask(old)


def test_a_folder_of_the_user_gets_no_gitignore(tmp_path: Path) -> None:
    open_store(tmp_path / "facts.db").close()
    assert [each.name for each in tmp_path.iterdir()] == ["facts.db"]


def test_the_environment_names_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PROMPTBITS_FACTS", raising=False)
    assert facts_path(tmp_path) == tmp_path / ".promptbits" / "facts.db"
    monkeypatch.setenv("PROMPTBITS_FACTS", os.fspath(tmp_path / "mine.db"))
    assert facts_path(Path("elsewhere")) == tmp_path / "mine.db"


def test_a_store_that_stays_busy_says_so(tmp_path: Path) -> None:
    path = tmp_path / "facts.db"
    open_store(path).close()
    store = SqliteStore(path)
    store.connections = Connections(path, create=False, busy_seconds=0.05)
    with sqlite3.connect(path, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match=r"another process has been writing for more than 0.05 s"):
            store.append([execution(1)])
        assert store.summaries() == []
        other.execute("ROLLBACK")
    other.close()
    assert store.append([execution(1)]).added == 1
    store.close()


def test_a_short_wait_is_not_seen(tmp_path: Path) -> None:
    path = tmp_path / "facts.db"
    store = open_store(path)
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    timer = threading.Timer(0.2, lambda: other.execute("ROLLBACK"))
    timer.start()
    assert store.append([execution(1)]).added == 1
    timer.join()
    other.close()
    store.close()


def test_a_store_that_was_removed_is_made_anew(tmp_path: Path) -> None:
    path = facts_path(tmp_path)
    store = open_store(path)
    store.append([execution(1)])
    shutil.rmtree(path.parent)
    assert store.append([execution(2)]).added == 1
    assert [fact["id"] for fact in open_store(path).facts()] == [identity(2)]
    assert maintenance.check(store) == []
    store.close()
