"""Prompts in the history of a repository: one of them by its id, and those that differ from the working tree."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple

from promptbits.cli.errors import CommandError
from promptbits.cli.git.runner import Repository
from promptbits.prompts.discovery import takes
from promptbits.prompts.root import LAYERS, Root, stem
from promptbits.prompts.values import read

Change = Literal["added", "removed", "renamed", "changed"]


class Changed(NamedTuple):
    """A prompt that differs: its files relative to the top of the repository, and their bytes. None: there is none."""

    change: Change
    path_before: str
    path: str
    before: bytes | None
    after: bytes | None


class _Entry(NamedTuple):
    status: str
    blob: str
    path_before: str
    path: str


def find_at(repository: Repository, root: Root, name: str, ref: str) -> tuple[str, bytes]:
    """The path and the bytes of a prompt in a commit, by its id or by its path from the top of the repository.

    Raises:
        CommandError: there is none.
    """
    if "/" in name or name.lower().endswith(".json"):
        data = file_in(repository, name, ref)
        if data is None:
            raise CommandError(f"{ref} holds no file {name}: paths start at the top of the repository")
        return name, data
    folders = _folders(repository, root)
    listing = (
        repository.run("ls-tree", "-r", "-z", "--full-tree", repository.commit(ref), "--", *folders) if folders else b""
    )
    blobs: dict[str, str] = {}
    for line in _fields(listing):
        info, _, path = line.partition("\t")
        if info.startswith("100") and _is_prompt(path, folders):
            blobs[path] = info.split(" ")[2]
    named = [path for path in blobs if stem(Path(path)) == name]
    # A file should have the name of its id. Where it has not, all of them are looked through.
    for paths in (named, [path for path in blobs if path not in named]):
        data = repository.blobs([blobs[path] for path in paths])
        ours = [pair for pair in zip(paths, data, strict=True) if _has_id(pair[1], name, broken=paths is named)]
        if ours:
            return min(ours, key=lambda pair: (_rank(repository, root, pair[0]), pair[0]))
    raise CommandError(f"{ref} holds no prompt {name!r} in {', '.join(root.settings.roots)}")


def file_in(repository: Repository, path: str, ref: str) -> bytes | None:
    """The bytes of a file in a commit, by its path from the top of the repository; None if there is none."""
    # `ls-tree` takes the path for what it is, where `commit:path` would give the path `..` a meaning.
    line = repository.run("ls-tree", "-z", "--full-tree", repository.commit(ref), "--", path).partition(b"\t")[0]
    if not line.startswith(b"100"):
        return None
    return repository.blobs([os.fsdecode(line).split(" ")[2]])[0]


def changed_since(repository: Repository, root: Root, commit: str) -> list[Changed]:
    """The prompts of a root that differ between a commit and the working tree, new files included."""
    folders = _folders(repository, root)
    if not folders:
        return []
    options = ("--raw", "-z", "-M", "--no-abbrev", "--no-ext-diff", "--no-relative", "--ignore-submodules")
    entries = list(_entries(_fields(repository.run("diff", *options, commit, "--", *folders))))
    entries = [each for each in entries if _is_prompt(each.path, folders) or _is_prompt(each.path_before, folders)]
    known = {entry.path for entry in entries}
    for path in _fields(repository.run("ls-files", "-z", "--others", "--exclude-standard", "--", *folders)):
        if path not in known and _is_prompt(path, folders):
            entries.append(_Entry("A", "", "", path))
    old = [entry for entry in entries if entry.status != "A"]
    contents = dict(
        zip((entry.path_before for entry in old), repository.blobs([each.blob for each in old]), strict=True)
    )
    found = [_changed(repository, entry, contents.get(entry.path_before)) for entry in entries]
    return sorted(_joined([each for each in found if each]), key=lambda each: each.path or each.path_before)


def _entries(fields: Iterator[str]) -> Iterator[_Entry]:
    """The entries of `git diff --raw -z`."""
    for info in fields:
        old_mode, new_mode, blob, _, status = info.removeprefix(":").split(" ")
        path_before = path = next(fields)
        if status[0] in "RC":
            path = next(fields)
        # Links and submodules are no prompts, and unmerged files come a second time with what is on disk.
        if status[0] == "U" or not all(mode.startswith("100") or not int(mode) for mode in (old_mode, new_mode)):
            continue
        if status[0] == "A":
            path_before = ""
        elif status[0] == "D":
            path = ""
        yield _Entry(status[0], blob, path_before, path)


def _changed(repository: Repository, entry: _Entry, before: bytes | None) -> Changed | None:
    after = None
    if entry.path:
        try:
            after = (repository.top / entry.path).read_bytes()
        except FileNotFoundError:
            entry = entry._replace(path="")
    if before is None and after is None:
        return None
    if before is None or after is None:
        return Changed("added" if before is None else "removed", entry.path_before, entry.path, before, after)
    return Changed("changed" if entry.path == entry.path_before else "renamed", *entry[2:], before, after)


def _joined(found: list[Changed]) -> Iterator[Changed]:
    """The changes, with a file that is gone and a new one of the same id as one that was moved."""
    gone: dict[str, Changed] = {}
    for each in found:
        if each.change == "removed" and (id_ := id_of(each.before)):
            gone.setdefault(id_, each)
    moved: set[str] = set()
    for each in found:
        if each.change == "added" and (old := gone.pop(id_of(each.after), None)):
            moved.add(old.path_before)
            yield Changed("renamed", old.path_before, each.path, old.before, each.after)
        elif each.change != "removed":
            yield each
    yield from (each for each in found if each.change == "removed" and each.path_before not in moved)


def id_of(data: bytes | None) -> str:
    """The id in the bytes of a prompt; empty where there is none."""
    found = (read(data) or {}).get("id") if data is not None else None
    return str(found) if isinstance(found, str) else ""


def _has_id(data: bytes, name: str, *, broken: bool) -> bool:
    prompt = read(data)
    return broken if prompt is None else prompt.get("id") == name


def _rank(repository: Repository, root: Root, path: str) -> int:
    """The layer of a file, best first: the same id in several layers means the one that is served."""
    layer = root.layer(root.path / os.path.relpath(repository.top / path, root.path.resolve()))
    return LAYERS.index(layer) if layer else len(LAYERS)


def apart(repository: Repository, root: Root) -> list[Path]:
    """The prompt folders of a root that are no part of its repository: submodules, and links that lead out of it."""
    top = repository.top.resolve()
    return [folder for folder in root.prompt_folders() if folder.is_dir() and not _is_part(folder.resolve(), top)]


def _is_part(folder: Path, top: Path) -> bool:
    between = [each for each in (folder, *folder.parents) if each != top and each.is_relative_to(top)]
    return folder.is_relative_to(top) and not any((each / ".git").exists() for each in between)


def _folders(repository: Repository, root: Root) -> list[str]:
    """The prompt folders of a root, relative to the top of the repository."""
    paths = [folder.resolve() for folder in root.prompt_folders()]
    top = repository.top.resolve()
    return [path.relative_to(top).as_posix() for path in paths if path.is_relative_to(top)]


def _is_prompt(path: str, folders: list[str]) -> bool:
    """Whether a file is one that the library takes."""
    for folder in folders:
        prefix = "" if folder == "." else f"{folder}/"
        if path.startswith(prefix) and takes(path[len(prefix) :].replace("/", os.sep)):
            return True
    return False


def _fields(output: bytes) -> Iterator[str]:
    return (os.fsdecode(field) for field in output.split(b"\0") if field)
