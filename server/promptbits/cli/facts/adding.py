"""Facts put into the store of a root by a command."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from promptbits.cli.console import say, shown_path
from promptbits.cli.errors import CommandError

if TYPE_CHECKING:
    from promptbits.facts.store import Fact


def add_facts(path: Path, facts: Sequence[Fact], texts: Sequence[str] = ()) -> None:
    """Put facts, and the templates they are about, into a store.

    If that cannot take them, they wait beside it, as those of applications do.

    Raises:
        CommandError: they can be kept nowhere.
    """
    from promptbits.cli.facts.opening import opened
    from promptbits.facts.ids import content_sha256

    try:
        with opened(path, create=True) as store:
            for text in texts:
                store.keep_text(content_sha256(text), text)
            store.append(facts)
    except CommandError as problem:
        from promptbits.facts.spool import spool, spool_folders

        for folder in spool_folders(path):
            try:
                spool(folder, facts, texts)
            except OSError:
                continue  # the next one may do
            waits = "the fact waits" if len(facts) == 1 else "the facts wait"
            say(f"{problem}: {waits} in {shown_path(folder)}")
            return
        raise
