"""Every test has a cache of its own, and none is led by the environment of whoever runs it."""

from __future__ import annotations

import pytest
from library_files import Reads


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    monkeypatch.setenv("PROMPTBITS_CACHE", str(tmp_path_factory.mktemp("cache")))
    monkeypatch.delenv("PROMPTBITS_ROOT", raising=False)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Reads:
    return Reads(monkeypatch)
