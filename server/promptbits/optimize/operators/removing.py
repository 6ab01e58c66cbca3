"""Taking sentences and sections out so that nothing empty is left behind."""

from __future__ import annotations

from promptbits.optimize.operators.edits import Edit
from promptbits.optimize.operators.sentences import Sentence, label_end
from promptbits.optimize.operators.view import View


def without_sentence(view: View, sentence: Sentence) -> Edit | None:
    """An edit that takes a sentence out; None where its heading, its list or its item would be left with nothing."""
    block = view.blocks[sentence.block]
    text = view.text
    if block.start < sentence.start == label_end(view.masked, block.start, block.end):
        return None  # its label would stand before something else
    if text[block.start : sentence.start].strip() == "" and text[sentence.end : block.end].strip() == "":
        return without_block(view, sentence.block)
    if text[sentence.end : block.end].strip() == "":  # the last one: with the gap before it
        start = len(text[: sentence.start].rstrip(" \t\r\n"))
        if text[start - 1] not in ".!?":
            return None
        return Edit(start, block.end, "")
    end = sentence.end
    while end < block.end and text[end] in " \t":
        end += 1
    if text[end] in "\r\n" and not text[block.line_start : sentence.start].endswith(("\n", " ")):
        return None
    return Edit(sentence.start, end, "")


def without_block(view: View, number: int) -> Edit | None:
    """An edit that takes a paragraph or an item out, with the lines it needed."""
    text, block = view.text, view.blocks[number]
    section = view.section_at(block.start)
    floor = section.body if section else 0
    ceiling = section.end if section else len(text)
    before, after = text[floor : block.line_start], text[block.end : ceiling]
    if not before.strip() and not after.strip():
        return None  # the heading would stand alone
    if before.rstrip().endswith(":") or after.lstrip().startswith(("```", "~~~", "<", "    ")) or not before.strip():
        return None  # announced by what stands before it, or announcing what stands behind it
    if block.is_item and text[block.line_start : block.start].strip()[0].isdigit():
        return None  # the numbers behind it would be wrong
    if any(line.indent > block.first.indent for line in view.lines if block.end < line.start < block.end + 200
           and line.kind == "item") and block.is_item:  # fmt: skip
        return None  # items below it would hang in the air
    end = block.end + (2 if text.startswith("\r\n", block.end) else text.startswith("\n", block.end))
    start = block.line_start
    if not block.is_item and after.startswith(("\n\n", "\r\n\r\n")):
        end += len(view.newline)
    if end >= len(text) or end == block.end:
        kept = text[:start].rstrip(" \t\r\n")
        return Edit(len(kept), block.end, "")
    return Edit(start, end, "")
