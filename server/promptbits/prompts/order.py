"""The order of keys. Apart from the schema, because git starts a process for each file that it shows."""

from __future__ import annotations

from typing import Final

# The canonical order of the top-level keys. A test holds it against the schema.
FIELDS: Final = (
    "$schema",
    "id",
    "description",
    "trigger",
    "category",
    "content",
    "variables",
    "confidence",
    "source",
    "tags",
    "version",
    "revision",
    "parent",
    "related",
    "model",
)
