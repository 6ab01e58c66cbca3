"""Which files a command is about: from the paths on the command line, or else from the root.

A file in a prompt folder of a root belongs to that root's library. Any other file is *loose*: it is looked at
where it lies, beside the prompts that ship, and shadows nothing.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

from promptbits.checks.catalogue import CHECKS
from promptbits.cli.errors import CommandError
from promptbits.prompts.discovery import Unreadable, reason, walk
from promptbits.prompts.root import Layer, Root, find_root, load_root, names_a_prompt

# How a file was met. Named: on the command line. Placed: in a prompt folder. Below: in a folder that was named and
# is no root, so every JSON file counts. Maybe: beside the prompt folders of a root, ours only if it says so.
Met = Literal["named", "placed", "below", "maybe"]


class Target(NamedTuple):
    """A file to look at. `root` gives its settings; `layer` is None for a loose file."""

    path: str
    root: Root | None
    layer: Layer | None
    met: Met


@dataclass
class Selection:
    """The files of a command, and what stood in the way. `whole` are the roots all of whose prompts are in it."""

    targets: dict[str, Target] = field(default_factory=dict[str, Target])
    unreadable: list[Unreadable] = field(default_factory=list[Unreadable])
    whole: set[Path] = field(default_factory=set[Path])
    roots: dict[Path, Root] = field(default_factory=dict[Path, Root])

    @property
    def warnings(self) -> list[str]:
        """What is wrong with the settings of the roots."""
        return [warning for root in self.roots.values() for warning in root.warnings]


def current_root() -> Root:
    """The root of the working directory."""
    return load_root(_current_path(Path.cwd()), CHECKS)


def _current_path(here: Path) -> Path:
    path = find_root(here, here)
    if not path.is_dir():
        raise CommandError(f"PROMPTBITS_ROOT names {path}, which is not a folder")
    return path


def select(paths: Sequence[str]) -> Selection:
    """The files that paths stand for; without paths, the prompts of the current root."""
    collector = _Collector(Path.cwd())
    if paths:
        # Files last: what is named stays named, though a folder above it may be named as well.
        if "" in paths:  # which would stand for the working directory, as an unset variable in a script does
            raise CommandError("a path is empty: name files or folders, or leave it out for all prompts of the root")
        unique = dict.fromkeys(os.path.abspath(path) for path in paths)  # noqa: PTH100  (`..` is taken out as well)
        for path in sorted(unique, key=lambda path: not os.path.isdir(path)):  # noqa: PTH112  (strings, as in the walk)
            collector.take(path)
    else:
        collector.take_root(collector.root_at(_current_path(collector.here)))
    return collector.selection


class _Collector:
    """What one selection has met so far."""

    def __init__(self, here: Path) -> None:
        self.here = here
        self.selection = Selection()
        self._marked: dict[Path, Root | None] = {}

    def root_at(self, path: Path) -> Root:
        """A root with its settings, read once."""
        roots = self.selection.roots
        if path not in roots:
            roots[path] = load_root(path, CHECKS)
        return roots[path]

    def take_root(self, root: Root) -> None:
        """Every prompt of a root."""
        for folder in root.prompt_folders():
            found, unreadable = walk(folder)
            self.selection.unreadable += unreadable
            for file in found:
                self._add(Target(file.path, root, root.layer(file.path), "placed"))
        self.selection.whole.add(root.path)

    def take(self, path: str) -> None:
        """A path from the command line."""
        try:
            mode = os.stat(path).st_mode  # noqa: PTH116  (strings, as in the walk)
        except OSError as error:
            self._complain(path, reason(error, link=os.path.islink(path)))  # noqa: PTH114  (as above)
            return
        if stat.S_ISDIR(mode):
            if path.lower().endswith(".json"):
                self._complain(path, "it is a folder, not a file")
            self._take_folder(path)
        elif stat.S_ISREG(mode):
            self._add(self._target(path, (self.here,), "named"))
        else:
            self._complain(path, "it is not an ordinary file")

    def _take_folder(self, folder: str) -> None:
        top = Path(folder)
        found, unreadable = walk(folder)
        self.selection.unreadable += unreadable
        targets = [self._target(file.path, (self.here, top), "below") for file in found]
        marked = self._marked_root(top)
        is_root = marked is not None and marked.path == top
        if is_root or any(target.root and target.root.path.is_relative_to(top) for target in targets):
            targets = [
                target if target.layer else Target(target.path, target.root, None, "maybe") for target in targets
            ]
        for target in targets:
            self._add(target)
        for root in {target.root.path: target.root for target in targets if target.root and target.layer}.values():
            if all(prompts.is_relative_to(top) for prompts in root.prompt_folders()):
                self.selection.whole.add(root.path)

    def _target(self, path: str, unmarked: Iterable[Path], met: Met) -> Target:
        """A file with its root: the nearest marked one above it, else one of the folders that may be a root."""
        file = Path(path)
        root = self._marked_root(file.parent)
        if root is not None:
            layer = root.layer(file)
            return Target(path, root, layer, "placed" if layer and met == "below" else met)
        for folder in unmarked:
            candidate = Root(folder)
            layer = candidate.layer(file)
            if layer:
                return Target(path, self.root_at(folder), layer, "placed" if met == "below" else met)
        return Target(path, None, None, met)

    def _marked_root(self, folder: Path) -> Root | None:
        if folder not in self._marked:
            path = find_root(folder, _NOWHERE)
            self._marked[folder] = None if path is _NOWHERE else self.root_at(path)
        return self._marked[folder]

    def _add(self, target: Target) -> None:
        known = self.selection.targets.get(target.path)
        if known is None or target.met == "named":
            self.selection.targets[target.path] = target

    def _complain(self, path: str, why: str) -> None:
        self.selection.unreadable.append(Unreadable(path, why))


_NOWHERE = Path(os.devnull)


def is_ours_by_name(path: str) -> bool:
    """Whether a file's name alone makes it a prompt."""
    return names_a_prompt(Path(path))
