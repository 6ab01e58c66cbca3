"""Run every test: the static checks first, then pytest, then what starts VS Code.

A tool that is not installed is skipped with one line that names it, unless CI=true, when that is a failure.
"""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import node_tools

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
# Those of the extension, in its folder. Editors need both cores, so they come after pytest.
EXTENSION_STATIC: list[tuple[str, list[str]]] = [
    ("eslint and prettier", ["npm", "run", "--silent", "lint"]),
    ("tsc", ["npm", "run", "--silent", "typecheck"]),
    ("vitest", ["npm", "run", "--silent", "test"]),
]
EXTENSION_TESTS: list[tuple[str, list[str]]] = [
    ("extension host", ["npm", "run", "--silent", "test:host"]),
    ("workbench", ["npm", "run", "--silent", "test:workbench"]),
]


def main() -> int:
    """Run all steps and name those that failed."""
    is_static = "--static" in sys.argv[1:]
    failed = [name for name, module, command in STATIC if not run(name, module, command)]
    problem = node_tools.install()
    if problem:
        print(f"skipped: the VS Code extension: {problem}", flush=True)
        failed += ["the VS Code extension"] if os.environ.get("CI") == "true" else []
    steps = [] if problem else EXTENSION_STATIC
    failed += [name for name, command in steps if not run_in_extension(name, command)]
    if not is_static:
        failed += [name for name, module, command in TESTS if not run(name, module, command)]
        steps = [] if problem else EXTENSION_TESTS
        failed += [name for name, command in steps if not run_in_extension(name, command)]
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


def run_in_extension(name: str, command: list[str]) -> bool:
    """Run one step of the extension; its output is shown when it fails, or the line that says what was skipped."""
    print(f"· {name}", flush=True)
    done = node_tools.run(command, os.environ | {"PYTHON": sys.executable})
    lines = (done.stdout + done.stderr).splitlines()
    shown = lines if done.returncode != 0 else [line for line in lines if line.startswith("skipped:")]
    print("".join(f"{line}\n" for line in shown), end="", flush=True)
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
