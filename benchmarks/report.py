"""The results as Markdown tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from benchmarks.figures import ratio
from benchmarks.scenarios import PUSH, SCENARIOS
from benchmarks.servers import OURS, PYGLS, VSCODE

_NONE: Final = "–"
_TIMES: Final = "ms: p50 / p95 / CPU"
Cell = dict[str, Any] | None


def markdown(results: dict[str, Any]) -> str:
    """All tables of a run."""
    names: list[str] = list(results["servers"])
    files: dict[str, dict[str, dict[str, Any]]] = results["files"]
    parts = [_header(results), _startup(names, results["startup"])]
    operations = [("open", "didOpen → diagnostics, in a server that has just started")]
    operations += [(scenario.key, scenario.title) for scenario in SCENARIOS]
    for key, title in operations:
        columns = [{name: group.get(name, {}).get(key) for name in names} for group in files.values()]
        parts.append(_table(f"{title} ({_TIMES})", names, list(files), columns, _times, ("p50_ms", "cpu_ms")))
    memory = [{name: group.get(name, {}).get("memory") for name in names} for group in files.values()]
    parts.append(_table("memory after all that (MB: RSS / PSS)", names, list(files), memory, _megabytes, ("rss_mb",)))
    push = {name: results["push"].get(name, {}).get(PUSH.key) for name in names}
    parts.append(_table(f"{PUSH.title} ({_TIMES})", names, ["bit-10k"], [push], _times, ("p50_ms", "cpu_ms")))
    parts.append(_findings(names, files))
    errors = [error for group in files.values() for each in group.values() for error in each.get("errors", [])]
    return "\n\n".join([*parts, *(f"**failed:** {error}" for error in errors)]) + "\n"


def number(value: float | None) -> str:
    """A figure with as many digits as mean something."""
    if value is None:
        return _NONE
    digits = 2 if value < 10 else 1 if value < 100 else 0
    return f"{value:.{digits}f}"


def _header(results: dict[str, Any]) -> str:
    machine = results["machine"]
    lines = [
        f"{results['started']} · `{results['command']}` · {results['seconds']} s",
        f"{machine['processor']}, {machine['cores']} cores · {machine['system']} · {machine['python']}",
        f"load before {_load(results['load_before'])}, after {_load(results['load_after'])}",
        *(f"{name}: {about}" for name, about in results["servers"].items()),
        *results["skipped"],
    ]
    return "\n".join(f"- {line}" for line in lines)


def _load(values: Sequence[float] | None) -> str:
    return " ".join(map(str, values)) if values else "unknown"


def _startup(names: Sequence[str], startup: dict[str, dict[str, Any]]) -> str:
    keys = ("initialize", "first-diagnostics", "memory", "memory-open")
    titles = [
        "spawn → initialize (ms)",
        "spawn → first diagnostics, 10 KB (ms)",
        "RSS / PSS (MB)",
        "… with 10 KB open (MB)",
    ]
    columns = [{name: startup[name].get(key) for name in names} for key in keys]
    heading = "startup (p50 / p95 / CPU) and memory"
    return _table(heading, names, titles, columns, _any, ("p50_ms", "cpu_ms", "rss_mb"))


def _findings(names: Sequence[str], files: dict[str, dict[str, dict[str, Any]]]) -> str:
    columns = [{name: group[name] for name in names if name in group} for group in files.values()]
    return _table(
        "findings in the file", names, list(files), columns, lambda cell: str(cell.get("findings", _NONE)), ()
    )


def _table(
    title: str,
    names: Sequence[str],
    heads: Sequence[str],
    columns: Sequence[Mapping[str, Cell]],
    show: Callable[[dict[str, Any]], str],
    compared: Sequence[str],
) -> str:
    """One table: a row per server, then how many times as much ours is as the peer's."""
    rows = [[title, *heads], ["---", *("---:" for _ in heads)]]
    rows += [[name, *(show(cell) if (cell := column.get(name)) else _NONE for column in columns)] for name in names]
    peer = next((name for name in (VSCODE, PYGLS) if name in names), None)
    if peer is not None and OURS in names and compared:
        rows.append([f"**{OURS} ÷ {peer}**", *(_ratios(column, peer, compared) for column in columns)])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _ratios(column: Mapping[str, Cell], peer: str, compared: Sequence[str]) -> str:
    ours, theirs = column.get(OURS), column.get(peer)
    if not ours or not theirs:
        return _NONE
    found = [ratio(ours[key], theirs[key]) for key in compared if key in ours and key in theirs]
    names = [_SHORT[key] for key in compared if key in ours and key in theirs]
    shown = [f"{number(each)}× {name}".strip() for name, each in zip(names, found, strict=True) if each is not None]
    return f"**{' / '.join(shown)}**" if shown else _NONE


_SHORT: Final = {"p50_ms": "", "cpu_ms": "CPU", "rss_mb": "RSS"}


def _times(cell: dict[str, Any]) -> str:
    return " / ".join(number(cell[key]) for key in ("p50_ms", "p95_ms", "cpu_ms"))


def _megabytes(cell: dict[str, Any]) -> str:
    return f"{number(cell['rss_mb'])} / {number(cell['pss_mb'])}"


def _any(cell: dict[str, Any]) -> str:
    return _times(cell) if "p50_ms" in cell else _megabytes(cell)
