"""The tools of the VS Code extension: installed by npm from its lock file, once per state of that file."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

EXTENSION = Path(__file__).resolve().parents[1] / "vscode-extension"
OLDEST_NODE = 20


def install() -> str | None:
    """Install what is not there yet; what stands in the way, in one line."""
    if problem := missing():
        return problem
    stamp = EXTENSION / "node_modules" / ".lock-hash"
    state = hashlib.sha256((EXTENSION / "package-lock.json").read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == state:
        return None
    # No package needs its scripts run, and none that comes to need it should go unnoticed.
    done = run(["npm", "ci", "--ignore-scripts", "--no-update-notifier", "--loglevel=error"])
    if done.returncode != 0:
        said = [line for line in done.stderr.splitlines() if line.startswith("npm error")]
        return f"npm ci: {next(iter(said), f'exit code {done.returncode}')}"
    stamp.write_text(state)
    return None


def missing() -> str | None:
    """Which program is not there, or too old."""
    for tool in ("node", "npm"):
        if shutil.which(tool) is None:
            return f"it needs {tool}"
    says = run(["node", "--version"]).stdout.strip()
    version = re.match(r"v(\d+)\.", says)
    return None if version and int(version[1]) >= OLDEST_NODE else f"it needs Node.js {OLDEST_NODE}; there is {says}"


def run(command: list[str], environment: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command in the folder of the extension, in this environment or that of the process."""
    program = shutil.which(command[0]) or command[0]  # on Windows npm is a script
    return subprocess.run(
        [program, *command[1:]], cwd=EXTENSION, check=False, capture_output=True, text=True, env=environment
    )
