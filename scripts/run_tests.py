"""Run every test: the static checks first, pytest last.

A tool that is not installed is skipped with one line that names it, unless CI=true, when that is a failure.
"""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
SCRIPTS = Path(sys.executable).parent

# (what it is, the module that has to be there, the command)
STATIC: list[tuple[str, str, list[str]]] = [
    ("ruff check", "ruff", [sys.executable, "-m", "ruff", "check", "."]),
    ("ruff format", "ruff", [sys.executable, "-m", "ruff", "format", "--check", "."]),
    ("import-linter", "importlinter", [str(SCRIPTS / "lint-imports")]),
    ("deptry", "deptry", [sys.executable, "-m", "deptry", "server"]),
    ("pyright", "pyright", [sys.executable, "-m", "pyright"]),
    ("promptbits check", "promptbits", [sys.executable, "-m", "promptbits", "check"]),
]
PLUGINS = ("pytest_asyncio", "pytest_timeout")
SPREAD = ["-n", "auto", "--dist", "loadfile"]
TESTS: list[tuple[str, str, list[str]]] = [
    ("pytest", "pytest", [sys.executable, "-m", "pytest", *(SPREAD if find_spec("xdist") else [])]),
]


def main() -> int:
    """Run all steps and name those that failed."""
    steps = STATIC if "--static" in sys.argv[1:] else STATIC + TESTS
    failed = [name for name, module, command in steps if not run(name, module, command)]
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def run(name: str, module: str, command: list[str]) -> bool:
    """Run one step; its output is shown only when it fails, except for pytest's."""
    # pyproject.toml configures two plugins of pytest; without them it refuses to start.
    missing = [each for each in (module, *(PLUGINS if name == "pytest" else ())) if not works(each)]
    if missing:
        name = name if missing == [module] else f"{name} ({', '.join(missing)})"
        print(f"skipped: {name} is not installed on this platform", flush=True)
        return os.environ.get("CI") != "true"
    print(f"· {name}", flush=True)
    environment = os.environ | {"PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"}
    if name == "pytest":
        return subprocess.run(command, check=False, cwd=TOP, env=environment).returncode == 0
    done = subprocess.run(command, check=False, cwd=TOP, env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        print(done.stdout + done.stderr, flush=True)
    return done.returncode == 0


def works(module: str) -> bool:
    """Whether a tool is there. Pyright is more than its package: on its first start it fetches a Node.js program."""
    if find_spec(module) is None:
        return False
    if module != "pyright":
        return True
    probe = [sys.executable, "-m", "pyright", "--version"]
    return subprocess.run(probe, check=False, cwd=TOP, capture_output=True).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
