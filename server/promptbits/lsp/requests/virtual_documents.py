"""Read-only documents that the server writes: a prompt as it renders, what is measured of it, two compared, reviews.

Their addresses are `promptbits-rendered:<path of the prompt>.md?<values as JSON>`,
`promptbits-stats:<path of the prompt>.md` and `promptbits-diff:<newer path>.diff?<older path>`.
A client that has `workspace/textDocumentContent` shows them; any other may send the same request.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, unquote, urlsplit

from promptbits.language.measured.report import report
from promptbits.language.preview import compared, rendered
from promptbits.lsp.requests.review_documents import REVIEW, review_text
from promptbits.lsp.rpc import messages
from promptbits.lsp.rpc.errors import InvalidParamsError, RequestFailedError
from promptbits.lsp.state.session import Session
from promptbits.lsp.values.convert import Json
from promptbits.lsp.values.parameters import table, text_in
from promptbits.lsp.values.uris import path_of, uri_of

RENDERED: Final = "promptbits-rendered"
DIFF: Final = "promptbits-diff"
STATS: Final = "promptbits-stats"
SCHEMES: Final = (RENDERED, DIFF, STATS, REVIEW)
_SUFFIXES: Final = {RENDERED: ".md", DIFF: ".diff", STATS: ".md"}
# How many addresses are watched for changes; an editor has fewer open.
_MOST: Final = 100


def rendered_uri(path: Path, values: Json | None = None) -> str:
    """The address of a prompt as it renders, with values in its query."""
    query = f"?{quote(messages.encode(values, str), safe='')}" if values else ""
    return f"{RENDERED}{uri_of(path).removeprefix('file')}.md{query}"


def stats_uri(path: Path) -> str:
    """The address of what is measured of a prompt."""
    return f"{STATS}{uri_of(path).removeprefix('file')}.md"


def diff_uri(before: Path, after: Path) -> str:
    """The address of what changed from one prompt to another."""
    return f"{DIFF}{uri_of(after).removeprefix('file')}.diff?{quote(str(before), safe='')}"


class VirtualDocuments:
    """Answers `workspace/textDocumentContent`, and asks the client to read again what has changed.

    Args:
        session: where the prompts are.
        refresh: asks the client to read an address again.
    """

    def __init__(self, session: Session, refresh: Callable[[str], None]) -> None:
        self._session = session
        self._refresh = refresh
        self._shown: dict[str, str] = {}

    def content(self, params: Any) -> Json:
        """The text of an address.

        Raises:
            RequestFailedError: what it names cannot be read.
        """
        uri = text_in(params, "uri")
        text = self._text(uri)
        if text is None:
            raise RequestFailedError("the prompt behind this document cannot be read any more")
        self._remember(uri, text)
        return {"text": text}

    def look_again(self) -> None:
        """Something changed: ask for what is shown and now reads differently to be read again."""
        if not self._session.client.virtual_documents:
            return
        for uri, before in list(self._shown.items()):
            text = self._text(uri)
            if text is not None and text != before:
                self._remember(uri, text)
                self._refresh(uri)

    def _remember(self, uri: str, text: str) -> None:
        self._shown.pop(uri, None)
        self._shown[uri] = text
        if len(self._shown) > _MOST:
            del self._shown[next(iter(self._shown))]

    def _text(self, uri: str) -> str | None:
        parts = urlsplit(uri)
        if parts.scheme == REVIEW:
            return review_text(self._session, uri)
        suffix = _SUFFIXES.get(parts.scheme)
        if suffix is None or not parts.path.endswith(suffix):
            raise InvalidParamsError
        address = f"file://{parts.netloc}{parts.path.removesuffix(suffix)}"
        if parts.scheme != DIFF:
            path = path_of(address)
            snapshot = self._session.snapshot(self._session.address(str(path))) if path is not None else None
            if snapshot is None:
                return None
            return rendered(snapshot, _values(parts.query)) if parts.scheme == RENDERED else report(snapshot)
        older = Path(unquote(parts.query))
        newer = path_of(address)
        twins = [self._session.views.twin(path) for path in (older, newer) if path is not None]
        if len(twins) != 2 or twins[0] is None or twins[1] is None:
            return None
        text = compared(twins[0].document, twins[1].document, (older.name, twins[1].path.name))
        return text or f"{older.name} and {twins[1].path.name} say the same.\n"


def _values(query: str) -> Json:
    """The values in the query of an address.

    Raises:
        InvalidParamsError: it holds no table.
    """
    if not query:
        return {}
    try:
        return table(messages.decode(unquote(query, errors="strict").encode("utf-8", "surrogatepass")))
    except ValueError as error:
        raise InvalidParamsError from error
