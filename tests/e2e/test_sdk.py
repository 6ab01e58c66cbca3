"""The SDK in processes of its own: killed, forked, on disks that are full or read-only, and as the manual shows it."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from promptbits.facts.opening import open_store
from promptbits.facts.spool import spool_folders, take_in, take_in_all

TOP = Path(__file__).resolve().parents[2]
PAGE = TOP / "docs" / "sdk.md"
EXAMPLES = re.findall(r"^```python\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="disks of its own are Linux's")

GREET = {
    "id": "greet",
    "trigger": {"Custom": "greeting"},
    "category": "Examples",
    "content": "Greet <<name>> in one line.",
    "variables": {"name": {}},
    "confidence": 0.9,
    "source": "Custom",
}


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "root"
    prompt = folder / "prompts" / "custom" / "greet.json"
    prompt.parent.mkdir(parents=True)
    prompt.write_text(json.dumps(GREET))
    (folder / "promptbits.toml").touch()
    return folder


def environment(tmp_path):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PROMPTBITS_")}
    return kept | {"PROMPTBITS_CACHE": str(tmp_path / "cache"), "PROMPTBITS_STATE": str(tmp_path / "state")}


def start(code, root, tmp_path, *before):
    return subprocess.Popen(
        [*before, sys.executable, "-c", textwrap.dedent(code)],
        cwd=root,
        env=environment(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finished(process):
    out, error = process.communicate(timeout=60)
    assert process.returncode == 0, error
    return out, error


def taken_in(root, monkeypatch, tmp_path):
    """What the store holds once everything that waits is in it."""
    monkeypatch.setenv("PROMPTBITS_STATE", str(tmp_path / "state"))
    path = root / ".promptbits" / "facts.db"
    store = open_store(path)
    try:
        take_in_all(store, path)
        ids = [fact["id"] for fact in store.facts()]
        assert len(set(ids)) == len(ids)
        assert sum(row.executions for row in store.summaries()) == len(ids)
        return set(ids)
    finally:
        store.close()


RECORDING = """
import promptbits
prompt = promptbits.load_prompt("greet")
for _ in range({count}):
    with prompt.track(model="m") as run:
        run.succeeded()
    print(run.id, flush=True)
print(*promptbits.recording_status(), flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX's")
@pytest.mark.parametrize("is_down", [False, True], ids=["stored", "spooled"])
def test_kill_9_loses_nothing_that_was_recorded(root, tmp_path, monkeypatch, is_down):
    broken = root / ".promptbits" / "facts.db"
    if is_down:
        broken.parent.mkdir()
        broken.write_bytes(b"no database " * 500)
    acknowledged = set()
    for lines in (1, 40, 150):
        writers = [start(RECORDING.format(count=10**6), root, tmp_path) for _ in range(2)]
        for writer in writers:
            acknowledged |= {writer.stdout.readline().strip() for _ in range(lines)}
        for writer in writers:
            writer.send_signal(signal.SIGKILL)
        for writer in writers:
            # Through the same reader: it has read ahead, and `communicate` would begin in the middle of a line.
            rest = writer.stdout.read()
            writer.communicate()
            # A last line without its end may be cut short.
            acknowledged |= set(rest.split("\n")[:-1])
    if is_down:
        broken.unlink()
    assert len(acknowledged) > 300
    assert acknowledged <= taken_in(root, monkeypatch, tmp_path)


def mounted(root, script):
    """How to run something with a small disk of its own mounted at the root."""
    if shutil.which("unshare") is None or os.geteuid() != 0:
        pytest.skip("mounting needs root")
    script = f'set -e; cp -a "$0" "$0.kept"; mount -t tmpfs -o size=4m none "$0"; cp -a "$0.kept/." "$0"; {script}'
    command = ["unshare", "-m", "sh", "-c", f'{script}; cd "$0"; exec "$@"', str(root)]
    probe = subprocess.run(["unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=False)
    if probe.returncode:
        pytest.skip("this machine mounts nothing")
    return command


@LINUX
def test_a_read_only_disk(root, tmp_path, monkeypatch):
    process = start(RECORDING.format(count=20), root, tmp_path, *mounted(root, 'mount -o remount,ro "$0"'))
    out, error = finished(process)
    *ids, status = out.splitlines()
    assert status == "0 20 0 0"
    assert len(error.splitlines()) == 1
    assert "wait in a spool" in error
    assert taken_in(root, monkeypatch, tmp_path) == set(ids)


@LINUX
def test_a_full_disk(root, tmp_path, monkeypatch):
    fill = 'dd if=/dev/zero of="$0/filling" bs=1k 2>/dev/null || true'
    process = start(RECORDING.format(count=20), root, tmp_path, *mounted(root, fill))
    out, error = finished(process)
    *ids, status = out.splitlines()
    assert status == "0 20 0 0"
    assert len(error.splitlines()) == 1
    assert taken_in(root, monkeypatch, tmp_path) == set(ids)


@LINUX
def test_a_disk_that_fills_up(root, tmp_path, monkeypatch):
    copy = """
    import promptbits, shutil
    prompt = promptbits.load_prompt("greet")
    for _ in range(4000):
        with prompt.track(model="m", metadata={"padding": "x" * 200}) as run:
            run.succeeded()
        print(run.id)
    print(*promptbits.recording_status())
    shutil.copytree(".promptbits", r"%s", dirs_exist_ok=True)
    """
    process = start(copy % (tmp_path / "rescued" / ".promptbits"), root, tmp_path, *mounted(root, "true"))
    out, _ = finished(process)
    *ids, status = out.splitlines()
    stored, spooled, refused, lost = map(int, status.split())
    assert (stored + spooled, refused, lost) == (4000, 0, 0)
    assert stored > 100
    assert spooled > 100
    # What waits on the small disk, and in the user's own folder under the name of the small disk's store.
    monkeypatch.setenv("PROMPTBITS_STATE", str(tmp_path / "state"))
    path = tmp_path / "rescued" / ".promptbits" / "facts.db"
    store = open_store(path)
    try:
        for folder in (spool_folders(path)[0], spool_folders(root / ".promptbits" / "facts.db")[1]):
            take_in(store, folder)
        assert {fact["id"] for fact in store.facts()} == set(ids)
    finally:
        store.close()


@LINUX
def test_nowhere_to_write_at_all(root, tmp_path):
    (tmp_path / "state").write_text("no folder")
    process = start(RECORDING.format(count=5), root, tmp_path, *mounted(root, 'mount -o remount,ro "$0"'))
    out, error = finished(process)
    assert out.splitlines()[-1] == "0 0 0 5"
    assert len(error.splitlines()) == 2


@LINUX
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may do everything")
def test_a_folder_without_rights(root, tmp_path, monkeypatch):
    root.chmod(0o555)
    try:
        out, _ = finished(start(RECORDING.format(count=5), root, tmp_path))
    finally:
        root.chmod(0o755)
    assert out.splitlines()[-1] == "0 5 0 0"
    assert taken_in(root, monkeypatch, tmp_path) == set(out.splitlines()[:-1])


@pytest.mark.skipif(os.name != "posix", reason="what holds the store waits for a signal")
def test_a_store_that_somebody_keeps_busy(root, tmp_path, monkeypatch):
    """Another process holds the write lock for good: callers get no error, and nothing is lost."""
    out, _ = finished(start(RECORDING.format(count=1), root, tmp_path))
    ids = set(out.splitlines()[:-1])
    holder = start(
        """
        import signal, sqlite3
        connection = sqlite3.connect(".promptbits/facts.db", isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        print("held", flush=True)
        signal.pause()
        """,
        root,
        tmp_path,
    )
    try:
        assert holder.stdout.readline() == "held\n"
        out, error = finished(start(RECORDING.format(count=10), root, tmp_path))
    finally:
        holder.kill()
        holder.communicate()
    *more, status = out.splitlines()
    assert status == "0 10 0 0"
    assert len(error.splitlines()) == 1
    assert taken_in(root, monkeypatch, tmp_path) == ids | set(more)


@pytest.mark.parametrize("example", EXAMPLES, ids=[each.splitlines()[0][:40] for each in EXAMPLES])
def test_the_examples_of_the_manual_run(root, tmp_path, example):
    (root / "application.py").write_text(example)
    # What an application would have: a client of a model.
    (root / "my_model.py").write_text((TOP / "tests/e2e/sdk_model.py").read_text())
    done = subprocess.run(
        [sys.executable, "-W", "error", "application.py"],
        cwd=root,
        env=environment(tmp_path) | {"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    promised = re.findall(r"^ *print\(.*\)  # (.+)$", example, re.MULTILINE)
    assert done.stdout.splitlines() == promised


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
@pytest.mark.parametrize("milliseconds", [0, 3, 10, 20, 40])
def test_a_fork_while_other_threads_record_for_the_first_time(root, tmp_path, milliseconds):
    """Whatever those threads are in the middle of, imports above all, the child records and ends."""
    process = start(
        f"""
        import os, threading, time
        import promptbits
        threads = [threading.Thread(target=promptbits.record_feedback, args=("greet",), kwargs=dict(rating=3))
                   for _ in range(3)]
        for thread in threads:
            thread.start()
        time.sleep({milliseconds} / 1000)  # which moment it is matters, not how long it is
        child = os.fork()
        if child == 0:
            promptbits.record_feedback("greet", rating=4)
            os._exit(0)
        print(os.waitpid(child, 0)[1])
        for thread in threads:
            thread.join()
        """,
        root,
        tmp_path,
    )
    assert finished(process)[0] == "0\n"
