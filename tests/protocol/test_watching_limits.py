"""Our own watcher where the system does not let it watch."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import watchfiles
from authoring import DEADLINE, prompt, session
from own_watcher import watching

pytestmark = pytest.mark.asyncio

A, B = "prompts/a.json", "prompts/b.json"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError("OS file watch limit reached. about [...]"), "max_user_watches"),
        (PermissionError(13, "no"), "Permission denied"),
        (RuntimeError("Error creating recommended watcher: Too many open files (os error 24)"), "max_user_instances"),
        (ImportError("no such library"), "ImportError"),
    ],
)
async def test_a_watcher_that_cannot_start_says_so_once_and_saving_helps(
    error: Exception, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_options: object) -> None:
        raise error

    monkeypatch.setattr("watchfiles.watch", fail)
    async with session(tmp_path) as author:
        author.open(A, prompt("a", related=["b"]))
        await author.published(A, "unknown-reference")
        await author.client.until(lambda: bool(author.warnings()), deadline=DEADLINE)
        author.write(B, prompt("b"))
        author.client.notify("textDocument/didSave", {"textDocument": {"uri": author.uri(A)}})
        await author.cleared(A)
        [warning] = author.warnings()
        assert said in warning
        assert "save" in warning


LIMITED = """
import asyncio, sys
from pathlib import Path
from promptbits.lsp.state.watcher import Target, Watcher

try:
    Path("/proc/sys/user/max_inotify_watches").write_text("4")
except OSError:
    print("no limit can be set here")
    raise SystemExit

async def main():
    failed = asyncio.get_running_loop().create_future()
    watcher = Watcher(lambda told: None, lambda roots: None, failed.set_result)
    root = Path(sys.argv[1])
    watcher.follow([Target(root, None, (root / "prompts",))])
    print(await asyncio.wait_for(failed, 10))

asyncio.run(main())
"""


@pytest.mark.skipif(shutil.which("unshare") is None, reason="limits of its own for a process need unshare")
async def test_the_limit_of_watched_files_is_noticed(tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / f"prompts/{number}").mkdir(parents=True)
    command = ["unshare", "-Ur", sys.executable, "-c", LIMITED, str(tmp_path)]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, timeout=30)
    if "no limit can be set here" in done.stdout or done.stderr.startswith("unshare:"):
        pytest.skip("a process cannot have limits of its own here")
    assert "max_user_watches" in done.stdout, done.stderr


async def test_folders_without_access_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may read everything, so the system's answer is given here."""
    real = watchfiles.watch

    def denied(*folders: str, ignore_permission_denied: bool, **options: Any) -> Any:
        if not ignore_permission_denied:
            raise PermissionError(13, "no")
        return real(*folders, ignore_permission_denied=True, **options)

    monkeypatch.setattr("watchfiles.watch", denied)
    async with session(tmp_path) as author:
        author.write("prompts/c.json", prompt("c"))
        author.open(A, prompt("a", related=["b"]))
        await watching(author)
        author.write(B, prompt("b"))
        await author.cleared(A)
        assert author.warnings() == []
