"""Measure the fact store: `python -m benchmarks.facts [--quick] [--facts N]` prints a table in Markdown.

Appends and reads at two sizes, four processes that write at once, and processes killed in the middle. What is lost,
corrupt or disagreeing is counted, and a count that is not zero fails the run.
"""

from __future__ import annotations

import argparse
import random
import resource
import signal
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import fact_writers
from promptbits.facts.opening import open_store
from promptbits.facts.sqlite import maintenance
from promptbits.facts.sqlite.embedded import SqliteStore
from promptbits.facts.store import Fact
from promptbits.facts.times import time_of

BATCH = 5_000
START = 1_790_000_000_000
DAYS = 30


def identity(number: int) -> str:
    """A UUIDv7 of a number."""
    text = f"{START + number:012x}7000{0x8000000000000000 + number:016x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def facts(count: int, seed: int = 5, first: int = 0) -> Iterator[Fact]:
    """Executions of one hot prompt (7 %) and 200 others, in order of time over thirty days."""
    chance = random.Random(seed)
    for number in range(first, first + count):
        prompt = "hot" if chance.random() < 0.07 else f"prompt-{chance.randrange(200)}"
        yield {
            "kind": "execution",
            "id": identity(number),
            "timestamp": time_of(START + (number - first) * (DAYS * 86_400_000) // max(count, 1)),
            "prompt_id": prompt,
            "content_sha256": f"{chance.randrange(2):064x}",
            "revision": 1,
            "model": ("small", "large")[chance.random() < 0.3],
            "provider": "openai",
            "outcome": ("succeeded", "failed", "unknown")[min(int(chance.random() * 5) // 2, 2)],
            "execution_time_ms": round(chance.lognormvariate(6.5, 0.6), 1),
            "input_tokens": chance.randrange(3000),
            "output_tokens": chance.randrange(800),
            "response_length": chance.randrange(4000),
            "cost_usd": round(chance.random() / 100, 6),
            "trace_id": uuid.UUID(int=chance.getrandbits(128)).hex,
        }


def median_ms(work: Callable[[int], object], rounds: int) -> tuple[float, float]:
    """Median of wall and of CPU time, in milliseconds."""
    walls, cpus = [], []
    for number in range(rounds):
        wall, cpu = time.perf_counter(), time.thread_time()
        work(number)
        walls.append(time.perf_counter() - wall)
        cpus.append(time.thread_time() - cpu)
    return statistics.median(walls) * 1e3, statistics.median(cpus) * 1e3


def fill(store: SqliteStore, count: int) -> float:
    """Append in batches; seconds that the store took."""
    spent, batch = 0.0, []
    for fact in facts(count):
        batch.append(fact)
        if len(batch) == BATCH:
            spent += _timed(store, batch)
            batch = []
    return spent + (_timed(store, batch) if batch else 0)


def _timed(store: SqliteStore, batch: list[Fact]) -> float:
    start = time.perf_counter()
    store.append(batch)
    return time.perf_counter() - start


def at_size(folder: Path, count: int) -> list[tuple[str, str]]:
    """What a store of a size costs."""
    store = open_store(folder / f"{count}.db")
    spent = fill(store, count)
    fresh = [{**fact, "timestamp": time_of(START + DAYS * 86_400_000)} for fact in facts(2_000, 6, count + 1)]
    store.append(fresh[:100])
    wall, cpu = median_ms(lambda number: store.append([fresh[100 + number]]), 1_800)
    read, read_cpu = median_ms(lambda _: store.summaries(["hot"]), 500)
    rows = len(store.summaries(["hot"]))
    counter, _ = median_ms(lambda _: store.change_counter(), 500)
    recent, _ = median_ms(
        lambda _: list(store.facts(kinds=["execution"], prompt_id="hot", newest_first=True, limit=10)), 200
    )
    start = time.perf_counter()
    problems = maintenance.check(store)
    checked = time.perf_counter() - start
    size = maintenance.size_of(store.path)
    store.close()
    if problems:
        raise SystemExit(f"{len(problems)} problems: {problems[0].text}")
    head = f"{count:,} facts: "
    return [
        (f"{head}written in batches of {BATCH:,}", f"{spent:.1f} s, {spent / count * 1e6:.0f} µs each"),
        (f"{head}append one, p50", f"{wall:.3f} ms (CPU {cpu:.3f})"),
        (f"{head}summaries of the hot prompt, p50", f"{read:.3f} ms (CPU {read_cpu:.3f}), {rows} rows"),
        (f"{head}change counter, p50", f"{counter:.4f} ms"),
        (f"{head}last 10 executions of the hot prompt, p50", f"{recent:.3f} ms"),
        (f"{head}recount of everything", f"{checked:.1f} s, 0 problems"),
        (f"{head}size of the file", f"{size / 1e6:.0f} MB"),
    ]


def four_writers(folder: Path, count: int) -> list[tuple[str, str]]:
    """Four processes at once, one fact at a time, on a file that is not there yet."""
    path = folder / "writers.db"
    writers = [fact_writers.start(path, number * count, count) for number in range(4)]
    start = time.perf_counter()
    fact_writers.go(writers)
    results = [writer.communicate() for writer in writers]
    spent = time.perf_counter() - start
    store = open_store(path)
    kept = {fact["id"] for fact in store.facts()}
    lost = len(set().union(*(fact_writers.acknowledged(out) for out, _ in results)) - kept)
    errors = sum(bool(err) for _, err in results)
    problems = len(maintenance.check(store))
    store.close()
    return _verdict(f"4 writers × {count:,} facts, {spent:.1f} s", lost, problems, errors, 4 * count - len(kept))


def kills(folder: Path, rounds: int) -> list[tuple[str, str]]:
    """Two writers at a time on one file, killed with signal 9 at a random instant."""
    path, chance = folder / "kills.db", random.Random(9)
    known: set[str] = set()
    problems = errors = 0
    for number in range(rounds):
        first = number * 200_000
        victims = [
            fact_writers.start(path, first + each * 100_000, 100_000, chance.choice((1, 1, 20))) for each in (0, 1)
        ]
        fact_writers.go(victims)
        time.sleep(chance.uniform(0.2, 1.0))
        for victim in victims:
            victim.send_signal(signal.SIGKILL)
        for victim in victims:
            out, err = victim.communicate()
            known |= fact_writers.acknowledged(out)
            errors += bool(err)
        store = open_store(path)
        problems += len(maintenance.check(store))
        store.close()
    store = open_store(path)
    lost = len(known - {fact["id"] for fact in store.facts()})
    store.close()
    return _verdict(f"{rounds} rounds of kill -9, {len(known):,} facts acknowledged", lost, problems, errors, 0)


def _verdict(what: str, lost: int, problems: int, errors: int, missing: int) -> list[tuple[str, str]]:
    if lost or problems or errors or missing:
        raise SystemExit(f"{what}: {lost} lost, {missing} missing, {problems} problems, {errors} errors")
    return [(what, "0 lost, 0 corrupt, 0 disagreeing summaries, 0 errors seen by callers")]


def main() -> None:
    """Measure, and print the table."""
    arguments = argparse.ArgumentParser(description="Measure the fact store")
    arguments.add_argument("--quick", action="store_true", help="less of everything")
    arguments.add_argument("--facts", type=int, default=1_000_000, help="the larger size")
    arguments.add_argument("--folder", type=Path, help="where to write; a temporary folder by default")
    chosen = arguments.parse_args()
    large, each, rounds = (20_000, 500, 2) if chosen.quick else (chosen.facts, 10_000, 20)
    with tempfile.TemporaryDirectory(dir=chosen.folder) as name:
        folder = Path(name)
        rows = [
            *at_size(folder, 1_000),
            *at_size(folder, large),
            *four_writers(folder, each),
            *kills(folder, rounds),
            ("memory of this process at most", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"),
        ]
    print("| what | measured |\n|---|---|")
    for what, measured in rows:
        print(f"| {what} | {measured} |")


if __name__ == "__main__":
    main()
