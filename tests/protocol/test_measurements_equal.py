"""One store, and everybody says the same of it: editor, command line, statistics, and plain SQL over the raw facts."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from authoring import session
from editing import Editor
from measuring import DRAWS, EVERYTHING, PARENT, TEXT, A, B, append, shown, varied, write

from promptbits.cli import main
from promptbits.facts import wording
from promptbits.facts.histogram import bucket_of, value_of
from promptbits.facts.ids import content_sha256
from promptbits.facts.intervals import newcombe, wilson
from promptbits.facts.opening import open_store
from promptbits.facts.statistics import combine, difference

pytestmark = pytest.mark.asyncio

# Conversations by their first known outcome, whether a run or a feedback tells it.
OUTCOMES = """
WITH told AS (
  SELECT coalesce(conversation_id, id) AS conversation, outcome, timestamp, id FROM executions
  WHERE prompt_id = :id AND content_sha256 = :text
  UNION ALL
  SELECT coalesce(feedbacks.conversation_id, executions.conversation_id, executions.id), feedbacks.outcome,
    feedbacks.timestamp, feedbacks.id
  FROM feedbacks JOIN executions ON executions.id = feedbacks.execution_id
  WHERE feedbacks.prompt_id = :id AND executions.content_sha256 = :text
), ranked AS (
  SELECT outcome, row_number() OVER (PARTITION BY conversation ORDER BY timestamp, id) AS place FROM told
  WHERE outcome IN ('succeeded', 'failed')
)
SELECT count(*), coalesce(sum(outcome = 'succeeded'), 0) FROM ranked WHERE place = 1
"""
MEANS = """
SELECT count(*), avg(input_tokens), avg(output_tokens), avg(cost_usd), max(timestamp) FROM executions
WHERE prompt_id = :id AND content_sha256 = :text
"""
# Nearest rank: the smallest value that at least so large a share does not exceed.
QUANTILE = """
WITH ranked AS (
  SELECT execution_time_ms AS value, row_number() OVER (ORDER BY execution_time_ms) AS place, count(*) OVER () AS n
  FROM executions WHERE prompt_id = :id AND content_sha256 = :text AND execution_time_ms IS NOT NULL
)
SELECT min(value) FROM ranked WHERE place >= :share * n
"""
RATINGS = "SELECT avg(rating), count(rating) FROM feedbacks WHERE prompt_id = :id AND content_sha256 = :text"


def recounted(path: Path, prompt_id: str, text: str) -> dict[str, Any]:
    """All numbers of a text, from raw facts, by SQL alone."""
    connection = sqlite3.connect(path)
    about = {"id": prompt_id, "text": content_sha256(text)}
    trials, successes = connection.execute(OUTCOMES, about).fetchone()
    executions, read, written, cost, last = connection.execute(MEANS, about).fetchone()
    rating, rated = connection.execute(RATINGS, about).fetchone()
    quantiles = [connection.execute(QUANTILE, about | {"share": share}).fetchone()[0] for share in (0.5, 0.95)]
    connection.close()
    return {
        "executions": executions, "conversations": trials, "successes": successes, "rate": wilson(successes, trials),
        "input_tokens": pytest.approx(read), "output_tokens": pytest.approx(written), "cost": pytest.approx(cost),
        "rating": pytest.approx(rating), "rated": rated, "last": last.replace("T", " ")[:16], "quantiles": quantiles,
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
async def test_all_numbers_are_equal(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("promptbits.lsp.sync.measurements.SECONDS", 0.02)
    monkeypatch.delenv("PROMPTBITS_FACTS", raising=False)
    facts = varied(seed, "a-v2", TEXT, 300, 2) + varied(seed + 50, "a", PARENT, 200, 1)
    facts += [
        {"kind": "feedback", "id": each["id"][:-4] + "ffff", "timestamp": each["timestamp"], "prompt_id": "a-v2",
         "execution_id": each["id"], "outcome": "failed"}
        for each in facts if each["prompt_id"] == "a-v2" and each.get("outcome") == "unknown"
    ]  # fmt: skip
    facts += varied(seed + 90, "a-v2", "Another text.", 50, 1)
    path = append(tmp_path, facts)

    # Plain SQL, and the statistics of the summaries.
    own, parent = recounted(path, "a-v2", TEXT), recounted(path, "a", PARENT)
    store = open_store(path, create=False, read_only=True)
    rows = store.summaries(["a", "a-v2"])
    store.close()
    told = {
        name: combine(row for row in rows if (row.prompt_id, row.content_sha256) == (name, content_sha256(text)))
        for name, text in (("a-v2", TEXT), ("a", PARENT))
    }
    for name, raw in (("a-v2", own), ("a", parent)):
        counted = told[name]
        for field in ("executions", "conversations", "successes", "rate", "cost", "rating", "rated"):
            assert getattr(counted, field) == raw[field], (name, field)
        assert (counted.input_tokens, counted.output_tokens) == (raw["input_tokens"], raw["output_tokens"])
        assert [counted.p50, counted.p95] == [value_of(bucket_of(value)) for value in raw["quantiles"]]
        for close, exact in zip([counted.p50, counted.p95], raw["quantiles"], strict=True):
            assert close == pytest.approx(exact, rel=0.05)
        assert wording.moment(counted.last_seen) == raw["last"]
    between = newcombe(own["successes"], own["conversations"], parent["successes"], parent["conversations"])
    assert difference(told["a-v2"], told["a"]) == between
    assert between is not None

    # What an author sees.
    rate = own["rate"]
    percents = f"{rate.estimate * 100:.1f} % of {own['conversations']:,} [{rate.low * 100:.1f}–{rate.high * 100:.1f}]"
    points = f"{between.estimate * 100:+.1f} pts [{between.low * 100:+.1f}, {between.high * 100:+.1f}]"
    p50, p95 = (wording.duration(value_of(bucket_of(value))) for value in own["quantiles"])
    async with session(tmp_path, DRAWS) as author:
        text = write(author)
        author.open(B, text)
        title = await shown(author, "%")
        assert title == f"{percents} · p50 {p50} · ★ {told['a-v2'].rating:.1f} · r2 vs r1 {points}"
        editor = Editor(author)
        hints = [each["label"] for each in await editor.ask("inlayHint", B, range=EVERYTHING)]
        assert f" measured {rate.estimate:.2f} [{rate.low:.2f}–{rate.high:.2f}]" in hints
        for what in ('"a-v2"', '"confidence"'):
            hover = (await editor.at("hover", B, what, 1))["contents"]["value"]
            for raw, label, times in ((own, "this text", (p50, p95)), (parent, "parent", None)):
                [line] = [line for line in hover.splitlines() if f"({label})" in line]
                cells = [cell.strip() for cell in line.strip("|").split("|")]
                interval = raw["rate"]
                assert cells[1:3] == [
                    f"{raw['conversations']:,}",
                    f"{interval.estimate * 100:.1f} % [{interval.low * 100:.1f}–{interval.high * 100:.1f}]",
                ]
                assert times is None or (cells[3], cells[4]) == times
                tokens = [float(each.replace(",", "")) for each in cells[5].split(" + ")]
                assert tokens == [round(raw[name].expected) for name in ("input_tokens", "output_tokens")]
                assert cells[6] == f"${raw['cost'].expected:.2g}"
                assert cells[7:] == [f"★ {raw['rating'].expected:.1f}", raw["last"]]
        author.open(A, (tmp_path / A).read_text("utf-8"))
        assert re.match(
            rf"{parent['rate'].estimate * 100:.1f} % of {parent['conversations']:,} ", await shown(author, "%", A)
        )

        # What the command line prints.
        monkeypatch.chdir(tmp_path)
        for name, raw in (("a-v2", own), ("a", parent)):
            capsys.readouterr()
            assert main(["stats", name, "--json"]) == 0
            [row] = [each for each in json.loads(capsys.readouterr().out)["rows"] if each["this_text"]]
            for field in (
                "executions",
                "conversations",
                "successes",
                "input_tokens",
                "output_tokens",
                "rating",
                "rated",
            ):
                assert row[field] == raw[field], (name, field)
            assert row["success"] == raw["rate"]._asdict()
            assert row["cost_usd"] == raw["cost"]
            assert [row["p50_ms"], row["p95_ms"]] == [value_of(bucket_of(value)) for value in raw["quantiles"]]
            assert wording.moment(row["last_seen_ms"]) == raw["last"]
