"""New prompts as values and as text: from a template, and from plain text files."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from promptbits.prompts.order import FIELDS
from promptbits.prompts.root import Root
from promptbits.text import markdown
from promptbits.text.json_string import escape_surrogates
from promptbits.text.placeholders import scan

_MOST_DESCRIPTION: Final = 200


def kebab_case(text: str) -> str:
    """A name as an id: lower-case ASCII words joined by hyphens; empty if nothing is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z][a-z])", "-", plain)
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")


def template(id_: str) -> dict[str, Any]:
    """A prompt to start from. It is clean under every check."""
    title = id_.replace("-", " ").capitalize()
    content = (
        f"# {title}\n\n"
        "Say here what the model should do, and how to tell that it is done well.\n\n"
        "Input:\n\n<<input>>\n"
    )
    return draft(
        id_,
        content,
        description=f"{title}: say in one line what this prompt does",
        variables={"input": {"description": "What the prompt works on"}},
    )


def from_text(id_: str, text: str) -> dict[str, Any]:
    """A prompt from plain text: described by its first heading, with its placeholders declared."""
    content = text.replace("\r\n", "\n").replace("\r", "\n")
    blocks = markdown.scan(content)
    found = scan(content, blocks.fences)
    heading = next((heading.title for heading in blocks.headings if heading.title.strip()), "")
    description = " ".join(heading.split())[:_MOST_DESCRIPTION]
    return draft(id_, content, description=description, variables={each.name: {"type": "string"} for each in found})


def draft(id_: str, content: str, *, description: str = "", variables: dict[str, Any] | None = None) -> dict[str, Any]:
    """A prompt of the user's own with everything that a prompt must have."""
    fields: dict[str, Any] = {
        "id": id_,
        "description": description,
        "trigger": {"Custom": id_},
        "category": "BestPractices",
        "content": content,
        "variables": variables,
        "confidence": 0.5,
        "source": "Custom",
    }
    return {name: value for name, value in fields.items() if value}


def custom_path(root: Root, id_: str) -> Path:
    """Where a prompt of the user's own lies."""
    return root.prompt_folders()[0] / "custom" / f"{id_}.json"


def as_text(prompt: dict[str, Any]) -> str:
    """A prompt in canonical form."""
    ordered = {name: prompt[name] for name in _order(prompt)}
    return escape_surrogates(json.dumps(ordered, indent=2, ensure_ascii=False)) + "\n"


def _order(names: Iterable[str]) -> list[str]:
    return sorted(names, key=lambda name: FIELDS.index(name) if name in FIELDS else len(FIELDS))
