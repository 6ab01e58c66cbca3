"""What is measured of a prompt, as a real Neovim with the plugin draws it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from neovim_driver import Neovim, at, place_of

from promptbits.facts.ids import content_sha256, new_id, timestamp
from promptbits.facts.locating import facts_path
from promptbits.facts.opening import open_store
from promptbits.facts.store import Fact

TEXT = "Say hello."
PROMPT = {
    "id": "greet",
    "description": "Greet people",
    "trigger": {"Custom": "greeting"},
    "category": "Examples",
    "content": TEXT,
    "confidence": 0.9,
    "source": "Custom",
}
GREET = json.dumps(PROMPT, indent=2) + "\n"

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def editor(neovim: Neovim) -> Neovim:
    """A Neovim with a prompt of which 60 of 100 conversations succeeded."""
    neovim.write("prompts/greet.json", GREET)
    append(neovim.workspace, [execution(number < 60) for number in range(100)])
    return neovim.with_plugin("measured_probes.lua")


def test_lens_hint_hover_and_drift_and_they_follow_the_store(editor: Neovim) -> None:
    more = editor.home / "more.jsonl"
    more.write_text("".join(json.dumps(execution(True)) + "\n" for _ in range(100)), "utf-8")
    done = editor.probe(
        "measured",
        editor.workspace / "prompts/greet.json",
        drift=at(GREET, confidence_drift="0.9"),
        command=[sys.executable, "-m", "promptbits", "import", str(more)],
        later="80.0 % of 200",
    )
    line = place_of(GREET, '"id"').partition(":")[0]
    [lens] = [lens for lens in done["lenses"] if "%" in lens]
    assert lens.startswith(f"{line}:")
    assert "60.0 % of 100 [50.2–69.1] · p50 827 ms" in lens
    end = place_of(GREET, "0.9").partition(":")
    assert f"{end[0]}:{int(end[2]) + len('0.9')}  measured 0.60 [0.50–0.69]" in done["hints"]
    for hover in (done["id"], done["confidence"]):
        assert "60.0 % [50.2–69.1]" in hover
        assert "827 ms" in hover
    assert "80.0 % of 200 [73.9–85.0]" in done["later"]


def execution(succeeded: bool) -> Fact:
    """A run of the prompt as it stands."""
    return {
        "kind": "execution",
        "id": new_id(),
        "timestamp": timestamp(),
        "prompt_id": "greet",
        "content_sha256": content_sha256(TEXT),
        "outcome": "succeeded" if succeeded else "failed",
        "execution_time_ms": 840,
    }


def append(root: Path, facts: list[Fact]) -> None:
    store = open_store(facts_path(root))
    store.append(facts)
    store.close()
