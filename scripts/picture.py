"""Draw docs/demo.svg from what `promptbits check` really prints.

`make pictures` does it, with those of the editor; alone it is `.venv/bin/python scripts/picture.py`.
"""

from __future__ import annotations

import contextlib
import os
import pty
import subprocess
import sys
import tempfile
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

TOP = Path(__file__).resolve().parents[1]
WIDTH = 104
# The exit code of a check that has found something. A picture of anything else would be one of a failure.
FOUND = 1
PROMPT = """{
  "id": "release-notes",
  "description": "Turns commits into release notes",
  "trigger": {
    "Custom": "release notes"
  },
  "category": "Example",
  "content": "Write notes on <<versoin>> for << audience >>:\\n\\n```text\\n<<commits>>\\n",
  "variables": {
    "version": {},
    "audience": {},
    "commits": {}
  },
  "confidence": 0.8,
  "source": "Custom"
}
"""
# The fonts of the reader; rich's own template would load one from the network.
FORMAT = """<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: monospace; \
font-size: {char_height}px; line-height: {line_height}px; }}
{styles}
</style>
<defs>{lines}</defs>
<rect width="{width}" height="{height}" rx="8" fill="#1e1e1e"/>
<g transform="translate(12, 12)"><g class="{unique_id}-matrix">{backgrounds}{matrix}</g></g>
</svg>
"""


def main() -> None:
    """Check the broken prompts of the demo with colours, and draw what comes out."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "prompts" / "custom" / "release-notes.json"
        path.parent.mkdir(parents=True)
        path.write_text(PROMPT, "utf-8")
        printed = on_terminal([sys.executable, "-m", "promptbits", "check"], name)
    console = Console(record=True, width=WIDTH, file=StringIO(), force_terminal=True)
    console.print(Text.from_ansi("$ promptbits check\n" + printed.rstrip()))
    console.save_svg(str(TOP / "docs" / "demo.svg"), title="promptbits check", theme=MONOKAI, code_format=FORMAT)


def on_terminal(command: list[str], folder: str) -> str:
    """What a command prints on a terminal of WIDTH columns, colours included."""
    ours, theirs = pty.openpty()
    environment = os.environ | {"COLUMNS": str(WIDTH), "TERM": "xterm-256color"}
    with subprocess.Popen(command, cwd=folder, env=environment, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        printed = b""
        with contextlib.suppress(OSError):  # Linux reports the end of a terminal as an input/output error
            while part := os.read(ours, 65536):
                printed += part
    os.close(ours)
    if process.returncode != FOUND:
        sys.exit(f"{' '.join(command)}: exit code {process.returncode}\n{printed.decode()}")
    return printed.decode().replace("\r\n", "\n")


if __name__ == "__main__":
    main()
