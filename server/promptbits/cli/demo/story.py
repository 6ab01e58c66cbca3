"""The demo, from the first line to the last."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from promptbits.cli.console import out, stdout_style, width
from promptbits.cli.demo.assistance import accept_completion, hover, quick_fix
from promptbits.cli.demo.changes import compare, rename
from promptbits.cli.demo.client import Client
from promptbits.cli.demo.editors import instructions
from promptbits.cli.demo.scenes import prepare, shortened
from promptbits.cli.demo.screen import change, draw

_STYLE = stdout_style()


async def tell() -> None:
    """Run the demo in a temporary folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="promptbits-demo-") as name:
        folder = Path(name).resolve()
        shipped = prepare(folder)
        _head("A workspace")
        out(f"{shipped} prompts that ship with PromptBits and 4 of our own, in {folder / 'prompts'}")
        started = time.perf_counter()
        async with Client(folder) as client:
            server = await client.start()
            seconds = time.perf_counter() - started
            out(f"The language server {server['name']} {server['version']} is up after {seconds:.2f} s, over stdio.")
            custom = folder / "prompts" / "custom"
            await _open(client, custom / "half-typed.json", "JSON that is still being typed")
            await _open(
                client, custom / "release-notes.json", "JSON that is fine and a prompt that is not", "unknown-reference"
            )
            await _open(client, custom / "unsafe.json", "What a reviewer would not see")
            await _type(client, custom / "weekly-report.json")
            client.close(custom / "weekly-report.json")
            _head("A completion")
            await accept_completion(client, custom / "weekly-report.json", _STYLE)
            _head("A hover, on <<audience>>")
            await hover(client, custom / "weekly-report.json", "<<audience>>")
            _head("A quick fix")
            await quick_fix(client, custom / "release-notes.json", "<<versoin>>", _STYLE)
            _head("A rename across files, of the prompt weekly-report")
            report = await rename(client, folder, custom / "weekly-report.json", "status-report", _STYLE)
        _head("A change that people can read")
        out(f"Somebody edits the content of {report.name}, one long line of JSON. In words, that is:\n")
        compare(report, shortened(report))
    _head("In your editor")
    out(instructions(Path(sys.executable)))


async def _open(client: Client, path: Path, title: str, awaited: str | None = None) -> None:
    _head(title)
    diagnostics, seconds = await client.open(path, awaited)
    out(f"{path.name}, opened: {len(diagnostics)} diagnostics after {seconds * 1000:.0f} ms\n")
    for line in draw(path.read_text("utf-8"), diagnostics, _STYLE, width()):
        out(line)


async def _type(client: Client, path: Path) -> None:
    _head("Typing")
    text = path.read_text("utf-8")
    shown, _ = await client.open(path)
    out(f"{path.name}, opened: {len(shown)} diagnostics. Now somebody types into its content:")
    lines = text.split("\n")
    row = next(index for index, line in enumerate(lines) if '"content"' in line)
    column = lines[row].index(" from these notes")
    typed = ""
    slowest = 0.0
    keys = 0
    # Each entry is one key: a character, or None for a backspace.
    for key in [*" on <<topik>>", None, None, None, *"c>>", *[None] * 9, *"<<notes>>"]:
        keys += 1
        if key is None:
            typed = typed[:-1]
            after, seconds = await client.type(path, row, column + len(typed), 1, "")
        else:
            after, seconds = await client.type(path, row, column + len(typed), 0, key)
            typed += key
        slowest = max(slowest, seconds)
        came, went = change(shown, after)
        shown = after
        if came or went:
            current = lines[row][:column] + typed + lines[row][column:]
            out(f"\n  typed so far: {_STYLE(typed.lstrip(), 'bold')}")
            for message in went:
                out(f"      {_STYLE('✓ gone:', 'green')} {message}")
            for line in draw("\n".join([*lines[:row], current, *lines[row + 1 :]]), after, _STYLE, width()):
                out(line)
    out(f"\n{keys} keys, each answered within {slowest * 1000:.0f} ms, {len(shown)} diagnostics left.")


def _head(title: str) -> None:
    out(f"\n{_STYLE(f'── {title} ', 'bold', 'cyan')}{_STYLE('─' * max(width() - len(title) - 4, 4), 'dim')}")
