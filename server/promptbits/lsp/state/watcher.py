"""Our own watcher of files, for clients that cannot tell of changes on disk.

The prompt folders are watched by the system. A root itself may be a whole repository with everything that is built
in it: there only what matters is looked at now and then, the settings file, the state folder, and prompt folders
that come, go or are replaced.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from promptbits.prompts.root import STATE_FOLDER
from promptbits.prompts.settings import FILE_NAME

logger = logging.getLogger("promptbits.lsp")

# Milliseconds: how often the watcher looks whether something came, how long it gathers at most, and how often it
# looks at the roots.
_STEP: Final = 50
_DEBOUNCE: Final = 400
_WAKE: Final = 250

# What a whole repository holds: too much to watch.
_REPOSITORY: Final = (".git", "node_modules")

Changes = list[tuple[Path, bool]]
Identity = tuple[int, int]


class Target(NamedTuple):
    """A root to watch: its folder, the time stamp of the settings that are known, and its prompt folders."""

    root: Path
    stamp: int | None
    folders: tuple[Path, ...]


class Watcher:
    """Watches in a thread of its own, which begins with the first target and ends with `close`.

    Args:
        on_changes: called on the event loop with paths and whether they are gone.
        on_watching: called on the event loop with the roots that are watched from now on.
        on_failure: called on the event loop, once, with the reason why nothing can be watched.
    """

    def __init__(
        self,
        on_changes: Callable[[Changes], None],
        on_watching: Callable[[set[Path]], None],
        on_failure: Callable[[str], None],
    ) -> None:
        self._on_changes = on_changes
        self._on_watching = on_watching
        self._on_failure = on_failure
        self._targets: tuple[Target, ...] = ()
        self._closed = threading.Event()
        # Folders without access are left out on a second try only: leave to ignore them hides the limit of watched
        # files as well.
        self._lenient = False
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._marks: dict[Path, tuple[int | None, bool]] = {}

    def follow(self, targets: Iterable[Target]) -> None:
        """Watch these roots from now on, and no others."""
        self._targets = tuple(targets)
        if self._targets and self._thread is None and not self._closed.is_set():
            self._loop = asyncio.get_running_loop()
            self._thread = threading.Thread(target=self._run, name="lsp-watcher", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """End, without waiting for the thread: it ends within a step."""
        self._closed.set()

    # The thread.

    def _run(self) -> None:
        before: set[Path] = set()
        while not self._closed.is_set():
            try:
                before = self._watch(before)
            except FileNotFoundError:  # a folder went while it was being taken in: what is there now?
                self._closed.wait(_WAKE / 1000)
            except (ImportError, OSError, RuntimeError) as error:
                if isinstance(error, PermissionError) and not self._lenient:
                    self._lenient = True
                    continue
                self._tell(partial(self._on_failure, _reason(error)))
                return

    def _watch(self, before: set[Path]) -> set[Path]:
        """Watch the prompt folders that there are, until others are to be watched; return what was watched."""
        from watchfiles import Change, watch  # late: the first prompts have been read and checked by now

        folders = _watchable(self._targets)
        covered: set[Path] | None = None
        watched = [str(folder) for folder in folders if folders.keys().isdisjoint(folder.parents)]
        for raw in watch(
            *watched,
            watch_filter=None,
            debounce=_DEBOUNCE,
            step=_STEP,
            rust_timeout=_WAKE,
            stop_event=self._closed,
            yield_on_timeout=True,
            raise_interrupt=False,
            ignore_permission_denied=self._lenient,
        ):
            targets = self._targets
            told = [(path, not path.exists()) for path in {Path(name) for _, name in raw}]
            if covered is None:
                # What happened before the watcher stood is found by looking at everything.
                told += [(folder, not folder.exists()) for folder in before | folders.keys()]
            told += self._settings_changed(targets)
            if told:
                self._tell(partial(self._on_changes, told))
            if covered != (covered := {target.root for target in targets if _is_covered(target, folders)}):
                self._tell(partial(self._on_watching, covered))
            gone = {name for change, name in raw if change == Change.deleted}
            if _watchable(targets) != folders or not gone.isdisjoint(watched):
                break
        return set(folders)

    def _settings_changed(self, targets: Iterable[Target]) -> Iterator[tuple[Path, bool]]:
        for root, stamp, _ in targets:
            now = settings_stamp(root), (root / STATE_FOLDER).is_dir()
            before = self._marks.get(root, (stamp, now[1]))
            self._marks[root] = now
            for name, was, is_ in zip((FILE_NAME, STATE_FOLDER), before, now, strict=True):
                if was != is_:
                    yield root / name, not is_

    def _tell(self, hear: Callable[[], None]) -> None:
        def in_time() -> None:
            if not self._closed.is_set():
                hear()

        assert self._loop is not None
        with contextlib.suppress(RuntimeError):  # the loop is closed: the session is over
            self._loop.call_soon_threadsafe(in_time)


def settings_stamp(root: Path) -> int | None:
    """What tells one version of a root's settings file from the next; None where there is none."""
    try:
        return (root / FILE_NAME).stat().st_mtime_ns
    except OSError:
        return None


def _watchable(targets: Iterable[Target]) -> dict[Path, Identity]:
    """The prompt folders that exist and can be watched, with what tells a folder from one made again."""
    found: dict[Path, Identity] = {}
    for target in targets:
        for folder in target.folders:
            with contextlib.suppress(OSError):
                info = folder.stat()
                if folder.is_dir() and not _is_repository(target, folder):
                    found[folder] = info.st_dev, info.st_ino
    return found


def _is_repository(target: Target, folder: Path) -> bool:
    return target.root.is_relative_to(folder) or any((folder / name).exists() for name in _REPOSITORY)


def _is_covered(target: Target, watched: Iterable[Path]) -> bool:
    """Whether every prompt folder of a root is watched, or not there."""
    return all(folder in watched or not folder.exists() for folder in target.folders)


def _reason(error: BaseException) -> str:
    """Why files cannot be watched, in words that help."""
    text = str(error)
    if "limit reached" in text or "Too many open files" in text:
        return "the system's limit of watched files is reached (fs.inotify.max_user_watches and max_user_instances)"
    return os.strerror(error.errno) if isinstance(error, OSError) and error.errno else type(error).__name__
