"""Threads, forks and processes that record at once."""

import multiprocessing
import os
import subprocess
import sys
import textwrap
import threading

import pytest

import promptbits
from promptbits.facts.opening import open_store

FORKS = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this platform")
# Python warns of forking beside threads from 3.12 on. That is what is tried here.
FORKING = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")


def record(prompt, count):
    for _ in range(count):
        with prompt.track() as run:
            run.succeeded()


def succeeded(desk):
    store = open_store(desk.store_path)
    try:
        assert len({fact["id"] for fact in store.facts()}) == sum(row.successes for row in store.summaries())
        return sum(row.successes for row in store.summaries())
    finally:
        store.close()


@pytest.fixture
def prompt(desk):
    desk.write("greet", "Hello")
    return promptbits.load_prompt("greet")


def test_threads(desk, prompt):
    def work():
        for _ in range(50):
            record(promptbits.load_prompt("greet"), 1)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert succeeded(desk) == 400
    assert promptbits.recording_status() == (400, 0, 0, 0)


def test_a_prompt_that_changes_while_threads_load_it(desk, prompt):
    stop, seen, problems = threading.Event(), set(), []

    def read():
        while not stop.is_set():
            try:
                seen.add(promptbits.load_prompt("greet").text)
            except promptbits.PromptError as error:
                problems.append(error)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    table = promptbits.get_prompt("greet")
    for index in range(30):
        promptbits.save_prompt(table | {"content": f"text {index}"}, overwrite=True)
        assert promptbits.load_prompt("greet").text == f"text {index}"
    stop.set()
    for thread in threads:
        thread.join()
    assert not problems
    assert seen <= {"Hello"} | {f"text {index}" for index in range(30)}


def in_child(work):
    """The exit status of a forked child that does something and ends without any clean-up."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@FORKS
@FORKING
def test_a_fork_goes_on_recording_on_both_sides(desk, prompt):
    record(prompt, 3)

    def work():
        record(prompt, 5)
        assert in_child(lambda: record(promptbits.load_prompt("greet"), 7)) == 0
        assert promptbits.recording_status() == (5, 0, 0, 0)

    assert in_child(work) == 0
    record(prompt, 2)
    assert succeeded(desk) == 17
    assert promptbits.recording_status() == (5, 0, 0, 0)


@FORKS
@FORKING
def test_forks_while_threads_record(desk, prompt):
    stop = threading.Event()
    counts = [0] * 3

    def work(index):
        while not stop.is_set():
            record(promptbits.load_prompt("greet"), 1)
            counts[index] += 1

    threads = [threading.Thread(target=work, args=(index,)) for index in range(3)]
    for thread in threads:
        thread.start()
    statuses = [in_child(lambda: record(promptbits.load_prompt("greet"), 3)) for _ in range(15)]
    stop.set()
    for thread in threads:
        thread.join()
    assert statuses == [0] * 15
    assert succeeded(desk) == sum(counts) + 45


def _worker(root, store, count):
    promptbits.configure(root=root, facts=store)
    record(promptbits.load_prompt("greet"), count)


@FORKING
@pytest.mark.parametrize(
    "method", [each for each in ("fork", "spawn", "forkserver") if each in multiprocessing.get_all_start_methods()]
)
def test_multiprocessing(desk, prompt, method):
    record(prompt, 1)
    context = multiprocessing.get_context(method)
    workers = [context.Process(target=_worker, args=(desk.root, desk.store_path, 40)) for _ in range(3)]
    for worker in workers:
        worker.start()
    record(prompt, 40)
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    assert succeeded(desk) == 161


def test_a_process_that_ends_while_it_takes_in_does_so_to_the_end(desk, prompt):
    """A short script finishes what it began, and leaves nothing half done."""
    code = textwrap.dedent(
        """
        import promptbits, sys
        from promptbits.facts.ids import new_id, timestamp
        from promptbits.facts.spool import spool, spool_folders
        from pathlib import Path

        store = Path(sys.argv[2])
        spool(spool_folders(store)[0], (
            {
                "kind": "execution",
                "id": new_id(),
                "timestamp": timestamp(),
                "prompt_id": "greet",
                "outcome": "succeeded",
            }
            for _ in range(3000)
        ))
        promptbits.configure(root=sys.argv[1], facts=store)
        with promptbits.load_prompt("greet").track() as run:
            run.succeeded()
        """
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(desk.root), str(desk.store_path)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert succeeded(desk) == 3001
    assert desk.spooled() == []
