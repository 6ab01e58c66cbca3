"""Neovim: where it comes from, how it is set up, and one run of it without a screen with a probe of `neovim/`."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

TOP = Path(__file__).resolve().parents[2]
LUA = Path(__file__).with_name("neovim")
SCRIPT = TOP / "scripts" / "install_editors.py"
# What each version tested calls itself, and its title in docs/editors.md.
VERSIONS = {
    "10": (r"NVIM v0\.10\.", "Older versions (0.10):"),
    "newest": (r"NVIM v(0\.1[1-9]|[1-9])", "From 0.11 on:"),
}
COMMAND = [sys.executable, "-m", "promptbits", "lsp", "--stdio"]
DOCUMENTED_COMMAND = '{ "promptbits", "lsp", "--stdio" }'
INSTALL_SECONDS = 240
RUN_SECONDS = 30


class NoNeovimError(Exception):
    """Why there is no Neovim to test with, in one line."""


class Run(NamedTuple):
    """What a probe returned, how Neovim ended, and what the server wrote to stderr."""

    result: Any
    exit_code: int
    stderr: str


def find(version: str) -> str:
    """The command of a version: the one that was named, one that is or can be installed, or the machine's own.

    Raises:
        NoNeovimError: there is none.
    """
    if named := os.environ.get(f"PROMPTBITS_NVIM_{version.upper()}"):
        if not is_version(named, version):
            raise NoNeovimError(f"PROMPTBITS_NVIM_{version.upper()} is no such Neovim: {named}")
        return named
    installed = TOP / ".venv" / "editors" / f"nvim-{version}" / "bin" / "nvim"
    if is_version(str(installed), version):
        return str(installed)
    reason = f"Neovim ({version}) is not installed"
    if shutil.which("apt-get") and shutil.which("dpkg-deb"):
        try:
            return install(version)
        except NoNeovimError as error:
            reason = str(error)
    command = shutil.which("nvim")
    if command is None or not is_version(command, version):
        raise NoNeovimError(reason)
    return command


def install(version: str) -> str:
    """The command, installed by the project's script; of several that ask at once, one installs it."""
    command = [sys.executable, SCRIPT, f"nvim-{version}"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=INSTALL_SECONDS)
    except subprocess.TimeoutExpired:
        raise NoNeovimError(f"Neovim ({version}) was not installed within {INSTALL_SECONDS} seconds") from None
    if done.returncode != 0:
        raise NoNeovimError(done.stderr.strip().removeprefix("promptbits: "))
    return done.stdout.strip()


def is_version(command: str, version: str) -> bool:
    """Whether a command is a Neovim of this version."""
    try:
        done = subprocess.run([command, "--version"], capture_output=True, text=True, check=False, timeout=RUN_SECONDS)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return re.match(VERSIONS[version][0], done.stdout) is not None


def documented_setup(version: str) -> str:
    """The Lua that docs/editors.md gives to authors, with the command of these tests."""
    text = (TOP / "docs" / "editors.md").read_text("utf-8")
    block = re.search(re.escape(VERSIONS[version][1]) + r".*?```lua\n(.*?)```", text, re.DOTALL)
    assert block, "docs/editors.md says how to set up Neovim"
    assert DOCUMENTED_COMMAND in block[1]
    return block[1].replace(DOCUMENTED_COMMAND, "{ " + ", ".join(json.dumps(part) for part in COMMAND) + " }")


def plugin_setup(home: Path, **options: Any) -> str:
    """The Lua of an author who has cloned the repository as a package, and says where the server of these tests is."""
    packages = home / "packages"
    clone = packages / "pack" / "tests" / "start" / "promptbits"
    if not clone.exists():
        for folder in ("plugin", "neovim"):
            shutil.copytree(TOP / folder, clone / folder)
    chosen = {"cmd": [sys.executable, "-m", "promptbits"]} | options
    return (
        f"vim.opt.packpath:prepend({json.dumps(str(packages))})\n"
        f"vim.g.promptbits = vim.json.decode([==[{json.dumps(chosen)}]==])\n"
    )


def prompt(id_: str, content: str, **fields: Any) -> str:
    """A prompt as a file holds it."""
    value = {
        "id": id_,
        "description": f"A {id_}",
        "trigger": {"Custom": f"trigger of {id_}"},
        "category": "Examples",
        "content": content,
        "confidence": 0.5,
        "source": "Custom",
    }
    return json.dumps(value | fields, indent=2, ensure_ascii=False) + "\n"


@dataclass(frozen=True)
class Neovim:
    """A Neovim in a workspace and a home of its own.

    `probes` is the file of its probes; `setup` is Lua in place of the setup by hand that is documented.
    """

    command: str
    version: str
    workspace: Path
    home: Path
    probes: str = "probes.lua"
    setup: str = ""

    def with_plugin(self, probes: str, **options: Any) -> Neovim:
        """The same with the plugin, with these options and the probes of a file."""
        return dataclasses.replace(self, probes=probes, setup=plugin_setup(self.home, **options))

    def write(self, name: str, text: str) -> Path:
        """Write a file of the workspace."""
        path = self.workspace / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    def probe(self, probe: str, path: Path, **arguments: Any) -> Any:
        """What a probe returns. It starts in the buffer of a file; the server has nothing to complain of."""
        run = self.run(probe, path, **arguments)
        assert run.exit_code == 0
        assert run.stderr == ""
        return run.result

    def run(self, probe: str, path: Path, **arguments: Any) -> Run:
        """Run Neovim with one probe until it ends."""
        report = self.home / f"{probe}.json"
        report.unlink(missing_ok=True)
        loaded = ["--headless", "--cmd", "lua Harness = dofile(vim.env.HARNESS)"]
        probed = {"PROBES": str(LUA / self.probes), "PROBE": probe, "ARGUMENTS": json.dumps(arguments)}
        done = subprocess.run(
            [*self.start(*loaded), path, "-c", "lua Harness.main()"],
            cwd=self.workspace,
            env=self.environment() | probed | {"HARNESS": str(LUA / "harness.lua"), "REPORT": str(report)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=RUN_SECONDS,
        )
        assert report.exists(), done.stderr
        said = json.loads(report.read_text("utf-8"))
        assert "problem" not in said, f"{said['problem']}\n{said['messages']}\n{self.log()}"
        return Run(said.get("result"), done.returncode, self.log())

    def start(self, *options: str) -> list[str]:
        """The command that starts it with its setup and nothing of the person who runs the tests."""
        setup = self.home / "init.lua"
        setup.write_text(self.setup or documented_setup(self.version), "utf-8")
        return [self.command, "--clean", "-n", *options, "-u", str(setup)]

    def environment(self) -> dict[str, str]:
        """The environment of Neovim and of the server, likewise."""
        folders = {f"XDG_{name}_HOME": str(self.home / name.lower()) for name in ("CONFIG", "DATA", "STATE", "CACHE")}
        names = [name for name in os.environ if not name.startswith(("PROMPTBITS_", "NVIM", "VIM"))]
        return {name: os.environ[name] for name in names} | folders

    def log(self) -> str:
        """What the server wrote to stderr, as Neovim keeps it."""
        paths = sorted((self.home / "state").rglob("lsp.log"))
        lines = [line for path in paths for line in path.read_text("utf-8").splitlines()]
        return "\n".join(line for line in lines if '"stderr"' in line)


def at(text: str, **pieces: str) -> list[str]:
    """What the harness says of findings that begin where these pieces of text do: lines and bytes, from 0.

    The names are the codes, with underscores.
    """
    return sorted(f"{code.replace('_', '-')} {place_of(text, piece)}" for code, piece in pieces.items())


def place_of(text: str, piece: str) -> str:
    """Where a piece of text begins, as Neovim counts."""
    before = text[: text.index(piece)].encode().split(b"\n")
    return f"{len(before) - 1}:{len(before[-1])}"
