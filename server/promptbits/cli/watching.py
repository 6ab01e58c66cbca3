"""`promptbits check --watch`: checks again whenever something changes."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from promptbits.cli.check import Options, run_once
from promptbits.cli.collect import select
from promptbits.cli.console import escape, out, say, shown_path, stdout_style
from promptbits.cli.errors import FINE, CommandError, os_error
from promptbits.prompts.settings import FILE_NAME

# How long to gather changes that come together, and how often to look at the settings. Milliseconds.
_DEBOUNCE = 100
_WAKE = 500
_MOST_NAMED = 3


def watch(options: Options) -> int:
    """Check, then check again after every change, until Ctrl-C."""
    gc.enable()  # which is off for commands that are over in a moment
    folders, settings = watched(options.paths)
    if not folders:
        raise CommandError("there is nothing to watch: run `promptbits init`, or name files or folders that exist")
    changes = _changes(folders, settings)
    next(changes)  # from here on no change is missed, not even one made during the first check
    return follow(options, changes)


def follow(options: Options, changes: Iterable[set[str]], run: Callable[[Options], int] = run_once) -> int:
    """Check once, and again for each set of changed paths."""
    style = stdout_style()
    _try(options, run)
    out(style("Watching for changes; Ctrl-C ends", "dim"))
    for paths in changes:
        relevant = sorted(path for path in paths if _matters(path))
        if not relevant:
            continue
        names = ", ".join(escape(shown_path(path)) for path in relevant[:_MOST_NAMED])
        more = f" and {len(relevant) - _MOST_NAMED} more" if len(relevant) > _MOST_NAMED else ""
        out(style(f"\nChanged: {names}{more}", "bold"))
        _try(options, run)
    return FINE


def _try(options: Options, run: Callable[[Options], int]) -> None:
    """A check that cannot be made now may be possible after the next change."""
    try:
        run(options)
    except CommandError as error:
        say(str(error))
    except OSError as error:
        say(os_error(error))


def _matters(path: str) -> bool:
    name = Path(path).name
    return name.lower().endswith(".json") or name == FILE_NAME


def watched(paths: Iterable[str]) -> tuple[list[Path], list[Path]]:
    """The folders whose files are checked, and the settings files that hold for them.

    Not the roots themselves: a root may be a whole repository with everything that is built in it.
    """
    selection = select(list(paths))
    folders = {Path(path).absolute() for path in paths}
    folders |= {folder for root in selection.roots.values() for folder in root.prompt_folders()}
    existing = {folder if folder.is_dir() else folder.parent for folder in folders if folder.exists()}
    # A folder below another one is watched with it.
    top = sorted(folder for folder in existing if existing.isdisjoint(folder.parents))
    return top, [root / FILE_NAME for root in selection.roots]


def _changes(folders: list[Path], settings: list[Path]) -> Iterator[set[str]]:
    """Sets of changed paths; empty ones now and then, the first once the watcher stands."""
    from watchfiles import watch as watch_files

    stamps = _stamps(settings)
    for changes in watch_files(
        *folders, debounce=_DEBOUNCE, rust_timeout=_WAKE, yield_on_timeout=True, raise_interrupt=True
    ):
        latest = _stamps(settings)
        yield {path for _, path in changes} | {str(path) for path in settings if latest[path] != stamps[path]}
        stamps = latest


def _stamps(files: Iterable[Path]) -> dict[Path, int]:
    """When each file was changed last; 0 for one that is not there."""
    stamps: dict[Path, int] = {}
    for file in files:
        try:
            stamps[file] = file.stat().st_mtime_ns
        except OSError:
            stamps[file] = 0
    return stamps
