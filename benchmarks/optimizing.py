"""`make bench-optimizing`: what optimizing costs whoever goes on editing. Prints a Markdown table.

A prompt of 10 KB is optimized in one server again and again, while hovers go to the same server at the pace of somebody
who looks around; before, they are asked of the same server with nothing else to do. `cancel` is from the cancellation
to the answer, `gone` until the process that worked has ended.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from benchmarks import machine, processes, workload
from benchmarks.client import Answer, ServerError, Session
from benchmarks.figures import percentile
from benchmarks.scenarios import Desk
from benchmarks.servers import environment, ours

_OPENED: Final = "bit-10k"
_PAUSE_SECONDS: Final = 0.02
_LOOK_SECONDS: Final = 0.002
_COMMAND: Final = "workspace/executeCommand"
# What goes on for seconds, and how many such runs wait behind it while hovers are asked.
_ENDLESS: Final = {"breadth": 100, "depth": 20}
_QUEUE: Final = 8


def main() -> int:
    """Measure and report."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.optimizing", description=__doc__)
    parser.add_argument("--hovers", type=int, default=500, help="hovers with and without work (%(default)s)")
    parser.add_argument("--cancels", type=int, default=20, help="runs that are cancelled (%(default)s)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="promptbits-bench-", ignore_cleanup_errors=True) as folder:
        rows = asyncio.run(measure(Path(folder).resolve(), options.hovers, options.cancels))
    print(f"{machine.describe()}; load {machine.load()}\n")
    print("| what | p50, ms | p99, ms | most, ms |\n|---|---|---|---|")
    for name, times in rows:
        cells = (f"{percentile(times, 50):.1f}", f"{percentile(times, 99):.1f}", f"{max(times):.1f}")
        print(f"| {name} | {' | '.join(cells)} |")
    return 0


async def measure(folder: Path, hovers: int, cancels: int) -> list[tuple[str, list[float]]]:
    """The rows of the table: a name, and the times in milliseconds."""
    root = folder / "work"
    opened = workload.write(root, workload.files(("10k",)))[_OPENED]
    (root / "promptbits.toml").write_text("")
    session = await Session.start(ours(), root, environment(folder / "cache"))
    uri = opened.as_uri()
    desk = Desk(session, uri, opened.read_text("utf-8"))
    try:
        await desk.open()
        alone = [await _hover(desk) for _ in range(hovers)]
        cold = [await _timed(session, uri, {})]
        warm = [await _timed(session, uri, {"seed": seed}) for seed in range(1, 6)]
        waiting = [await _begun(session, uri, seed) for seed in range(1000, 1000 + _QUEUE)]
        beside = [await _hover(desk) for _ in range(hovers)]
        if all(work.done() for work, _ in waiting):
            raise RuntimeError("all runs were over before the last hover: ask for fewer")
        for work, number in reversed(waiting):
            session.cancel(number)
            await asyncio.wait([work])
        answered, gone = await _cancelled(session, uri, cancels)
    finally:
        await session.stop()
    return [
        ("hover, nothing else to do", alone),
        ("hover, while it optimizes", beside),
        ("optimize 10 KB, 10×3, first time", cold),
        ("optimize 10 KB, 10×3, again", warm),
        ("cancel: answered", answered),
        ("cancel: process gone", gone),
    ]


async def _hover(desk: Desk) -> float:
    await asyncio.sleep(_PAUSE_SECONDS)
    return await desk.hover()


async def _timed(session: Session, uri: str, options: dict[str, Any]) -> float:
    started = time.perf_counter()
    await session.request(_COMMAND, {"command": "promptbits.optimize", "arguments": [uri, options]})
    return (time.perf_counter() - started) * 1e3


async def _begun(session: Session, uri: str, seed: int) -> tuple[asyncio.Task[Answer], int]:
    """Work that goes on for long, once it is under way, and the number of its request."""
    arguments = [uri, _ENDLESS | {"seed": seed}]
    work = asyncio.create_task(session.request(_COMMAND, {"command": "promptbits.optimize", "arguments": arguments}))
    await asyncio.sleep(0)  # it is sent
    number = session.newest
    await asyncio.sleep(1)
    return work, number


async def _end(session: Session, work: asyncio.Task[Answer], number: int) -> None:
    session.cancel(number)
    await asyncio.wait([work])
    if not isinstance(work.exception(), ServerError):
        raise RuntimeError("a run was over before it was cancelled")


async def _cancelled(session: Session, uri: str, times: int) -> tuple[list[float], list[float]]:
    """Cancel work that goes on: the times until it is answered, and until no process works any more."""
    answered: list[float] = []
    gone: list[float] = []
    for seed in range(times):
        work, number = await _begun(session, uri, seed)
        started = time.perf_counter()
        await _end(session, work, number)
        answered.append((time.perf_counter() - started) * 1e3)
        while processes.children(session.pid):  # noqa: ASYNC110  (the end of somebody's child is no event here)
            await asyncio.sleep(_LOOK_SECONDS)
        gone.append((time.perf_counter() - started) * 1e3)
    return answered, gone


if __name__ == "__main__":
    sys.exit(main())
