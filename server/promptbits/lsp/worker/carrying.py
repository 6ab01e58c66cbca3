"""A prompt on its way to the worker: as it stands in the editor, with the part of the library that it hangs on."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from promptbits.checks.snapshot import Snapshot
from promptbits.prompts.entry import Entry, entry_of_value
from promptbits.prompts.library import Library
from promptbits.prompts.lineage import lineage
from promptbits.prompts.root import Root
from promptbits.text.document import Document

Json = dict[str, Any]


def packed(snapshot: Snapshot) -> Json:
    """A prompt as JSON. Of the library, only its lineage goes with it: no worker reads ten thousand files."""
    path, root = snapshot.path, snapshot.root
    assert path is not None, "only what lies in a file is handed over"
    assert root is not None, "a root is where reviews are kept"
    library = snapshot.library
    own = entry_of_value(str(path), snapshot.layer or "custom", snapshot.prompt)
    entries = {each.path: each for each in lineage(library, library.served(own.id) or own)}
    for each in (library.by_path(str(path)), library.served(own.id)):
        if each is not None:
            entries[each.path] = each
    return {
        "text": snapshot.document.text,
        "path": str(path),
        "root": str(root.path),
        "entries": list(entries.values()),
    }


def unpacked(value: Json) -> Snapshot:
    """The prompt again."""
    root = Root(Path(value["root"]))
    library = Library.of(_entry(each) for each in value["entries"])
    return Snapshot(Document.from_text(value["text"]), Path(value["path"]), root, library)


def _entry(values: list[Any]) -> Entry:
    # JSON has no tuples.
    return Entry._make(tuple(cast("list[Any]", each)) if isinstance(each, list) else each for each in values)
