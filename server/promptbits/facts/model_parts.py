"""What the models of facts are made of: the types of fields, and what every fact has."""

from __future__ import annotations

from typing import Annotated, Any, cast

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema, model_validator

from promptbits.facts import times, values

FactId = Annotated[
    str, AfterValidator(values.fact_id), WithJsonSchema({"type": "string", "pattern": f"^{values.UUID7}$"})
]
Sha256 = Annotated[
    str, AfterValidator(values.sha256), WithJsonSchema({"type": "string", "pattern": f"^{values.SHA256}$"})
]
Time = Annotated[
    str,
    AfterValidator(times.canonical_time),
    WithJsonSchema(
        {
            "type": "string",
            "format": "date-time",
            "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$",
        }
    ),
]
Prose = Annotated[str, AfterValidator(values.prose)]
Name = Annotated[str, Field(min_length=1, max_length=values.LONGEST_NAME), AfterValidator(values.prose)]
Count = Annotated[int, Field(ge=0, le=values.MOST)]
Revision = Annotated[int, Field(ge=1, le=values.MOST)]
Share = Annotated[float, Field(ge=0, le=1)]
Table = Annotated[dict[str, Any], AfterValidator(values.table)]


class Model(BaseModel):
    """A table with these fields and no other."""

    model_config = ConfigDict(extra="forbid", strict=True, use_attribute_docstrings=True)

    @model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: each for name, each in cast("dict[Any, Any]", value).items() if each is not None}
        return value


class FactModel(Model):
    """What every fact has."""

    id: FactId
    """A UUIDv7, lower-case hexadecimal with dashes"""
    timestamp: Time
    """When it happened: RFC 3339, in UTC, with milliseconds"""
    metadata: Table = Field(default_factory=dict)
    """Whatever else the application wants to keep"""
