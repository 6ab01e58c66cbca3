"""`promptbits stats`, as a user runs it."""

from __future__ import annotations

import csv
import io
import json
import math
import random
import sys
import xml.etree.ElementTree as ElementTree
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cli_workspace import Run, prompt, write
from facts_workspace import execution, fill, sha

TEXT = prompt("one")["content"]


@pytest.fixture(autouse=True)
def library(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PROMPTBITS_FACTS", raising=False)
    write(root / "promptbits.toml", "")
    write(root / "prompts/one.json", prompt("one"))
    write(
        root / "prompts/learned/one-v2.json",
        prompt("one-v2", content="Better\n", parent="one", revision=2, source="Learned"),
    )


def today(number: int = 0, **fields: object) -> dict[str, object]:
    """An execution of a few minutes ago."""
    when = datetime.now(UTC) - timedelta(minutes=number)
    return execution(number) | {"timestamp": when.strftime("%Y-%m-%dT%H:%M:%S.000Z")} | fields


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text), delimiter="\t"))


def test_stats_of_all_prompts(root: Path, run: Run) -> None:
    outcomes = ["succeeded"] * 3 + ["failed", "unknown"]
    fill(
        root,
        *(
            today(n, outcome=outcome, execution_time_ms=100, input_tokens=10, cost_usd=0.5)
            for n, outcome in enumerate(outcomes)
        ),
        today(9, prompt_id="two", outcome="unknown"),
    )
    one, two = table(run("stats").out)
    assert (one["prompt"], one["conversations"], one["runs"]) == ("one", "4", "5")
    assert one["success"] == "75.0 % [30.1–95.4]"
    assert (one["tokens in + out"], one["cost"], one["rating"]) == ("10 + –", "$0.50", "cannot tell")
    assert one["30 days"].lstrip("·")[0] == "▇"
    assert (two["prompt"], two["conversations"], two["success"], two["p50"]) == (
        "two",
        "0",
        "cannot tell",
        "cannot tell",
    )


def test_stats_of_one_prompt_are_per_text(root: Path, run: Run) -> None:
    fill(
        root,
        today(0, content_sha256=sha("older"), revision=3),
        today(1, revision=1),
        today(2, prompt_id="two", content_sha256=sha("other")),
    )
    labels = [row["text"] for row in table(run("stats", "one").out)]
    assert labels == [f"r1 {sha(TEXT)[:8]} (this text)", f"r3 {sha('older')[:8]}", "text unknown"]
    rows = json.loads(run("stats", "one", "--json").out)["rows"]
    assert [row["this_text"] for row in rows] == [True, False, False]
    assert [row["conversations"] for row in rows] == [0, 1, 1]
    assert rows[0]["success"] is None
    assert rows[2]["content_sha256"] is None


@pytest.mark.parametrize(("by", "labels"), [("model", ["m1", "model unknown"]), ("variant", ["b", "no variant"])])
def test_stats_by_other_things(root: Path, run: Run, by: str, labels: list[str]) -> None:
    fill(root, today(0, model="m1", variant="b"), today(1, model="m1", variant="b"), today(2))
    found = table(run("stats", "one", "--by", by).out)
    assert [(row[by], row["conversations"]) for row in found] == [(labels[0], "2"), (labels[1], "1")]


def test_stats_by_day_and_since(root: Path, run: Run) -> None:
    days = ["2026-10-01", "2026-10-03", "2026-10-02"]
    fill(root, *(execution(n, timestamp=f"{day}T10:00:00Z") for n, day in enumerate(days)))
    assert [row["day"] for row in table(run("stats", "one", "--by", "day").out)] == sorted(days)
    assert [row["day"] for row in table(run("stats", "one", "--by", "day", "--since", "2026-10-02").out)] == sorted(
        days
    )[1:]


def test_stats_are_sorted_by_what_is_sure(root: Path, run: Run) -> None:
    fill(
        root,
        today(0, prompt_id="lucky"),
        *(today(n, prompt_id="good") for n in range(1, 20)),
        today(30, prompt_id="good", outcome="failed"),
        today(31, prompt_id="open", outcome="unknown"),
    )
    assert [row["prompt"] for row in table(run("stats", "--sort", "success").out)] == ["good", "lucky", "open"]
    assert [row["prompt"] for row in table(run("stats", "--sort", "success", "--reverse").out)] == [
        "lucky",
        "good",
        "open",
    ]
    assert [row["prompt"] for row in table(run("stats", "--sort", "id").out)] == ["good", "lucky", "open"]


def test_stats_of_what_was_never_measured(root: Path, run: Run) -> None:
    done = run("stats", "one", "--json")
    assert (done.code, done.err) == (0, "promptbits: nothing is measured yet: .promptbits/facts.db is not there\n")
    assert [row["conversations"] for row in json.loads(done.out)["rows"]] == [0]
    assert run("stats").code == 0
    assert not (root / ".promptbits").exists()


def test_stats_of_an_unknown_prompt(root: Path, run: Run) -> None:
    done = run("stats", "onne")
    assert (done.code, "did you mean 'one'?" in done.err) == (2, True)
    fill(root, today(prompt_id="gone"))
    assert run("stats", "gone").code == 0
    assert run("stats", "--reverse").code == 2


def test_stats_equal_a_recount_of_the_raw_facts(root: Path, run: Run) -> None:
    chance = random.Random(7)  # the same facts each time
    facts = [
        today(
            n,
            prompt_id=chance.choice(["one", "two"]),
            outcome=chance.choice(["succeeded", "failed", "unknown"]),
            model=chance.choice(["m1", "m2"]),
            execution_time_ms=chance.randrange(1, 5000),
            input_tokens=chance.randrange(100),
            conversation_id=f"c{chance.randrange(60)}",
        )
        for n in range(300)
    ]
    fill(root, *facts)
    facts.sort(key=lambda fact: (fact["timestamp"], fact["id"]))
    for row in json.loads(run("stats", "--json").out)["rows"]:
        ours = [fact for fact in facts if fact["prompt_id"] == row["prompt_id"]]
        first: dict[str, str] = {}
        for fact in ours:
            if fact["outcome"] != "unknown":
                first.setdefault(fact["conversation_id"], fact["outcome"])
        won = sum(outcome == "succeeded" for outcome in first.values())
        assert (row["executions"], row["conversations"], row["successes"]) == (len(ours), len(first), won)
        assert row["input_tokens"] == pytest.approx(sum(fact["input_tokens"] for fact in ours) / len(ours))
        times = sorted(fact["execution_time_ms"] for fact in ours)
        for name, share in (("p50_ms", 0.5), ("p95_ms", 0.95)):
            assert row[name] == pytest.approx(times[math.ceil(share * len(times)) - 1], rel=0.05)


# Pictures


def picture(root: Path) -> ElementTree.Element:
    return ElementTree.parse(root / "out.svg").getroot()


def test_a_picture_has_the_whole_axis_and_a_band_where_something_is_known(root: Path, run: Run) -> None:
    facts = [today(0, outcome="failed", variant='<a & "b">'), today(1, variant='<a & "b">'), today(2), today(3)]
    fill(root, *facts, today(4, model="\x1b[31m", variant="other", outcome="unknown"))
    done = run("stats", "one", "--by", "variant", "--plot", "out.svg")
    assert (done.code, done.out) == (0, "Drew out.svg\n")
    words = [each.text for each in picture(root).iter("{http://www.w3.org/2000/svg}text")]
    assert [f"{percent} %" in words for percent in (0, 20, 40, 60, 80, 100)] == [True] * 6
    assert '<a & "b"> (2 conversations)' in words
    assert "no variant (2 conversations)" in words
    assert not any("other" in (word or "") for word in words)
    bands = [
        each for each in picture(root).iter("{http://www.w3.org/2000/svg}polygon") if each.get("fill-opacity") != "1"
    ]
    assert len(bands) == 2
    # One of two: 9.5 % to 90.5 % of an axis that is 320 high and ends at 388.
    heights = {float(spot.split(",")[1]) for spot in bands[0].get("points", "").split()}
    assert {round(y) for y in heights} in ({98, 358}, {68, 279})


def test_a_picture_beside_json_leaves_stdout_to_the_json(root: Path, run: Run) -> None:
    fill(root, today(0))
    done = run("stats", "one", "--plot", "out.svg", "--json")
    assert (json.loads(done.out)["by"], done.err) == ("revision", "promptbits: Drew out.svg\n")


def test_a_picture_of_nothing_says_so(root: Path, run: Run) -> None:
    assert run("stats", "--plot", "out.svg").code == 0
    words = [each.text for each in picture(root).iter("{http://www.w3.org/2000/svg}text")]
    assert "No outcome is known in these days" in words


def test_a_long_time_is_drawn_in_weeks(root: Path, run: Run) -> None:
    fill(root, *(execution(n, timestamp=f"2026-0{1 + n}-11T10:00:00Z") for n in range(9)))
    assert run("stats", "one", "--by", "day", "--plot", "out.svg").code == 0
    title = picture(root).findtext("{http://www.w3.org/2000/svg}title")
    assert title == "Success rate per week: one"
    assert len(list(picture(root).iter("{http://www.w3.org/2000/svg}circle"))) == 9


def test_a_picture_as_png(root: Path, run: Run) -> None:
    image = pytest.importorskip("PIL.Image")
    fill(root, today(0), today(1, outcome="failed"))
    assert run("stats", "one", "--plot", "out.png").code == 0
    with image.open(root / "out.png") as drawn:
        assert (drawn.format, drawn.width) == ("PNG", 1800)
        assert len(drawn.getcolors(1 << 20)) > 10


def test_a_png_without_pillow_says_what_to_do(root: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    done = run("stats", "--plot", "out.png")
    assert done.code == 2
    assert "pip install 'promptbits[plot]'" in done.err
    assert not (root / "out.png").exists()


@pytest.mark.parametrize(("name", "words"), [("out.gif", "ends in .svg or .png"), ("none/out.svg", "no such file")])
def test_pictures_that_cannot_be_drawn(run: Run, name: str, words: str) -> None:
    done = run("stats", "--plot", name)
    assert (done.code, words in done.err) == (2, True)
