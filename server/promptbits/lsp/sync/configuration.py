"""The client's settings, asked for where it answers and taken as it pushes them elsewhere."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final, cast

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from promptbits.lsp.values.uris import uri_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pygls.lsp.server import LanguageServer

    from promptbits.lsp.state.session import Session

logger = logging.getLogger("promptbits.lsp")

SECTION: Final = "promptbits"
# How long the first diagnostics wait for the settings of a client.
PATIENCE_SECONDS: Final = 1.0


async def pull(server: LanguageServer, session: Session) -> None:
    """Ask for our section, for the session and for each folder. A client that does not answer changes nothing."""
    if not session.client.configuration:
        session.settle()
        return
    folders = session.roots.folders
    items = [types.ConfigurationItem(section=SECTION)]
    items += [types.ConfigurationItem(section=SECTION, scope_uri=uri_of(folder)) for folder in folders]
    try:
        answer = cast("Any", await server.workspace_configuration_async(types.ConfigurationParams(items=items)))
    except JsonRpcException as error:
        logger.info("the client gave no settings: %s", type(error).__name__)
        answer = None
    values = list(cast("Sequence[Any]", answer)) if isinstance(answer, (list, tuple)) else []
    values += [None] * (len(items) - len(values))
    by_folder: dict[Path, object] = dict(zip(folders, values[1:], strict=False))
    session.set_client_settings(values[0], by_folder)
    session.settle()


def pushed(session: Session, params: Any) -> None:
    """Take in the settings that came with `workspace/didChangeConfiguration`."""
    settings = cast("dict[str, Any]", params).get("settings") if isinstance(params, dict) else None
    if isinstance(settings, dict):
        table = cast("dict[str, Any]", settings)
        session.set_client_settings(table.get(SECTION), {})
    elif settings not in (None, []):  # an empty list is how Lua writes an empty table
        session.warn(["settings: expected a table of settings; ignored"])
