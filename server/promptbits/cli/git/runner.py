"""Runs git: fixed arguments, no shell, and every failure one line that says what to do."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from promptbits.cli.errors import CommandError


class GitError(CommandError):
    """Git is not there, or cannot do what it was asked."""


class Repository:
    """A repository, by the top folder of its working tree."""

    def __init__(self, top: Path) -> None:
        self.top = top

    @classmethod
    def around(cls, folder: Path) -> Repository:
        """The repository that a folder lies in.

        Raises:
            GitError: it lies in none, or git is not installed.
        """
        done = _run(["rev-parse", "--show-toplevel"], folder)
        if done.returncode:
            raise GitError(f"{folder}: {_reason(done, 'it lies in no git repository')}")
        return cls(Path(os.fsdecode(done.stdout.removesuffix(b"\n"))))

    def run(self, *arguments: str, stdin: bytes = b"") -> bytes:
        """What a command of git prints.

        Raises:
            GitError: it failed, with the first line of what it says.
        """
        done = _run(arguments, self.top, stdin)
        if done.returncode:
            raise GitError(f"git {arguments[0]}: {_reason(done, 'it failed')}")
        return done.stdout

    def ask(self, *arguments: str) -> str | None:
        """The one line that a command prints, or None where it fails: it was a question."""
        done = _run(arguments, self.top)
        return None if done.returncode else os.fsdecode(done.stdout).removesuffix("\n")

    def commit(self, ref: str) -> str:
        """The commit that a name stands for.

        Raises:
            GitError: there is none of that name.
        """
        # A name that begins with a dash would be read as an option, and git has no such names.
        found = (
            None
            if ref.startswith("-") or not ref
            else self.ask("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}")
        )
        if found is None and ref == "HEAD":
            raise GitError(f"{self.top}: there is no commit yet to compare with")
        if found is None:
            raise GitError(f"there is no commit {ref!r} in {self.top}: {self._what_may_lack()}")
        return found

    def _what_may_lack(self) -> str:
        if self.ask("rev-parse", "--is-shallow-repository") == "true":
            return "this clone is shallow, fetch more of the history (fetch-depth: 0 in CI)"
        return "name a branch, a tag or a commit (is it fetched?)"

    def merge_base(self, ref: str) -> str:
        """The commit where the history of HEAD left that of another one.

        Raises:
            GitError: there is none.
        """
        other = self.commit(ref)
        found = self.ask("merge-base", other, self.commit("HEAD"))
        if found is None:
            raise GitError(
                f"HEAD has no commit in common with {ref!r}: fetch more of the history (fetch-depth: 0 in CI)"
            )
        return found

    def blobs(self, names: Sequence[str]) -> list[bytes]:
        """The contents of objects by their hashes, in one go.

        Raises:
            GitError: git failed, or there is no such object.
        """
        output = (
            self.run("cat-file", "--batch", stdin="".join(f"{name}\n" for name in names).encode()) if names else b""
        )
        found: list[bytes] = []
        at = 0
        for name in names:
            line_end = output.find(b"\n", at)
            header = output[at:line_end].split(b" ")
            if line_end < 0 or len(header) != 3 or not header[2].isdigit():
                raise GitError(f"git has no object {name}: is this a partial clone?")
            start = line_end + 1
            at = start + int(header[2]) + 1
            found.append(output[start : at - 1])
        return found


def _run(arguments: Sequence[str], folder: Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    # No lock is taken that a git of the user's would trip over, and paths mean what they say.
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "GIT_LITERAL_PATHSPECS": "1", "LC_ALL": "C"}
    command = ["git", "-c", "core.quotePath=off", *arguments]
    try:
        return subprocess.run(command, cwd=folder, input=stdin, capture_output=True, env=environment, check=False)
    except FileNotFoundError as error:
        if not folder.is_dir():
            raise
        raise GitError("git is not installed, or not on the PATH") from error


def _reason(done: subprocess.CompletedProcess[bytes], otherwise: str) -> str:
    lines = done.stderr.decode("utf-8", "replace").splitlines()
    said = next((line for line in lines if line.startswith(("fatal: ", "error: "))), "").partition(": ")[2]
    if "dubious ownership" in said:  # as in containers of CI; git says what to do on lines of its own
        way = next((line.strip() for line in lines if "safe.directory" in line), "")
        return f"{said}: {way}" if way else said
    return otherwise if not said or said.startswith("not a git repository") else said
