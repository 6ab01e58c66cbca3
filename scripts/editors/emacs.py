"""Emacs without windows, as Debian has it."""

from __future__ import annotations

from pathlib import Path

from editors import debian
from editors.place import Editor, ProblemError


def unpack(prefix: Path, work: Path) -> str:
    """Fill the folder; the command is the program, told where its Lisp is."""
    debian.unpack(prefix, work, "trixie", ["emacs-nox"])
    program = prefix / "usr/bin/emacs-nox"
    share = next(iter(sorted((prefix / "usr/share/emacs").glob("[0-9]*"))), None)
    dump = next(iter(sorted((prefix / "usr").rglob("emacs/**/*.pdmp"))), None)
    if share is None or dump is None:
        raise ProblemError("its packages hold no Lisp")
    debian.make_runnable(program, prefix, work)
    return f"""export EMACSLOADPATH='{share}/lisp' EMACSPATH='{dump.parent}'
export EMACSDATA='{share}/etc' EMACSDOC='{share}/etc'
exec '{program}' --dump-file '{dump}' "$@\""""


EMACS = Editor("emacs", "emacs", r"GNU Emacs \d", unpack)
