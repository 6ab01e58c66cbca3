"""The servers that are measured, and how each is started."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import promptbits

TOP: Final = Path(__file__).resolve().parents[1]
PACKAGES: Final = TOP / ".venv" / "bench"
"""Where npm installs; `make clean` removes it with the rest."""
PEER: Final = "vscode-langservers-extracted@4.10.0"

OURS: Final = "promptbits"
VSCODE: Final = "vscode-json"
PYGLS: Final = "empty-pygls"
BARE: Final = "bare-python"

_PEERS: Final = Path(__file__).resolve().parent / "peers"
_MODULES: Final = PACKAGES / "node_modules"


@dataclass(frozen=True, slots=True)
class Server:
    """A server that can be started.

    Attributes:
        name: what the results call it.
        command: the process.
        options: initializationOptions.
        settings: sent with workspace/didChangeConfiguration after `initialized`, if any.
        validates: whether it looks at what it is sent; the files with errors are pointless to one that does not.
        about: which version of what it is.
    """

    name: str
    command: tuple[str, ...]
    about: str
    options: dict[str, Any] = field(default_factory=dict[str, Any])
    settings: dict[str, Any] = field(default_factory=dict[str, Any])
    validates: bool = True


def ours() -> Server:
    """This project's server."""
    command = (sys.executable, "-m", "promptbits", "lsp", "--stdio")
    return Server(OURS, command, f"{promptbits.__version__}{_commit()}")


def available(schema: Path) -> tuple[list[Server], list[str]]:
    """The servers of this machine, and one line on each that is left out."""
    python = sys.executable
    pygls = f"pygls {version('pygls')}, lsprotocol {version('lsprotocol')}"
    servers = [ours()]
    skipped: list[str] = []
    problem = install()
    if problem is None:
        servers.append(_vscode(schema))
    else:
        skipped.append(f"{VSCODE} is left out: {problem}")
    servers.append(Server(PYGLS, (python, str(_PEERS / "empty_pygls.py")), pygls, validates=False))
    servers.append(Server(BARE, (python, str(_PEERS / "bare_python.py")), "standard library", validates=False))
    return servers, skipped


def environment(cache: Path) -> dict[str, str]:
    """The environment of servers: nothing that changes how Python runs or what PromptBits reads, and an own cache.

    PYTHONDONTWRITEBYTECODE above all must not be set: with it each start compiles, and compiling would be measured.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PROMPTBITS"))}
    return kept | {"PROMPTBITS_CACHE": str(cache)}


def install() -> str | None:
    """Install the peer that npm has, once; what stands in the way, in one line."""
    if shutil.which("node") is None:
        return "node is not installed"
    if _installed("vscode-langservers-extracted") == PEER.rpartition("@")[2]:
        return None
    npm = shutil.which("npm")
    if npm is None:
        return "npm is not installed"
    print(f"· installing {PEER} with npm", file=sys.stderr, flush=True)
    PACKAGES.mkdir(parents=True, exist_ok=True)
    command = [
        npm,
        "install",
        "--prefix",
        str(PACKAGES),
        "--no-audit",
        "--no-fund",
        "--ignore-scripts",
        "--silent",
        PEER,
    ]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        lines = [line.strip() for line in (done.stderr + done.stdout).splitlines() if line.strip()]
        return f"npm could not install it: {lines[0] if lines else 'it said nothing'}"
    return None


def _commit() -> str:
    """Which commit this is, and whether anything was changed since; nothing where git does not know."""
    git = shutil.which("git")
    if git is None:
        return ""
    command = [git, "-C", str(TOP), "describe", "--always", "--dirty", "--exclude=*"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    return f", commit {done.stdout.strip()}" if done.returncode == 0 else ""


def _installed(package: str) -> str | None:
    """The version of an npm package that lies there."""
    try:
        return json.loads((_MODULES / package / "package.json").read_text("utf-8"))["version"]
    except OSError:
        return None


def _vscode(schema: Path) -> Server:
    node = shutil.which("node") or "node"
    done = subprocess.run([node, "--version"], check=False, capture_output=True, text=True)
    libraries = f"json-languageservice {_installed('vscode-json-languageservice')}, node {done.stdout.strip()}"
    return Server(
        VSCODE,
        (node, str(_MODULES / "vscode-langservers-extracted/bin/vscode-json-language-server"), "--stdio"),
        f"{PEER}, {libraries}",
        options={"provideFormatter": True, "handledSchemaProtocols": ["file"]},
        settings={
            "json": {
                "validate": {"enable": True},
                "format": {"enable": True},
                "schemas": [{"fileMatch": ["*.json"], "url": schema.as_uri()}],
            }
        },
    )
