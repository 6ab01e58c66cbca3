"""A workspace with a fact store, written to as an application does."""

from __future__ import annotations

import random
import time
from pathlib import Path
from typing import Any

from authoring import PUSH, Author, prompt
from editing import Editor

from promptbits.facts.ids import content_sha256, new_id, timestamp
from promptbits.facts.locating import facts_path
from promptbits.facts.opening import open_store

Json = dict[str, Any]

A, B = "prompts/custom/a.json", "prompts/learned/a-v2.json"
TEXT, PARENT = "Say it better.", "Say it."
DRAWS: Json = {
    **PUSH,
    "workspace": {
        "codeLens": {"refreshSupport": True},
        "inlayHint": {"refreshSupport": True},
        "textDocumentContent": {"dynamicRegistration": True},
    },
    "window": {"showDocument": {"support": True}},
}
LENSES, HINTS = "workspace/codeLens/refresh", "workspace/inlayHint/refresh"
DOCUMENT = "workspace/textDocumentContent/refresh"
DAY = 86_400 * 10**9
EVERYTHING: Json = {"start": {"line": 0, "character": 0}, "end": {"line": 2**31 - 1, "character": 0}}


def execution(prompt_id: str, text: str, outcome: str, **more: Any) -> Json:
    """A run, as an application reports it."""
    when = more.pop("when", None)
    return {
        "kind": "execution",
        "id": new_id(when),
        "timestamp": timestamp(when),
        "prompt_id": prompt_id,
        "content_sha256": content_sha256(text),
        "outcome": outcome,
        **more,
    }


def runs(prompt_id: str, text: str, succeeded: int, failed: int, **more: Any) -> list[Json]:
    """Some runs of each outcome."""
    return [
        execution(prompt_id, text, outcome, **more)
        for outcome, count in (("succeeded", succeeded), ("failed", failed))
        for _ in range(count)
    ]


def varied(seed: int, prompt_id: str, text: str, count: int, revision: int) -> list[Json]:
    """Runs on many days, with several models and conversations of more than one run, and ratings of some."""
    draw = random.Random(seed)
    facts: list[Json] = []
    for number in range(count):
        run = execution(
            prompt_id,
            text,
            draw.choices(["succeeded", "failed", "unknown"], [8, 2, 1])[0],
            when=time.time_ns() - draw.randrange(40) * DAY - number * 1_000_000,
            revision=revision,
            model=draw.choice(["small", "large"]),
            execution_time_ms=draw.lognormvariate(6.7, 0.6),
            input_tokens=draw.randrange(500, 1000),
            output_tokens=draw.randrange(50, 300),
            cost_usd=draw.randrange(1, 900) / 100_000,
        )
        if draw.random() < 0.4:
            run["conversation_id"] = f"{prompt_id}-{draw.randrange(count // 4)}"
        facts.append(run)
        if draw.random() < 0.2:
            rating = draw.randrange(1, 6)
            facts.append(
                feedback(prompt_id, execution_id=run["id"], rating=rating, content_sha256=content_sha256(text))
            )
    return facts


def feedback(prompt_id: str, **more: Any) -> Json:
    """What somebody thinks of it."""
    return {"kind": "feedback", "id": new_id(), "timestamp": timestamp(), "prompt_id": prompt_id, **more}


def append(folder: Path, facts: list[Json]) -> Path:
    """Write facts to the store of a folder, made if need be, as another process does."""
    path = facts_path(folder)
    store = open_store(path)
    store.append(facts)
    store.close()
    return path


def write(author: Author, **fields: Any) -> str:
    """A prompt and its parent on disk; the text of the prompt."""
    author.write("promptbits.toml", "")
    author.write(A, prompt("a", content=PARENT))
    fields = {"parent": "a", "source": "Learned", "revision": 2, "content": TEXT, "confidence": 0.9} | fields
    text = prompt("a-v2", **fields)
    author.write(B, text)
    return text


async def lens(author: Author, name: str = B) -> str:
    """The title of the lens about measurements; empty where there is none."""
    lenses = await Editor(author).ask("codeLens", name)
    found = [each for each in lenses if each["command"]["command"] in ("promptbits.showStats", "")]
    return found[-1]["command"]["title"] if found else ""


async def shown(author: Author, words: str, name: str = B) -> str:
    """Wait until the lens has these words: the client asks again when the server says so, and no earlier."""
    asked = author.client.methods().count(LENSES)
    title = await lens(author, name)
    while words not in title:
        await author.asked(LENSES, asked + 1)
        asked = author.client.methods().count(LENSES)
        title = await lens(author, name)
    return title


async def gone(author: Author, name: str = B) -> None:
    """Wait until nothing is measured any more."""
    asked = author.client.methods().count(LENSES)
    while await lens(author, name):
        await author.asked(LENSES, asked + 1)
        asked = author.client.methods().count(LENSES)
