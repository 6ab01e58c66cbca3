"""The attribute names that are read, and nothing else is: what is not named here never leaves the body it came in.

Source: the OpenTelemetry semantic conventions for generative AI (`model/gen-ai/registry.yaml`, `spans.yaml` and
`events.yaml` of github.com/open-telemetry/semantic-conventions-genai, read in November 2026; they are in development).
Older names are those of semantic-conventions up to 1.36; Langfuse's are those of its `LangfuseOtelSpanAttributes`.
Contents of messages, system instructions, variables of prompts and explanations of evaluations are left out on purpose.
"""

from __future__ import annotations

from typing import Final

# The first name that is there wins.
PROMPT_NAME: Final = ("gen_ai.prompt.name", "langfuse.observation.prompt.name")
PROMPT_VERSION: Final = ("gen_ai.prompt.version", "langfuse.observation.prompt.version")
MODEL: Final = ("gen_ai.response.model", "langfuse.observation.model.name", "gen_ai.request.model")
PROVIDER: Final = ("gen_ai.provider.name", "gen_ai.system")
INPUT_TOKENS: Final = ("gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens")
OUTPUT_TOKENS: Final = ("gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens")
COST: Final = ("promptbits.cost_usd", "gen_ai.usage.cost")
CONVERSATION: Final = ("gen_ai.conversation.id", "langfuse.session.id")
SESSION: Final = "session.id"  # a conversation only where Langfuse names the prompt: elsewhere a visit to a site
ERROR: Final = "error.type"
OPERATION: Final = "gen_ai.operation.name"
RESPONSE: Final = "gen_ai.response.id"
MCP_METHOD: Final = "mcp.method.name"
USAGE_DETAILS: Final = "langfuse.observation.usage_details"
COST_DETAILS: Final = "langfuse.observation.cost_details"

# Our own.
CONTENT: Final = "promptbits.content_sha256"
CONTEXT: Final = "promptbits.context_signature"
EXPERIMENT: Final = "promptbits.experiment.id"
VARIANT: Final = "promptbits.experiment.variant"
OUTCOME: Final = "promptbits.outcome"

# An evaluation: a log record or an event of a span.
EVALUATION: Final = "gen_ai.evaluation.result"
EVALUATED: Final = "gen_ai.evaluation.name"
SCORE: Final = "gen_ai.evaluation.score.value"
LABEL: Final = "gen_ai.evaluation.score.label"
EVENT_NAME: Final = "event.name"  # where it stood before log records had a field for it

SERVICE: Final = "service.name"

SPAN: Final = frozenset(
    (
        *PROMPT_NAME,
        *PROMPT_VERSION,
        *MODEL,
        *PROVIDER,
        *INPUT_TOKENS,
        *OUTPUT_TOKENS,
        *COST,
        *CONVERSATION,
        SESSION,
        ERROR,
        OPERATION,
        RESPONSE,
        MCP_METHOD,
        USAGE_DETAILS,
        COST_DETAILS,
        CONTENT,
        CONTEXT,
        EXPERIMENT,
        VARIANT,
        OUTCOME,
    )
)
EVENT: Final = frozenset(
    (
        *PROMPT_NAME,
        *PROMPT_VERSION,
        *CONVERSATION,
        *MODEL,
        CONTENT,
        VARIANT,
        OUTCOME,
        ERROR,
        RESPONSE,
        EVALUATED,
        SCORE,
        LABEL,
        EVENT_NAME,
    )
)

# Operations that are not one call of a model. Where an application hands the name of its prompt down to every span,
# counting these as well would count one run several times.
NOT_CALLS: Final = frozenset(
    (
        "create_agent",
        "embeddings",
        "execute_tool",
        "invoke_agent",
        "invoke_workflow",
        "plan",
        "retrieval",
        "create_memory",
        "create_memory_store",
        "delete_memory",
        "delete_memory_store",
        "search_memory",
        "update_memory",
        "upsert_memory",
    )
)
