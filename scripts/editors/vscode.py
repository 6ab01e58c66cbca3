"""The server of VS Code with its workbench, out of the npm package code-server. Nothing is compiled."""

from __future__ import annotations

import tarfile
from pathlib import Path

from editors.place import Editor, ProblemError, need, run

# This is VS Code 1.100.3, for Node 20.
VERSION = "4.100.3"
RIPGREP = "1.18.0"
NPM = ["npm", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error", "--ignore-scripts"]


def unpack(prefix: Path, work: Path) -> str:
    """Fill the folder; the command is VS Code's own server, without what code-server puts around it."""
    need("node", "npm")
    run([*NPM, "pack", f"code-server@{VERSION}"], work)
    with tarfile.open(next(work.glob("*.tgz"))) as package:
        package.extractall(prefix, filter="tar")
    server = prefix / "package/lib/vscode"
    run([*NPM, "install", "--omit=dev"], server)
    (server / "node_modules.asar").symlink_to("node_modules")
    add_ripgrep(server, work)
    return f"""exec node '{server}/out/server-main.js' "$@\""""


def add_ripgrep(server: Path, work: Path) -> None:
    """Put in the program that finds files: its package here would fetch one from elsewhere while it is installed."""
    (work / "ripgrep").mkdir()
    run([*NPM, "install", "--prefix", work / "ripgrep", f"@vscode/ripgrep@{RIPGREP}"], work / "ripgrep")
    program = next((work / "ripgrep/node_modules/@vscode").glob("ripgrep-*/bin/rg*"), None)
    if program is None:
        raise ProblemError("there is no ripgrep for this platform")
    folder = server / "node_modules/@vscode/ripgrep/bin"
    folder.mkdir(parents=True, exist_ok=True)
    program.rename(folder / program.name)


VSCODE = Editor("vscode", "code", r"\d+\.\d+", unpack)
