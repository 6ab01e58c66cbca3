"""`make` on a machine where something is missing: one clear line."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """As much of this repository as the Makefile looks at before it installs."""
    for name in ("Makefile", "pyproject.toml", "README.md", "LICENSE", "scripts/install.py"):
        target = tmp_path / "checkout" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(TOP / name, target)
    return tmp_path / "checkout"


def make(checkout: Path, *args: str, **environment: str) -> list[str]:
    """Run make, which has to fail; the lines of stderr but for make's own and those of progress."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "MAKE", "MFLAGS"))}
    done = subprocess.run(
        [str(shutil.which("make")), *args],
        cwd=checkout,
        env=kept | environment,
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    return [line for line in done.stderr.splitlines() if not line.startswith(("make", "· "))]


def test_without_python(checkout: Path, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "sh").symlink_to(str(shutil.which("sh")))
    for target in ("demo", "test"):
        (line,) = make(checkout, target, PATH=str(tools))
        assert line.startswith("PromptBits needs Python 3.11 or newer: install it")


def test_with_an_interpreter_that_is_not_there(checkout: Path) -> None:
    (line,) = make(checkout, "demo", "PYTHON=/nowhere/python3")
    assert line.startswith("PromptBits needs Python 3.11 or newer: install it")


def test_without_a_package_index(checkout: Path) -> None:
    (line,) = make(checkout, "demo", PIP_NO_INDEX="1", PIP_CONFIG_FILE=os.devnull)
    assert line.startswith("promptbits: pip could not install promptbits: Could not find a version")
    assert "No matching distribution" in (checkout / ".venv/pip.log").read_text("utf-8")
