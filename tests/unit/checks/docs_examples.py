"""The examples of docs/checks.md as files."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from promptbits.text.document import Document

PAGE = Path(__file__).parents[3] / "docs" / "checks.md"

_SECTION = re.compile(r"^## `(?P<code>[a-z-]+)`\n(?P<body>.*?)(?=^## |^---$|\Z)", re.MULTILINE | re.DOTALL)
_BLOCK = re.compile(
    r"^```(?P<form>json|bytes) (?P<kind>bad|good|warning)(?: file=(?P<file>\S+))?"
    r"(?: (?P<facts>(?:measured|before)=\d+/\d+))?\n(?P<body>.*?)^```$",
    re.M | re.S,
)
_BASE = re.compile(r"^```json base\n(.*?)^```$", re.M | re.S)
_KEY = re.compile(r'^"(\$?\w+)"', re.MULTILINE)
_SENTENCE = re.compile(r'"content": "([^"]*?) …"')


@dataclass(frozen=True)
class Section:
    """What the page says of one check: its text, and its examples by kind, each a small library of files.

    `facts` are what is measured in each example, by file: `measured=360/400`.
    """

    code: str
    text: str
    examples: dict[str, list[dict[str, Document]]]
    facts: dict[str, list[dict[str, str]]]


@cache
def sections() -> dict[str, Section]:
    """The sections of the page by the name of their check."""
    page = PAGE.read_text("utf-8")
    match = _BASE.search(page)
    assert match
    base = json.loads(match[1])
    return {match["code"]: _section(match["code"], match["body"], base) for match in _SECTION.finditer(page)}


def _section(code: str, body: str, base: dict[str, Any]) -> Section:
    examples: dict[str, list[dict[str, Document]]] = {"bad": [], "good": [], "warning": []}
    facts: dict[str, list[dict[str, str]]] = {kind: [] for kind in examples}
    shared: dict[str, dict[str, Document]] = {}
    for block in _BLOCK.finditer(body):
        kind, text = block["kind"], block["body"]
        if code == "oversized-content":
            count = 1000 if kind == "bad" else 2
            text = _SENTENCE.sub(lambda match, count=count: f'"content": "{" ".join([match[1]] * count)}"', text)
        document = _bytes(text, base) if block["form"] == "bytes" else _json(text, base)
        name = block["file"] or f"prompts/custom/{base['id']}.json"
        if block["file"] is None:
            examples[kind].append({name: document})
            facts[kind].append({})
        else:
            # Files of one kind in one section form one library.
            if kind not in shared:
                shared[kind] = {}
                examples[kind].append(shared[kind])
                facts[kind].append({})
            shared[kind][name] = document
        if block["facts"]:
            facts[kind][-1][name] = block["facts"]
    return Section(code, _BLOCK.sub("", body), examples, facts)


def _json(text: str, base: dict[str, Any]) -> Document:
    if text.startswith("{"):
        return Document.from_text(text)
    # Not through the json module: the example is checked as it is written.
    return Document.from_text(_merged(text, base))


def _bytes(text: str, base: dict[str, Any]) -> Document:
    whole = text if "{" in text else _merged(text, base)
    return Document.from_bytes(
        re.sub(r"\\x([0-9a-f]{2})", lambda match: chr(int(match[1], 16)), whole).encode("latin-1")
    )


def _merged(members: str, base: dict[str, Any]) -> str:
    written = set(_KEY.findall(members))
    rest = "".join(f',\n"{key}": {json.dumps(value)}' for key, value in base.items() if key not in written)
    return f"{{\n{members.rstrip()}{rest}\n}}\n"
