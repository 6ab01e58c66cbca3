"""The PromptBit as pydantic models: the one source of the JSON Schema in `schemas/`.

Importing pydantic and building the models costs about 100 ms, so nothing on the way of `check`, the server or an
application imports this module; they read the generated schema.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema, field_validator
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

SCHEMA_ID = "urn:promptbits:promptbit.schema.json"

KEBAB = r"^[a-z0-9]+(-[a-z0-9]+)*$"
VARIABLE = r"^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$"
ONE_LINE = r"^[^\r\n]*$"

TriggerKind = Literal["Framework", "Language", "BuildSystem", "Infrastructure", "CodePattern", "Custom"]
Category = Literal[
    "Commands",
    "Dependencies",
    "Configuration",
    "BestPractices",
    "Examples",
    "Integration",
    "Testing",
    "Deployment",
]
PlainSource = Literal["Builtin", "Custom", "Learned", "LLMGenerated", "CommunityContributed"]
VariableType = Literal["string", "number", "integer", "boolean", "array"]

Id = Annotated[str, Field(pattern=KEBAB)]
Name = Annotated[str, Field(min_length=1)]
Timestamp = Annotated[
    str,
    Field(
        description="RFC 3339, in UTC",
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|\+00:00)$",
    ),
]

_TRIGGERS: dict[str, str] = {
    "Framework": "A framework or library, such as Next.js",
    "Language": "A programming language, such as Rust",
    "BuildSystem": "A build system or package manager, such as Cargo",
    "Infrastructure": "A service or platform, such as PostgreSQL",
    "CodePattern": "A pattern in the code, such as error handling",
    "Custom": "Anything else that calls for this prompt",
}

# One mapping rather than six optional fields: exactly one kind is named. Editors complete from `properties`.
Trigger = Annotated[
    dict[TriggerKind, Name],
    Field(min_length=1, max_length=1),
    WithJsonSchema(
        {
            "type": "object",
            "properties": {
                kind: {"type": "string", "minLength": 1, "description": text} for kind, text in _TRIGGERS.items()
            },
            "additionalProperties": False,
            "minProperties": 1,
            "maxProperties": 1,
        }
    ),
]


class _Model(BaseModel):
    """Strict, closed, and without null: a field is present or absent."""

    model_config = ConfigDict(extra="forbid", strict=True, use_attribute_docstrings=True)

    @field_validator("*", mode="before")
    @classmethod
    def _no_null(cls, value: Any, info: Any) -> Any:
        if value is None and info.field_name != "default":
            raise ValueError("null is not a value here: leave the key out")
        return value


class Variable(_Model):
    """One variable of a template."""

    description: str | None = None
    """What to put in, for whoever fills the template"""
    type: VariableType = "string"
    """The type of the value; strings render as they are, every other type as JSON"""
    default: Any = None
    """Fills in when no value is given; fits type and enum"""
    enum: Annotated[list[Any], Field(min_length=1)] | None = None
    """The only values allowed"""
    required: bool = True
    """Whether rendering fails without a value; one that is not required renders as empty"""
    examples: list[Any] | None = None
    """Values that show what is meant"""


class LLMGenerated(_Model):
    """Which model wrote the prompt, and when."""

    model: Name
    """The model's name"""
    timestamp: Timestamp


class CommunityContributed(_Model):
    """Who contributed the prompt."""

    author: Name
    """Name or handle of the author"""


class Learned(_Model):
    """What the prompt was learned from."""

    from_feedback: list[Name]
    """Ids of the facts it was learned from"""


class LLMGeneratedSource(_Model):
    """Written by a model."""

    LLMGenerated: LLMGenerated


class CommunitySource(_Model):
    """Contributed by somebody."""

    CommunityContributed: CommunityContributed


class LearnedSource(_Model):
    """Learned from feedback."""

    Learned: Learned


class ModelHints(_Model):
    """Hints for the caller about the model to run the prompt with."""

    provider: Name | None = None
    """Who serves the model"""
    name: Name | None = None
    """The model's name"""
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    """Sampling temperature, 0 to 2"""
    max_tokens: Annotated[int, Field(ge=1)] | None = None
    """The most tokens to answer with"""


class PromptBit(_Model):
    """A prompt that lives in git: a Markdown template with variables, and what it is for."""

    schema_: str | None = Field(default=None, alias="$schema")
    """Any address ending in promptbit.schema.json marks a file as a PromptBit; it is never fetched"""
    id: Id
    """Kebab-case, and equal to the file name without .prompt.json or .json"""
    description: Annotated[str, Field(pattern=ONE_LINE)] | None = None
    """What the prompt does, in one line"""
    trigger: Trigger
    """What calls for this prompt: exactly one kind and a name"""
    category: Category
    """What sort of help the prompt gives"""
    content: str
    """The template: Markdown with placeholders <<name>> or {{ name }}"""
    variables: dict[Annotated[str, Field(pattern=VARIABLE)], Variable] | None = None
    """The variables of the template, by name"""
    confidence: Annotated[float, Field(ge=0, le=1)]
    """What the author believes, 0 to 1; what is measured stands in the facts"""
    source: PlainSource | LLMGeneratedSource | CommunitySource | LearnedSource
    """Where the prompt comes from, plain or with details"""
    tags: list[Id] | None = None
    """Kebab-case words to find the prompt by"""
    version: str | None = None
    """Versions of the technology it applies to: *, a release line (14.2, 4.x), 14.0+ or a range >=3.2,<4"""
    revision: Annotated[int, Field(ge=1)] = 1
    """This prompt's own revision: 1, 2, 3 …"""
    parent: Id | None = None
    """The id of the prompt that this one evolved from"""
    related: list[Id] | None = None
    """Ids of prompts that go well with this one"""
    model: ModelHints | None = None
    """Hints for the caller about the model"""


class PlainSchema(GenerateJsonSchema):
    """JSON Schema without null alternatives, null defaults and generated titles."""

    def nullable_schema(self, schema: Any) -> JsonSchemaValue:
        """What may be absent, without the alternative that says so."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: Any) -> JsonSchemaValue:
        """A default, unless it is that there is none."""
        generated = super().default_schema(schema)
        if "default" in generated and generated["default"] is None:
            del generated["default"]
        return generated

    def dict_schema(self, schema: Any) -> JsonSchemaValue:
        """A table with the pattern of its keys and the form of its values."""
        # `patternProperties` alone lets every other name pass; editors complete from `additionalProperties`.
        generated = super().dict_schema(schema)
        patterns = generated.pop("patternProperties", None)
        if patterns:
            ((pattern, values),) = patterns.items()
            generated |= {"propertyNames": {"pattern": pattern}, "additionalProperties": values}
        return generated

    def field_title_should_be_set(self, schema: Any) -> bool:
        """No titles: they would repeat the names."""
        return False


def promptbit_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a PromptBit."""
    generated = PromptBit.model_json_schema(schema_generator=PlainSchema)
    for definition in generated.get("$defs", {}).values():
        definition.pop("title", None)
    head: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": "PromptBit",
    }
    return head | {key: value for key, value in generated.items() if key != "title"}


def schema_text() -> str:
    """The schema as it is kept in `schemas/promptbit.schema.json`."""
    return json.dumps(promptbit_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    print(schema_text(), end="")  # noqa: T201  (this is `make schemas`)
