"""`promptbits/preview`: a prompt as it renders with values, while both are typed."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from promptbits.checks.snapshot import Snapshot
from promptbits.language.filling import TYPES, Problem, filled, typed, variables
from promptbits.language.hover.content import estimated_tokens
from promptbits.lsp.requests.named import prompt_in
from promptbits.lsp.state.session import Session
from promptbits.lsp.values.convert import Json
from promptbits.lsp.values.parameters import table, table_in
from promptbits.prompts.root import stem

PREVIEW: Final = "promptbits/preview"


class Previews:
    """Answers the request."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def preview(self, params: Any) -> Json:
        """The variables of a prompt and its text with their values.

        Raises:
            RequestFailedError: there is no such prompt.
        """
        values, as_text = table_in(params, "values"), table(params).get("asText") is True
        snapshot = prompt_in(self._session, params)
        return await asyncio.to_thread(_preview, snapshot, values, as_text=as_text)


def _preview(snapshot: Snapshot, values: Json, *, as_text: bool) -> Json:
    shown = filled(snapshot, typed(snapshot, values) if as_text else values)
    id_ = snapshot.prompt.get("id")
    return {
        "id": id_ if isinstance(id_, str) else stem(snapshot.path) if snapshot.path else "",
        "variables": [_variable(name, spec) for name, spec in variables(snapshot)],
        "text": shown.text,
        "complete": shown.complete,
        "tokens": estimated_tokens(len(shown.text)),
        "problems": [_problem(each) for each in shown.problems],
    }


def _problem(problem: Problem) -> Json:
    return {"variable": problem.variable, "message": problem.message, "missing": problem.is_missing}


def _variable(name: str, spec: dict[str, Any] | None) -> Json:
    get = (spec or {}).get
    description, kind, allowed, examples = get("description"), get("type"), get("enum"), get("examples")
    default = {"default": get("default")} if spec is not None and "default" in spec else {}
    return {
        "name": name,
        "description": description if isinstance(description, str) else None,
        "type": kind if kind in TYPES else "string",
        "required": spec is None or bool(get("required", True)),
        **default,
        "enum": allowed if isinstance(allowed, list) else None,
        "examples": examples if isinstance(examples, list) else None,
        "undeclared": spec is None,
    }
