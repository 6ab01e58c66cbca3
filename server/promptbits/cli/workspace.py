"""Files read and put beside their libraries: what the checks run on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from promptbits.checks.snapshot import Snapshot
from promptbits.cli.collect import Selection, Target, is_ours_by_name
from promptbits.prompts.discovery import Unreadable, reason
from promptbits.prompts.entry import Entry, entry_of_value
from promptbits.prompts.library import Library
from promptbits.prompts.root import Layer, Root, claims_schema
from promptbits.text.document import Document

Progress = Callable[[int, int], None]


class Source(NamedTuple):
    """A file that was read. `data` are its bytes, to see later whether it has changed."""

    target: Target
    data: bytes
    document: Document

    @property
    def is_certain(self) -> bool:
        """Whether it may be rewritten: it is surely a prompt and not just some JSON file in a folder."""
        if self.target.met != "below" or is_ours_by_name(self.target.path) or claims_schema(self.document.text):
            return True
        value = self.document.value
        return isinstance(value, dict) and "id" in value and "content" in value


class Loaded(NamedTuple):
    """A file beside its library."""

    source: Source
    snapshot: Snapshot

    @property
    def path(self) -> str:
        """The absolute path."""
        return self.source.target.path


@dataclass
class Workspace:
    """Everything that a command looks at."""

    files: list[Loaded] = field(default_factory=list[Loaded])
    unreadable: list[Unreadable] = field(default_factory=list[Unreadable])


def load(selection: Selection, progress: Progress | None = None) -> Workspace:
    """Read the files of a selection, each once, and build the libraries around them."""
    workspace = Workspace(unreadable=list(selection.unreadable))
    sources = list(read(selection, workspace.unreadable, progress))
    libraries = _Libraries(selection, sources)
    for source in sources:
        target = source.target
        snapshot = Snapshot(source.document, Path(target.path), target.root, libraries.of(target))
        workspace.files.append(Loaded(source, snapshot))
    return workspace


def read(selection: Selection, unreadable: list[Unreadable], progress: Progress | None = None) -> Iterator[Source]:
    """Read the files of a selection. What cannot be read is added to `unreadable`."""
    total = len(selection.targets)
    for index, target in enumerate(selection.targets.values()):
        if progress and index % 50 == 0:
            progress(index, 2 * total)
        try:
            with open(target.path, "rb", buffering=0) as handle:  # noqa: PTH123  (a third of what Path.read_bytes costs)
                data = handle.read()
        except OSError as error:
            unreadable.append(Unreadable(target.path, reason(error)))
            continue
        unsure = target.met == "maybe" and not is_ours_by_name(target.path)
        if unsure and b"promptbit.schema.json" not in data:
            continue
        document = Document.from_bytes(data)
        if not unsure or claims_schema(document.text):
            yield Source(target, data, document)


class _Libraries:
    """The library of each root that files lie in, and one of all loose files."""

    def __init__(self, selection: Selection, sources: list[Source]) -> None:
        self._selection = selection
        self._sources = sources
        self._by_root: dict[Path | None, Library] = {}

    def of(self, target: Target) -> Library:
        """The library around a file."""
        root = target.root if target.layer else None
        key = root.path if root else None
        if key not in self._by_root:
            self._by_root[key] = self._build(root)
        return self._by_root[key]

    def _build(self, root: Root | None) -> Library:
        if root is None:
            return Library.beside_shipped(
                None, (_entry(each, "custom") for each in self._sources if not each.target.layer)
            )
        if root.path not in self._selection.whole:
            return Library.load(root)
        return Library.beside_shipped(
            root,
            (
                _entry(each, each.target.layer)
                for each in self._sources
                if each.target.layer and each.target.root and each.target.root.path == root.path
            ),
        )


def _entry(source: Source, layer: Layer) -> Entry:
    document = source.document
    readable = document.is_strict or not document.tree.errors
    return entry_of_value(source.target.path, layer, document.value, readable=readable)
