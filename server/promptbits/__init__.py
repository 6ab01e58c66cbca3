"""PromptBits: a language server for prompts that live in git, and what applications load them with.

Importing this package is cheap on purpose: every command and every application pays for it. What it offers is imported
when it is first asked for.
"""

import os
import sys

__version__ = "0.1.0"

TYPE_CHECKING = False
if TYPE_CHECKING:
    from promptbits.optimize.sdk import OptimizationResult, optimize_prompt
    from promptbits.prompts.render import RenderError
    from promptbits.runtime.api import (
        aget_prompt,
        aload_prompt,
        arecord_feedback,
        asave_prompt,
        configure,
        current_run,
        get_prompt,
        load_prompt,
        record_feedback,
        recording_status,
        save_prompt,
    )
    from promptbits.runtime.errors import (
        InvalidPromptError,
        PromptError,
        PromptExistsError,
        PromptNotFoundError,
        PromptUnreadableError,
    )
    from promptbits.runtime.prompt import Prompt
    from promptbits.runtime.tracking import Run

__all__ = [
    "InvalidPromptError",
    "OptimizationResult",
    "Prompt",
    "PromptError",
    "PromptExistsError",
    "PromptNotFoundError",
    "PromptUnreadableError",
    "RenderError",
    "Run",
    "aget_prompt",
    "aload_prompt",
    "arecord_feedback",
    "asave_prompt",
    "configure",
    "current_run",
    "get_prompt",
    "load_prompt",
    "optimize_prompt",
    "record_feedback",
    "recording_status",
    "save_prompt",
]

_ELSEWHERE = {
    "InvalidPromptError": "runtime.errors",
    "OptimizationResult": "optimize.sdk",
    "Prompt": "runtime.prompt",
    "PromptError": "runtime.errors",
    "PromptExistsError": "runtime.errors",
    "PromptNotFoundError": "runtime.errors",
    "PromptUnreadableError": "runtime.errors",
    "RenderError": "prompts.render",
    "Run": "runtime.tracking",
    "optimize_prompt": "optimize.sdk",
}


# What the first use of each part imports.
_IMPORTED_LATE = (
    "promptbits.runtime.api",
    "promptbits.runtime.recorder",
    "promptbits.runtime.shelf",
    "promptbits.facts.keeping",
    "promptbits.facts.opening",
    "promptbits.facts.spool",
    "promptbits.prompts.library",
    "promptbits.prompts.render",
    "hashlib",
    "logging",
    "pathspec",
    "platformdirs",
    "tomllib",
)


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = f"promptbits.{_ELSEWHERE.get(name, 'runtime.api')}"
    __import__(module)
    found = getattr(sys.modules[module], name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return [*globals(), *__all__]


def _finish_imports() -> None:
    """Let no thread be in the middle of an import when the process forks: its lock would stay taken in the child."""
    if "promptbits.runtime" in sys.modules:
        for name in _IMPORTED_LATE:
            __import__(name)
        from promptbits.facts.sqlite.connection import before_fork

        before_fork()  # which Python does not call for a module that has only just been imported


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_finish_imports)
