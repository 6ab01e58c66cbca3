"""`promptbits import`: take facts in from files, each once."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, cast

import click

from promptbits.cli.console import escape, out, out_json, plural, say, shown_path
from promptbits.cli.errors import FINDINGS, FINE, CommandError
from promptbits.cli.progress import Progress
from promptbits.facts.fields import KINDS

if TYPE_CHECKING:
    from collections.abc import Generator

    from promptbits.cli.facts.sources import Form, Source
    from promptbits.cli.facts.texts import Texts
    from promptbits.facts.interchange.importing import Importer, Tally, Target
    from promptbits.facts.interchange.lines import Read, Refused
    from promptbits.facts.store import Fact, FactStore

_HELP: Final = """\
Take facts in from files, each fact once: importing a file again changes nothing. `-` reads stdin; .gz is unpacked.

\b
  jsonl  one fact a line, as `promptbits export` writes them
  csv    a header that names the columns, which are the fields of the kind: timestamp, prompt_id, outcome, …;
         a column of any other name goes to the metadata
  otlp   OTLP/JSON: one request, or one a line as OpenTelemetry collectors write them

What has no right form is refused, with its line and the reason; all else is taken in. A fact without a hash of its text
gets that of its revision, if the library has it.

Exit codes: 0 all is in, 1 some lines were refused, 2 wrong usage or something in the environment.
"""
_MOST_SHOWN: Final = 20
_MOST_IN_JSON: Final = 1_000
_MEGABYTE: Final = 1_000_000


@click.command("import", help=_HELP)
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=click.Path(allow_dash=True))
@click.option("--format", "form", type=click.Choice(["jsonl", "csv", "otlp"]), help="What the files hold.")
@click.option("--kind", type=click.Choice(KINDS), default="execution", help="The kind of CSV rows that name none.")
@click.option("--dry-run", is_flag=True, help="Say what would be taken in, and change nothing.")
@click.option("--report", metavar="FILE", type=click.Path(), help="Write all that was refused into a file.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def import_facts(
    files: tuple[str, ...], form: Form | None, kind: str, dry_run: bool, report: str | None, as_json: bool
) -> int:
    """Take facts in; `_HELP` says it to users, with the line breaks that click would take out of a docstring."""
    from promptbits.cli.facts.texts import Texts
    from promptbits.cli.prompts_at_hand import at_hand
    from promptbits.facts.keeping import keeps_text
    from promptbits.facts.locating import facts_path

    gc.enable()  # this may run for minutes
    here = at_hand()
    root = here.root.path
    path = facts_path(root)
    with ExitStack() as stack:
        refusals = stack.enter_context(_refusals(report, as_json=as_json))
        store = stack.enter_context(_store(path, dry_run=dry_run))
        job = _Job(store, Texts(here.library), refusals, kind, form, dry_run=dry_run, keep_text=keeps_text(root))
        with Progress("Importing, MB") as progress:
            job.run(files, progress)
    _print(job, files, path, dry_run=dry_run, as_json=as_json)
    return FINDINGS if job.total.refused else FINE


@dataclass
class _Refusals:
    """Says which lines were refused: the first ones at once, all of them in the report."""

    report: IO[str] | None
    silent: bool
    first: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    count: int = 0

    def add(self, name: str, refused: Refused) -> None:
        self.count += 1
        where = f" ({refused.where})" if refused.where else ""
        line = f"{name}:{refused.line}: {escape(refused.why)}{escape(where)}"
        if self.report is not None:
            self.report.write(f"{line}\n")
        if self.silent:
            if self.count <= _MOST_IN_JSON:
                self.first.append({"file": name, "line": refused.line, "reason": refused.why, "where": refused.where})
        elif self.count <= _MOST_SHOWN:
            click.echo(line, err=True)


class _Job:
    """One run of the command."""

    def __init__(
        self,
        store: FactStore | None,
        texts: Texts,
        refusals: _Refusals,
        kind: str,
        form: Form | None,
        *,
        dry_run: bool,
        keep_text: bool,
    ) -> None:
        from promptbits.facts.interchange.importing import Tally

        self._store = store
        self._texts = texts
        self.refusals = refusals
        self._kind = kind
        self._form: Form | None = form
        self._dry_run = dry_run
        self._keep_text = keep_text
        self.total = Tally()
        self.ignored = 0

    def run(self, files: tuple[str, ...], progress: Callable[[int, int], None]) -> None:
        from promptbits.cli.facts.sources import STDIN, opened_source

        total = sum(Path(each).stat().st_size for each in files if each != STDIN)
        before = 0
        for each in files:
            with opened_source(each, self._form) as source:
                importer = self._importer(source)
                try:
                    for _ in importer.run(self._facts(source)):
                        if total:
                            progress((before + source.done()) // _MEGABYTE, total // _MEGABYTE)
                except BaseException:  # a full disk, or Ctrl-C
                    self._add(importer.tally)
                    if self.total.added and not self._dry_run:
                        say(f"{plural(self.total.added, 'fact')} are in by now: import again to go on")
                    raise
                self._add(importer.tally)
                before += source.size

    def _importer(self, source: Source) -> Importer:
        from promptbits.facts.interchange.importing import Importer, Text

        def text_of(prompt_id: str, revision: int) -> Text | None:
            found = self._texts.of_revision(prompt_id, revision)
            return Text(found.content_sha256, found.content) if found else None

        def refuse(refused: Refused) -> None:
            self.refusals.add(source.name, refused)

        return Importer(self._target(), text_of, refuse, keep_text=self._keep_text)

    def _target(self) -> Target:
        from promptbits.facts.interchange.importing import Rehearsal

        if self._store is not None and not self._dry_run:
            return self._store
        return Rehearsal(lambda fact_id: self._known(fact_id) is not None)

    def _known(self, fact_id: str) -> Fact | None:
        return self._store.get(fact_id) if self._store is not None else None

    def _facts(self, source: Source) -> Iterator[Read | Refused]:
        if source.form == "jsonl":
            from promptbits.facts.interchange.jsonl import facts_of_lines

            return facts_of_lines(source.lines())
        if source.form == "csv":
            return self._rows(source)
        from promptbits.facts.interchange.otlp_lines import facts_of_otlp

        return facts_of_otlp(source.lines(), self._known, self._ignore)

    def _rows(self, source: Source) -> Iterator[Read | Refused]:
        from promptbits.facts.interchange.csv_table import HeaderError, facts_of_table

        try:
            yield from facts_of_table(source.lines(), self._kind)
        except HeaderError as error:
            raise CommandError(f"{source.name}: {error}") from error

    def _ignore(self, count: int) -> None:
        self.ignored += count

    def _add(self, tally: Tally) -> None:
        total = self.total
        total.added += tally.added
        total.repeated += tally.repeated
        total.refused += tally.refused
        total.filled += tally.filled
        total.texts += tally.texts
        total.dropped_texts += tally.dropped_texts


@contextmanager
def _refusals(report: str | None, *, as_json: bool) -> Generator[_Refusals]:
    if report is None:
        yield _Refusals(None, as_json)
        return
    from promptbits.cli.facts.writing import written_whole

    with written_whole(Path(report), private=True) as file:
        import io

        text = io.TextIOWrapper(cast("IO[bytes]", file), "utf-8", "backslashreplace", newline="\n")
        yield _Refusals(text, as_json)
        text.flush()
        text.detach()


@contextmanager
def _store(path: Path, *, dry_run: bool) -> Generator[FactStore | None]:
    from promptbits.cli.facts.opening import opened

    if dry_run and not path.exists():
        yield None
        return
    with opened(path, create=not dry_run, read_only=dry_run) as store:
        yield store


def _print(job: _Job, files: tuple[str, ...], path: Path, *, dry_run: bool, as_json: bool) -> None:
    total = job.total
    if as_json:
        out_json(
            {
                "version": 1,
                "files": len(files),
                "store": os.fspath(path),
                "dry_run": dry_run,
                "added": total.added,
                "repeated": total.repeated,
                "refused": total.refused,
                "texts": total.texts,
                "given_the_text_of_their_revision": total.filled,
                "feedback_texts_not_kept": total.dropped_texts,
                "about_no_prompt": job.ignored,
                "problems": job.refusals.first,
            }
        )
        return
    if total.refused > _MOST_SHOWN:
        more = "" if job.refusals.report else ": --report FILE writes all of them"
        click.echo(f"… and {plural(total.refused - _MOST_SHOWN, 'more line')}{more}", err=True)
    if total.dropped_texts:
        say(f"left out the texts of {plural(total.dropped_texts, 'feedback')}: `facts.keep_text` is off")
    if job.ignored:
        say(f"passed over {plural(job.ignored, 'span or record')} that name no prompt")
    verb = "Would import" if dry_run else "Imported"
    parts = [f"{plural(total.repeated, 'fact')} already there"] if total.repeated else []
    parts += [plural(total.texts, "text")] if total.texts else []
    parts += [f"{total.refused:,} refused"] if total.refused else []
    out(f"{verb} {plural(total.added, 'fact')} into {shown_path(path)}{''.join(f', {part}' for part in parts)}")
