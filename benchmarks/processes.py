"""What a process and its children use: CPU time and memory.

On Linux the kernel's own clock of each process is read: nanoseconds, and threads that have ended are in it. Elsewhere
on POSIX `ps` is asked, which counts in hundredths of a second at best: good for a startup, coarse for an edit. On
Windows nothing is known.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_PROC = Path("/proc")
_MEGABYTE = 1024  # /proc and ps count in KB


@dataclass(frozen=True, slots=True)
class Memory:
    """Memory of a tree of processes, in MB.

    Attributes:
        rss: what lies in RAM, shared pages counted in full.
        pss: the same with shared pages divided among those who share them; None where the platform does not tell.
    """

    rss: float
    pss: float | None

    def to_json(self) -> dict[str, Any]:
        """The figures as a value for the results file."""
        return {"rss_mb": round(self.rss, 1), "pss_mb": None if self.pss is None else round(self.pss, 1)}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of `ps`: CPU in seconds, memory in KB."""

    pid: int
    parent: int
    cpu: float
    rss: int


def cpu_ms(pid: int) -> float | None:
    """CPU time that a living process and its living children have used so far."""
    if sys.platform == "linux":
        return sum(_clock(each) for each in _tree(pid)) * 1000
    rows = _ps_tree(pid)
    return sum(row.cpu for row in rows) * 1000 if rows else None


def children(pid: int) -> list[int] | None:
    """The living processes that a process has started, and those that they have; None where that is not known."""
    return [each for each in _tree(pid) if each != pid] if sys.platform == "linux" else None


def memory(pid: int) -> Memory | None:
    """Memory of a living process and its living children."""
    if sys.platform == "linux":
        tree = _tree(pid)
        rss = sum(_kilobytes(each, "status", "VmRSS:") for each in tree)
        pss = sum(_kilobytes(each, "smaps_rollup", "Pss:") for each in tree)
        return Memory(rss / _MEGABYTE, pss / _MEGABYTE if pss else None)
    rows = _ps_tree(pid)
    return Memory(sum(row.rss for row in rows) / _MEGABYTE, None) if rows else None


def parse_ps(text: str) -> list[Row]:
    """Read what `ps -o pid=,ppid=,time=,rss=` prints."""
    rows: list[Row] = []
    for line in text.splitlines():
        fields = line.split()
        if len(fields) == 4:
            rows.append(Row(int(fields[0]), int(fields[1]), ps_seconds(fields[2]), int(fields[3])))
    return rows


def ps_seconds(text: str) -> float:
    """Seconds of a time as `ps` prints it: `[days-][hours:]minutes:seconds[.hundredths]`."""
    days, dash, clock = text.rpartition("-")
    seconds = 0.0
    for part in clock.split(":"):
        seconds = seconds * 60 + float(part)
    return seconds + (int(days) * 86400 if dash else 0)


def below(pid: int, rows: Iterable[Row]) -> list[Row]:
    """A process and all its children, and theirs."""
    rows = list(rows)
    found: list[Row] = []
    parents = {pid}
    while parents:
        found += [row for row in rows if row.pid in parents]
        parents = {row.pid for row in rows if row.parent in parents} - {row.pid for row in found}
    return found


def _clock(pid: int) -> float:
    """The CPU-time clock of another process; the number is what clock_getcpuclockid(3) gives for it."""
    if sys.platform == "win32":
        return 0.0
    try:
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:  # it has just ended
        return 0.0


def _tree(pid: int) -> list[int]:
    found: list[int] = []
    waiting = [pid]
    while waiting:
        each = waiting.pop()
        found.append(each)
        for task in (_PROC / str(each) / "task").glob("*"):
            waiting += [int(child) for child in _text(task / "children").split()]
    return found


def _kilobytes(pid: int, name: str, label: str) -> int:
    for line in _text(_PROC / str(pid) / name).splitlines():
        if line.startswith(label):
            return int(line.split()[1])
    return 0


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError:  # it has just ended
        return ""


def _ps_tree(pid: int) -> list[Row]:
    try:
        done = subprocess.run(["ps", "-axo", "pid=,ppid=,time=,rss="], capture_output=True, text=True, check=False)
    except OSError:  # Windows has no ps
        return []
    return below(pid, parse_ps(done.stdout))
