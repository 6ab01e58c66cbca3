"""Whether texts that are not templates are kept: rendered prompts, responses, what users write."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from promptbits.prompts.settings import read_file


def keeps_text(root: Path) -> bool:
    """The setting `facts.keep_text` of a root; off unless it says true."""
    section: Any = read_file(root)[0].get("facts")
    return isinstance(section, dict) and cast("dict[str, Any]", section).get("keep_text") is True
