"""Several processes and threads at once, forks, and kill -9: nothing acknowledged is lost, and all agrees."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from contract import execution
from fact_strategies import identity

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))  # the benchmarks are no part of the package

from benchmarks import fact_writers

from promptbits.facts.opening import open_store
from promptbits.facts.sqlite import maintenance

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="POSIX")


def test_four_processes_write_and_nothing_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "facts.db"
    # None makes the file beforehand: they all try to.
    writers = [fact_writers.start(path, number * 400, 400) for number in range(4)]
    fact_writers.go(writers)
    results = [writer.communicate(timeout=100) for writer in writers]
    assert [(writer.returncode, err) for writer, (_, err) in zip(writers, results, strict=True)] == [(0, "")] * 4
    store = open_store(path)
    assert {fact["id"] for fact in store.facts()} == set().union(*(fact_writers.acknowledged(o) for o, _ in results))
    assert len(list(store.facts())) == 1600
    assert maintenance.check(store) == []
    assert [each.name for each in tmp_path.iterdir() if "new" in each.name] == []
    store.close()


@posix_only
def test_kill_9_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    path = tmp_path / "facts.db"
    known: set[str] = set()
    for batch in (1, 50):
        victims = [fact_writers.start(path, number * 100_000 + batch * 1000, 50_000, batch) for number in range(2)]
        fact_writers.go(victims)
        for victim in victims:
            assert victim.stdout is not None
            # Killed while it writes: it has acknowledged something, and has much before it.
            lines = [victim.stdout.readline() for _ in range(30)]
            victim.send_signal(signal.SIGKILL)
            # Not `communicate`, which passes over what `readline` has read ahead.
            rest, errors = victim.stdout.read(), victim.stderr.read() if victim.stderr else ""
            victim.wait(timeout=60)
            assert (victim.returncode, errors) == (-signal.SIGKILL, "")
            known |= fact_writers.acknowledged("".join(lines) + rest)
        store = open_store(path)
        assert known <= {fact["id"] for fact in store.facts()}
        assert maintenance.check(store) == []
        store.close()


def test_threads_share_a_store(tmp_path: Path) -> None:
    store = open_store(tmp_path / "facts.db")

    def write(thread: int) -> int:
        return sum(store.append([execution(thread * 100 + n), execution(n % 5)]).added for n in range(100))

    with ThreadPoolExecutor(8) as pool:
        added = sum(pool.map(write, range(8)))
    assert added == 800
    assert maintenance.check(store) == []
    store.close()


def test_a_store_may_be_closed_by_another_thread(tmp_path: Path) -> None:
    store = open_store(tmp_path / "facts.db")
    stop = threading.Event()

    def close() -> None:
        while not stop.is_set():
            store.close()

    closer = threading.Thread(target=close)
    closer.start()
    try:
        for number in range(200):
            store.append([execution(number)])
    finally:
        stop.set()
        closer.join()
    assert len(list(store.facts())) == 200
    assert maintenance.check(store) == []
    store.close()


@posix_only
def test_a_forked_child_writes_too_and_keeps_its_log(tmp_path: Path) -> None:
    """The parent goes on and closes last or first: neither pulls the log away from under the other."""
    store = open_store(tmp_path / "facts.db")
    store.append([execution(0)])
    in_child, go_on = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            store.append([execution(1)])
            os.write(in_child[1], b"x")
            os.read(go_on[0], 1)
            store.append([execution(2)])
            status = 0
        finally:
            os._exit(status)  # no pytest in the child
    os.read(in_child[0], 1)
    store.append([execution(3)])
    store.close()  # the last to close removes the log, and the parent must know that it is not the last
    os.write(go_on[1], b"x")
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert [fact["id"] for fact in store.facts()] == [identity(number) for number in range(4)]
    assert maintenance.check(store) == []
    store.close()


def _write_some(arguments: tuple[object, int]) -> int:
    store, first = arguments
    return sum(store.append([execution(first + number)]).added for number in range(50))  # type: ignore[attr-defined]


@posix_only
def test_forks_while_threads_write(tmp_path: Path) -> None:
    """A fork takes no lock with it into the child, and no half of a transaction."""
    store = open_store(tmp_path / "facts.db")
    stop = threading.Event()
    written: list[int] = []

    def write() -> None:
        number = 100_000
        while not stop.is_set():
            written.append(store.append([execution(number)]).added)
            number += 1

    thread = threading.Thread(target=write)
    thread.start()
    try:
        context = multiprocessing.get_context("fork")
        children = [
            context.Process(target=_write_some, args=((store, 1_000 * number),), daemon=True) for number in range(1, 6)
        ]
        for child in children:
            child.start()
        for child in children:
            child.join(60)
    finally:
        stop.set()
        thread.join()
    assert [child.exitcode for child in children] == [0] * 5
    assert len(list(store.facts())) == 250 + sum(written)
    assert maintenance.check(store) == []
    store.close()


def test_a_spawned_program_does_not_close_the_store(tmp_path: Path) -> None:
    store = open_store(tmp_path / "facts.db")
    store.append([execution(1)])
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    assert store.append([execution(2)]).added == 1
    store.close()
