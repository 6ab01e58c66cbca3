"""`promptbits db`: look after the store of facts."""

from __future__ import annotations

import functools
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, ParamSpec

import click

from promptbits.cli.console import escape, is_terminal, out, out_json, plural, say, shown_path
from promptbits.cli.errors import FINDINGS, FINE, CommandError
from promptbits.cli.facts.times import as_moment, written

if TYPE_CHECKING:
    from promptbits.facts.sqlite.embedded import SqliteStore

_AS_JSON: Final = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
_UNITS: Final = ("bytes", "KB", "MB", "GB", "TB")
_THOUSAND: Final = 1000

Parameters = ParamSpec("Parameters")


@click.group("db", epilog="Exit codes: 0 fine, 1 the store is damaged, 2 wrong usage or something in the environment.")
def db() -> None:
    """Look after the store of facts: .promptbits/facts.db, or what PROMPTBITS_FACTS names."""


def _answering(command: Callable[Parameters, int]) -> Callable[Parameters, int]:
    """Tell damage from everything else that may be wrong, by the exit code."""

    @functools.wraps(command)
    def answer(*args: Parameters.args, **options: Parameters.kwargs) -> int:
        try:
            return command(*args, **options)
        except CommandError as error:
            from promptbits.facts.store import DamagedStoreError

            if not isinstance(error.__cause__, DamagedStoreError):
                raise
            if options.get("as_json"):
                out_json({"version": 1, "problems": [str(error)]})
            say(str(error))
            return FINDINGS

    return answer


@db.command("stats")
@_AS_JSON
@_answering
def stats(as_json: bool) -> int:
    """Say what is in the store."""
    from promptbits.facts.sqlite import maintenance

    with _store(read_only=True) as store:
        found = maintenance.stats(store)
    if as_json:
        out_json(
            {
                "version": 1,
                "path": str(found.path),
                "schema_version": found.schema_version,
                "facts": found.facts,
                "archived": found.archived,
                "prompts": found.prompts,
                "texts": found.texts,
                "summaries": found.summaries,
                "first": found.first,
                "last": found.last,
                "bytes": found.size,
            }
        )
        return FINE
    out(f"{escape(shown_path(found.path))}: {_size(found.size)}, schema {found.schema_version}")
    for kind, count in found.facts.items():
        if count:
            # Nobody says "feedbacks".
            out(f"  {count:,} feedback" if kind == "feedback" else f"  {plural(count, kind.replace('_', ' '))}")
    if found.archived:
        out(f"  {plural(found.archived, 'fact')} archived")
    out(f"  {plural(found.prompts, 'prompt')}, {plural(found.texts, 'text')}, {plural(found.summaries, 'daily row')}")
    if found.first:
        out(f"  from {found.first} to {found.last}")
    return FINE


@db.command("check", short_help="Recount every summary from the facts.")
@_AS_JSON
@_answering
def check(as_json: bool) -> int:
    """Read everything and recount every summary from the facts. Exits with 1 if anything is wrong."""
    from promptbits.cli.progress import Progress
    from promptbits.facts.sqlite import maintenance

    with _store(read_only=True) as store, Progress("Recounting") as progress:
        problems = maintenance.check(store, progress)
    if as_json:
        out_json({"version": 1, "problems": [problem.text for problem in problems]})
    else:
        for problem in problems:
            out(escape(problem.text))
        if not problems:
            out("The store is sound, and its summaries equal a recount")
        elif not any(problem.is_damage for problem in problems):
            say("`promptbits db optimize --rebuild` makes the summaries anew from the facts")
    return FINDINGS if problems else FINE


@db.command("optimize", short_help="Take in facts that wait beside the store.")
@click.option("--rebuild", is_flag=True, help="Make all summaries anew from the facts. Writers wait meanwhile.")
@_AS_JSON
@_answering
def optimize(rebuild: bool, as_json: bool) -> int:
    """Take in facts that wait beside the store, and let it look at its tables again."""
    from promptbits.cli.facts.opening import take_in_waiting
    from promptbits.cli.progress import Progress
    from promptbits.facts.sqlite import maintenance

    take_in_waiting(_path())
    with _store() as store, Progress("Recounting") as progress:
        maintenance.optimize(store, progress, rebuild=rebuild)
    _tell({"rebuilt": rebuild}, "Optimized, and all summaries made anew" if rebuild else "Optimized", as_json=as_json)
    return FINE


@db.command("compact", short_help="Give back space that is no longer used.")
@_AS_JSON
@_answering
def compact(as_json: bool) -> int:
    """Give back space that is no longer used, as after `archive`."""
    import sys

    from promptbits.facts.sqlite import maintenance

    with _store() as store:
        if is_terminal(sys.stderr):
            say(f"writing {_size(maintenance.size_of(store.path))} anew")  # SQLite does not say how far it is
        before, after = maintenance.compact(store)
    _tell(
        {"bytes_before": before, "bytes_after": after}, f"Compacted: {_size(before)} → {_size(after)}", as_json=as_json
    )
    return FINE


@db.command("backup", short_help="Copy the store while it may be in use.")
@click.argument("target", metavar="[FILE]", required=False, type=click.Path())
@_AS_JSON
@_answering
def backup(target: str | None, as_json: bool) -> int:
    """Copy the store to FILE, or into a file beside it, while it may be in use. Only you can read the copy."""
    from promptbits.cli.progress import Progress
    from promptbits.facts.ids import timestamp
    from promptbits.facts.sqlite import maintenance

    with _store(read_only=True) as store, Progress("Copying") as progress:
        stamp = timestamp()[:19].replace(":", "").replace("-", "")
        to = Path(target).absolute() if target else store.path.with_name(f"{store.path.stem}-backup-{stamp}.db")
        maintenance.backup(store, to, progress)
        size = maintenance.size_of(to)
    _tell({"path": str(to), "bytes": size}, f"Copied {_size(size)} to {shown_path(to)}", as_json=as_json)
    return FINE


@db.command("archive", short_help="Move old facts into a compressed file.")
@click.option(
    "--older-than",
    metavar="WHEN",
    callback=as_moment,
    required=True,
    help="2026-11-20, or 90d for all that is older than 90 days.",
)
@_AS_JSON
@_answering
def archive(older_than: datetime, as_json: bool) -> int:
    """Move old facts into a compressed file beside the store, which `promptbits import` reads. Their numbers stay."""
    from promptbits.cli.progress import Progress
    from promptbits.facts.sqlite.archiving import archive as move

    with _store() as store, Progress("Archiving") as progress:
        moved = move(store, written(older_than), progress)
    if not moved.facts:
        _tell({"path": None, "facts": 0}, f"Nothing is older than {written(older_than)}", as_json=as_json)
        return FINE
    text = (
        f"Moved {plural(moved.facts, 'fact')} to {shown_path(moved.path)}: `promptbits db compact` gives back the space"
    )
    _tell({"path": str(moved.path), "facts": moved.facts}, text, as_json=as_json)
    return FINE


@db.command("migrate", short_help="Bring an older store up to date.")
@click.option("--dry-run", is_flag=True, help="Try it on a copy, and change no byte of the store.")
@_AS_JSON
@_answering
def migrate(dry_run: bool, as_json: bool) -> int:
    """Bring the store up to date, which every command does by itself: with a backup first and a check after."""
    from promptbits.cli.facts.opening import told
    from promptbits.facts.sqlite.migrations import migrate as bring

    path = _existing()
    with told():
        done = bring(path, dry_run=dry_run)
    value = {
        "before": done.before,
        "after": done.after,
        "steps": list(done.steps),
        "backup": str(done.backup) if done.backup else None,
        "dry_run": dry_run,
    }
    if done.before == done.after:
        text = f"The store is up to date: schema {done.after}"
    else:
        verb = "Would bring" if dry_run else "Brought"
        text = "\n".join((f"{verb} the store from schema {done.before} to {done.after}", *done.steps))
        text += f"\nThe store as it was is in {shown_path(done.backup)}" if done.backup else ""
    _tell(value, text, as_json=as_json)
    return FINE


def _path() -> Path:
    from promptbits.cli.collect import current_root
    from promptbits.facts.locating import facts_path

    return facts_path(current_root().path)


def _existing() -> Path:
    path = _path()
    if not path.exists():
        raise CommandError(f"nothing is measured yet: {shown_path(path)} is not there")
    return path


@contextmanager
def _store(*, read_only: bool = False) -> Generator[SqliteStore]:
    from promptbits.cli.facts.opening import opened

    with opened(_existing(), read_only=read_only) as store:
        yield store


def _tell(value: dict[str, Any], text: str, *, as_json: bool) -> None:
    if as_json:
        out_json({"version": 1, **value})
    else:
        out("\n".join(escape(line) for line in text.splitlines()))


def _size(count: float) -> str:
    unit = 0
    while count >= _THOUSAND and unit < len(_UNITS) - 1:
        count /= _THOUSAND
        unit += 1
    return f"{count:.1f} {_UNITS[unit]}" if unit else plural(int(count), "byte")
