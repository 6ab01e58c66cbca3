"""What the library knows of one prompt: everything but its text."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple, cast

import orjson

from promptbits.prompts.root import LAYERS, Layer
from promptbits.text.document import Document

# Where every reader of JSON gives the same whole number.
_REVISIONS: Final = range(1, 2**53)


class Entry(NamedTuple):
    """One prompt file. A plain tuple, so that ten thousand of them load from the cache in no time.

    Fields that the file lacks, or has in a wrong type, are None or empty; `id` is empty where there is none.
    """

    path: str
    layer: Layer
    id: str
    description: str = ""
    category: str = ""
    trigger_kind: str = ""
    trigger_name: str = ""
    tags: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    parent: str = ""
    version: str = ""
    revision: int = 1
    confidence: float | None = None
    source: str = ""
    readable: bool = True

    @property
    def rank(self) -> int:
        """The place of the layer: lower wins."""
        return LAYERS.index(self.layer)

    def references(self) -> Iterator[str]:
        """The ids that this prompt names as parent or related, each once."""
        yield from dict.fromkeys((self.parent, *self.related) if self.parent else self.related)


def entry_of_bytes(path: str, layer: Layer, data: bytes) -> Entry:
    """The entry of a file's bytes, however broken they are."""
    try:
        value = orjson.loads(data)
        strict = True
    except orjson.JSONDecodeError:
        # Also for what orjson refuses and JSON allows: lone surrogates, huge numbers.
        document = Document.from_bytes(data)
        value, strict = document.value, _is_json(document)
    return entry_of_value(path, layer, value, readable=strict)


def entry_of_value(path: str, layer: Layer, value: Any, *, readable: bool = True) -> Entry:
    """The entry of a parsed prompt."""
    if not isinstance(value, dict):
        return Entry(path, layer, "", readable=False)
    table = cast("dict[str, Any]", value)
    get = table.get
    trigger = get("trigger")
    kind, name = "", ""
    if isinstance(trigger, dict) and len(cast("dict[str, Any]", trigger)) == 1:
        kind, name = next(iter(cast("dict[str, Any]", trigger).items()))
    source = get("source")
    if isinstance(source, dict):
        source = next(iter(cast("dict[str, Any]", source)), "")
    variables = get("variables")
    revision = get("revision")
    return Entry(
        path,
        layer,
        _text(get("id")),
        _text(get("description")),
        _text(get("category")),
        kind if isinstance(name, str) else "",
        _text(name),
        _texts(get("tags")),
        tuple(cast("dict[str, Any]", variables)) if isinstance(variables, dict) else (),
        _texts(get("related")),
        _text(get("parent")),
        _text(get("version")),
        revision if isinstance(revision, int) and not isinstance(revision, bool) and revision in _REVISIONS else 1,
        _finite(get("confidence")),
        _text(source),
        readable,
    )


def entry_of_document(path: Path, layer: Layer, document: Document) -> Entry:
    """The entry of a document that an editor holds."""
    return entry_of_value(str(path), layer, document.value, readable=_is_json(document))


def _is_json(document: Document) -> bool:
    return document.is_strict or not (document.tree.errors or document.tree.conflicts)


def _finite(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    with contextlib.suppress(OverflowError):
        number = float(value)
        return number if math.isfinite(number) else None
    return None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        return ()
    return tuple(item for item in cast("list[Any]", value) if isinstance(item, str))
