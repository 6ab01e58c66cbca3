"""A progress bar on a terminal, for work that takes longer than a moment."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING

from promptbits.cli.console import is_terminal

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

_PATIENCE = 0.5


class Progress:
    """Draws a bar on stderr once the work has taken half a second; on anything but a terminal it does nothing."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._visible = is_terminal(sys.stderr)
        self._started = time.monotonic()
        self._bar: Bar | None = None

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, done: int, total: int) -> None:
        """Say how far the work has come."""
        if not self._visible or time.monotonic() - self._started < _PATIENCE:
            return
        if self._bar is None:
            self._bar = _new_bar()
            self._bar.add_task(self._title, total=total)
            self._bar.start()
        self._bar.update(self._bar.task_ids[0], completed=done, total=total)


def _new_bar() -> Bar:
    from rich.console import Console  # 60 ms: only for work that takes long anyway
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as RichProgress

    return RichProgress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=Console(stderr=True),
        transient=True,
    )
