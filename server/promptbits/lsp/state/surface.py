"""What a client shows, and the prompt behind it.

Most often both are the same text. A view shows the content of a prompt as a Markdown document of its own: every
feature runs on the JSON with the view's text put in, and a surface is the one place that knows the way between them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from promptbits.checks.finding import Edit
from promptbits.checks.snapshot import Snapshot
from promptbits.language.places import RefusedError
from promptbits.lsp.values.convert import Json, position_of, range_of, text_edit
from promptbits.text.changes import changes
from promptbits.text.document import Document
from promptbits.text.json_string import StringMap
from promptbits.text.json_tree import Node
from promptbits.text.lines import Encoding


@dataclass(frozen=True)
class Edited:
    """Protocol edits of one document; `version` is None for one that is not open."""

    uri: str
    version: int | None
    edits: list[Json]


@dataclass(frozen=True)
class Surface:
    """A prompt that is shown as it is: as JSON. `version` is None where it is not open."""

    uri: str
    version: int | None
    snapshot: Snapshot
    encoding: Encoding

    @property
    def shown(self) -> Document:
        """The text that the client shows."""
        return self.snapshot.document

    @property
    def is_view(self) -> bool:
        """Whether only the content is shown."""
        return False

    def offset(self, line: int, character: int) -> int:
        """The offset in the prompt of a position on the surface, clamped to it."""
        return self.source(self.shown.lines.offset(line, character, self.encoding))

    def source(self, shown: int) -> int:
        """The offset in the prompt of an offset in the text that is shown."""
        return shown

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """A range of the prompt as offsets of the text that is shown; None where it is not shown."""
        return start, end

    def range(self, start: int, end: int) -> Json | None:
        """A range of the prompt as a protocol range; None where it is not shown."""
        span = self.span(start, end)
        return None if span is None else range_of(self.shown, *span, self.encoding)

    def position(self, offset: int) -> Json | None:
        """An offset of the prompt as a protocol position; None where it is not shown."""
        span = self.span(offset, offset)
        return None if span is None else position_of(self.shown, span[0], self.encoding)

    def location(self, start: int, end: int) -> Json:
        """The address and range of a range of the prompt, wherever it is shown."""
        return {"uri": self.uri, "range": range_of(self.shown, start, end, self.encoding)}

    def edited(self, edits: Iterable[Edit]) -> list[Edited]:
        """Edits of the prompt as edits of what is open.

        Raises:
            RefusedError: an edit cannot be told apart into documents.
        """
        return [Edited(self.uri, self.version, [text_edit(self.shown, edit, self.encoding) for edit in edits])]


@dataclass(frozen=True)
class View(Surface):
    """The content of a prompt, shown as Markdown.

    `snapshot` is of the JSON with the text of the view put in; `twin` is the JSON without it, and `markdown` what the
    editor shows: the very content of the snapshot, so that one string map leads from one to the other.
    """

    markdown: Document
    twin: Document
    twin_uri: str
    twin_version: int | None

    @property
    def shown(self) -> Document:  # noqa: D102  (as above)
        return self.markdown

    @property
    def is_view(self) -> bool:  # noqa: D102
        return True

    def source(self, shown: int) -> int:  # noqa: D102
        return self._node.source_offset(shown)

    def span(self, start: int, end: int) -> tuple[int, int] | None:  # noqa: D102
        node = self._node
        if not node.start <= start <= end <= node.end:
            return None
        return self._shown_offset(start), self._shown_offset(end)

    def location(self, start: int, end: int) -> Json:  # noqa: D102
        span = self.range(start, end)
        if span is not None:
            return {"uri": self.uri, "range": span}
        first, last = self._twin_offset(start), self._twin_offset(end)
        return {"uri": self.twin_uri, "range": range_of(self.twin, first, last, self.encoding)}

    def edited(self, edits: Iterable[Edit]) -> list[Edited]:  # noqa: D102
        node, edits = self._node, list(edits)
        if any(edit.start <= bound <= edit.end for edit in edits for bound in (node.start, node.end)):
            edits = self._told_apart(edits)
        here, beside = list[Json](), list[Json]()
        for edit in edits:
            if node.start < edit.start and edit.end < node.end:
                here.append(text_edit(self.shown, self._decoded(edit), self.encoding))
            elif edit.end <= node.start or node.end <= edit.start:
                other = Edit(self._twin_offset(edit.start), self._twin_offset(edit.end), edit.new)
                beside.append(text_edit(self.twin, other, self.encoding))
            else:
                raise RefusedError("this changes more than the content: do it in the JSON file")
        made = [Edited(self.uri, self.version, here), Edited(self.twin_uri, self.twin_version, beside)]
        return [each for each in made if each.edits]

    @property
    def _node(self) -> Node:
        node = self.snapshot.content_node
        assert node is not None, "a view is only made of a prompt that has content"
        return node

    def _shown_offset(self, source: int) -> int:
        return self._node.string_map.decoded(max(source - self._node.start - 1, 0))

    def _told_apart(self, edits: Iterable[Edit]) -> list[Edit]:
        """Edits that do the same as others of which some reach an end of the content; those, where that cannot be."""
        node, before = self._node, self.snapshot.document.text
        text = before
        for edit in sorted(edits, key=lambda each: each.start, reverse=True):
            text = text[: edit.start] + edit.new + text[edit.end :]
        after = Document.from_text(text).tree
        content = after.find(("content",))
        if after.errors or content is None or content.kind != "string":
            return list(edits)
        parts = (  # the quotes stay
            (0, node.start, 0, content.start),
            (node.start + 1, node.end - 1, content.start + 1, content.end - 1),
            (node.end, len(before), content.end, len(text)),
        )
        return [
            Edit(start + each.start, start + each.end, each.new)
            for start, end, new_start, new_end in parts
            for each in changes(before[start:end], text[new_start:new_end])
        ]

    def _decoded(self, edit: Edit) -> Edit:
        """An edit of the content as one of what is shown; it may start or end inside of an escape, which it changes."""
        node, text = self._node, self.snapshot.document.text
        inside, string_map = node.start + 1, node.string_map
        first = string_map.decoded(edit.start - inside)
        last = string_map.decoded(edit.end - inside)
        if inside + string_map.source(last) < edit.end:
            last += 1
        start, end = (inside + string_map.source(each) for each in (first, last))
        new = text[start : edit.start] + edit.new + text[edit.end : max(end, edit.end)]
        return Edit(self._shown_offset(start), self._shown_offset(max(end, edit.end)), StringMap(new).text)

    def _twin_offset(self, source: int) -> int:
        if source <= self._node.start:
            return source
        return source + len(self.twin.text) - len(self.snapshot.document.text)
