"""Create `.venv` and install the package into it, once per state of pyproject.toml.

Needs nothing but the standard library. `--dev` adds what tests need; what cannot be installed on this platform
is named in one line and left out, unless CI=true.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import subprocess
import sys
import tomllib
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
VENV = TOP / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOG = VENV / "pip.log"


def main() -> int:
    """Install, or say in one line what is missing."""
    dev = "--dev" in sys.argv[1:]
    stamp = VENV / f".installed-{'dev' if dev else 'user'}"
    state = hashlib.sha256((TOP / "pyproject.toml").read_bytes() + str(TOP).encode()).hexdigest()
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == state:
        return 0
    if not PYTHON.exists() and (problem := create()):
        return fail(problem)
    say("installing promptbits and its dependencies (a minute on a slow line)")
    # What scores proposals has no wheel on every platform (Alpine has none). All the rest works without it.
    if pip("--editable", f"{TOP}[score]"):
        if problem := pip("--editable", str(TOP)):
            where = f"is a package index reachable? All it said: {LOG}"
            return fail(f"pip could not install promptbits: {problem} ({where})")
        say("left out, as pip could not install it here: what scores proposals (the extra score)")
    if dev and (missing := install_tools()):
        names = ", ".join(missing)
        if os.environ.get("CI") == "true":
            return fail(f"could not be installed: {names}")
        say(f"left out, as pip could not install it here: {names}")
    stamp.write_text(state)
    return 0


def create() -> str | None:
    """Create the virtual environment; what stands in the way, in one line."""
    if importlib.util.find_spec("ensurepip") is None:
        return "this Python cannot create virtual environments: install its venv package (Debian: python3-venv)"
    say(f"creating {VENV.name} with Python {sys.version.split()[0]}")
    done = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True)
    return None if done.returncode == 0 else f"could not create {VENV}: {(done.stderr or done.stdout).strip()}"


def install_tools() -> list[str]:
    """Install the development group; the names of what could not be installed."""
    table = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))
    tools: list[str] = table["dependency-groups"]["dev"]
    say(f"installing {len(tools)} tools for tests")
    if not pip(*tools):
        return []
    return [tool for tool in tools if pip(tool)]


def pip(*arguments: str) -> str | None:
    """Run pip, with its own progress where somebody watches; what went wrong, in one line."""
    quiet = [] if sys.stderr.isatty() else ["--quiet"]
    command = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install", *quiet]
    done = subprocess.run([*command, *arguments], check=False, stdout=sys.stderr, stderr=subprocess.PIPE, text=True)
    if done.returncode == 0:
        return None
    LOG.write_text(done.stderr, "utf-8")
    lines = [line.strip() for line in done.stderr.splitlines() if line.strip()] or ["it said nothing"]
    # The first error is the cause; what follows says that there was one.
    cause = next((line for line in lines if line.startswith("ERROR: ")), lines[-1])
    return cause.removeprefix("ERROR: ")


def say(text: str) -> None:
    """One line of progress."""
    print(f"· {text}", file=sys.stderr, flush=True)


def fail(text: str) -> int:
    """One line on what went wrong."""
    print(f"promptbits: {text}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
