"""What cannot be merged as a prompt, merged by git itself. Imported only then: it starts another process."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from promptbits.cli.git.members import take
from promptbits.cli.git.merging import Labels, Outcome
from promptbits.text.document import Document

_MOST_CONFLICTS: Final = 127  # git reports no more; what is above are errors


def merge_files(names: Sequence[str], labels: Labels, size: int) -> int:
    """Merge three files line by line, the result in the place of the second; returns the exit code for git."""
    base, ours, theirs = names
    code = subprocess.run([*_command(labels, size), "--", ours, base, theirs], check=False).returncode
    # Binary files are not merged at all: they stay ours, in conflict. Passed on, the code would end the whole merge.
    return 1 if code < 0 or code > _MOST_CONFLICTS else code


def merge_rest(outcome: Outcome, base: Document, theirs: Document, labels: Labels, size: int) -> tuple[bytes, int]:
    """The merged file with the members that both sides changed merged as lines, and the number of conflicts.

    The three texts that git gets differ in these members and nowhere else, so that it sees no other conflict.
    """
    before = after = outcome.document
    for path in outcome.unmerged:
        before, after = take(before, base, path), take(after, theirs, path)
    with tempfile.TemporaryDirectory(prefix="promptbits-") as folder:
        paths = [Path(folder) / name for name in ("ours", "base", "theirs")]
        for path, document in zip(paths, (outcome.document, before, after), strict=True):
            path.write_bytes(document.text.encode("utf-8"))
        done = subprocess.run([*_command(labels, size), "-p", "--", *paths], stdout=subprocess.PIPE, check=False)
    if done.returncode < 0 or done.returncode > _MOST_CONFLICTS:
        raise OSError(0, "git merge-file failed")
    return done.stdout, done.returncode


def shows_base() -> bool:
    """Whether the user wants to see the base in conflicts, as git's setting `merge.conflictStyle` says."""
    command = ["git", "config", "--get", "merge.conflictStyle"]
    style = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    return style in ("diff3", "zdiff3")


def _command(labels: Labels, size: int) -> list[str]:
    names = [part for label in labels for part in ("-L", label)]
    return ["git", "merge-file", "-q", f"--marker-size={size}", *names]
