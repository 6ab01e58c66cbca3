"""What an application pays for: which modules each step brings in. Asked in processes of their own."""

import json
import subprocess
import sys

import pytest

HEAVY = {
    "orjson",
    "pathspec",
    "jsonschema_rs",
    "pydantic",
    "rich",
    "rapidfuzz",
    "click",
    "numpy",
    "pygls",
    "lsprotocol",
}
# What costs several milliseconds and is not needed before something goes wrong or is asked for.
LATE = {
    "asyncio",
    "logging",
    "dataclasses",
    "inspect",
    "uuid",
    "pathlib",
    "sqlite3",
    "hashlib",
    "tempfile",
    "platformdirs",
}


BEFORE = "import sys\nbefore = set(sys.modules)"
AFTER = "found = sorted(set(sys.modules) - before)\nimport json\nprint(json.dumps(found))"


def modules(code, tmp_path):
    """The modules of a fresh process that ran some code."""
    code = f"{BEFORE}\n{code}\n{AFTER}"
    environment = {
        "PROMPTBITS_ROOT": str(tmp_path),
        "PROMPTBITS_STATE": str(tmp_path),
        "PROMPTBITS_CACHE": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env=environment, cwd=tmp_path
    )
    assert done.stderr == ""
    return set(json.loads(done.stdout))


def test_the_package_alone_brings_in_nothing(tmp_path):
    assert modules("import promptbits", tmp_path) == {"promptbits"}


def test_the_names_of_the_sdk_bring_in_nothing_heavy(tmp_path):
    found = modules("import promptbits as p\np.load_prompt, p.record_feedback, p.Prompt, p.Run, p.configure", tmp_path)
    assert not found & (HEAVY | LATE)
    assert not any(name.startswith(("promptbits.prompts", "promptbits.text", "promptbits.checks")) for name in found)


TRACKING = """
import promptbits
from promptbits.runtime.prompt import Prompt, Text
from promptbits.runtime.session import RECORDING
from promptbits.facts.ids import content_sha256
text = Text("greet", "custom", 1, "Hello", {}, content_sha256("Hello"), "")
prompt = Prompt(text, RECORDING, requested_id="greet", conversation_id=None, values=None)
with prompt.track(model="m") as run:
    run.succeeded()
promptbits.record_feedback("greet", rating=5)
assert promptbits.recording_status() == (2, 0, 0, 0)
"""


def test_recording_brings_in_nothing_heavy(tmp_path):
    found = modules(TRACKING, tmp_path)
    assert "sqlite3" in found
    assert not found & HEAVY
    assert not found & {"asyncio", "logging", "tempfile"}


@pytest.mark.parametrize("name", ["pydantic", "numpy", "rich", "click", "pygls", "jsonschema_rs", "pathspec"])
def test_loading_a_prompt_brings_in_nothing_that_it_does_not_need(tmp_path, name):
    found = modules("import promptbits\npromptbits.load_prompt('code-review').track().begin()", tmp_path)
    assert name not in found


def test_every_name_that_is_offered_is_there(tmp_path):
    import promptbits

    for name in promptbits.__all__:
        assert getattr(promptbits, name).__name__ == name
        assert name in dir(promptbits)
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = promptbits.nonsense
