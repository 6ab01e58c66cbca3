"""`promptbits train`, and `promptbits stats --calibration`."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cli_workspace import Run, prompt, write
from facts_workspace import stored

from promptbits.cli.prompts_at_hand import at_hand
from promptbits.cli.training.learning import alone
from promptbits.facts.ids import content_sha256, new_id
from promptbits.facts.opening import open_store
from promptbits.optimize.training.operators import kept_weights
from promptbits.optimize.training.registry import Versions


def text(number: int) -> str:
    lines = ["# Report", "", f"Part {number} of it."]
    lines += ["You must list:", "", "- every risk", "- its owner"] if number % 2 else ["Perhaps say something nice."]
    return "\n".join([*lines, "", "Use <<notes>>.", ""])


def measure(root: Path, id_: str, rates: dict[str, tuple[int, int]], model: str | None = "big", day: int = 10) -> None:
    """Conversations of texts: how many succeeded, of how many."""
    store = open_store(root / ".promptbits/facts.db")
    for content, (successes, trials) in rates.items():
        store.keep_text(content_sha256(content), content)
        store.append(
            [
                {
                    "kind": "execution",
                    "id": new_id(),
                    "timestamp": f"2026-11-{day:02}T16:00:00.000Z",
                    "prompt_id": id_,
                    "content_sha256": content_sha256(content),
                    "outcome": "succeeded" if n < successes else "failed",
                    "model": model,
                }
                for n in range(trials)
            ]
        )
    store.close()


def skilled(first: int, last: int, trials: int = 40) -> dict[str, tuple[int, int]]:
    return {text(n): ((30 if n % 2 else 10) * trials // 40 + n % 3, trials) for n in range(first, last)}


@pytest.fixture
def library(root: Path) -> Path:
    write(root / "promptbits.toml", "")
    for id_ in ("report", "other"):
        write(root / f"prompts/custom/{id_}.json", prompt(id_, content=text(0), variables={"notes": {}}))
    return root


def trainings(root: Path) -> list[dict[str, Any]]:
    return [fact for fact in stored(root) if fact["kind"] == "training"]


def test_nothing_measured_is_one_line(library: Path, run: Run) -> None:
    result = run("train")
    assert (result.code, result.out) == (0, "nothing is measured yet: .promptbits/facts.db is not there\n")
    assert run("train", "--prompt", "report").code == 1
    assert not (library / ".promptbits").exists()
    measure(library, "report", {text(0): (1, 2)})
    result = run("train", "--prompt", "other")
    assert (result.code, result.out) == (
        1,
        "no known outcome of any text of these prompts: nothing to learn from yet\n",
    )


def test_too_few_texts_are_one_line(library: Path, run: Run) -> None:
    measure(library, "report", skilled(0, 3))
    line = "report · big: 3 measured texts: at least 5 are needed to learn from\n"
    assert (run("train").code, run("train").out) == (0, line)
    assert (run("train", "--prompt", "report").code, run("train", "--prompt", "report").out) == (1, line)
    assert trainings(library) == []


def test_a_scorer_for_each_lineage_and_model(library: Path, run: Run) -> None:
    measure(library, "report", skilled(0, 12))
    measure(library, "report", skilled(0, 8), model="Big Model/2")
    measure(library, "other", skilled(4, 14), model=None)
    result = run("train")
    assert (result.code, result.err) == (0, "")
    heads = [line.partition(": ")[0] for line in result.out.splitlines() if not line.startswith(" ")]
    assert heads == ["other · model unknown", "report · Big Model/2", "report · big"]
    assert result.out.count("version 1 promoted: ") == 3
    models = library / ".promptbits/models"
    files = sorted(path.relative_to(models).as_posix() for path in models.glob("*/*/1.onnx"))
    assert files[0] == "other/_unnamed/1.onnx"
    assert files[1].startswith("report/big-model-2-")
    assert files[2] == "report/big/1.onnx"
    assert ".promptbits/models/report/big/1.md\n" in result.out
    if os.name == "posix":
        assert {stat.S_IMODE(path.stat().st_mode) for path in models.glob("*/*/*")} == {0o600}
    assert [(each["prompt_id"], each.get("model"), each["decision"]) for each in trainings(library)] == [
        ("other", None, "promoted"),
        ("report", "Big Model/2", "promoted"),
        ("report", "big", "promoted"),
    ]
    again = run("train")
    assert again.out.count("learned from these very facts and is in use") == 3
    assert len(trainings(library)) == 3


def test_one_prompt_and_one_model(library: Path, run: Run) -> None:
    measure(library, "report", skilled(0, 8))
    measure(library, "report", skilled(0, 8), model="small")
    measure(library, "other", skilled(0, 8))
    value = json.loads(run("train", "--prompt", "report", "--model", "small", "--json").out)
    assert [(each["lineage"], each["model"], each["result"], each["current"]) for each in value["trained"]] == [
        ("report", "small", "promoted", 1)
    ]
    assert value["trained"][0]["card"]["facts"]["texts"] == 8
    assert Path(value["trained"][0]["path"]).is_file()
    value = json.loads(run("train", "--model", "big", "--json").out)
    assert [(each["lineage"], each["model"]) for each in value["trained"]] == [("other", "big"), ("report", "big")]
    assert run("train", "--model", "nobody").code == 1
    result = run("train", "--prompt", "reprot")
    assert (result.code, result.out) == (2, "")
    assert "did you mean 'report'?" in result.err


def test_rollback_goes_back_and_says_so(library: Path, run: Run) -> None:
    assert (run("train", "--rollback").code, run("train", "--rollback").out) == (1, "nothing was trained here yet\n")
    measure(library, "report", skilled(0, 8))
    run("train")
    result = run("train", "--rollback")
    assert (result.code, result.out) == (1, "report · big: version 1 is in use, and none was before it\n")
    measure(library, "report", skilled(8, 16))
    assert "version 2 promoted" in run("train").out
    result = run("train", "--rollback", "--prompt", "report")
    assert (result.code, result.out) == (0, "report · big: version 1 is in use again, instead of version 2\n")
    assert Versions(library / ".promptbits/models/report/big").current() == 1
    fact = trainings(library)[-1]
    assert (fact["decision"], fact["version"], fact["reason"]) == ("rolled_back", 1, "from version 2 to version 1")
    # The same facts do not bring back what somebody took away.
    assert "version 2 learned from these very facts and is not in use" in run("train").out
    assert run("train", "--rollback", "--model", "small").code == 1
    value = json.loads(run("train", "--rollback", "--json").out)
    assert value["current"] is None
    assert run("db", "check").code == 0


def test_rollback_of_several_wants_a_name(library: Path, run: Run) -> None:
    for first, last in ((0, 8), (8, 16)):
        for id_ in ("report", "other"):
            measure(library, id_, skilled(first, last))
        out = run("train").out
        assert (out.count(" promoted: "), out.count(" not promoted: ")) == (2, 0)
    result = run("train", "--rollback")
    assert (result.code, result.out) == (2, "")
    assert "2 scorers are meant (other · big, report · big" in result.err
    assert "--prompt" in result.err
    assert run("train", "--rollback", "--prompt", "other").code == 0
    assert run("train", "--rollback").out == "report · big: version 1 is in use again, instead of version 2\n"


def test_an_optimization_says_what_waits_to_be_learned(library: Path, run: Run) -> None:
    measure(library, "report", skilled(0, 8))
    run("train")
    measure(library, "report", skilled(8, 9))
    value = json.loads(run("optimize", "report", "--json").out)
    assert "40 newer conversations wait for `promptbits train`" in value["run"]["standing"]
    assert value["run"]["measured_texts"] == 8
    run("train")
    value = json.loads(run("optimize", "report", "--seed", "1", "--json").out)
    assert "newer" not in value["run"]["standing"]


def test_nobody_trains_while_another_one_does(library: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from promptbits.optimize.training import registry

    measure(library, "report", skilled(0, 8))
    monkeypatch.setattr(registry.alone.__wrapped__, "__defaults__", (0.0,))
    with alone(at_hand().root.path):
        result = run("train")
    assert (result.code, result.out) == (2, "")
    assert "another process has been training" in result.err
    assert run("train").code == 0


@pytest.mark.parametrize("package", ["numpy", "onnx", "onnxruntime"])
def test_without_the_extra_it_says_what_to_install(library: Path, package: str) -> None:
    measure(library, "report", skilled(0, 8))
    code = f"import sys; sys.modules[{package!r}] = None; from promptbits.cli import main; sys.exit(main(['train']))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=library, check=False)
    assert (found.returncode, found.stdout) == (2, "")
    assert found.stderr == f"promptbits: training needs {package}: pip install 'promptbits[score]'\n"
    rest = f"import sys; sys.modules[{package!r}] = None; from promptbits.cli import main; sys.exit(main(sys.argv[1:]))"
    for args in (["train", "--rollback"], ["stats", "--calibration"]):
        found = subprocess.run(
            [sys.executable, "-c", rest, *args], capture_output=True, text=True, cwd=library, check=False
        )
        assert found.returncode in (0, 1), found.stderr


def evolution(before: str, after: str, **fields: Any) -> dict[str, Any]:
    return {
        "kind": "evolution",
        "id": new_id(),
        "timestamp": "2026-11-10T12:00:00.000Z",
        "prompt_id": "report",
        "parent_id": "report",
        "parent_sha256": content_sha256(before),
        "content_sha256": content_sha256(after),
        "edits": ["hedges-out"],
        "status": "accepted",
    } | fields


def test_operators_learn_from_what_won(library: Path, run: Run) -> None:
    measure(library, "report", {text(0): (50, 100), text(1): (90, 100)})
    assert "operators" not in run("train").out
    store = open_store(library / ".promptbits/facts.db")
    store.append([evolution(text(0), text(1))])
    store.close()
    result = run("train")
    assert result.out.endswith("operators: learned from 1 evolution that won or lost, 0 undecided\n")
    assert kept_weights(library)["hedges-out"] > 2.0
    assert [fact["trained"] for fact in trainings(library)] == ["operators"]
    assert run("train").out.endswith("0 undecided, as before\n")
    assert json.loads(run("train", "--json").out)["operators"]["operators"]["hedges-out"]["won"] == 1.0
    assert len(trainings(library)) == 1


PREDICTION = {"mean": 0.8, "std": 0.05, "evidence": "moderate", "model": "big"}


def test_calibration_without_anything_to_compare(library: Path, run: Run) -> None:
    line = "nothing to compare yet: no decision about a proposal holds a prediction\n"
    assert (run("stats", "--calibration").code, run("stats", "--calibration").out) == (0, line)
    measure(library, "report", {text(0): (5, 10)})
    store = open_store(library / ".promptbits/facts.db")
    order = evolution(text(0), text(2), prediction=PREDICTION | {"evidence": "heuristic"})
    store.append([evolution(text(0), text(1), prediction=PREDICTION), order])
    store.close()
    assert run("stats", "--calibration").out == (
        "nothing to compare yet: 1 prediction of texts that were not measured since, "
        "1 decision about an order without a rate\n"
    )
    assert json.loads(run("stats", "--calibration", "--json").out) == {
        "version": 1,
        "rows": [],
        "waiting": 1,
        "orders": 1,
    }


def test_calibration_compares_and_draws(library: Path, run: Run) -> None:
    measure(library, "report", {text(0): (50, 100), text(1): (78, 100), text(3): (20, 100)}, day=11)
    store = open_store(library / ".promptbits/facts.db")
    original = {"mean": 0.5, "std": 0.05, "evidence": "moderate"}
    store.append([evolution(text(0), text(n), prediction=PREDICTION | {"original": original}) for n in (1, 3)])
    store.close()
    result = run("stats", "--calibration")
    head, *rows = [line.split("\t") for line in result.out.splitlines()]
    found = sorted(dict(zip(head, row, strict=True))["inside"] for row in rows)
    assert (result.code, found) == (0, ["no", "yes"])
    inside = next(dict(zip(head, row, strict=True)) for row in rows if "yes" in row)
    assert inside["predicted"] == "80.0 % [70.2–89.8]"
    assert inside["measured"].startswith("78.0 % [")
    assert inside["predicted effect"] == "+30.0 pts [+16.1, +43.9]"
    assert inside["measured effect"].startswith("+28.0 pts [")
    assert json.loads(run("stats", "report", "--calibration", "--json").out)["rows"][0]["conversations"] == 100
    assert run("stats", "other", "--calibration").out.startswith("nothing to compare yet")
    assert run("stats", "nobody", "--calibration").code == 2
    for name, start in (("c.svg", b"<svg "), ("c.png", b"\x89PNG")):
        assert run("stats", "--calibration", "--plot", name).out == f"Drew {name}\n"
        assert (library / name).read_bytes().startswith(start)
    svg = (library / "c.svg").read_text()
    assert svg.count("<circle") == 2 + 3  # two predictions, and the legend
    assert "inside the predicted interval (1)" in svg
    assert run("stats", "--calibration", "--plot", "c.gif").code == 2
    assert run("stats", "--calibration", "--by", "day").code == 2


def test_learned_weights_are_part_of_a_run(library: Path, run: Run) -> None:
    """The same run with other weights is another one; without any it is the same as before."""
    write(library / "prompts/custom/report.json", prompt("report", content=text(1), variables={"notes": {}}))
    first = json.loads(run("optimize", "report", "--json").out)
    assert json.loads(run("optimize", "report", "--json").out)["number"] == first["number"]
    path = library / ".promptbits/models/operators.json"
    name = first["candidates"][0]["edits"][0]
    write(path, json.dumps({"operators": {name: {"weight": 0.01}}}))
    second = json.loads(run("optimize", "report", "--json").out)
    assert second["number"] == first["number"] + 1
    path.unlink()
    assert json.loads(run("optimize", "report", "--json").out)["number"] == first["number"]
