"""Neovim, as Debian has it: the oldest version that is supported, and the newest that is packaged."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from editors import debian
from editors.place import Editor


def unpack(suite: str, prefix: Path, work: Path) -> str:
    """Fill the folder; the command is the program, told where its own files are."""
    debian.unpack(prefix, work, suite, ["neovim"])
    debian.make_runnable(prefix / "usr/bin/nvim", prefix, work)
    modules = f"{debian.library_folder(prefix)}/lua/5.1/?.so"
    return f"""export VIMRUNTIME='{prefix}/usr/share/nvim/runtime'
export LUA_PATH='{prefix}/usr/share/lua/5.1/?.lua;;' LUA_CPATH='{modules};;'
exec '{prefix}/usr/bin/nvim' --cmd 'set runtimepath+={prefix}/usr/lib/nvim' "$@\""""


OLDEST = Editor("nvim-10", "nvim", r"NVIM v0\.10\.", partial(unpack, "trixie"))
NEWEST = Editor("nvim-newest", "nvim", r"NVIM v", partial(unpack, "sid"))
