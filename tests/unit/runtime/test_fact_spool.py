"""The spool: nothing is lost, nothing counts twice, whoever dies in between."""

import json
import multiprocessing
import os
import threading

import pytest

from promptbits.facts import spool as spool_module
from promptbits.facts.ids import new_id, timestamp
from promptbits.facts.opening import open_store
from promptbits.facts.spool import REFUSED, is_waiting, spool, spool_folders, take_in, take_in_all
from promptbits.facts.store import StoreError


def execution(**fields):
    return {
        "kind": "execution",
        "id": new_id(),
        "timestamp": timestamp(),
        "metadata": {},
        "prompt_id": "greet",
        "outcome": "succeeded",
    } | fields


def ids(store):
    return sorted(fact["id"] for fact in store.facts())


@pytest.fixture
def folder(desk):
    return desk.spool


@pytest.fixture
def store(desk):
    opened = open_store(desk.store_path)
    yield opened
    opened.close()


def test_what_waits_is_taken_in_and_gone(folder, store):
    facts = [execution() for _ in range(3)]
    spool(folder, facts, ["a template"])
    assert is_waiting(folder)
    assert take_in(store, folder) == (3, 0, 0, 0)
    assert ids(store) == sorted(fact["id"] for fact in facts)
    assert store.text(spool_module.content_sha256("a template")) == "a template"
    assert not is_waiting(folder)
    assert list(folder.iterdir()) == []
    assert take_in(store, folder) == (0, 0, 0, 0)


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_nobody_else_can_read_it_and_git_does_not_see_it(folder):
    spool(folder, [execution()])
    (file,) = folder.iterdir()
    assert (file.stat().st_mode & 0o777, folder.stat().st_mode & 0o777) == (0o600, 0o700)
    assert (folder.parent / ".gitignore").read_text() == "*\n"


def test_it_lies_beside_its_store_and_another_store_has_another(tmp_path, monkeypatch):
    monkeypatch.setenv("PROMPTBITS_STATE", str(tmp_path / "state"))
    first, fallback = spool_folders(tmp_path / "facts.db")
    other, other_fallback = spool_folders(tmp_path / "other.db")
    assert first == tmp_path / "spool"
    assert fallback.parent == tmp_path / "state" / "spool"
    assert len({first, fallback, other, other_fallback}) == 4


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_a_line_that_was_torn_harms_no_other(folder, store, cut):
    one, torn, other = execution(), execution(), execution()
    spool(folder, [one])
    (file,) = folder.iterdir()
    with file.open("ab") as handle:
        handle.write((json.dumps(torn).encode() + b"\n")[:-cut])
    spool(folder, [other])
    taken = take_in(store, folder)
    if cut == 1:  # only the line end was missing
        assert taken == (3, 0, 0, 0)
    else:
        assert taken == (2, 0, 0, 1)
        assert ids(store) == sorted([one["id"], other["id"]])


def test_a_fact_that_the_store_refuses_is_put_aside(folder, store):
    good = [execution() for _ in range(3)]
    spool(folder, [good[0], execution(outcome="great"), good[1], {"kind": "nonsense"}, good[2]])
    assert take_in(store, folder) == (3, 0, 2, 0)
    assert len((folder / REFUSED).read_text().splitlines()) == 2
    assert not is_waiting(folder)


class _Dying:
    """A store that is killed after so many facts."""

    def __init__(self, store, after):
        self.store, self.left = store, after

    def append(self, facts):
        if self.left < len(facts):
            raise KeyboardInterrupt  # nothing cleans up behind it
        self.left -= len(facts)
        return self.store.append(facts)

    def keep_text(self, content_sha256, content):
        self.store.keep_text(content_sha256, content)


def test_whoever_dies_in_between_leaves_the_rest_to_the_next(folder, store, monkeypatch):
    monkeypatch.setattr(spool_module, "_BATCH", 2)
    facts = [execution() for _ in range(7)]
    spool(folder, facts)
    with pytest.raises(KeyboardInterrupt):
        take_in(_Dying(store, 4), folder)
    spool(folder, [extra := execution()])
    assert take_in(store, folder) == (4, 4, 0, 0)
    assert ids(store) == sorted(fact["id"] for fact in [*facts, extra])


def test_a_store_that_cannot_take_them_leaves_them_waiting(folder, store):
    class Down:
        def append(self, facts):
            raise StoreError("down")

        def keep_text(self, content_sha256, content):
            raise StoreError("down")

    facts = [execution() for _ in range(3)]
    spool(folder, facts)
    with pytest.raises(StoreError):
        take_in(Down(), folder)
    assert take_in(store, folder).added == 3


def test_threads_that_write_and_take_in_at_once(folder, store):
    written: list[str] = []
    stop = threading.Event()

    def write():
        for _ in range(200):
            fact = execution()
            spool(folder, [fact])
            written.append(fact["id"])

    def take():
        while not stop.is_set():
            take_in(store, folder)

    writers = [threading.Thread(target=write) for _ in range(3)]
    takers = [threading.Thread(target=take) for _ in range(2)]
    for thread in (*writers, *takers):
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    for thread in takers:
        thread.join()
    take_in(store, folder)
    assert ids(store) == sorted(written)
    assert len(written) == 600


def _take_all(path):
    store = open_store(path)
    try:
        take_in_all(store, path)
    finally:
        store.close()


def test_processes_that_take_in_at_once(desk, folder, store):
    facts = [execution() for _ in range(2000)]
    spool(folder, facts)
    context = multiprocessing.get_context("spawn")
    takers = [context.Process(target=_take_all, args=(desk.store_path,)) for _ in range(3)]
    for taker in takers:
        taker.start()
    for taker in takers:
        taker.join()
    assert [taker.exitcode for taker in takers] == [0, 0, 0]
    assert ids(store) == sorted(fact["id"] for fact in facts)
    assert sum(row.successes for row in store.summaries()) == 2000
    assert not is_waiting(folder)


def test_another_users_spool_is_left_to_them(folder, store, monkeypatch):
    spool(folder, [execution()])

    def refuse(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(spool_module, "_set_apart", refuse)
    assert take_in(store, folder) == (0, 0, 0, 0)
    assert is_waiting(folder)
