"""Finished runs on disk: what comes back, what is passed over, what goes first, and several processes at once."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import signal
import stat
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from types import MappingProxyType

import pytest
from copro_parts import Dice, Known
from hypothesis import given
from hypothesis import strategies as st

from promptbits.optimize.cache import Counts, RunCache, cache_key
from promptbits.optimize.options import Options
from promptbits.optimize.searching import cached, refuses, search
from promptbits.optimize.terms import Basis, Prediction

KEYS = [f"{at:064x}" for at in range(40)]
BASIS = Basis("Say <<what>> \ud800 clearly.", {"what": "it", "who": ""}, ("Framework", "Next.js"), "Commands")
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


def folder(root: Path) -> Path:
    return root / ".promptbits" / "cache" / "optimize"


def kept(root: Path) -> list[int]:
    return sorted(int(path.stem, 16) for path in folder(root).glob("*.json"))


@pytest.fixture
def cache(tmp_path: Path) -> RunCache:
    return RunCache(tmp_path, now=count(10**18).__next__)


@given(values.filter(lambda value: value is not None))
def test_what_was_put_comes_back(tmp_path_factory: pytest.TempPathFactory, value) -> None:
    cache = RunCache(tmp_path_factory.getbasetemp() / "back")
    assert cache.put(KEYS[0], value)
    assert cache.get(KEYS[0]) == value


def test_what_is_no_json_is_refused(cache: RunCache, tmp_path: Path) -> None:
    for wrong in (None, float("nan")):
        with pytest.raises(ValueError):  # noqa: PT011  (json words it)
            cache.put(KEYS[0], wrong)
    for wrong in ("../x", "A" * 64, ""):
        with pytest.raises(ValueError, match="no key"):
            cache.get(wrong)
    assert not folder(tmp_path).exists()


def test_hits_and_misses_are_counted_over_processes(cache: RunCache, tmp_path: Path) -> None:
    assert cache.counts() == Counts(0, 0, 0, 0)
    assert cache.get(KEYS[0]) is None
    cache.put(KEYS[0], {"a": 1})
    assert cache.get(KEYS[0]) == {"a": 1}
    assert cache.get(KEYS[0]) == {"a": 1}
    size = (folder(tmp_path) / f"{KEYS[0]}.json").stat().st_size
    assert RunCache(tmp_path).counts() == Counts(2, 1, 1, size)
    cache.clear()
    assert cache.counts() == Counts(2, 1, 0, 0)


@pytest.mark.skipif(os.name != "posix", reason="modes are those of POSIX")
def test_nobody_else_may_read_it(cache: RunCache, tmp_path: Path) -> None:
    cache.put(KEYS[0], 1)
    cache.get(KEYS[0])
    cache.get(KEYS[1])
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder(tmp_path).iterdir()} == {0o600}
    assert (tmp_path / ".promptbits" / ".gitignore").read_text() == "*\n"


@given(st.data())
def test_a_damaged_file_is_passed_over_and_removed(tmp_path_factory: pytest.TempPathFactory, data) -> None:
    """Cut anywhere, or with any byte another: never a wrong value."""
    root = tmp_path_factory.getbasetemp() / "damaged"
    cache, path = RunCache(root), folder(root) / f"{KEYS[0]}.json"
    cache.put(KEYS[0], {"text": "something", "n": 12})
    whole = path.read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    changed = whole[at] ^ data.draw(st.integers(1, 255))
    path.write_bytes(data.draw(st.sampled_from([whole[:at], whole[:at] + bytes([changed]) + whole[at + 1 :]])))
    assert cache.get(KEYS[0]) is None
    assert not path.exists()
    assert cache.put(KEYS[0], 2)
    assert cache.get(KEYS[0]) == 2


def test_what_was_not_used_for_longest_goes_first(tmp_path: Path) -> None:
    cache = RunCache(tmp_path, most_files=3, now=count(10**18, 1000).__next__)
    for at in (0, 1, 2):
        cache.put(KEYS[at], at)
    cache.get(KEYS[0])
    cache.put(KEYS[3], 3)
    assert kept(tmp_path) == [0, 2, 3]
    cache.put(KEYS[2], 22)
    cache.put(KEYS[4], 4)
    assert kept(tmp_path) == [2, 3, 4]


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 7), st.integers(0, 300)), max_size=40))
def test_as_a_table_in_memory(tmp_path_factory: pytest.TempPathFactory, steps) -> None:
    """Against a plain model: the same is there after every step, and never more than is allowed."""
    root = tmp_path_factory.mktemp("model")
    cache = RunCache(root, most_files=4, most_bytes=900, now=count(10**18, 1000).__next__)
    model: dict[int, str] = {}  # in the order of use
    for is_put, at, size in steps:
        if is_put:
            value = "x" * size
            cache.put(KEYS[at], value)
            model.pop(at, None)
            model[at] = value
            while len(model) > 4 or sum(len(each) + 67 for each in model.values()) > 900:
                del model[next(iter(model))]
        else:
            assert cache.get(KEYS[at]) == model.get(at)
            if at in model:
                model[at] = model.pop(at)
        assert kept(root) == sorted(model)


def test_a_clock_that_is_set_back_does_not_lose_what_was_just_kept(tmp_path: Path) -> None:
    cache = RunCache(tmp_path, most_files=2, now=iter([30, 20, 10]).__next__)
    for at in (0, 1, 2):
        assert cache.put(KEYS[at], at)
    assert kept(tmp_path) == [0, 2]


def test_what_is_too_large_is_not_kept(tmp_path: Path) -> None:
    cache = RunCache(tmp_path, most_bytes=200)
    assert cache.put(KEYS[0], "small")
    assert not cache.put(KEYS[1], "x" * 200)
    assert kept(tmp_path) == [0]
    assert not RunCache(tmp_path, most_files=0).put(KEYS[1], 1)


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / ".promptbits").write_text("a file where the folder would be")
    cache = RunCache(tmp_path)
    assert not cache.put(KEYS[0], 1)
    assert cache.get(KEYS[0]) is None
    assert cache.counts() == Counts(0, 0, 0, 0)
    cache.clear()


def test_what_killed_writers_leave_goes_in_time(cache: RunCache, tmp_path: Path) -> None:
    cache.put(KEYS[0], 1)
    old, new = (folder(tmp_path) / f".{name}.tmp" for name in ("old", "new"))
    for path, age in ((old, 4000), (new, 60)):
        path.write_text("half")
        os.utime(path, ns=(10**18 - age * 10**9,) * 2)
    cache.put(KEYS[1], 1)
    assert (old.exists(), new.exists()) == (False, True)


def test_a_key_hangs_on_everything_that_a_run_hangs_on() -> None:
    settings = {"seed": 0, "breadth": 10}
    same = replace(BASIS, variables=MappingProxyType(dict(BASIS.variables)))
    assert cache_key(BASIS, "d", settings) == cache_key(same, "d", dict(reversed(settings.items())))
    others = [
        cache_key(replace(BASIS, content="other"), "d", settings),
        cache_key(replace(BASIS, variables={"what": "else", "who": ""}), "d", settings),
        cache_key(replace(BASIS, variables={"who": "", "what": "it"}), "d", settings),
        cache_key(replace(BASIS, trigger=None), "d", settings),
        cache_key(replace(BASIS, category=None), "d", settings),
        cache_key(replace(BASIS, section=(0, 3)), "d", settings),
        cache_key(replace(BASIS, token_budget=3), "d", settings),
        cache_key(BASIS, "e", settings),
        cache_key(BASIS, "d", {**settings, "seed": 1}),
        cache_key(BASIS, "d", {}),
    ]
    assert len({cache_key(BASIS, "d", settings), *others}) == 1 + len(others)


def _work(root: str, seed: int, rounds: Iterator[int] | range) -> None:
    chance = random.Random(seed)
    cache = RunCache(Path(root), most_files=10)
    for _ in rounds:
        key = chance.randrange(20)
        if chance.random() < 0.5:
            cache.put(KEYS[key], [key] * 500)
        else:
            found = cache.get(KEYS[key])
            assert found is None or found == [key] * 500


def test_several_processes_at_once(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_work, args=(str(tmp_path), seed, range(60))) for seed in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    counts = RunCache(tmp_path).counts()
    looked = sum(chance_of(seed) for seed in range(3))
    assert counts.hits + counts.misses == looked  # no look was lost
    assert counts.files <= 10
    assert not list(folder(tmp_path).glob("*.tmp"))


def chance_of(seed: int) -> int:
    """How often a worker looks something up."""
    chance, looked = random.Random(seed), 0
    for _ in range(60):
        chance.randrange(20)
        looked += chance.random() >= 0.5
    return looked


@pytest.mark.skipif(os.name != "posix", reason="there is no such kill elsewhere")
def test_a_kill_at_any_moment_leaves_only_whole_files(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    for seed in range(3):
        worker = context.Process(target=_work, args=(str(tmp_path), seed, range(10**6)))
        worker.start()
        watching = RunCache(tmp_path)
        before = watching.counts()
        while watching.counts().misses + watching.counts().hits < before.misses + before.hits + 20:
            assert worker.is_alive()
        os.kill(worker.pid or 0, signal.SIGKILL)
        worker.join()
        for key in kept(tmp_path):
            body = (folder(tmp_path) / f"{KEYS[key]}.json").read_bytes().partition(b"\n")[2]
            assert json.loads(body) == [key] * 500
            assert watching.get(KEYS[key]) == [key] * 500


class Digested(Known):
    """A scorer that has a digest."""

    digest = "0123"


def test_a_search_that_ran_before_is_not_run_again(tmp_path: Path) -> None:
    cache, options, scorer = RunCache(tmp_path), Options(4, 2), Digested(lambda text: len(text) / 100, 0.1)
    basis = replace(BASIS, content="Say <<what>> clearly.")
    plain = search(basis, Words(), scorer, options, None, None)
    first = cached(cache, {})(basis, Words(), scorer, options, None, None)
    before = len(scorer.asked)
    seen: list[tuple[int, int]] = []
    again = cached(cache, {})(basis, Words(), scorer, options, lambda *each: seen.append(each), None)
    assert first == again == plain
    assert first.ranked
    assert first.rejected
    assert (len(scorer.asked), seen) == (before, [(8, 8)])
    for other in (replace(options, seed=1), replace(options, depth=1), replace(options, section=None, breadth=5)):
        before = len(scorer.asked)
        cached(cache, {})(basis, Words(), scorer, other, None, None)
        assert len(scorer.asked) > before
    before = len(scorer.asked)
    cached(cache, {"weights": {"role": 2.0}})(basis, Words(), scorer, options, None, None)
    assert len(scorer.asked) > before
    assert (cache.counts().hits, cache.counts().misses) == (1, 5)


def test_a_search_that_was_cut_short_is_not_kept(tmp_path: Path) -> None:
    cache, scorer = RunCache(tmp_path), Digested(lambda _: 0.5)
    cut = cached(cache, {})(BASIS, Words(), scorer, Options(), None, lambda: True)
    assert cut.statistics["cancelled"]
    late = cached(cache, {})(BASIS, Words(), scorer, Options(max_seconds=0.0), None, None)
    assert late.statistics["out_of_budget"] == "seconds"
    assert kept(tmp_path) == []


def test_a_kept_value_of_another_form_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scorer = Digested(lambda _: 0.5)
    for value in ([], {}, {"original": 3}, "x", {"original": [1, 2, "none"], "ranked": [[1]]}):
        monkeypatch.setattr(RunCache, "get", lambda _self, _key, value=value: value)
        found = cached(RunCache(tmp_path), {})(BASIS, Words(), scorer, Options(3, 1), None, None)
        assert found.original == Prediction(0.5, 0.0, "good")


def test_a_text_is_refused_by_the_code_of_the_first_reason() -> None:
    basis = Basis("Say <<what>> in 3 words.", {"what": ""})
    assert refuses(basis, "Say <<what>> in 3 short words.") is None
    assert refuses(basis, "Say it in 4 words.") == "placeholders"


class Words(Dice):
    """Adds a word; now and then a number, which the filters refuse."""

    name = "words"

    def propose(self, basis, attempts, n, rng):
        found = super().propose(basis, attempts, n, rng)
        words = ["boldly", "gently", "plainly", "soon", "again", "twice", "well", "here", "now 7", "now 8"]
        return [replace(each, text=f"{basis.content} {rng.choice(words)} {rng.choice(words)}") for each in found]
