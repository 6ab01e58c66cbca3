"""Where editors are put, and what an installer of one is made of."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
EDITORS = TOP / ".venv" / "editors"
COMMAND_SECONDS = 300


class ProblemError(Exception):
    """Why it cannot be installed, in one line."""


@dataclass(frozen=True)
class Editor:
    """An editor: its folder, its command in there, and how the folder is filled."""

    folder: str
    name: str
    # A pattern that the first line of `--version` begins with: another version is another editor.
    says: str
    # Fills the folder, with a second one to work in that is removed; returns the text of the command, a shell script.
    unpack: Callable[[Path, Path], str]

    @property
    def command(self) -> Path:
        """Where the command is once it is installed."""
        return EDITORS / self.folder / "bin" / self.name

    def installed(self) -> bool:
        """Whether the command is there and starts."""
        try:
            return self.command.exists() and self.is_right(self.command)
        except ProblemError:
            return False

    def is_right(self, command: Path) -> bool:
        """Whether a command is the version that is wanted."""
        return re.match(self.says, run([command, "--version"])) is not None

    def install(self) -> Path:
        """Install it, unless it is there. Of several processes that ask at once, one installs it."""
        EDITORS.mkdir(parents=True, exist_ok=True)
        with (EDITORS / f".lock-{self.folder}").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not self.installed():
                self.fill()
        return self.command

    def fill(self) -> None:
        """Fill the folder; the command is put in place last, so that half an installation is none."""
        prefix = EDITORS / self.folder
        shutil.rmtree(prefix, ignore_errors=True)
        self.command.parent.mkdir(parents=True)
        with tempfile.TemporaryDirectory(dir=EDITORS) as work:
            text = self.unpack(prefix, Path(work))
        trial = self.command.with_name("trial")
        trial.write_text(f"#!/bin/sh\n{text}\n", "utf-8")
        trial.chmod(0o755)
        if not self.is_right(trial):
            raise ProblemError(f"what there is calls itself {run([trial, '--version']).splitlines()[:1]}")
        trial.rename(self.command)


def run(command: list[str | Path], folder: Path | None = None) -> str:
    """Run a command and return what it printed.

    Raises:
        ProblemError: it failed.
    """
    name = Path(command[0]).name
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=COMMAND_SECONDS,
            env=os.environ | {"LC_ALL": "C"},
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ProblemError(f"{name}: {type(error).__name__}") from error
    if done.returncode != 0:
        said = [line.strip() for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        raise ProblemError(f"{name}: {next(iter(said), f'exit code {done.returncode}')}")
    return done.stdout


def need(*tools: str) -> None:
    """Complain of the first of these programs that is not there."""
    for tool in tools:
        if shutil.which(tool) is None:
            raise ProblemError(f"it needs {tool}")
