"""Where the facts of a root lie."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

STORE_FOLDER: Final = ".promptbits"
STORE_FILE: Final = "facts.db"
# Overrides the place with the path of a file.
VARIABLE: Final = "PROMPTBITS_FACTS"


def facts_path(root: Path) -> Path:
    """The store of a root: `<root>/.promptbits/facts.db`, unless the environment names another file."""
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named).expanduser().absolute()
    return root / STORE_FOLDER / STORE_FILE
