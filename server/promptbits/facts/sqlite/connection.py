"""Connections to the file: one for each process and thread.

SQLite knows the locks of a file by process. A connection that is carried through a fork, or opened in a child whose
parent had one open at the fork, believes in locks that the child does not hold, and another process may remove the log
under it. So a fork closes all connections first; they open again when they are used.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import weakref
from pathlib import Path
from types import TracebackType
from typing import Final, NamedTuple

from promptbits.facts.sqlite.creating import be_private, create
from promptbits.facts.sqlite.failures import failed
from promptbits.facts.sqlite.latency import merged_blobs
from promptbits.facts.sqlite.names import Names
from promptbits.facts.sqlite.schema import SCHEMA_VERSION
from promptbits.facts.sqlite.versions import refuse_newer, version_in_head, version_of
from promptbits.facts.store import StoreError

# Longer than any transaction of ours but a rebuild of all summaries.
BUSY_SECONDS: Final = 5.0


class Session(NamedTuple):
    """A connection and the names that it has looked up."""

    connection: sqlite3.Connection
    names: Names


class Lent:
    """A session and the lock under which it is used, so that it can be closed from another thread."""

    __slots__ = ("__weakref__", "inode", "lock", "session")

    def __init__(self, session: Session, inode: tuple[int, int] | None) -> None:
        self.session: Session | None = session
        self.inode = inode
        self.lock = threading.RLock()

    def close(self) -> None:
        """Close the connection, when whoever uses it is done."""
        with self.lock:
            if self.session is not None:
                self.session.connection.close()
            self.session = None

    def __del__(self) -> None:
        """A thread has ended."""
        self.close()


class Lending:
    """A session for the length of a `with`. A class, because a generator costs more and this is on every path."""

    __slots__ = ("_connections", "_lent")

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def __enter__(self) -> Session:
        self._lent = self._connections.take()
        assert self._lent.session is not None
        return self._lent.session

    def __exit__(
        self, _kind: type[BaseException] | None, problem: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._lent.lock.release()
        if isinstance(problem, sqlite3.Error):
            raise self._connections.failure(problem) from problem


class Connections:
    """The open connections of a process to one file."""

    def __init__(
        self, path: Path, *, create: bool, read_only: bool = False, busy_seconds: float = BUSY_SECONDS
    ) -> None:
        self.path = path
        self._name = os.fspath(path)
        self._create = create
        self.read_only = read_only
        self._busy_seconds = busy_seconds
        self._local = threading.local()
        self._open: weakref.WeakSet[Lent] = weakref.WeakSet()
        self._lock = threading.RLock()
        self._pid = os.getpid()
        _EVERY.add(self)

    def lend(self) -> Lending:
        """The session of this thread. What SQLite raises meanwhile becomes a StoreError."""
        return Lending(self)

    def take(self) -> Lent:
        """The session of this thread, locked; whoever takes it releases the lock."""
        while True:
            lent = self._lent()
            lent.lock.acquire()
            if lent.session is not None:
                return lent
            lent.lock.release()  # closed by a fork or by `close` between the lines above

    def failure(self, problem: sqlite3.Error) -> StoreError:
        """What SQLite says, for people."""
        return failed(self.path, problem, self._busy_seconds)

    def _lent(self) -> Lent:
        """The session of this thread, opened if need be."""
        if self._pid != os.getpid():
            self._forget()
        lent: Lent | None = getattr(self._local, "lent", None)
        if lent is not None and lent.session is not None:
            if lent.inode == inode_of(self._name):
                return lent
            # The file was removed or another was put in its place: what is written to it now would be lost.
            lent.close()
        with _OPENING, self._lock:
            lent = Lent(self._session(), inode_of(self._name))
            self._local.lent = lent
            self._open.add(lent)
            return lent

    def _session(self) -> Session:
        prepare(self.path, may_create=self._create, read_only=self.read_only)
        connection: sqlite3.Connection | None = None
        try:
            connection = connected(self.path, read_only=self.read_only, busy_seconds=self._busy_seconds)
            # The head of the file may be behind its log.
            refuse_newer(self.path, version_of(connection), SCHEMA_VERSION)
        except sqlite3.Error as problem:
            if connection is not None:
                connection.close()
            raise self.failure(problem) from problem
        except StoreError:
            assert connection is not None
            connection.close()
            raise
        return Session(connection, Names())

    def close(self) -> None:
        """Close every connection of this process, each when its thread is done with what it is doing."""
        with self._lock:
            for lent in list(self._open):
                lent.close()
            self._open.clear()

    def hold(self) -> None:
        """Before a fork: close everything, and let nobody open anything."""
        self._lock.acquire()
        self.close()

    def release(self) -> None:
        """After a fork, on both sides."""
        self._pid = os.getpid()
        self._lock.release()

    def _forget(self) -> None:
        """In a child that came by a way that Python does not know of: never touch what the parent opened."""
        for lent in list(self._open):
            _LEFT_ALONE.append(lent.session)
            lent.session = None
        self._local = threading.local()
        self._open = weakref.WeakSet()
        self._lock = threading.RLock()
        self._pid = os.getpid()


def connected(path: Path, *, read_only: bool, busy_seconds: float = BUSY_SECONDS) -> sqlite3.Connection:
    """A new connection, with everything set that this store relies on.

    Raises:
        sqlite3.Error: what SQLite says.
    """
    if read_only:
        return _read_only(path, busy_seconds)
    connection = _opened(path, "rw", busy_seconds)
    try:
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.create_function("merged_latency", 2, merged_blobs, deterministic=True)
    except BaseException:
        connection.close()
        raise
    return connection


def inode_of(name: str) -> tuple[int, int] | None:
    """Which file has this name now."""
    try:
        status = os.stat(name)  # noqa: PTH116 - on the path of every fact, and half the time of Path.stat
    except OSError:
        return None
    return status.st_dev, status.st_ino


def prepare(path: Path, *, may_create: bool, read_only: bool = False) -> None:
    """See to it that the file is there, of this version, and that nobody else may read it.

    Raises:
        StoreError: it is not, and cannot be made so.
    """
    try:
        if not path.exists():
            if read_only or not may_create:
                raise StoreError(f"{path}: there is no fact store")
            create(path)
        version = version_in_head(path)
        refuse_newer(path, version, SCHEMA_VERSION)
        if version < SCHEMA_VERSION:
            if read_only:
                raise StoreError(f"{path}: of an older schema ({version}); open it once for writing")
            _bring_up(path)
        if not read_only:
            be_private(path)
    except sqlite3.Error as problem:
        raise failed(path, problem, BUSY_SECONDS) from problem
    except OSError as problem:
        raise StoreError(f"{path}: the fact store cannot be made: {problem.strerror or problem}") from problem


def _bring_up(path: Path) -> None:
    from promptbits.facts.sqlite.migrations import migrate  # only an older file needs it

    migrate(path)


def _read_only(path: Path, busy_seconds: float) -> sqlite3.Connection:
    connection = _opened(path, "ro", busy_seconds)
    try:
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        connection.close()
        log = path.with_name(f"{path.name}-wal")
        if log.exists() and log.stat().st_size:
            raise
        # A folder that cannot be written: no shared memory, so SQLite wants to hear that nobody else writes either.
        return _opened(path, "ro&immutable=1", busy_seconds)
    return connection


def _opened(path: Path, mode: str, busy_seconds: float) -> sqlite3.Connection:
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=busy_seconds,
        isolation_level=None,
        check_same_thread=False,  # the lock of `Lent` sees to it
    )


# Held while a store is opened and while the process forks: SQLite has locks of its own then, which a child inherits.
_OPENING: Final = threading.RLock()
_EVERY: Final[weakref.WeakSet[Connections]] = weakref.WeakSet()
_LEFT_ALONE: Final[list[Session | None]] = []
_HELD: Final[list[Connections]] = []
_FORKING: Final[list[int]] = []


def before_fork() -> None:
    """Close everything, and let nobody open anything until the fork is over; once, however often it is called."""
    if threading.get_ident() in _FORKING:
        return
    _OPENING.acquire()
    _FORKING.append(threading.get_ident())
    _HELD[:] = list(_EVERY)
    for each in _HELD:
        each.hold()


def _after_fork() -> None:
    if threading.get_ident() not in _FORKING:
        return  # imported while the fork was under way
    for each in _HELD:
        each.release()
    _HELD.clear()
    _FORKING.clear()
    _OPENING.release()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=before_fork, after_in_parent=_after_fork, after_in_child=_after_fork)
