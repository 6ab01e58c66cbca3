"""`make bench`, or `python -m benchmarks.run`: measure this server beside its peers on the same files.

Prints Markdown tables and writes everything, samples included, to a JSON file.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import machine, report, rounds, workload
from benchmarks.client import ServerError
from benchmarks.servers import TOP, Server, available, environment

_QUICK_SIZES = ("1k", "10k", "100k")
_FIRST_FILE = "bit-10k"


def main() -> int:
    """Measure and report."""
    options = arguments().parse_args()
    servers, skipped = available(TOP / "schemas" / "promptbit.schema.json")
    for line in skipped:
        say(line)
    if options.only:
        servers = [server for server in servers if server.name in options.only.split(",")]
    if not servers:
        say(f"no server is called {options.only}")
        return 2
    with tempfile.TemporaryDirectory(prefix="promptbits-bench-", ignore_cleanup_errors=True) as folder:
        try:
            results = asyncio.run(measure(servers, Path(folder).resolve(), quick=options.quick))
        except (ServerError, TimeoutError) as error:
            say(f"given up: {error or 'a server did not answer'}")
            return 1
    results["skipped"] = skipped
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(results, indent=1) + "\n", "utf-8")
    print(report.markdown(results))
    say(f"everything is in {options.out}")
    failed = [name for group in results["files"].values() for name, each in group.items() if each.get("errors")]
    return 1 if failed else 0


def arguments() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds, and no files of 1 MB")
    parser.add_argument("--only", default="", metavar="NAMES", help="these servers only, with commas between")
    parser.add_argument("--out", type=Path, default=TOP / "build" / "bench.json", help="the JSON file (%(default)s)")
    return parser


async def measure(servers: list[Server], folder: Path, *, quick: bool) -> dict[str, Any]:
    """Everything, as one value."""
    plan = rounds.Plan(startups=5, opens=2, blocks=2) if quick else rounds.Plan(startups=15, opens=3, blocks=5)
    root = folder / "work"
    made = workload.files(_QUICK_SIZES if quick else tuple(workload.SIZES))
    workload.write(root, workload.library())
    uris = {name: path.as_uri() for name, path in workload.write(root, made).items()}
    texts = {name: made[name].decode() for name in made}
    place = rounds.Place(root, environment(folder / "cache"))
    validating = [server for server in servers if server.validates]
    begun = time.monotonic()
    results: dict[str, Any] = {
        "started": time.strftime("%Y-%m-%d %H:%M"),
        "command": f"python -m benchmarks.run{' --quick' if quick else ''}",
        "machine": machine.describe(),
        "load_before": machine.load(),
        "seed": workload.SEED,
        "servers": {server.name: server.about for server in servers},
        "bytes": {name: len(made[name]) for name in made},
    }
    say(f"starting {len(servers)} servers, {plan.startups} times each")
    results["startup"] = await rounds.startup(servers, place, uris[_FIRST_FILE], texts[_FIRST_FILE], plan)
    results["files"] = {}
    for name, uri in uris.items():
        say(f"{name}, {len(made[name]):,} bytes")
        chosen = servers if name.startswith("bit-") else validating
        results["files"][name] = await rounds.file_group(chosen, place, uri, texts[name], plan)
    say("diagnostics that are pushed")
    results["push"] = await rounds.pushed(validating, place, uris[_FIRST_FILE], texts[_FIRST_FILE])
    results["seconds"] = round(time.monotonic() - begun)
    results["load_after"] = machine.load()
    return results


def say(text: str) -> None:
    """One line of progress."""
    print(f"· {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
