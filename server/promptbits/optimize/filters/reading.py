"""A text as the filters read it: each look at it is taken once, when a filter first asks for it."""

from __future__ import annotations

from collections.abc import Container, Iterator
from functools import cached_property

from promptbits.optimize.operators.protected import Range, joined, masked
from promptbits.text import markdown, markdown_inline, placeholders
from promptbits.text.markdown_paragraphs import paragraphs


class Reading:
    """One text, with the variables that its prompt declares: those decide what is a placeholder in code."""

    def __init__(self, text: str, declared: Container[str]) -> None:
        self.text = text
        self._declared = declared

    @cached_property
    def markdown(self) -> markdown.Markdown:
        """Fences and headings."""
        return markdown.scan(self.text)

    @cached_property
    def placeholders(self) -> list[placeholders.Placeholder]:
        """The uses of variables."""
        return placeholders.scan(self.text, self.markdown.fences, self._declared)

    @cached_property
    def spans(self) -> list[markdown_inline.Span]:
        """Code spans, links, images and addresses."""
        return markdown_inline.scan(self.markdown)

    @cached_property
    def paragraphs(self) -> list[Range]:
        """Everything outside of fenced and indented code."""
        return list(paragraphs(self.markdown))

    @cached_property
    def code(self) -> list[Range]:
        """Where fenced code, indented code and code spans stand, in order."""
        return joined([*self._between_paragraphs(), *self._code_spans()])

    @cached_property
    def prose(self) -> str:
        """The text with NUL for every character of code and of addresses: as long, with the same lines."""
        inside = (span.inside for span in self.spans if span.kind in ("link", "image"))
        bare = ((span.start, span.end) for span in self.spans if span.kind in ("autolink", "url"))
        uses = ((each.start, each.end) for each in self.placeholders)
        return masked(self.text, joined([*self.code, *inside, *bare, *uses]))

    def _between_paragraphs(self) -> Iterator[Range]:
        at = 0
        for start, end in [*self.paragraphs, (len(self.text), len(self.text))]:
            if start > at:
                yield at, start
            at = end

    def _code_spans(self) -> Iterator[Range]:
        return ((span.start, span.end) for span in self.spans if span.kind == "code")
