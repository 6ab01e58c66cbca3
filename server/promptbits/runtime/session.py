"""What one process knows: which root, which prompts, where facts go. Made at first use, and anew after a fork."""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from promptbits.runtime import notices

if TYPE_CHECKING:
    from pathlib import Path

    from promptbits.facts.store import Fact
    from promptbits.runtime.recorder import Recorder
    from promptbits.runtime.shelf import Shelf

# For how many seconds folders are taken to hold the files that they held.
_REFRESH = 1.0


class Session:
    """The choices of an application, and what follows from them. What was not chosen is found out when it is needed."""

    def __init__(self, choices: Mapping[str, Any]) -> None:
        self.choices = choices
        self._lock = threading.RLock()
        self._shelf: Shelf | None = None
        self._recorder: Recorder | None = None
        self._keep_text: bool | None = choices.get("keep_text")

    @property
    def shelf(self) -> Shelf:
        """The prompts."""
        if self._shelf is None:
            from promptbits.runtime.shelf import Shelf

            with self._lock:
                if self._shelf is None:
                    refresh = self.choices.get("refresh")
                    self._shelf = Shelf(self._root(), _REFRESH if refresh is None else refresh)
        return self._shelf

    @property
    def recorder(self) -> Recorder:
        """Where facts go."""
        if self._recorder is None:
            from promptbits.runtime.recorder import Recorder

            with self._lock:
                if self._recorder is None:
                    self._recorder = Recorder(self._facts())
        return self._recorder

    @property
    def keep_text(self) -> bool:
        """Whether texts of people are kept: as chosen, else as `promptbits.toml` says, else not."""
        if self._keep_text is None:
            from promptbits.facts.keeping import keeps_text

            self._keep_text = keeps_text(self.shelf.path)
        return self._keep_text

    def _root(self) -> Path:
        from pathlib import Path

        chosen = self.choices.get("root")
        if chosen is not None:
            return Path(chosen).absolute()
        from promptbits.prompts.root import find_root

        here = Path.cwd()
        return find_root(here, here)

    def _facts(self) -> Path | None:
        chosen = self.choices.get("facts")
        if chosen is False:
            return None
        if chosen is not None:
            from pathlib import Path

            return Path(chosen).absolute()
        from promptbits.facts.locating import facts_path

        return facts_path(self.shelf.path)

    def close(self) -> None:
        """Give back what is open."""
        if self._recorder is not None:
            self._recorder.close()

    def after_fork_in_child(self) -> None:
        """Go on alone: locks that other threads held are held for ever there."""
        self._lock = threading.RLock()
        if self._recorder is not None:
            self._recorder.after_fork_in_child()
        if self._shelf is not None:
            self._shelf.renew_lock()


class _Process:
    """The session of this process."""

    def __init__(self) -> None:
        self.session = Session({})


_PROCESS = _Process()


class Recording:
    """Where prompts send their facts: whatever the session is by then. It never raises."""

    def record(self, fact: Fact, template: tuple[str, str] | None = None) -> None:
        """Record a fact, and the template that it is about as (hash, text)."""
        try:
            _PROCESS.session.recorder.record(fact, template)
        except Exception as error:  # no working directory, for one
            notices.say_once("no recorder", "no fact can be recorded: %s", type(error).__name__)


RECORDING = Recording()


def session() -> Session:
    """The session of this process."""
    return _PROCESS.session


def choose(choices: Mapping[str, Any]) -> None:
    """Change some choices; None stands for what holds without one. What the session before had open is given back."""
    before = _PROCESS.session
    _PROCESS.session = Session({**before.choices, **choices})
    notices.forget()
    before.close()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=lambda: _PROCESS.session.after_fork_in_child())
atexit.register(lambda: _PROCESS.session.close())
