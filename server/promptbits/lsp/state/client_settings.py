"""The client's settings as it gave them: for the session, and for folders of their own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast


class ClientSettings:
    """What the client set. Where a folder says nothing, the session's settings hold.

    Attributes:
        session: the settings for whatever lies in no folder that has its own.
    """

    def __init__(self) -> None:
        self.session: object = None
        self._initial: object = None
        self._folders: dict[Path, object] = {}

    def begin(self, options: object) -> None:
        """Take in the initialization options: our section, under our name or the whole of them."""
        if isinstance(options, dict):
            table = cast("dict[str, Any]", options)
            options = table.get("promptbits", table) if table else None
        self.session = self._initial = options

    def take(self, settings: object, folders: Mapping[Path, object]) -> None:
        """Take in later settings; where they are None, the initialization options hold."""
        self.session = self._initial if settings is None else settings
        self._folders = {folder: each for folder, each in folders.items() if each is not None}

    def of(self, path: Path) -> object:
        """The settings for a path: those of the innermost folder, or those of the session."""
        around = [folder for folder in self._folders if path.is_relative_to(folder)]
        return self._folders[max(around, key=lambda each: len(each.parts))] if around else self.session
