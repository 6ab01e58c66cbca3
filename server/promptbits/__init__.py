"""PromptBits: a language server for prompts that live in git, and what applications load them with.

Importing this package is cheap on purpose: every command and every application pays for it. What it offers is imported
when it is first asked for.
"""

__version__ = "0.1.0"

TYPE_CHECKING = False
if TYPE_CHECKING:
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
    "record_feedback",
    "recording_status",
    "save_prompt",
]

_ELSEWHERE = {
    "InvalidPromptError": "errors",
    "Prompt": "prompt",
    "PromptError": "errors",
    "PromptExistsError": "errors",
    "PromptNotFoundError": "errors",
    "PromptUnreadableError": "errors",
    "Run": "tracking",
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    module = "prompts.render" if name == "RenderError" else f"runtime.{_ELSEWHERE.get(name, 'api')}"
    found = getattr(importlib.import_module(f"promptbits.{module}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return [*globals(), *__all__]
