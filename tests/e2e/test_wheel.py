"""The wheel carries what the package needs at run time."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from promptbits import __version__

TOP = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=TOP, check=True, capture_output=True, timeout=90)
    (path,) = folder.glob("*.whl")
    return path


def test_prompts_and_schemas_are_in_the_wheel(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    for path in (TOP / "prompts" / "builtin").glob("*.json"):
        assert f"promptbits/shipped/prompts/{path.name}" in names
    assert "promptbits/shipped/schemas/promptbit.schema.json" in names
    assert f"promptbits-{__version__}" in wheel.name


def test_the_unpacked_wheel_works_on_its_own(wheel, tmp_path):
    unpacked = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(unpacked)
    environment = os.environ | {"PYTHONPATH": str(unpacked)}
    code = "import promptbits; print(promptbits.__file__)"
    where = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, cwd=tmp_path)
    assert where.stdout.startswith(str(unpacked))
    listed = subprocess.run(
        [sys.executable, "-m", "promptbits", "list", "--json"],
        env=environment, capture_output=True, text=True, cwd=tmp_path, check=True,
    )  # fmt: skip
    assert "plan-mode" in {prompt["id"] for prompt in json.loads(listed.stdout)["prompts"]}
