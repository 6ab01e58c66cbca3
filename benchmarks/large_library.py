"""`make bench-library`: what the workspace-wide features cost among ten thousand prompts. Prints a Markdown table.

Each row is done in one server after the other: `first` is the first time in a server that has just read the library,
`again` the median of the times after it. The prompts are those of the other benchmark; every tenth evolved from the
one that is renamed, so that a rename reaches a thousand files.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

from benchmarks import machine, workload
from benchmarks.client import Session
from benchmarks.figures import percentile
from benchmarks.servers import Server, environment, ours

_REPEATS: Final = 7
_NAMED: Final = "base-prompt"
_OPENED: Final = "bit-10k"
_QUERIES: Final = ("other-77", "api", "reveiw")

Json = dict[str, Any]
Work = Callable[[], Awaitable[Any]]


def main() -> int:
    """Measure and report."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.large_library", description=__doc__)
    parser.add_argument("--prompts", type=int, default=10_000, help="how many prompts lie in the library (%(default)s)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="promptbits-bench-", ignore_cleanup_errors=True) as folder:
        rows = asyncio.run(measure(ours(), Path(folder).resolve(), options.prompts))
    print(f"{options.prompts:,} prompts; {machine.describe()}; load {machine.load()}\n")
    print("| request | first, ms | again, ms | CPU again, ms | answer |\n|---|---|---|---|---|")
    for row in rows:
        print(f"| {' | '.join(row)} |")
    return 0


async def measure(server: Server, folder: Path, count: int) -> list[tuple[str, ...]]:
    """The rows of the table."""
    root = folder / "work"
    paths = workload.write(root, _library(count))
    opened = workload.write(root, workload.files(("10k",)))[_OPENED]
    session = await Session.start(server, root, environment(folder / "cache"))
    uri, text = opened.as_uri(), opened.read_text("utf-8")
    session.notify("textDocument/didOpen", _item(uri, text))
    at_base = {"textDocument": {"uri": paths[_NAMED].as_uri()}, "position": {"line": 1, "character": 12}}
    try:
        rows = [await _row(session, "library read (first workspace/symbol)", _symbols(session, "other-0001"), 1)]
        rows += [await _row(session, f"workspace/symbol `{each}`", _symbols(session, each)) for each in _QUERIES]
        context = {"context": {"includeDeclaration": True}}
        rows.append(await _row(session, "references of an id", _request(session, "references", at_base | context)))
        rows.append(await _row(session, "rename of an id", _request(session, "rename", at_base | {"newName": "other"})))
        rows.append(await _row(session, "workspace/diagnostic", _workspace(session)))
        rows.append(await _row(session, "edit → diagnostics, 10 KB", _edit(session, uri, text), 40))
    finally:
        await session.stop()
    return rows


def _library(count: int) -> dict[str, bytes]:
    """So many prompts, each with a trigger of its own: a library in order has few findings."""
    made: dict[str, bytes] = {}
    for number, (name, text) in enumerate(workload.library(count - 1).items()):
        value = json.loads(text) | {"trigger": {"Custom": f"trigger {number}"}}
        if number % 10 == 0 and number:
            value["parent"] = _NAMED
        name = name if number else _NAMED
        made[name] = workload.encoded(value | {"id": name})
    return made


async def _row(session: Session, name: str, work: Work, repeats: int = _REPEATS) -> tuple[str, ...]:
    """Do something once, and then again."""
    first, answer = await _timed(work)
    cpu = session.cpu_ms()
    times = [(await _timed(work))[0] for _ in range(repeats)]
    used = session.cpu_ms()
    each = "–" if cpu is None or used is None else f"{(used - cpu) / repeats:.1f}"
    return name, f"{first:.1f}", f"{percentile(times, 50):.1f}", each, _size(answer)


async def _timed(work: Work) -> tuple[float, Any]:
    started = time.perf_counter()
    answer = await work()
    return (time.perf_counter() - started) * 1000, answer


def _symbols(session: Session, query: str) -> Work:
    async def ask() -> Any:
        return (await session.request("workspace/symbol", {"query": query})).result

    return ask


def _request(session: Session, method: str, params: Json) -> Work:
    async def ask() -> Any:
        return (await session.request(f"textDocument/{method}", params)).result

    return ask


def _workspace(session: Session) -> Work:
    async def ask() -> Any:
        return (await session.request("workspace/diagnostic", {"previousResultIds": []})).result

    return ask


def _edit(session: Session, uri: str, text: str) -> Work:
    version = 1
    line = next(index for index, each in enumerate(text.split("\n")) if '"content"' in each)

    async def ask() -> Any:
        nonlocal version
        version += 1
        place = {"line": line, "character": 40}
        change = {"range": {"start": place, "end": place}, "text": "x"}
        document = {"uri": uri, "version": version}
        session.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [change]})
        return (await session.request("textDocument/diagnostic", {"textDocument": {"uri": uri}})).result

    return ask


def _item(uri: str, text: str) -> Json:
    return {"textDocument": {"uri": uri, "languageId": "json", "version": 1, "text": text}}


def _size(answer: Any) -> str:
    """How much an answer holds."""
    match answer:
        case list():
            return f"{len(answer):,} items"
        case {"changes": dict() as changes}:
            return f"{len(changes):,} files"
        case {"documentChanges": list() as changes}:
            return f"{len(changes):,} files"
        case {"items": list() as items}:
            return f"{len(items):,} items"
        case _:
            return ""


if __name__ == "__main__":
    sys.exit(main())
