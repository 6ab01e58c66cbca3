"""The nine kinds of fact as pydantic models: the source of `schemas/fact-<kind>.schema.json`.

Recording a fact goes through `facts/fields.py`, which says the same without pydantic; a test holds the two together.
Import this module where models are wanted, never on the path of an application. The schemas describe the canonical
form; on the way in, null means absent, letters of ids may be large, and times may have an offset.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from promptbits.facts import values
from promptbits.facts.model_parts import (
    Count,
    FactId,
    FactModel,
    Model,
    Name,
    Prose,
    Revision,
    Sha256,
    Share,
    Table,
)
from promptbits.prompts.model import PlainSchema


class Execution(FactModel):
    """A prompt that ran."""

    kind: Literal["execution"]
    prompt_id: Name
    """The id in the file that ran"""
    requested_id: Name | None = None
    """The id that was asked for"""
    content_sha256: Sha256 | None = None
    """The SHA-256 of the template; without it the text is unknown"""
    revision: Revision | None = None
    """The revision of the prompt"""
    experiment: Name | None = None
    """The experiment that chose the variant"""
    variant: Name | None = None
    """The variant that ran"""
    conversation_id: Name | None = None
    """The conversation it is part of; without one it is a conversation of its own"""
    context_signature: Name | None = None
    """What sort of context it ran in"""
    outcome: Literal["succeeded", "failed", "unknown"]
    """How it went, as far as the application knows"""
    confidence_score: Share | None = None
    """How sure the application was, 0 to 1"""
    execution_time_ms: Annotated[float, Field(ge=0, le=values.MOST)] | None = None
    """How long it took, in milliseconds"""
    response_length: Count | None = None
    """Characters of the response"""
    input_tokens: Count | None = None
    """Tokens read"""
    output_tokens: Count | None = None
    """Tokens written"""
    cost_usd: Annotated[float, Field(ge=0, le=values.MOST_DOLLARS)] | None = None
    """What it cost, in US dollars"""
    provider: Name | None = None
    """Who serves the model"""
    model: Name | None = None
    """The model's name"""
    trace_id: Name | None = None
    """The trace it belongs to"""
    error_type: Name | None = None
    """What sort of error ended it"""
    forced: bool | None = None
    """Whether the variant was forced, which keeps it out of experiments"""


class Feedback(FactModel):
    """What somebody, or an evaluation, thinks of a run or of a prompt."""

    kind: Literal["feedback"]
    prompt_id: Name
    """The prompt it is about"""
    content_sha256: Sha256 | None = None
    """The SHA-256 of the template; by default that of the execution"""
    revision: Revision | None = None
    """The revision of the prompt"""
    variant: Name | None = None
    """The variant; by default that of the execution"""
    model: Name | None = None
    """The model; by default that of the execution"""
    execution_id: FactId | None = None
    """The execution it is about"""
    conversation_id: Name | None = None
    """The conversation it is about"""
    rating: Annotated[float, Field(ge=1, le=5)] | None = None
    """1 to 5"""
    outcome: Literal["succeeded", "failed"] | None = None
    """How it went; the first known outcome of a conversation counts"""
    name: Name | None = None
    """What was evaluated"""
    score: Annotated[float, Field(ge=-values.MOST, le=values.MOST)] | None = None
    """The value of the evaluation"""
    label: Prose | None = None
    """The value of the evaluation in words"""
    text: Prose | None = None
    """What was said; kept only with the setting facts.keep_text"""
    user: Name | None = None
    """Who said it"""


class ContextSignature(FactModel):
    """A sort of context that prompts run in."""

    kind: Literal["context_signature"]
    signature: Name
    """Its name or hash"""
    features: Table | None = None
    """What it was made from"""


class CodeIndex(FactModel):
    """A file of the workspace."""

    kind: Literal["code_index"]
    path: Name
    """Its path from the root"""
    language: Name | None = None
    """The language it is written in"""
    imports: list[Prose] | None = None
    """What it imports"""
    exports: list[Prose] | None = None
    """What it exports"""
    size: Count | None = None
    """Its size in bytes"""
    content_sha256: Sha256 | None = None
    """The SHA-256 of its bytes"""


class Technology(Model):
    """Something a folder is built with."""

    name: Name
    """As triggers name it"""
    version: Prose | None = None
    """Its version"""
    kind: Prose | None = None
    """What sort of thing it is"""
    evidence: Prose | None = None
    """Where that was seen"""


class TechStack(FactModel):
    """What a folder is built with."""

    kind: Literal["tech_stack"]
    folder: Name
    """Its path from the root"""
    technologies: list[Technology]
    """What was found"""


class CodePattern(FactModel):
    """A habit seen in the code."""

    kind: Literal["code_pattern"]
    name: Name
    """Its name"""
    confidence: Share | None = None
    """How sure it is, 0 to 1"""
    evidence: list[Prose] | None = None
    """Where it was seen"""


class Evolution(FactModel):
    """A prompt that was made from another."""

    kind: Literal["evolution"]
    prompt_id: Name
    """The new prompt"""
    parent_id: Name
    """The prompt it was made from"""
    revision: Revision | None = None
    """The revision of the new prompt"""
    parent_sha256: Sha256 | None = None
    """The SHA-256 of the template before"""
    content_sha256: Sha256 | None = None
    """The SHA-256 of the new template"""
    proposer: Name | None = None
    """Who proposed it"""
    edits: list[Prose] | None = None
    """How it was changed"""
    prediction: Table | None = None
    """What the scorer expected"""
    status: Literal["proposed", "accepted", "rejected", "promoted"] | None = None
    """What became of it"""


class AbTestResult(FactModel):
    """How an experiment ended."""

    kind: Literal["ab_test_result"]
    experiment: Name
    """The experiment"""
    prompt_id: Name
    """The prompt it was about"""
    verdict: Literal["winner", "inconclusive", "stopped", "invalid"]
    """How it ended"""
    winner: Name | None = None
    """The variant that won"""
    metric: Name | None = None
    """What was compared"""
    variants: Table | None = None
    """The counts of each variant"""


class Training(FactModel):
    """Something that was learned from facts."""

    kind: Literal["training"]
    trained: Literal["scorer", "operators"]
    """What was trained: what predicts how texts do, or how often each edit is tried"""
    prompt_id: Name | None = None
    """The first prompt of the lineage whose facts a scorer learned from"""
    model: Name | None = None
    """The model whose facts it learned from"""
    version: Revision | None = None
    """The version of the scorer, within its lineage and model"""
    digest: Sha256 | None = None
    """What was trained, as a hash: the same facts give the same"""
    decision: Literal["promoted", "not_promoted", "rolled_back"]
    """Whether it is used from now on, or what was before"""
    reason: Prose | None = None
    """Why, in words"""
    figures: Table | None = None
    """What it learned from, and how it did on what was held out"""


MODELS: dict[str, type[FactModel]] = {
    "execution": Execution,
    "feedback": Feedback,
    "context_signature": ContextSignature,
    "code_index": CodeIndex,
    "tech_stack": TechStack,
    "code_pattern": CodePattern,
    "evolution": Evolution,
    "ab_test_result": AbTestResult,
    "training": Training,
}


def fact_schema(kind: str) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a kind."""
    model = MODELS[kind]
    generated = model.model_json_schema(schema_generator=PlainSchema)
    for definition in generated.get("$defs", {}).values():
        definition.pop("title", None)
    properties = generated["properties"]
    generated["properties"] = {"kind": properties.pop("kind"), **properties}
    generated["required"] = ["kind", *(name for name in generated["required"] if name != "kind")]
    head: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:promptbits:{schema_file(kind)}",
        "title": model.__name__,
    }
    return head | {key: value for key, value in generated.items() if key != "title"}


def schema_text(kind: str) -> str:
    """The schema as it is kept in `schemas/`."""
    return json.dumps(fact_schema(kind), indent=2, ensure_ascii=False) + "\n"


def schema_file(kind: str) -> str:
    """The name of the schema's file."""
    return f"fact-{kind}.schema.json"


if __name__ == "__main__":  # this is `make schemas`
    for each in MODELS:
        (Path(sys.argv[1]) / schema_file(each)).write_text(schema_text(each), "utf-8")
