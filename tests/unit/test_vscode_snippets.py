"""What the snippets of the VS Code extension leave behind, with each default accepted, is a prompt without problems."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

SNIPPETS: dict[str, dict[str, str | list[str]]] = json.loads(
    (Path(__file__).parents[2] / "vscode-extension/snippets/promptbit.json").read_text(encoding="utf-8")
)

_CHOICE = re.compile(r"\$\{\d+\|(?P<first>[^,|]+)[^|]*\|\}")
_STEM = re.compile(r"\$\{TM_FILENAME_BASE/(?P<pattern>(?:[^/\\]|\\.)*)//\}")
_DEFAULT = re.compile(r"\$\{\d+:(?P<default>[^${}]*)\}")
_STOP = re.compile(r"\$\d+|\$\{\d+\}")


def expanded(name: str, file: str = "greet.json") -> str:
    """A snippet as VS Code inserts it into a file, with its defaults. Nothing of its syntax is left."""
    body = SNIPPETS[name]["body"]
    text = body if isinstance(body, str) else "\n".join(body)
    text = _STEM.sub(lambda match: re.sub(match["pattern"], "", file.rpartition(".")[0]), text)
    text = _STOP.sub("", _DEFAULT.sub(r"\g<default>", _CHOICE.sub(r"\g<first>", text)))
    assert "$" not in text, f"there is more syntax in it than this test knows: {text}"
    return text.replace("\\\\", "\\")


def problems(path: Path, text: str) -> list[str]:
    """The codes of what `promptbits check` says of a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "\n", encoding="utf-8")
    command = [sys.executable, "-m", "promptbits", "check", "--json", str(path)]
    run = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert run.returncode in (0, 1), run.stderr
    return [diagnostic["code"] for diagnostic in json.loads(run.stdout)["diagnostics"]]


@pytest.mark.parametrize("place", ["prompts/custom/greet.json", "greet.prompt.json"])
def test_a_whole_prompt_has_no_problems(tmp_path: Path, place: str) -> None:
    text = expanded("Prompt", place.rpartition("/")[2])
    assert json.loads(text)["id"] == "greet"
    assert problems(tmp_path / place, text) == []


@pytest.mark.parametrize("name", ["Variable", "Variable with a Default", "Variable with Choices"])
def test_a_variable_takes_the_place_of_another(tmp_path: Path, name: str) -> None:
    prompt = json.loads(expanded("Prompt"))
    prompt["variables"] = json.loads(f"{{{expanded(name)}}}")
    prompt["content"] = prompt["content"].replace("<<subject>>", "<<name>>")
    assert problems(tmp_path / "prompts/custom/greet.json", json.dumps(prompt, indent=2)) == []


def test_hints_for_a_model_are_a_member(tmp_path: Path) -> None:
    prompt = json.loads(expanded("Prompt")) | json.loads(f"{{{expanded('Model')}}}")
    assert problems(tmp_path / "prompts/custom/greet.json", json.dumps(prompt, indent=2)) == []


def test_fenced_code_stands_inside_of_a_string(tmp_path: Path) -> None:
    prompt = json.loads(expanded("Prompt"))
    code: str = json.loads(f'"{expanded("Fenced Code")}"')
    assert code == "```language\ncode\n```\n"
    prompt["content"] += code
    assert problems(tmp_path / "prompts/custom/greet.json", json.dumps(prompt, indent=2)) == []


def test_each_snippet_is_tested_and_has_a_prefix_that_is_no_word() -> None:
    """Else it would be offered while somebody writes prose in a string."""
    assert set(SNIPPETS) == {
        "Prompt",
        "Variable",
        "Variable with a Default",
        "Variable with Choices",
        "Model",
        "Fenced Code",
    }
    assert all(str(snippet["prefix"]).startswith("!") for snippet in SNIPPETS.values())
