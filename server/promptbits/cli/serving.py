"""Starting the language server, with or without the command-line framework before it."""

from __future__ import annotations

import gc
from typing import NoReturn


def serve() -> NoReturn:
    """Serve until the client leaves, then end the process."""
    from promptbits.lsp.server import main  # 300 ms, paid by this command alone

    # What was imported stays for good: the collector need not look through it again and again. It is off for
    # commands that are over in a moment, and this is none.
    gc.freeze()
    gc.enable()
    main()
