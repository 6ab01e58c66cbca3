"""What the SDK costs an application: importing it, loading a prompt, recording a run.

    python -m benchmarks.sdk [--rounds N] [--calls N] [--json FILE]

Imports are measured in fresh processes, as CPU time over that of a bare one.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

NAMES = "import promptbits as p; p.load_prompt, p.record_feedback, p.Prompt, p.Run, p.configure"
PROCESSES = {
    "bare": "pass",
    "json and sqlite3": "import json, sqlite3",
    "promptbits alone": "import promptbits",
    "promptbits and the names of the SDK": NAMES,
    "first prompt loaded": f"{NAMES}; p.load_prompt('greet')",
    "first run recorded": f"{NAMES}; t = p.load_prompt('greet').track(); t.__enter__(); t.__exit__(None, None, None)",
}
PROMPT = {
    "id": "greet",
    "trigger": {"Custom": "greeting"},
    "category": "Examples",
    "content": "Greet <<name>> in one line.\n" + "Be kind and brief. Say nothing about the weather.\n" * 40,
    "variables": {"name": {"default": "Ada"}},
    "confidence": 0.9,
    "source": "Custom",
}


def cpu_of_a_process(code: str, folder: Path) -> float:
    """CPU time, in ms, of a fresh process that runs some code."""
    before = _cpu_of_children()
    subprocess.run([sys.executable, "-c", code], cwd=folder, check=True)
    return 1000 * (_cpu_of_children() - before)


def _cpu_of_children() -> float:
    try:
        import resource
    except ImportError:  # Windows, where nothing finer is known
        times = os.times()
        return times.children_user + times.children_system
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def processes(folder: Path, rounds: int) -> dict[str, float]:
    """The median CPU time of each process, in ms. All of them take turns, so that what disturbs one disturbs all."""
    samples: dict[str, list[float]] = {name: [] for name in PROCESSES}
    for _ in range(rounds):
        for name, code in PROCESSES.items():
            samples[name].append(cpu_of_a_process(code, folder))
    return {name: statistics.median(each) for name, each in samples.items()}


def timed(call: Callable[[], object], count: int) -> dict[str, float]:
    """Microseconds that a call takes: the median, and what 95 and 99 % stay below."""
    times: list[int] = []
    for _ in range(count):
        began = time.perf_counter_ns()
        call()
        times.append(time.perf_counter_ns() - began)
    times.sort()
    return {f"p{share}": times[min(count * share // 100, count - 1)] / 1000 for share in (50, 95, 99)}


def calls(root: Path, count: int) -> dict[str, dict[str, float]]:
    """What each call costs once everything is warm."""
    import promptbits

    promptbits.configure(root=root)
    prompt = promptbits.load_prompt("greet")

    def run() -> None:
        with prompt.track(model="small-1", provider="acme") as each:
            each.succeeded(confidence=0.9, response_length=120, input_tokens=30, output_tokens=40)

    run()
    figures = {
        "load_prompt": timed(lambda: promptbits.load_prompt("greet"), count),
        "prompt.text": timed(lambda: prompt.text, count),
        "a run recorded": timed(run, count),
        "feedback recorded": timed(lambda: promptbits.record_feedback(prompt, rating=4), count),
    }
    stored = promptbits.recording_status()
    assert stored == (2 * count + 1, 0, 0, 0), f"the store did not take everything: {stored}"
    logging.getLogger("promptbits").setLevel(logging.ERROR)  # that facts are spooled is what is measured
    promptbits.configure(facts=root)  # a folder is no store
    run()
    figures["a run spooled"] = timed(run, count)
    promptbits.configure(facts=False)
    figures["a run that nobody records"] = timed(run, count)
    return figures


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure what the SDK costs an application.")
    parser.add_argument("--rounds", type=int, default=21, help="processes of each kind")
    parser.add_argument("--calls", type=int, default=5000, help="calls of each kind")
    parser.add_argument("--json", type=Path, help="write the figures to this file as well")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prompt = folder / "prompts" / "custom" / "greet.json"
        prompt.parent.mkdir(parents=True)
        prompt.write_text(json.dumps(PROMPT), "utf-8")
        (folder / "promptbits.toml").touch()
        for each in (prompt, *prompt.parents[:3]):  # as old as the files of a deployed application
            os.utime(each, ns=(10**18 + 1, 10**18 + 1))
        os.environ |= {"PROMPTBITS_CACHE": str(folder / "cache"), "PROMPTBITS_STATE": str(folder / "state")}
        figures: dict[str, Any] = {
            "processes": processes(folder, options.rounds),
            "calls": calls(folder, options.calls),
        }
    show(figures)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")


def show(figures: dict[str, Any]) -> None:
    """Print the figures as tables."""
    cpu = figures["processes"]
    base = cpu["json and sqlite3"] - cpu["bare"]
    print("| a fresh process | CPU, ms | over a bare one, ms | times json and sqlite3 |\n|---|--:|--:|--:|")
    for name, median in cpu.items():
        print(f"| {name} | {median:.1f} | {median - cpu['bare']:.1f} | {(median - cpu['bare']) / base:.2f} |")
    print("\n| a call | p50, µs | p95, µs | p99, µs |\n|---|--:|--:|--:|")
    for name, row in figures["calls"].items():
        print(f"| {name} | {row['p50']:.1f} | {row['p95']:.1f} | {row['p99']:.1f} |")


if __name__ == "__main__":
    main()
