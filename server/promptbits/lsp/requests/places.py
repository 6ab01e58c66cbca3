"""`promptbits/isPrompt`: whether a file is a prompt, so that a client can treat it as one before it is opened."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, Final

from promptbits.lsp.state.reading import read_file
from promptbits.lsp.state.session import LANGUAGE_ID, Session
from promptbits.lsp.values.convert import Json
from promptbits.lsp.values.parameters import text_in
from promptbits.lsp.values.uris import content_path, path_of
from promptbits.prompts.root import claims_schema, names_a_prompt

IS_PROMPT: Final = "promptbits/isPrompt"

# What a client asks about may be any JSON file; one that is longer is no prompt.
_LONGEST: Final = 16_000_000


class Places:
    """Answers the request."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def is_prompt(self, params: Any) -> Json:
        """Whether a file is a prompt by its place, its name or its `$schema`; one that is not there is none by that."""
        uri = text_in(params, "uri")
        await self._session.configured.wait()  # the settings say where prompts lie
        return {"prompt": await self._is_prompt(uri)}

    async def _is_prompt(self, uri: str) -> bool:
        path = path_of(uri) or content_path(uri)
        opened = self._session.documents.get(uri) if path is None else self._session.documents.at(path)
        if opened is not None and (opened.language_id == LANGUAGE_ID or claims_schema(opened.document.text)):
            return True
        if path is None:
            return False
        if names_a_prompt(path) or self._session.roots.lists(path):
            return True
        return opened is None and await asyncio.to_thread(_claims_schema, path)


def _claims_schema(path: Path) -> bool:
    try:
        if path.stat().st_size > _LONGEST:
            return False
        return claims_schema(read_file(path).decode("utf-8", "replace"))
    except (OSError, ValueError):
        return False
