"""A fact store in memory that remembers facts and counts everything anew, straight from what the words mean.

It is the oracle of the contract: slow, simple, and sharing nothing with the embedded store but the form of a fact.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from promptbits.facts.fields import checked
from promptbits.facts.store import Appended, Fact, Kind, Summary
from promptbits.facts.times import canonical_time

Place = tuple[str, str, str, str, str]


class BruteForceStore:
    def __init__(self) -> None:
        self._facts: dict[str, Fact] = {}
        self._texts: dict[str, str] = {}
        self._changes = 0

    def append(self, facts: Sequence[Fact]) -> Appended:
        ready = [checked(fact) for fact in facts]
        added = 0
        for fact in ready:
            if fact["id"] not in self._facts:
                self._facts[fact["id"]] = fact
                added += 1
        self._changes += bool(added)
        return Appended(added, len(ready) - added)

    def keep_text(self, content_sha256: str, content: str) -> None:
        if content_sha256 not in self._texts:
            self._texts[content_sha256] = content
            self._changes += 1

    def text(self, content_sha256: str) -> str | None:
        return self._texts.get(content_sha256)

    def get(self, fact_id: str) -> Fact | None:
        return self._facts.get(fact_id)

    def facts(
        self,
        *,
        kinds: Iterable[Kind] | None = None,
        prompt_id: str | None = None,
        since: str | None = None,
        newest_first: bool = False,
        limit: int | None = None,
    ) -> Iterator[Fact]:
        wanted = None if kinds is None else set(kinds)
        found = [
            fact
            for fact in sorted(self._facts.values(), key=moment, reverse=newest_first)
            if (wanted is None or fact["kind"] in wanted)
            and (prompt_id is None or fact.get("prompt_id") == prompt_id)
            and (since is None or fact["timestamp"] >= canonical_time(since))
        ]
        return iter(found[:limit])

    def by_technology(self, name: str, *, limit: int = 100) -> list[Fact]:
        stacks = self.facts(kinds=["tech_stack"], newest_first=True)
        named = [fact for fact in stacks if name.casefold() in {t["name"].casefold() for t in fact["technologies"]}]
        return named[:limit]

    def similar(self, signature: str, *, limit: int = 100) -> list[Fact]:
        executions = self.facts(kinds=["execution"], newest_first=True)
        return [fact for fact in executions if fact.get("context_signature") == signature][:limit]

    def above(self, rate: float, *, at_least: int = 30) -> list[tuple[str, str]]:
        won: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
        for row in self.summaries():
            if row.content_sha256:
                won[row.prompt_id, row.content_sha256][0] += row.successes
                won[row.prompt_id, row.content_sha256][1] += row.successes + row.failures
        good = [(-s / n, -n, text) for text, (s, n) in won.items() if n and n >= at_least and s / n >= rate]
        return [text for _, _, text in sorted(good)]

    def summaries(self, prompt_ids: Iterable[str] | None = None) -> list[Summary]:
        wanted = None if prompt_ids is None else set(prompt_ids)
        return [row for row in recount(self._facts.values()) if wanted is None or row.prompt_id in wanted]

    def change_counter(self) -> int:
        return self._changes

    def close(self) -> None:
        pass


def moment(fact: Fact) -> tuple[str, str]:
    return fact["timestamp"], fact["id"]


def recount(facts: Iterable[Fact]) -> list[Summary]:
    """The summaries of some facts, from the meanings and nothing else."""
    known = list(facts)
    executions = {fact["id"]: fact for fact in known if fact["kind"] == "execution"}
    feedbacks = [fact for fact in known if fact["kind"] == "feedback"]
    rows: dict[Place, dict[str, Any]] = defaultdict(lambda: defaultdict(int))
    latencies: dict[Place, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for fact in executions.values():
        place = (*text_of(fact), fact.get("model", ""), fact["timestamp"][:10])
        _count_run(rows[place], latencies[place], fact)
    for fact in feedbacks:
        if "rating" in fact:
            known_of_it = executions.get(fact.get("execution_id", ""), {})
            own = [fact.get(name) or known_of_it.get(name, "") for name in ("content_sha256", "variant", "model")]
            row = rows[(fact["prompt_id"], own[0], own[1], own[2], fact["timestamp"][:10])]
            row["rating_milli"] += round(fact["rating"] * 1000)
            row["rated"] += 1
    for place, succeeded in _first_outcomes(executions, feedbacks):
        rows[place]["successes" if succeeded else "failures"] += 1
    return [
        Summary(*place, latency=dict(latencies[place]) or None, **{"revision": None, **row})
        for place, row in sorted(rows.items())
    ]


def text_of(fact: Fact) -> tuple[str, str, str]:
    return fact["prompt_id"], fact.get("content_sha256", ""), fact.get("variant", "")


def _first_outcomes(executions: dict[str, Fact], feedbacks: list[Fact]) -> Iterator[tuple[Place, bool]]:
    conversations: dict[tuple[Any, ...], list[tuple[Fact, str]]] = defaultdict(list)
    for fact in executions.values():
        if fact["outcome"] != "unknown":
            conversations[*text_of(fact), fact.get("conversation_id", fact["id"])].append((fact, fact.get("model", "")))
    for fact in feedbacks:
        execution = executions.get(fact.get("execution_id", ""))
        if "outcome" not in fact:
            continue
        if execution is not None:
            model = execution.get("model") or fact.get("model", "")
            key = (*text_of(execution), execution.get("conversation_id", execution["id"]))
            conversations[key].append((fact, model))
        elif "conversation_id" in fact:
            conversations[*text_of(fact), fact["conversation_id"]].append((fact, fact.get("model", "")))
    for key, outcomes in conversations.items():
        first, model = min(outcomes, key=lambda each: moment(each[0]))
        yield (*key[:3], model, first["timestamp"][:10]), first["outcome"] == "succeeded"


def _count_run(row: dict[str, Any], latency: dict[int, int], fact: Fact) -> None:
    row["executions"] += 1
    row["last_seen"] = max(row["last_seen"], round(datetime.fromisoformat(fact["timestamp"]).timestamp() * 1000))
    if "revision" in fact:
        row["revision"] = max(row["revision"], fact["revision"])
    if "execution_time_ms" in fact:
        inside = min(max(fact["execution_time_ms"], 1e-5), 1e10)
        latency[math.ceil(math.log(inside) / math.log(1.1))] += 1
    for name, total, counted in (
        ("input_tokens", "input_tokens", "input_counted"),
        ("output_tokens", "output_tokens", "output_counted"),
    ):
        if name in fact:
            row[total] += fact[name]
            row[counted] += 1
    if "cost_usd" in fact:
        row["cost_pico_usd"] += round(fact["cost_usd"] * 10**12)
        row["priced"] += 1
