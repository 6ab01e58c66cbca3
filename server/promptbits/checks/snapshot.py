"""A snapshot: one version of one prompt, and all that a check may know of the world around it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from promptbits.prompts.library import Library
from promptbits.prompts.root import Layer, Root
from promptbits.prompts.settings import Settings
from promptbits.text import markdown
from promptbits.text.document import Document
from promptbits.text.json_tree import Node
from promptbits.text.json_tree import Path as JsonPath
from promptbits.text.markdown import Markdown
from promptbits.text.placeholders import Placeholder, scan

if TYPE_CHECKING:
    from promptbits.facts.view import FactsView

Range = tuple[int, int]

# Syntax errors after which a string may go on in the source.
_CUTS_CONTENT = frozenset({"unterminated-string", "stray-quote", "expected-comma"})


@dataclass(frozen=True)
class Snapshot:
    """Frozen. What is derived from it is computed once, when first asked for.

    `path` is None for a document that was never saved, `layer` for one outside of every prompt folder, `facts` where
    nothing is measured.
    """

    document: Document
    path: Path | None = None
    root: Root | None = None
    library: Library = field(default_factory=Library)
    facts: FactsView | None = None

    @property
    def settings(self) -> Settings:
        """The settings of the root, or the defaults without one."""
        return self.root.settings if self.root else Settings()

    @cached_property
    def layer(self) -> Layer | None:
        """The layer of the file."""
        return self.root.layer(self.path) if self.root and self.path else None

    @cached_property
    def relative_path(self) -> Path | None:
        """The path relative to the root; None outside of it."""
        return self.root.relative(self.path) if self.root and self.path else None

    @cached_property
    def prompt(self) -> dict[str, Any]:
        """The prompt as far as it can be read: the top-level object, or an empty one."""
        value = self.document.value
        return cast("dict[str, Any]", value) if isinstance(value, dict) else {}

    @cached_property
    def content(self) -> str:
        """The decoded content; empty where there is none."""
        content = self.prompt.get("content")
        return content if isinstance(content, str) else ""

    @cached_property
    def content_sha256(self) -> str | None:
        """The hash of the content, which facts know it by; None while it cannot be read to its end."""
        if not isinstance(self.prompt.get("content"), str) or not self.content_is_whole:
            return None
        from promptbits.facts.ids import content_sha256  # only where something is measured

        return content_sha256(self.content)

    @cached_property
    def content_is_whole(self) -> bool:
        """Whether the content was read to its end: not so while a quote in it is missing or stray."""
        if self.document.is_strict:
            return True
        node = self.content_node
        return node is not None and not any(
            error.kind in _CUTS_CONTENT and node.start <= error.start < node.end for error in self.document.tree.errors
        )

    @property
    def is_json(self) -> bool:
        """Whether the text is JSON, so that a part of it can be moved or removed; a key may be written twice."""
        return self.document.is_strict or not (self.document.tree.errors or self.document.tree.conflicts)

    @cached_property
    def variables(self) -> dict[str, dict[str, Any]] | None:
        """The declarations by name, those that are tables; None where `variables` is not there at all."""
        declared = self.prompt.get("variables")
        if not isinstance(declared, dict):
            return None
        return {
            name: cast("dict[str, Any]", spec) if isinstance(spec, dict) else {}
            for name, spec in cast("dict[str, Any]", declared).items()
        }

    @cached_property
    def markdown(self) -> Markdown:
        """Fences and headings of the content."""
        return markdown.scan(self.content)

    @cached_property
    def placeholders(self) -> list[Placeholder]:
        """The placeholders of the content, with offsets into it."""
        content = self.content
        if "<<" not in content and "{{" not in content:
            return []
        return scan(content, self.markdown.fences, self.variables or ())

    # From what was found back to the source. Only these need the tree.

    def key_range(self, path: JsonPath) -> Range:
        """Where a key stands; where it is missing, what would hold it."""
        member = self.document.tree.find_member(path)
        return (member.key.start, member.key.end) if member else self.value_range(path[:-1])

    def value_range(self, path: JsonPath) -> Range:
        """Where a value stands; for an object or array, its opening mark; where it is missing, its parent."""
        node = self.document.tree.nearest(path)
        if node is None:
            return 0, min(1, len(self.document.text))
        if node.kind in ("object", "array"):
            return node.start, node.start + 1
        return node.start, node.end

    def content_range(self, start: int, end: int) -> Range:
        """The source range of a range of the decoded content."""
        node = self.content_node
        if node is None:
            return self.value_range(("content",))
        return node.source_offset(start), node.source_offset(end)

    @property
    def content_node(self) -> Node | None:
        """The string that holds the content."""
        node = self.document.tree.find(("content",))
        return node if node and node.kind == "string" else None
