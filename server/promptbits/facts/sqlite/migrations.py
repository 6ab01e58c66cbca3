"""Bring an older file up to date: a backup first, all steps in one transaction, a check, and only then the commit.

Whatever fails, or kills the process, before the commit leaves the file as it was: SQLite sees to that.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from promptbits.facts.sqlite.backups import copy_to
from promptbits.facts.sqlite.connection import connected
from promptbits.facts.sqlite.failures import failed
from promptbits.facts.sqlite.schema import SCHEMA_VERSION
from promptbits.facts.sqlite.transactions import writing
from promptbits.facts.sqlite.validation import problems_of
from promptbits.facts.sqlite.versions import refuse_newer, version_in_head, version_of
from promptbits.facts.store import StoreError

# A migration may hold the file for long; others wait in turn.
_PATIENCE_SECONDS: Final = 600.0


@dataclass(frozen=True, slots=True)
class Step:
    """How to get from the version before to `version`, within a transaction."""

    version: int
    what: str
    run: Callable[[sqlite3.Connection], None]


@dataclass(frozen=True, slots=True)
class Migrated:
    """What was done, or would be."""

    before: int
    after: int
    steps: tuple[str, ...] = ()
    backup: Path | None = None


# One for each version after the first.
STEPS: Final[tuple[Step, ...]] = ()


def migrate(
    path: Path, *, steps: Sequence[Step] = STEPS, target: int = SCHEMA_VERSION, dry_run: bool = False
) -> Migrated:
    """Bring a file to a version. One that has it already is left alone.

    Args:
        path: the file.
        steps: in the order of their versions.
        target: the version wanted.
        dry_run: try it on a copy, and change no byte of the file.

    Raises:
        StoreError: it is newer, or it failed and the file is as it was.
    """
    before = version_in_head(path)
    refuse_newer(path, before, target)
    if before == target:
        return Migrated(before, target)
    if dry_run:
        with tempfile.TemporaryDirectory(prefix="promptbits-") as folder:
            trial = Path(folder) / path.name
            _copy_untouched(path, trial)
            done = _migrate(trial, steps, target)
        return Migrated(done.before, done.after, done.steps)
    return _migrate(path, steps, target)


def _migrate(path: Path, steps: Sequence[Step], target: int) -> Migrated:
    try:
        connection = connected(path, read_only=False, busy_seconds=_PATIENCE_SECONDS)
        with contextlib.closing(connection):
            with writing(connection):
                done = _within(connection, path, steps, target)
            # The head of the file tells the version to those who only look.
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return done
    except sqlite3.Error as problem:
        reason = failed(path, problem, _PATIENCE_SECONDS)
        raise type(reason)(f"{reason} (while it was brought to schema {target}; it is as it was)") from problem


def _within(connection: sqlite3.Connection, path: Path, steps: Sequence[Step], target: int) -> Migrated:
    before = version_of(connection)
    refuse_newer(path, before, target)
    if before == target:  # another process was faster
        return Migrated(before, target)
    ahead = [step for step in steps if before < step.version <= target]
    if [step.version for step in ahead] != list(range(before + 1, target + 1)):
        raise StoreError(f"{path}: there is no way from schema {before} to {target}; nothing was changed")
    backup = path.with_name(f"{path.name}.v{before}.bak")
    # Another connection: it sees what is committed, and nobody can commit while this one holds the lock.
    with contextlib.closing(connected(path, read_only=False)) as source:
        copy_to(source, backup, replace=True)
    for step in ahead:
        step.run(connection)
    connection.execute(f"PRAGMA user_version = {target}")
    problems = problems_of(connection)
    if problems:
        raise StoreError(
            f"{path}: bringing it to schema {target} failed its check ({problems[0]}); it is as it was,"
            f" and a copy is in {backup.name}"
        )
    return Migrated(before, target, tuple(step.what for step in ahead), backup)


def _copy_untouched(path: Path, trial: Path) -> None:
    log = path.with_name(f"{path.name}-wal")
    try:
        if not log.exists() or not log.stat().st_size:
            shutil.copyfile(path, trial)
            return
        with contextlib.closing(connected(path, read_only=True)) as source:
            copy_to(source, trial, replace=False)
    except sqlite3.Error as problem:
        raise failed(path, problem, _PATIENCE_SECONDS) from problem
    except OSError as problem:
        raise StoreError(f"{path}: cannot be copied: {problem.strerror or problem}") from problem
