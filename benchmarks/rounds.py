"""Who is measured when. Servers take turns, so that whatever else the machine does meets all of them alike."""

from __future__ import annotations

import asyncio
import contextlib
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, TypeVar

from benchmarks import processes
from benchmarks.client import ServerError, Session
from benchmarks.figures import Block, Series, joined
from benchmarks.scenarios import BUDGET_SECONDS, PUSH, SCENARIOS, Desk, Scenario, block
from benchmarks.servers import Server

_QUIET_SECONDS: Final = 0.4
"""After this a server that has started has read what it reads on its own account."""

Results = dict[str, dict[str, Any]]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is done.

    Attributes:
        startups: how often each server is started for the figures of starting.
        opens: how often each server is started anew to open a file.
        blocks: at most this many blocks of each operation.
    """

    startups: int
    opens: int
    blocks: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where servers run: the workspace folder, and the environment."""

    root: Path
    environment: dict[str, str]

    @contextlib.asynccontextmanager
    async def session(self, server: Server, *, pull: bool = True) -> AsyncGenerator[Session]:
        """A session that ends with the block."""
        session = await Session.start(server, self.root, self.environment, pull=pull)
        try:
            yield session
        finally:
            await session.stop()


async def startup(servers: Sequence[Server], place: Place, uri: str, text: str, plan: Plan) -> Results:
    """From nothing to the result of `initialize`, and on to the diagnostics of the first file."""
    walls: dict[str, list[tuple[float, float]]] = defaultdict(list)
    cpus: dict[str, list[tuple[float | None, float | None]]] = defaultdict(list)
    results: Results = {server.name: {} for server in servers}
    for number in range(plan.startups + 1):
        for server in _turn(servers, number):
            async with place.session(server) as session:
                await Desk(session, uri, text).open()
                diagnosed, cpu = (time.perf_counter_ns() - session.spawned) / 1e6, session.cpu_ms()
                if number == 0:  # the first start compiles, and reads what is not in RAM yet
                    continue
                walls[server.name].append((session.startup_ms, diagnosed))
                cpus[server.name].append((session.startup_cpu, cpu))
                if number == plan.startups:
                    await asyncio.sleep(_QUIET_SECONDS)
                    results[server.name]["memory-open"] = _memory(session)
    for server in servers:
        async with place.session(server) as session:
            await asyncio.sleep(_QUIET_SECONDS)
            results[server.name]["memory"] = _memory(session)
        for index, key in enumerate(("initialize", "first-diagnostics")):
            known = [each[index] for each in cpus[server.name]]
            cpu = statistics.median([each for each in known if each is not None]) if None not in known else None
            results[server.name][key] = Series(tuple(each[index] for each in walls[server.name]), cpu).to_json()
    return results


async def file_group(servers: Sequence[Server], place: Place, uri: str, text: str, plan: Plan) -> Results:
    """Everything that is done with one file, by all servers in turns."""
    results: Results = {server.name: {} for server in servers}
    opened: dict[str, list[Block]] = defaultdict(list)
    async with contextlib.AsyncExitStack() as stack:
        desks: dict[str, Desk] = {}
        for number in range(plan.opens):
            for server in _turn(servers, number):
                last = number == plan.opens - 1  # this session is kept
                async with contextlib.AsyncExitStack() as own:
                    session = await (stack if last else own).enter_async_context(place.session(server))
                    desk = desks[server.name] = Desk(session, uri, text)
                    await asyncio.sleep(_QUIET_SECONDS)
                    opened[server.name].append(await _open(desk))
        for name, desk in desks.items():
            results[name] |= {"open": joined(opened[name]).to_json(), "findings": desk.findings}
        for scenario in SCENARIOS:
            some = replace(scenario, blocks=min(scenario.blocks, plan.blocks))
            await _turns(some, [desk for desk in desks.values() if not desk.session.over], results)
        for name, desk in desks.items():
            if not desk.session.over:
                results[name]["memory"] = _memory(desk.session)
    return results


async def pushed(servers: Sequence[Server], place: Place, uri: str, text: str) -> Results:
    """How long a client that cannot pull waits after an edit, for the servers that then push."""
    results: Results = {server.name: {} for server in servers}
    async with contextlib.AsyncExitStack() as stack:
        desks: list[Desk] = []
        for server in servers:
            session = await stack.enter_async_context(place.session(server, pull=False))
            desk = Desk(session, uri, text)
            await desk.open()
            desks.append(desk)
        await _turns(PUSH, desks, results)
    return results


async def _turns(scenario: Scenario, desks: Sequence[Desk], results: Results) -> None:
    """Do an operation block by block, each server in its turn."""
    blocks: dict[str, list[Block]] = defaultdict(list)
    spent: dict[str, float] = defaultdict(float)
    waiting = [desk for desk in desks if scenario.fits(desk)]
    for number in range(scenario.blocks):
        for desk in _turn(waiting, number):
            name = desk.session.server.name
            if spent[name] > BUDGET_SECONDS:
                continue
            begun = time.monotonic()
            try:
                for _ in range(scenario.warm_up if number == 0 else 0):
                    await scenario.run(desk)
                blocks[name].append(await block(desk, scenario))
            except (ServerError, TimeoutError) as error:
                results[name].setdefault("errors", []).append(f"{scenario.key}: {error or type(error).__name__}")
                print(f"{name} failed: {results[name]['errors'][-1]}", file=sys.stderr, flush=True)
                spent[name] = float("inf")
            spent[name] += time.monotonic() - begun
    for name, done in blocks.items():
        results[name][scenario.key] = joined(done).to_json()


async def _open(desk: Desk) -> Block:
    before = desk.session.cpu_ms()
    took = await desk.open()
    after = desk.session.cpu_ms()
    return Block((took,), None if before is None or after is None else after - before)


def _turn(each: Sequence[T], number: int) -> list[T]:
    """The same in another order: nobody is always the one behind the slowest."""
    start = number % len(each) if each else 0
    return [*each[start:], *each[:start]]


def _memory(session: Session) -> dict[str, Any] | None:
    found = processes.memory(session.pid)
    return None if found is None else found.to_json()
