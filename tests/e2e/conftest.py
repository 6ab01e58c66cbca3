"""What the tests with a real Neovim share: each version of it, in a workspace of its own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from neovim_driver import VERSIONS, Neovim, NoNeovimError, find


@pytest.fixture(scope="session", params=VERSIONS)
def version(request: pytest.FixtureRequest) -> tuple[str, str]:
    """A version and its command; where it cannot be installed, tests are skipped, unless CI=true."""
    try:
        return request.param, find(request.param)
    except NoNeovimError as error:
        reason = str(error)
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture
def neovim(version: tuple[str, str], tmp_path: Path) -> Neovim:
    workspace, home = tmp_path / "workspace", tmp_path / "home"
    workspace.mkdir()
    home.mkdir()
    (workspace / "promptbits.toml").touch()
    return Neovim(version[1], version[0], workspace, home)
