"""The files that servers are measured on: prompts from 1 KB to 1 MB, the same bytes for the same seed.

A prompt file is short but for its `content`, which is one JSON string and so one very long line: that is what makes
prompts unlike other JSON. The text is made of what prompts are made of: headings, prose, steps, rules, code and
placeholders.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

SEED: Final = 20250101
SIZES: Final = {"1k": 1_000, "10k": 10_000, "100k": 100_000, "1m": 1_000_000}
LIBRARY: Final = 100
"""How many other prompts lie in the folder, as they do where an author works."""
TAGS_OF_MANY: Final = 1_000

_VARIABLES: Final = {
    "language": "string", "framework": "string", "diff": "string", "test_command": "string", "max_findings": "integer",
    "style_guide": "string", "issue.title": "string", "issue.body": "string", "strict": "boolean", "examples": "array",
}  # fmt: skip
_ROLES: Final = (
    "a careful reviewer",
    "a release engineer",
    "a patient teacher",
    "an on-call engineer",
    "a data modeller",
)
_VERBS: Final = ("Read", "Check", "Explain", "List", "Compare", "Rewrite", "Summarise", "Trace", "Measure", "Question")
_OBJECTS: Final = (
    "every change in the diff", "the failing test", "each public function", "the migration and its rollback",
    "the error path", "the naïve fallback", "the assumptions of the caller", "the cache and what invalidates it",
    "the façade of the service", "names that mislead", "the slowest query", "the configuration that ships",
)  # fmt: skip
_LIMITS: Final = (
    "before you propose anything", "without changing its behaviour", "and quote the line it stands on", "as a table",
    "unless the tests already cover it", "→ then stop", "and say how sure you are", "with the evidence beside it",
)  # fmt: skip
_TITLES: Final = ("Context", "What to do", "Rules", "Output", "When unsure", "Examples", "例", "Checklist ✅")
_CODE: Final = (
    'def total(rows):\n    """Sum of the amounts."""\n    return sum(row["amount"] for row in rows)',
    "SELECT id, name\nFROM customers\nWHERE created_at > now() - interval '7 days';",
    'const reply = await fetch(`/api/items?limit=${limit}`);\nif (!reply.ok) throw new Error("no items");',
)
_CODE_LANGUAGES: Final = ("python", "sql", "ts")
_CATEGORIES: Final = (
    "Commands",
    "Dependencies",
    "Configuration",
    "BestPractices",
    "Examples",
    "Integration",
    "Testing",
)
_FRAMEWORKS: Final = ("Next.js", "Django", "FastAPI", "Rails", "Spring", "Vue")
_TAGS: Final = ("api", "ci", "database", "docs", "frontend", "performance", "review", "security", "testing")


def prompt(seed: str, name: str, size: int) -> dict[str, Any]:
    """A valid prompt whose file is about so many bytes long."""
    rng = random.Random(seed)
    value: dict[str, Any] = {
        "id": name,
        "description": f"{rng.choice(_VERBS)} {rng.choice(_OBJECTS)}",
        "trigger": {"Framework": rng.choice(_FRAMEWORKS)},
        "category": rng.choice(_CATEGORIES),
        "content": "",
        "variables": {},
        "confidence": round(rng.uniform(0.3, 0.99), 2),
        "source": "Custom",
        "tags": sorted(rng.sample(_TAGS, 3)),
        "version": f"{rng.randint(1, 9)}.{rng.randint(0, 9)}+",
        "revision": 1,
    }
    names = rng.sample(sorted(_VARIABLES), 2 if size < 5_000 else 6)
    value["variables"] = {
        each: {"description": f"The {each.replace('_', ' ').replace('.', ' ')} to use", "type": _VARIABLES[each]}
        for each in names
    }
    value["content"] = _content(rng, size - len(encoded(value)), names)
    return value


def bad(value: dict[str, Any]) -> dict[str, Any]:
    """The same prompt with six errors that the schema knows, none of them in the content."""
    broken = {key: each for key, each in value.items() if key != "category"}
    broken |= {
        "trigger": {"Framwork": value["id"]},
        "confidence": 1.7,
        "source": "custom",
        "version": 14,
        "priority": "high",
    }
    return broken


def many(value: dict[str, Any]) -> dict[str, Any]:
    """The same prompt with a thousand errors that the schema knows."""
    return value | {"tags": list(range(TAGS_OF_MANY))}


def encoded(value: dict[str, Any]) -> bytes:
    """The bytes of a file, in the canonical form of PromptBits."""
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()


def files(names: tuple[str, ...] = tuple(SIZES), seed: int = SEED) -> dict[str, bytes]:
    """The measured files by name: `bit-…` is fine, `bad-…` has six errors, `many-10k` a thousand."""
    made: dict[str, bytes] = {}
    for size in names:
        value = prompt(f"{seed}/{size}", f"bit-{size}", SIZES[size])
        made[f"bit-{size}"] = encoded(value)
        made[f"bad-{size}"] = encoded(bad(value | {"id": f"bad-{size}"}))
        if size == "10k":
            made["many-10k"] = encoded(many(value | {"id": "many-10k"}))
    return made


def library(count: int = LIBRARY, seed: int = SEED) -> dict[str, bytes]:
    """The other prompts of the folder."""
    rng = random.Random(f"{seed}/sizes")
    names = [f"other-{number:03}" for number in range(count)]
    return {name: encoded(prompt(f"{seed}/{name}", name, rng.choice((800, 1_500, 3_000, 6_000)))) for name in names}


def write(root: Path, made: dict[str, bytes]) -> dict[str, Path]:
    """Write files into a root's folder of custom prompts; where each lies."""
    folder = root / "prompts" / "custom"
    folder.mkdir(parents=True, exist_ok=True)
    (root / "promptbits.toml").touch()
    paths = {name: folder / f"{name}.json" for name in made}
    for name, path in paths.items():
        path.write_bytes(made[name])
    return paths


def _content(rng: random.Random, size: int, names: list[str]) -> str:
    """Markdown that takes about so many bytes inside a JSON string, and uses each of the variables."""
    uses = iter([*names])
    parts = [f"You are {rng.choice(_ROLES)} for <<{next(uses)}>>.\n\n"]
    parts += [f"Mind <<{name}>> above all.\n" for name in uses]
    left = size - sum(map(_bytes, parts))
    blocks: tuple[Callable[[random.Random, list[str]], str], ...] = (_prose, _prose, _steps, _rules, _code)
    while left > 0:
        block = rng.choice(blocks)(rng, names) if left > 900 else _sentence(rng, names) + "\n"
        parts.append(block)
        left -= _bytes(block)
    return "".join(parts)


def _bytes(text: str) -> int:
    return len(json.dumps(text, ensure_ascii=False).encode()) - 2


def _sentence(rng: random.Random, names: list[str]) -> str:
    middle = f"in <<{rng.choice(names)}>> " if rng.random() < 0.1 else ""
    return f"{rng.choice(_VERBS)} {rng.choice(_OBJECTS)} {middle}{rng.choice(_LIMITS)}."


def _prose(rng: random.Random, names: list[str]) -> str:
    text = " ".join(_sentence(rng, names) for _ in range(rng.randint(3, 8)))
    return f"## {rng.choice(_TITLES)}\n\n{text}\n\n"


def _steps(rng: random.Random, names: list[str]) -> str:
    return "".join(f"{number}. {_sentence(rng, names)}\n" for number in range(1, rng.randint(4, 8))) + "\n"


def _rules(rng: random.Random, names: list[str]) -> str:
    return "".join(f"- **{rng.choice(_VERBS)}**: {_sentence(rng, names)}\n" for _ in range(rng.randint(3, 6))) + "\n"


def _code(rng: random.Random, names: list[str]) -> str:
    which = rng.randrange(len(_CODE))
    return f"{_sentence(rng, names)} For example:\n\n```{_CODE_LANGUAGES[which]}\n{_CODE[which]}\n```\n\n"
