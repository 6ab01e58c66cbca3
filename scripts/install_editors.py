"""Install editors for tests into `.venv/editors`, and print where their commands are.

    python scripts/install_editors.py                   all of them
    python scripts/install_editors.py vscode chromium   these

They come from the archives that this machine's apt and npm are set up for. It needs no rights and changes nothing
outside of that folder.
"""

from __future__ import annotations

import sys

from editors.chromium import CHROMIUM
from editors.emacs import EMACS
from editors.helix import HELIX
from editors.neovim import NEWEST, OLDEST
from editors.place import ProblemError
from editors.vscode import VSCODE

EDITORS = {each.folder: each for each in (VSCODE, CHROMIUM, OLDEST, NEWEST, HELIX, EMACS)}


def main() -> int:
    """Install what was asked for and is not there yet; name what cannot be installed."""
    wanted = sys.argv[1:] or list(EDITORS)
    if unknown := [each for each in wanted if each not in EDITORS]:
        print(f"promptbits: no such editor: {unknown[0]} (there are {', '.join(EDITORS)})", file=sys.stderr)
        return 2
    status = 0
    for name in wanted:
        try:
            print(EDITORS[name].install(), flush=True)
        except ProblemError as problem:
            print(f"promptbits: {name} cannot be installed here: {problem}", file=sys.stderr)
            status = 2
    return status


if __name__ == "__main__":
    sys.exit(main())
