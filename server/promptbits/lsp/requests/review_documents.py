"""Reviews as documents: `promptbits-review:<root>/<number>.md`, and a text of one with its number in the query.

0 is the text that a review is about, 1 its first candidate: what an editor compares in its own way.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from promptbits.language.reviewing.report import report
from promptbits.lsp.rpc.errors import InvalidParamsError
from promptbits.lsp.state.reviewed import prompt_of
from promptbits.lsp.state.session import Session
from promptbits.lsp.values.uris import path_of, uri_of
from promptbits.optimize.reviews.model import RefusedError
from promptbits.optimize.reviews.revisions import is_stale

REVIEW: Final = "promptbits-review"
_SUFFIX: Final = ".md"


def review_uri(root: Path, number: int, candidate: int | None = None) -> str:
    """The address of a review, or of one of its texts."""
    query = "" if candidate is None else f"?{candidate}"
    return f"{REVIEW}{uri_of(root / f'{number}{_SUFFIX}').removeprefix('file')}{query}"


def review_text(session: Session, uri: str) -> str | None:
    """The text of an address; None where there is no such review.

    Raises:
        InvalidParamsError: it is none of a review.
    """
    parts = urlsplit(uri)
    path = path_of(f"file://{parts.netloc}{parts.path}")
    name, query = (path.name.removesuffix(_SUFFIX) if path else ""), parts.query
    if path is None or path.suffix != _SUFFIX or not _is_number(name) or (query and not _is_number(query)):
        raise InvalidParamsError
    for state in session.roots.states():
        if state.root.path == path.parent:
            review = next((each for each in state.reviews if each.number == int(name)), None)
            if review is None:
                return None
            if query:
                try:
                    return review.basis.content if query == "0" else review.candidate(int(query)).text
                except RefusedError:
                    return None
            prompt = prompt_of(session, state, review)
            return report(review, stale=prompt is not None and is_stale(review, prompt))
    return None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10
