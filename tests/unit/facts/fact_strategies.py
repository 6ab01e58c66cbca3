"""Facts for hypothesis: few names, few moments, so that everything meets everything."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from promptbits.facts.store import Fact
from promptbits.facts.times import time_of

PROMPTS = ("alpha", "beta")
HASHES = ("a" * 64, "b" * 64)
VARIANTS = ("control", "bold")
MODELS = ("small", "large")
# Two milliseconds on each side of midnight, and a day more.
MOMENTS = tuple(time_of(1_795_132_800_000 + shift) for shift in (-1, 0, 1, 86_400_000))


def identity(number: int) -> str:
    return f"0199a000-0000-7000-8000-{number:012x}"


# Conversations may have names, ids of their own, or the id of an execution.
CONVERSATIONS = ("talk", "0199a000-0000-4000-8000-000000000000", identity(0), identity(1))
OUTCOMES = ("succeeded", "failed", "unknown")


def _maybe(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from((None, *values))


def executions(number: int) -> st.SearchStrategy[Fact]:
    return st.fixed_dictionaries(
        {
            "kind": st.just("execution"),
            "id": st.just(identity(number)),
            "timestamp": st.sampled_from(MOMENTS),
            "prompt_id": st.sampled_from(PROMPTS),
            "content_sha256": _maybe(*HASHES),
            "variant": _maybe(*VARIANTS),
            "model": _maybe(*MODELS),
            "conversation_id": _maybe(*CONVERSATIONS),
            "outcome": st.sampled_from(OUTCOMES),
            "revision": _maybe(1, 2, 3),
            "execution_time_ms": _maybe(0, 1, 12.5, 840, 841.25, 10**7),
            "input_tokens": _maybe(0, 7, 10**6),
            "output_tokens": _maybe(0, 9),
            "cost_usd": _maybe(0, 0.1, 0.2, 1e-7, 3),
            "context_signature": _maybe("here", "there"),
            "trace_id": _maybe("4bf92f3577b34da6a3ce929d0e0e4736", "odd trace"),
            "provider": _maybe("openai"),
            "requested_id": _maybe(*PROMPTS),
            "experiment": _maybe("greeting"),
            "error_type": _maybe("TimeoutError"),
            "forced": _maybe(True, False),
            "metadata": st.sampled_from(({}, {"where": ["here", None, 1.5]})),
        }
    )


def feedbacks(number: int, others: int) -> st.SearchStrategy[Fact]:
    return st.fixed_dictionaries(
        {
            "kind": st.just("feedback"),
            "id": st.just(identity(number)),
            "timestamp": st.sampled_from(MOMENTS),
            "prompt_id": st.sampled_from(PROMPTS),
            "content_sha256": _maybe(*HASHES),
            "variant": _maybe(*VARIANTS),
            "model": _maybe(*MODELS),
            # Of an execution, of no execution at all, or of one that never comes.
            "execution_id": _maybe(*map(identity, range(others)), identity(999)),
            "conversation_id": _maybe(*CONVERSATIONS),
            "outcome": _maybe("succeeded", "failed"),
            "rating": _maybe(1, 4, 4.5, 3.3333),
            "label": _maybe("", "fine"),
        }
    )


def rest(number: int) -> st.SearchStrategy[Fact]:
    common = {"id": st.just(identity(number)), "timestamp": st.sampled_from(MOMENTS)}
    technologies = st.lists(
        st.fixed_dictionaries({"name": st.sampled_from(("Next.js", "next.js", "Rust")), "version": _maybe("14")}),
        max_size=2,
    )
    return st.one_of(
        st.fixed_dictionaries({"kind": st.just("context_signature"), "signature": st.just("here"), **common}),
        st.fixed_dictionaries(
            {"kind": st.just("tech_stack"), "folder": st.just("."), "technologies": technologies, **common}
        ),
        st.fixed_dictionaries(
            {
                "kind": st.just("evolution"),
                "prompt_id": st.sampled_from(PROMPTS),
                "parent_id": st.just("root"),
                "edits": st.lists(st.sampled_from(("shorter", "ünïcode")), max_size=2),
                **common,
            }
        ),
        st.fixed_dictionaries(
            {
                "kind": st.just("ab_test_result"),
                "prompt_id": st.sampled_from(PROMPTS),
                "experiment": st.just("greeting"),
                "verdict": st.just("winner"),
                **common,
            }
        ),
        st.fixed_dictionaries(
            {
                "kind": st.just("training"),
                "trained": st.just("scorer"),
                "prompt_id": _maybe(*PROMPTS),
                "model": _maybe(*MODELS),
                "decision": st.just("promoted"),
                **common,
            }
        ),
        st.fixed_dictionaries({"kind": st.just("code_index"), "path": st.just("a.py"), "size": _maybe(0, 5), **common}),
        st.fixed_dictionaries({"kind": st.just("code_pattern"), "name": st.just("retry"), **common}),
    )


@st.composite
def histories(draw: st.DrawFn) -> list[list[Fact]]:
    """Batches in which facts come in any order, some of them again."""
    total = draw(st.integers(1, 9))
    facts: list[Fact] = []
    for number in range(total):
        kind = draw(
            st.sampled_from((executions(number), feedbacks(number, total), feedbacks(number, total), rest(number)))
        )
        facts.append(draw(kind))
    arriving = draw(st.permutations(facts)) + draw(st.lists(st.sampled_from(facts), max_size=3))
    batches: list[list[Fact]] = [[]]
    for fact in arriving:
        if draw(st.booleans()):
            batches.append([])
        batches[-1].append(fact)
    return batches


def questions() -> st.SearchStrategy[dict[str, Any]]:
    """What to ask of `FactReader.facts`."""
    return st.fixed_dictionaries(
        {
            "kinds": _maybe(["execution"], ["feedback", "evolution"], []),
            "prompt_id": _maybe(*PROMPTS, "nobody"),
            "since": _maybe(*MOMENTS, "2026-11-20T00:00:00+00:00"),
            "newest_first": st.booleans(),
            "limit": _maybe(0, 2),
        }
    )
