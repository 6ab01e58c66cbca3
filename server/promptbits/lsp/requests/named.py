"""The prompt that a request names, by its own address or by that of its content."""

from __future__ import annotations

import os
from typing import Any

from promptbits.checks.snapshot import Snapshot
from promptbits.lsp.rpc.errors import RequestFailedError
from promptbits.lsp.state.session import Session
from promptbits.lsp.values.parameters import text_in
from promptbits.lsp.values.uris import content_path, path_of


def prompt_in(session: Session, params: Any, key: str = "uri") -> Snapshot:
    """The prompt whose address stands under a key: as it is in the editor, or else on disk.

    Raises:
        InvalidParamsError: no address stands there.
        RequestFailedError: there is no such prompt, in words to show.
    """
    uri = text_in(params, key)
    view, path = content_path(uri), path_of(uri)
    if view is not None:
        uri = uri if session.documents.get(uri) is not None else next(session.views.of(view), uri)
    elif path is not None:
        uri = session.address(str(path))  # however the client spells it here
    snapshot = session.snapshot(uri)
    if snapshot is not None:
        return snapshot
    path = path or view
    if path is None:
        raise RequestFailedError("this is no prompt")
    reason = "is no prompt" if os.path.lexists(path) else "cannot be read: was it renamed or deleted?"
    raise RequestFailedError(f"{path.name} {reason}")
