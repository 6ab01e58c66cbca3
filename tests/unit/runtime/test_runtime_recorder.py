"""What happens when the store cannot take a fact: no caller learns of it, nothing is lost and nothing counts twice."""

import logging
import sqlite3
import threading
from itertools import pairwise

import pytest

import promptbits
from promptbits.facts import opening
from promptbits.facts import spool as spool_module
from promptbits.facts.opening import open_store
from promptbits.facts.spool import spool_folders, take_in_all
from promptbits.facts.store import StoreError
from promptbits.runtime import recorder as recorder_module
from promptbits.runtime.recorder import Recorder
from promptbits.runtime.session import session


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def prompt(desk):
    desk.write("greet", "Hello")
    return promptbits.load_prompt("greet")


def run(prompt):
    with prompt.track(model="m") as each:
        each.succeeded()
    return each.id


def recorder_with_clock(desk):
    clock = Clock()
    recorder = Recorder(desk.store_path, clock)
    session()._recorder = recorder  # pyright: ignore[reportPrivateUsage]  (the one with a clock that stands still)
    return recorder, clock


def recorded_ids(desk):
    return [fact["id"] for fact in desk.facts()]


@pytest.mark.parametrize(
    "error",
    [StoreError("facts.db: busy"), sqlite3.OperationalError("disk I/O error"), MemoryError(), OSError(28, "full")],
)
def test_an_outage_is_spooled_said_once_and_taken_in_afterwards(desk, prompt, monkeypatch, caplog, error):
    recorder, clock = recorder_with_clock(desk)

    def fail(path):
        raise error

    with monkeypatch.context() as down:
        down.setattr(opening, "open_store", fail)
        ids = [run(prompt) for _ in range(5)]
    assert [line["kind"] for line in desk.spooled()] == ["text"] + ["execution"] * 5
    assert len([record for record in caplog.records if record.name == "promptbits"]) == 1
    assert "Hello" not in caplog.text
    ids.append(run(prompt))  # the store is left alone for a while
    assert recorder.status == (0, 6, 0, 0)
    clock.now += 1
    ids.append(run(prompt))
    recorder.flush()
    assert recorder.status == (1, 6, 0, 0)
    assert sorted(recorded_ids(desk)) == sorted(ids)
    assert desk.text(prompt.content_sha256) == "Hello"
    assert desk.spooled() == []
    assert sum(row.successes for row in open_store(desk.store_path).summaries()) == 7


def test_a_store_that_stays_down_is_tried_less_and_less(desk, prompt, monkeypatch):
    recorder, clock = recorder_with_clock(desk)
    tried = []

    def fail(path):
        tried.append(clock.now)
        raise StoreError("down")

    monkeypatch.setattr(opening, "open_store", fail)
    for _ in range(300):
        run(prompt)
        clock.now += 1
    assert [later - before for before, later in pairwise(tried)][:8] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert recorder.status.spooled == 300


def test_a_store_that_takes_a_fact_and_fails_nevertheless_counts_it_once(desk, prompt, monkeypatch):
    recorder, clock = recorder_with_clock(desk)
    real = open_store(desk.store_path)

    class Unsure:
        def append(self, facts):
            real.append(facts)
            raise StoreError("was it committed?")

        def keep_text(self, content_sha256, content):
            real.keep_text(content_sha256, content)

        def close(self):
            pass

    with monkeypatch.context() as patched:
        patched.setattr(opening, "open_store", lambda path: Unsure())
        ids = [run(prompt)]
    recorder._store = None  # pyright: ignore[reportPrivateUsage]
    clock.now += 1
    ids.append(run(prompt))
    recorder.flush()
    assert sorted(recorded_ids(desk)) == sorted(ids)
    assert sum(row.executions for row in real.summaries()) == 2
    real.close()


def test_what_another_process_left_is_taken_in_at_the_first_fact(desk, prompt):
    spool_module.spool(
        desk.spool,
        [
            {
                "kind": "feedback",
                "id": "0199fd5a-c000-7000-8000-000000000000",
                "timestamp": "2026-11-20T16:00:00.000Z",
                "metadata": {},
                "prompt_id": "greet",
                "rating": 3,
            }
        ],
    )
    run(prompt)
    session().recorder.flush()
    assert len(recorded_ids(desk)) == 2
    assert desk.spooled() == []


def test_where_the_folder_is_read_only_facts_wait_in_the_users_own(desk, prompt, monkeypatch):
    recorder, _ = recorder_with_clock(desk)

    def fail(path):
        raise StoreError("read-only")

    real = spool_module.make_folder

    def make(folder):
        if folder == desk.spool:
            raise OSError(30, "Read-only file system", str(folder))
        real(folder)

    with monkeypatch.context() as down:
        down.setattr(opening, "open_store", fail)
        down.setattr(spool_module, "make_folder", make)
        id_ = run(prompt)
    assert recorder.status == (0, 1, 0, 0)
    assert not desk.spool.exists()
    assert any(spool_folders(desk.store_path)[1].iterdir())
    with open_closing(desk) as store:
        assert take_in_all(store, desk.store_path).added == 1
    assert recorded_ids(desk) == [id_]


class open_closing:  # noqa: N801  (used as a statement)
    def __init__(self, desk):
        self.store = open_store(desk.store_path)

    def __enter__(self):
        return self.store

    def __exit__(self, *_):
        self.store.close()


def test_what_cannot_even_be_spooled_is_counted_and_said_once(desk, prompt, monkeypatch, caplog):
    def fail(*_, **__):
        raise OSError(28, "No space left on device", "spool")

    monkeypatch.setattr(opening, "open_store", fail)
    monkeypatch.setattr(spool_module, "make_folder", fail)
    for _ in range(3):
        run(prompt)
    assert promptbits.recording_status() == (0, 0, 0, 3)
    assert len([record for record in caplog.records if "lost" in record.getMessage()]) == 1


def test_a_logger_that_raises_breaks_nothing(desk, prompt, monkeypatch):
    def fail(*_, **__):
        raise RuntimeError("a filter of the application")

    monkeypatch.setattr(logging.getLogger("promptbits"), "filter", fail)
    monkeypatch.setattr(opening, "open_store", fail)
    run(prompt)
    assert promptbits.recording_status() == (0, 1, 0, 0)


def test_a_corrupt_store_is_not_touched(desk, prompt):
    desk.store_path.parent.mkdir()
    desk.store_path.write_bytes(b"this is no database" * 1000)
    before = desk.store_path.read_bytes()
    run(prompt)
    assert promptbits.recording_status().spooled == 1
    assert desk.store_path.read_bytes() == before


def test_a_text_that_cannot_be_kept_does_not_take_the_fact_with_it(desk):
    desk.write("odd", "half \ud83d")
    id_ = run(promptbits.load_prompt("odd"))
    assert recorded_ids(desk) == [id_]


def test_the_first_fact_does_not_wait_for_all_that_waits(desk, prompt, monkeypatch):
    """While a thread takes in, the caller's fact is stored between two of its batches."""
    spool_module.spool(desk.spool, [])
    (desk.spool / "taken-0.jsonl").write_text('{"kind": "nonsense"}\n')
    begun, go_on = threading.Event(), threading.Event()
    real = spool_module.take_in_all

    def slow(store, path):
        begun.set()
        assert go_on.wait(20)
        return real(store, path)

    monkeypatch.setattr(spool_module, "take_in_all", slow)
    run(prompt)
    assert begun.wait(20)
    second = run(prompt)
    assert second in recorded_ids(desk)
    go_on.set()
    session().recorder.flush()
    assert desk.spooled() == []


def test_threads_do_not_wait_one_after_another_for_a_store_that_is_busy(desk, prompt, monkeypatch):
    """One of them finds out; those that came meanwhile spool at once."""
    tried, entered, go_on = [], threading.Event(), threading.Event()

    def busy(path):
        tried.append(path)
        entered.set()
        assert go_on.wait(20)
        raise StoreError("busy")

    monkeypatch.setattr(opening, "open_store", busy)
    monkeypatch.setattr(recorder_module, "_PATIENCE", 20)
    threads = [threading.Thread(target=run, args=(prompt,)) for _ in range(6)]
    for thread in threads:
        thread.start()
    assert entered.wait(20)
    go_on.set()
    for thread in threads:
        thread.join()
    assert len(tried) == 1
    assert promptbits.recording_status() == (0, 6, 0, 0)


def test_who_waits_too_long_for_another_thread_spools(desk, prompt, monkeypatch):
    monkeypatch.setattr(recorder_module, "_PATIENCE", 0)
    ids = [run(prompt)]
    with session().recorder._lock:  # pyright: ignore[reportPrivateUsage]  (as a thread that waits for the store holds it)
        thread = threading.Thread(target=lambda: ids.append(run(prompt)))
        thread.start()
        thread.join()
    assert promptbits.recording_status() == (1, 1, 0, 0)
    ids.append(run(prompt))
    session().recorder.flush()
    assert sorted(recorded_ids(desk)) == sorted(ids)


def test_the_environment_names_the_store(desk, prompt, monkeypatch, tmp_path):
    monkeypatch.setenv("PROMPTBITS_FACTS", str(tmp_path / "elsewhere" / "all.db"))
    promptbits.configure(facts=None)
    run(prompt)
    assert (tmp_path / "elsewhere" / "all.db").is_file()
    assert not desk.store_path.exists()


def test_a_handler_of_the_application_that_records_itself(desk, prompt, monkeypatch):
    """Its fact is about what was logged; it neither blocks nor gets lost."""

    class Recording(logging.Handler):
        def emit(self, record):
            promptbits.record_feedback(prompt, label="logged")

    handler = Recording()
    logging.getLogger("promptbits").addHandler(handler)
    try:
        with prompt.track() as each:
            each.succeeded(confidence=7)
        with monkeypatch.context() as down:
            down.setattr(session().recorder, "_opened", lambda: 1 / 0)
            run(prompt)
    finally:
        logging.getLogger("promptbits").removeHandler(handler)
    store = open_store(desk.store_path)
    take_in_all(store, desk.store_path)
    store.close()
    assert sorted(fact["kind"] for fact in desk.facts()) == ["execution"] * 2 + ["feedback"] * 2
