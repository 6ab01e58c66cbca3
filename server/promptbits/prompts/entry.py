"""What the library knows of one prompt: everything but its text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, cast

import orjson

from promptbits.prompts.root import LAYERS, Layer
from promptbits.text.document import Document


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
    tags: Sequence[str] = ()
    variables: Sequence[str] = ()
    related: Sequence[str] = ()
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
        """The ids that this prompt names as parent or related."""
        if self.parent:
            yield self.parent
        yield from self.related


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
    confidence = get("confidence")
    revision = get("revision", 1)
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
        revision if isinstance(revision, int) else 1,
        float(confidence) if isinstance(confidence, int | float) else None,
        _text(source),
        readable,
    )


def entry_of_document(path: Path, layer: Layer, document: Document) -> Entry:
    """The entry of a document that an editor holds."""
    return entry_of_value(str(path), layer, document.value, readable=_is_json(document))


def _is_json(document: Document) -> bool:
    return document.is_strict or not document.tree.errors


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        return ()
    return tuple(item for item in cast("list[Any]", value) if isinstance(item, str))
