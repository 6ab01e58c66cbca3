"""Locks of SQLite belong to a process and a file: whatever closes the file gives them up for every thread."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

from promptbits.facts.ids import content_sha256
from promptbits.facts.opening import open_store

HASH = content_sha256("Say it.")
_COME_AND_GO = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("SELECT count(*) FROM fact").fetchone()
connection.close()
"""


def test_another_thread_that_opens_the_store_leaves_the_locks_of_this_one(tmp_path: Path) -> None:
    path = tmp_path / "facts.db"
    store = open_store(path)
    store.keep_text(HASH, "Say it.")
    other = threading.Thread(target=store.text, args=(HASH,))
    other.start()
    other.join()
    log = path.with_name("facts.db-wal")
    before = log.stat().st_ino, log.stat().st_size
    # A process that is the last to leave takes the log away. It must see that it is not.
    subprocess.run([sys.executable, "-c", _COME_AND_GO, str(path)], check=True)
    assert log.exists()
    assert (log.stat().st_ino, log.stat().st_size) == before
    store.close()
