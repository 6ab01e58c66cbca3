"""Saving prompts: whole, canonical, and never over another one by accident."""

import json
import os
import threading

import pytest

import promptbits
from promptbits.prompts.formatting import is_canonical
from promptbits.prompts.library import shipped_library
from promptbits.text.document import Document

PROMPT = {
    "content": "Hello \ud83d",
    "confidence": 0.5,
    "category": "Examples",
    "trigger": {"Custom": "x"},
    "id": "greet",
}


def test_a_prompt_is_written_in_canonical_form(desk):
    path = promptbits.save_prompt(PROMPT)
    assert path == desk.root / "prompts" / "custom" / "greet.json"
    assert is_canonical(Document.from_bytes(path.read_bytes()))
    assert json.loads(path.read_bytes()) == PROMPT | {"source": "Custom"}
    assert promptbits.load_prompt("greet").template == PROMPT["content"]
    assert [each.name for each in path.parent.iterdir()] == ["greet.json"]


def test_nothing_is_overwritten_by_accident(desk):
    path = promptbits.save_prompt(PROMPT)
    before = path.read_bytes()
    with pytest.raises(promptbits.PromptExistsError, match="overwrite=True"):
        promptbits.save_prompt(PROMPT | {"content": "other"})
    assert path.read_bytes() == before
    path.chmod(0o640)
    assert promptbits.save_prompt(PROMPT | {"content": "other"}, overwrite=True) == path
    assert promptbits.load_prompt("greet").text == "other"
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o640


def test_a_prompt_of_that_id_in_another_file_counts(desk):
    path = desk.write("greet", "first", "custom/team")
    with pytest.raises(promptbits.PromptExistsError):
        promptbits.save_prompt(PROMPT)
    assert promptbits.save_prompt(PROMPT, overwrite=True) == path


def test_a_shipped_prompt_becomes_ones_own(desk):
    shipped = next(iter(shipped_library().entries())).id
    table = promptbits.get_prompt(shipped)
    assert table["source"] == "Builtin"
    table["content"] += "\nMine.\n"
    promptbits.save_prompt(table)
    prompt = promptbits.load_prompt(shipped)
    assert (prompt.source, prompt.template.endswith("Mine.\n")) == ("custom", True)
    assert promptbits.get_prompt(shipped)["source"] == "Custom"


@pytest.mark.parametrize(
    "change",
    [
        {"id": "../escape"},
        {"id": "Bad Id"},
        {"confidence": 2},
        {"confidence": float("nan")},
        {"content": None},
        {"more": object()},
    ],
)
def test_what_is_no_prompt_is_not_written(desk, change):
    with pytest.raises(promptbits.InvalidPromptError):
        promptbits.save_prompt(PROMPT | change)
    assert not (desk.root / "prompts").exists()


def test_threads_that_save_the_same_prompt(desk):
    outcomes: list[object] = []

    def save(text):
        try:
            outcomes.append(promptbits.save_prompt(PROMPT | {"content": text}))
        except promptbits.PromptExistsError as error:
            outcomes.append(error)

    threads = [threading.Thread(target=save, args=(f"text {index}",)) for index in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([each for each in outcomes if not isinstance(each, Exception)]) == 1
    assert len(outcomes) == 8
    assert promptbits.load_prompt("greet").text.startswith("text ")


def test_a_place_that_cannot_be_written_is_named(desk):
    (desk.root / "prompts").write_text("a file")
    with pytest.raises(promptbits.PromptError, match="cannot be written"):
        promptbits.save_prompt(PROMPT)
