"""`promptbits/statistics`: the numbers to draw, held against a recount of the raw facts."""

from __future__ import annotations

import sqlite3
import time
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from authoring import Author, prompt, session
from editing import INVALID_PARAMS, refusal
from extras import Json, capable
from measuring import DAY, PARENT, TEXT, A, B, append, execution, runs, varied, write
from test_measurements_equal import recounted

from promptbits.facts.histogram import bucket_of, value_of
from promptbits.facts.ids import content_sha256
from promptbits.facts.intervals import newcombe, wilson

pytestmark = pytest.mark.asyncio

OWN, OLDER = content_sha256(TEXT), content_sha256(PARENT)
FIRST_OUTCOMES = """
WITH ranked AS (
  SELECT outcome, substr(timestamp, 1, 10) AS day,
    row_number() OVER (PARTITION BY coalesce(conversation_id, id) ORDER BY timestamp, id) AS place FROM executions
  WHERE prompt_id = :id AND content_sha256 = :text AND outcome IN ('succeeded', 'failed')
)
SELECT day, count(*), sum(outcome = 'succeeded') FROM ranked WHERE place = 1 GROUP BY day
"""
TIMES = """
SELECT substr(timestamp, 1, 10), execution_time_ms FROM executions WHERE prompt_id = :id AND content_sha256 = :text
"""


async def statistics(author: Author, name: str = B, /, **params: Any) -> Json:
    return await author.client.request("promptbits/statistics", {"uri": author.uri(name), **params})


def by_day(path: Path, id_: str, text: str) -> dict[str, tuple[int, int, int, list[float]]]:
    """Conversations, successes, runs and sorted durations of each day, from the raw facts."""
    connection = sqlite3.connect(path)
    about = {"id": id_, "text": content_sha256(text)}
    outcomes = {day: (count, won) for day, count, won in connection.execute(FIRST_OUTCOMES, about)}
    times: dict[str, list[float]] = defaultdict(list)
    for day, duration in connection.execute(TIMES, about):
        times[day].append(duration)
    connection.close()
    days = outcomes.keys() | times.keys()
    return {day: (*outcomes.get(day, (0, 0)), len(times[day]), sorted(times[day])) for day in days}


def quantile(values: list[float], share: float) -> float | None:
    """The nearest rank, as the histogram has it."""
    if not values:
        return None
    at = next(index for index in range(len(values)) if index + 1 >= share * len(values))
    return value_of(bucket_of(values[at]))


async def test_all_numbers_are_those_of_a_recount(tmp_path: Path) -> None:
    async with session(tmp_path, capable()) as author:
        write(author)
        path = append(tmp_path, varied(1, "a-v2", TEXT, 300, 2) + varied(2, "a", PARENT, 200, 1))
        found = await statistics(author)
        assert found["id"] == "a-v2"
        own, older = found["texts"]
        for said, id_, text, name in ((own, "a-v2", TEXT, B), (older, "a", PARENT, A)):
            recount = recounted(path, id_, text)
            assert (said["id"], said["uri"], said["contentSha256"]) == (id_, author.uri(name), content_sha256(text))
            for key in ("conversations", "successes", "executions"):
                assert said[key] == recount[key]
            assert (said["rate"], said["low"], said["high"]) == tuple(recount["rate"])
            assert said["rating"] == {"count": recount["rated"], "mean": recount["rating"]}
            assert (said["inputTokens"], said["outputTokens"]) == (recount["input_tokens"], recount["output_tokens"])
            days = by_day(path, id_, text)
            durations = sorted(each for day in days.values() for each in day[3])
            assert said["latency"] == {f"p{at}": quantile(durations, at / 100) for at in (50, 95, 99)}
            connection = sqlite3.connect(path)
            total = connection.execute("SELECT sum(cost_usd) FROM executions WHERE prompt_id = ?", (id_,)).fetchone()[0]
            last = connection.execute("SELECT max(timestamp) FROM executions WHERE prompt_id = ?", (id_,)).fetchone()[0]
            connection.close()
            assert said["cost"] == pytest.approx(total)
            assert said["firstSeen"] == min(days)
            assert said["lastSeen"][:19] == last[:19]
        assert (own["current"], own["revision"], older["current"], older["revision"]) == (True, 2, False, 1)
        between = newcombe(own["successes"], own["conversations"], older["successes"], older["conversations"])
        assert between is not None
        assert own["difference"] == dict(zip(("value", "low", "high"), between, strict=True))
        assert older["difference"] is None
        expected: list[Json] = []
        for day, (conversations, successes, executions, durations) in sorted(by_day(path, "a-v2", TEXT).items()):
            rate = wilson(successes, conversations) or (None, None, None)
            expected.append(
                {"day": day, "conversations": conversations, "successes": successes, "executions": executions}
                | dict(zip(("rate", "low", "high"), rate, strict=True))
                | {"latency": {f"p{at}": quantile(durations, at / 100) for at in (50, 95, 99)}}
            )
        assert found["days"] == expected
        assert found["contentSha256"] == OWN


async def test_another_text_is_chosen_by_its_hash(tmp_path: Path) -> None:
    async with session(tmp_path, capable()) as author:
        write(author)
        facts = varied(1, "a-v2", TEXT, 40, 2) + varied(2, "a", PARENT, 40, 1)
        path = append(tmp_path, [*facts, *runs("a", TEXT, 2, 0)])
        await statistics(author)
        for chosen, id_, text in ((OLDER, "a", PARENT), (OWN, "a-v2", TEXT)):
            found = await statistics(author, contentSha256=chosen)
            assert found["contentSha256"] == chosen
            assert {day["day"]: day["executions"] for day in found["days"]} == {
                day: each[2] for day, each in by_day(path, id_, text).items()
            }
        # The same text under two ids, as after a promotion.
        found = await statistics(author, contentSha256=OWN, id="a")
        assert [day["executions"] for day in found["days"]] == [2]
        found = await statistics(author, contentSha256="0" * 64)
        assert (found["days"], found["contentSha256"]) == ([], "0" * 64)


async def test_the_whole_lineage_whatever_prompt_of_it_is_asked_for(tmp_path: Path) -> None:
    async with session(tmp_path, capable()) as author:
        author.write("promptbits.toml", "")
        chain = {"p-v2": "p", "p-v3": "p-v2", "p-v4": "p-v2", "p": None, "q": "gone", "r1": "r2", "r2": "r1"}
        for number, (id_, parent) in enumerate(chain.items()):
            text = prompt(id_, parent=parent, revision=number + 1, source="Learned" if "-" in id_ else "Custom")
            author.write(f"prompts/{'learned' if '-' in id_ else 'custom'}/{id_}.json", text)
        append(tmp_path, [each for id_ in chain for each in runs(id_, f"Say {id_}.", 3, 1, revision=len(id_))])
        for id_, others in {"p": {"p", "p-v2", "p-v3", "p-v4"}, "q": {"q"}, "r1": {"r1", "r2"}}.items():
            for each in others:
                name = f"prompts/{'learned' if '-' in each else 'custom'}/{each}.json"
                found = await statistics(author, name)
                assert {text["id"] for text in found["texts"]} == others, id_
                assert [text["id"] for text in found["texts"] if text["current"]] == [each]
                revisions = [text["revision"] for text in found["texts"]]
                assert revisions == sorted(revisions, reverse=True)


async def test_a_changed_text_shows_the_one_before_and_says_so(tmp_path: Path) -> None:
    async with session(tmp_path, capable()) as author:
        write(author)
        append(tmp_path, varied(1, "a-v2", TEXT, 40, 2))
        await statistics(author)
        author.open(B, prompt("a-v2", content="Not measured.", parent="a", source="Learned", revision=3))
        found = await statistics(author)
        assert not any(each["current"] for each in found["texts"])
        assert found["contentSha256"] == OWN
        assert found["days"]
        said = "Nothing is measured of the text as it stands: these numbers belong to other texts."
        assert found["notes"] == [said]
        author.type(B, 2, '{"id": "a-v2", "content": "Say it')
        assert (await statistics(author))["notes"] == [said]


async def test_what_was_not_measured_is_null(tmp_path: Path) -> None:
    async with session(tmp_path, capable()) as author:
        write(author)
        unnamed = execution("a-v2", TEXT, "succeeded")
        del unnamed["content_sha256"]
        append(tmp_path, [execution("a-v2", TEXT, "unknown"), execution("a-v2", TEXT, "unknown"), unnamed])
        found = await statistics(author)
        [own] = found["texts"]
        nothing: Json = {"conversations": 0, "successes": 0, "rate": None, "low": None, "high": None}
        nothing |= {"latency": {"p50": None, "p95": None, "p99": None}, "executions": 2}
        assert own.items() >= nothing.items()
        assert own["rating"] == {"count": 0, "mean": None}
        for key in ("inputTokens", "outputTokens", "cost", "difference"):
            assert own[key] is None
        assert own["firstSeen"] == datetime.now(UTC).date().isoformat() == own["lastSeen"][:10]
        assert found["days"] == [{"day": own["firstSeen"], **nothing}]
        assert found["notes"] == [
            "No outcome is known of 2 runs, so there is no rate.",
            "Runs of a-v2 that named no text, and count for none: 1.",
        ]


async def test_nothing_measured_is_said(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        write(author)
        nothing: Json = {"texts": [], "days": [], "contentSha256": None, "notes": ["Nothing is measured yet."]}
        assert await statistics(author) == {"id": "a-v2", **nothing}
        author.write("prompts/custom/no-id.json", "{}")
        assert await statistics(author, "prompts/custom/no-id.json") == {"id": "no-id", **nothing}


async def test_a_long_history_is_cut_to_a_year(tmp_path: Path) -> None:
    async with session(tmp_path, capable()) as author:
        write(author)
        now = time.time_ns()
        append(tmp_path, [execution("a-v2", TEXT, "succeeded", when=now - DAY * back) for back in range(400)])
        found = await statistics(author)
        assert len(found["days"]) == 365
        assert found["days"][-1]["day"] == datetime.fromtimestamp(now / 1e9, UTC).date().isoformat()
        assert found["texts"][0]["executions"] == 400


async def test_what_is_no_prompt_is_refused(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        assert await refusal(statistics(author, "gone.json")) == "gone.json cannot be read: was it renamed or deleted?"
        uri = author.uri(A)
        wrong: list[Json] = [{}, {"uri": 1}, {"uri": uri, "contentSha256": 7}, {"uri": uri, "id": []}]
        for params in wrong:
            message_id = author.client.start_request("promptbits/statistics", params)
            assert (await author.client.response(message_id))["error"]["code"] == INVALID_PARAMS
