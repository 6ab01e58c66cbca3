"""`promptbits init`: settings and a first prompt."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

from promptbits.checks.catalogue import CHECKS
from promptbits.cli import files
from promptbits.cli.console import escape, out, out_json, shown_path
from promptbits.cli.errors import FINE
from promptbits.prompts import drafts
from promptbits.prompts.discovery import walk
from promptbits.prompts.root import load_root
from promptbits.prompts.settings import FILE_NAME

SETTINGS: Final = """\
# Settings of PromptBits for this folder and all below it. What is commented out is the default.

# The folders that hold prompts, relative to this file.
# roots = ["prompts"]

# "semantic" leaves JSON syntax and plain schema checks to another JSON server on the same files.
# json = "full"

# Levels of checks: "error", "warning", "information", "hint" or "off".
# [checks]
# duplicate-trigger = "information"

# Levels for some files only; patterns as in .gitignore, relative to this file. The last one that matches wins.
# [[overrides]]
# files = ["prompts/custom/drafts/"]
# checks = { empty-content = "off" }
"""

_EXAMPLE_ID: Final = "summarize-changes"
_EXAMPLE: Final = """\
# Summarize changes

Summarize the changes below for <<audience>>.

- Start with what is different for a user, in one sentence.
- Then at most five points, the most important first.
- Name what may break, and what to do about it.

```diff
<<diff>>
```
"""


@click.command()
@click.argument("folder", default=".", type=click.Path())
@click.option("--json", "as_json", is_flag=True, help="Print what was written as JSON.")
def init(folder: str, as_json: bool) -> int:
    """Prepare FOLDER (this one, if none is named) for prompts; nothing is ever overwritten."""
    top = Path(folder).absolute()
    created: list[Path] = []
    kept: list[Path] = []
    _create(top / FILE_NAME, SETTINGS, created, kept)
    root = load_root(top, CHECKS)
    if any(walk(prompts)[0] for prompts in root.prompt_folders()):
        kept += [prompts for prompts in root.prompt_folders() if prompts.is_dir()]
    else:
        _create(drafts.custom_path(root, _EXAMPLE_ID), drafts.as_text(_example()), created, kept)
    if as_json:
        out_json(
            {
                "version": 1,
                "created": [shown_path(path) for path in created],
                "kept": [shown_path(path) for path in kept],
            }
        )
        return FINE
    for path in created:
        out(f"created {escape(shown_path(path))}")
    for path in kept:
        out(f"kept    {escape(shown_path(path))}")
    out("\nNext:\n  promptbits check          say what is wrong with your prompts")
    out("  promptbits new my-prompt  write another one\n  promptbits list           see them all, and those that ship")
    return FINE


def _create(path: Path, text: str, created: list[Path], kept: list[Path]) -> None:
    try:
        files.create(path, text.encode("utf-8"))
    except FileExistsError:
        kept.append(path)
    else:
        created.append(path)


def _example() -> dict[str, Any]:
    prompt = drafts.draft(
        _EXAMPLE_ID,
        _EXAMPLE,
        description="Summarizes a diff for the people who have to live with it",
        variables={
            "audience": {"description": "Who reads the summary", "default": "the users of this software"},
            "diff": {"description": "The changes, as a unified diff"},
        },
    )
    return prompt | {"category": "Examples", "tags": ["git"]}
