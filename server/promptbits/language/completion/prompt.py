"""A whole prompt, for a document that is still empty."""

from __future__ import annotations

import json

from promptbits.checks.finding import Edit
from promptbits.checks.snapshot import Snapshot
from promptbits.checks.words import kebab_case
from promptbits.language.completion.item import Completions, Item, Stop, Stub, written
from promptbits.language.completion.place import Place
from promptbits.prompts.root import stem


def file_id(snapshot: Snapshot) -> str:
    """The id that the name of the file asks for; empty for a name that cannot be one."""
    name = stem(snapshot.path) if snapshot.path else ""
    return name if name and kebab_case(name) == name else ""


def file_source(snapshot: Snapshot) -> str:
    """The source that the folder of the file asks for."""
    return {"builtin": "Builtin", "learned": "Learned"}.get(snapshot.layer or "", "Custom")


def complete_prompt(snapshot: Snapshot, place: Place, *, snippets: bool) -> Completions:
    """The prompt to start from."""
    text = written(_stub(snapshot), snippets=snippets)
    if not snapshot.document.text[place.end :].strip(" \t"):
        text += "\n"  # the file has no last line end of its own
    edit = Edit(place.start, place.end, text)
    filter_text = place.quote + "prompt" if place.typed or place.quote else "prompt"
    item = Item("prompt", "snippet", "a whole prompt", edit, snippets, filter_text)
    return Completions.of([item], 1)


def _stub(snapshot: Snapshot) -> Stub:
    id_ = file_id(snapshot) or "new-prompt"
    title = id_.replace("-", " ").capitalize()
    return (
        '{\n  "id": "',
        Stop(1, id_),
        '",\n  "description": "',
        Stop(2, f"{title}: say in one line what this prompt does"),
        '",\n  "trigger": {\n    "',
        Stop(3, "Custom"),
        '": "',
        Stop(4, id_),
        '"\n  },\n  "category": "',
        Stop(5, "BestPractices"),
        '",\n  "content": "',
        Stop(6, json.dumps(f"# {title}\n\nSay here what the model should do.\n")[1:-1]),
        '",\n  "confidence": ',
        Stop(7, "0.5"),
        f',\n  "source": "{file_source(snapshot)}"\n}}',
    )
