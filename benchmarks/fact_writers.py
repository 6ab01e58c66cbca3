"""Processes that write facts and say what was acknowledged: for the tests, and for `benchmarks/facts.py`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

# One line for each batch that was acknowledged: its first and last number. What a caller sees go wrong goes to stderr.
WRITER = """
import sys
from pathlib import Path
from promptbits.facts.opening import open_store
path, first, count, batch = Path(sys.argv[1]), *map(int, sys.argv[2:5])
def fact(n):
    time = "2026-11-%02dT16:00:00.%03dZ" % (n % 9 + 1, n % 1000)
    common = {"id": "0199a000-0000-7000-8000-%012x" % n, "timestamp": time}
    if n % 5 == 4:  # of a run of another writer, which may come later, or never
        return {**common, "kind": "feedback", "prompt_id": "p%d" % (n % 3), "rating": n % 5 + 1, "outcome": "failed",
                "execution_id": "0199a000-0000-7000-8000-%012x" % ((n * 7919) % 40_000)}
    return {**common, "kind": "execution", "prompt_id": "p%d" % (n % 3), "content_sha256": "%064x" % (n % 2),
            "model": "m%d" % (n % 2), "conversation_id": "c%d" % (n % 97), "execution_time_ms": n % 1000 + 0.5,
            "cost_usd": 0.001, "input_tokens": n, "outcome": ("succeeded", "failed", "unknown")[n % 3]}
print("ready", flush=True)
sys.stdin.readline()
store = open_store(path)
for start in range(first, first + count, batch):
    end = min(start + batch, first + count)
    store.append([fact(n) for n in range(start, end)])
    print(start, end, flush=True)
store.close()
"""


def start(path: Path, first: int, count: int, batch: int = 1) -> subprocess.Popen[str]:
    """A writer, which waits for a line."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, os.fspath(path), str(first), str(count), str(batch)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n", process.stderr and process.stderr.read()
    return process


def go(processes: list[subprocess.Popen[str]]) -> None:
    """Let them write, all at once."""
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()


def acknowledged(output: str) -> set[str]:
    """The ids in the whole lines of what a writer printed."""
    spans = [line.split() for line in output.splitlines(keepends=True) if line.endswith("\n")]
    return {f"0199a000-0000-7000-8000-{n:012x}" for first, end in spans for n in range(int(first), int(end))}
