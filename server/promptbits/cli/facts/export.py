"""`promptbits export`: write facts out, without secrets, such that they can be imported again."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, Literal, cast

import click

from promptbits.cli.console import plural, say, shown_path
from promptbits.cli.errors import FINE, CommandError
from promptbits.cli.facts.times import as_moment, written
from promptbits.cli.prompts_at_hand import complete_ids
from promptbits.facts.fields import KINDS

if TYPE_CHECKING:
    from promptbits.facts.interchange.exporting import Exported
    from promptbits.facts.store import Fact, FactStore, Kind

_HELP: Final = """\
Write facts as JSONL or CSV, in the order of their times, to stdout or into a file that only you can read.

Importing what was exported gives the same facts. What looks like a secret is replaced, and told. The templates of
prompts are written with --texts only. A FILE that ends in .gz is packed.
"""
_MANY: Final = 64 * 1024


@click.command("export", help=_HELP)
@click.option("--format", "form", type=click.Choice(["jsonl", "csv"]), help="What to write; jsonl, or as FILE ends.")
@click.option(
    "--since",
    metavar="WHEN",
    callback=as_moment,
    help="Only facts from this time on: 2026-11-20, or 30d for 30 days ago.",
)
@click.option("--prompt", "prompt_id", metavar="ID", shell_complete=complete_ids, help="Only facts about this prompt.")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(KINDS), help="Only this kind; repeat it for several.")
@click.option("--texts", is_flag=True, help="Also the templates that the facts are about.")
@click.option("-o", "--output", metavar="FILE", type=click.Path(), help="Where to write; stdout if left out.")
def export(
    form: Literal["jsonl", "csv"] | None,
    since: datetime | None,
    prompt_id: str | None,
    kinds: tuple[Kind, ...],
    texts: bool,
    output: str | None,
) -> int:
    """Write facts out; `_HELP` says it to users."""
    from promptbits.cli.collect import current_root
    from promptbits.cli.facts.opening import opened, take_in_waiting
    from promptbits.facts.interchange.exporting import Exported
    from promptbits.facts.locating import facts_path
    from promptbits.facts.sqlite.maintenance import stats

    target = None if output in (None, "-") else Path(output)
    form = form or ("csv" if target and ".csv" in (suffix.lower() for suffix in target.suffixes) else "jsonl")
    if texts and form == "csv":
        raise click.UsageError("--texts goes with --format jsonl: a table of facts has no room for templates")
    path = facts_path(current_root().path)
    take_in_waiting(path)
    if not path.exists():
        raise CommandError(f"nothing is measured yet: {shown_path(path)} is not there")
    done = Exported()
    left_out = 0
    with opened(path, read_only=True) as store, _output(target) as file:
        facts = store.facts(kinds=kinds or None, prompt_id=prompt_id, since=written(since) if since else None)
        _write(file, _lines(facts, form, done, kinds))
        if texts:
            left_out = _write_texts(file, store, done)
        archived = stats(store).archived
    if done.secrets:
        say(f"replaced {plural(done.secrets, 'text')} that looked like a secret: remove them from where they come from")
    if left_out:
        say(f"left out {plural(left_out, 'template')} with what looks like a secret in it")
    if archived:
        say(f"{plural(archived, 'archived fact')} left out: the files of `promptbits db archive` hold them")
    if target:
        say(f"wrote {plural(done.facts, 'fact')} to {shown_path(target)}")
    return FINE


def _lines(facts: Iterator[Fact], form: str, done: Exported, kinds: tuple[Kind, ...]) -> Iterator[bytes]:
    from promptbits.cli.facts.masking import masked
    from promptbits.facts.interchange.exporting import csv_lines, json_lines

    return json_lines(facts, masked, done) if form == "jsonl" else csv_lines(facts, masked, done, kinds)


def _write(file: BinaryIO, lines: Iterator[bytes]) -> None:
    chunk: list[bytes] = []
    size = 0
    for line in lines:
        chunk.append(line)
        size += len(line)
        if size >= _MANY:
            file.write(b"".join(chunk))
            chunk, size = [], 0
    file.write(b"".join(chunk))


def _write_texts(file: BinaryIO, store: FactStore, done: Exported) -> int:
    """Write the templates of the facts, and say how many were left out because of what is in them."""
    from promptbits.cli.facts.masking import masked
    from promptbits.facts.interchange.exporting import text_line

    left_out = 0
    for sha256 in sorted(done.texts):
        content = store.text(sha256)
        if content is None:
            continue
        if masked(content)[1]:
            left_out += 1
        else:
            file.write(text_line(sha256, content))
    return left_out


@contextmanager
def _output(target: Path | None) -> Generator[BinaryIO]:
    if target is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    from promptbits.cli.facts.writing import written_whole

    with written_whole(target, private=True) as file:
        if target.suffix.lower() != ".gz":
            yield file
            return
        with gzip.GzipFile(filename="", fileobj=file, mode="wb", mtime=0) as packed:
            yield cast("BinaryIO", packed)
