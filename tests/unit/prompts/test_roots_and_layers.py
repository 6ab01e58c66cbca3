"""Which root a file has, which layer it lies in, and which files are ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from promptbits.prompts.root import Root, claims_schema, find_root, load_root, names_a_prompt, stem
from promptbits.prompts.settings import Settings


def test_the_nearest_marker_wins(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b" / "c"
    inner.mkdir(parents=True)
    fallback = tmp_path / "fallback"
    assert find_root(inner / "x.json", fallback) == fallback
    (tmp_path / "promptbits.toml").write_text("")
    assert find_root(inner / "x.json", fallback) == tmp_path
    (tmp_path / "a" / ".promptbits").mkdir()
    assert find_root(inner / "x.json", fallback) == tmp_path / "a"
    assert find_root(tmp_path / "a", fallback) == tmp_path / "a"
    assert find_root(tmp_path / "other" / "x.json", fallback) == tmp_path


def test_a_marker_of_the_wrong_kind_is_none(tmp_path: Path) -> None:
    (tmp_path / "promptbits.toml").mkdir()
    (tmp_path / ".promptbits").write_text("")
    assert find_root(tmp_path / "x.json", tmp_path / "fallback") == tmp_path / "fallback"


def test_the_environment_wins_over_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "promptbits.toml").write_text("")
    monkeypatch.setenv("PROMPTBITS_ROOT", str(tmp_path / "chosen"))
    assert find_root(tmp_path / "x.json", tmp_path) == tmp_path / "chosen"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PROMPTBITS_ROOT", "relative")
    assert find_root(tmp_path / "x.json", tmp_path) == tmp_path / "relative"
    monkeypatch.setenv("PROMPTBITS_ROOT", "")
    assert find_root(tmp_path / "x.json", tmp_path / "other") == tmp_path


def test_odd_paths_fall_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fallback = tmp_path / "fallback"
    assert find_root(tmp_path / ("x" * 5000) / "y.json", fallback) == fallback
    assert find_root(tmp_path / "a\0b", fallback) == fallback

    def refuse(_path: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "is_file", refuse)
    assert find_root(tmp_path / "x.json", fallback) == fallback


@pytest.mark.parametrize(
    ("path", "layer"),
    [
        ("prompts/a.json", "custom"),
        ("prompts/custom/a.json", "custom"),
        ("prompts/custom/builtin/a.json", "custom"),
        ("prompts/team/deep/a.json", "custom"),
        ("prompts/learned/a.json", "learned"),
        ("prompts/learned/deep/a.json", "learned"),
        ("prompts/builtin/a.json", "builtin"),
        ("prompts/builtins/a.json", "custom"),
        ("more/learned/a.json", "learned"),
        ("other/a.json", None),
        ("promptsy/a.json", None),
        ("a.json", None),
    ],
)
def test_layers(tmp_path: Path, path: str, layer: str | None) -> None:
    root = Root(tmp_path, Settings(roots=("prompts", "more")))
    assert root.layer(tmp_path / path) == layer
    assert root.relative(tmp_path / path) == Path(path)
    assert root.relative(Path("/elsewhere")) is None


def test_a_root_loads_its_settings_and_keeps_its_warnings(tmp_path: Path) -> None:
    (tmp_path / "promptbits.toml").write_text('roots = ["a"]\njson = 3\n')
    root = load_root(tmp_path, ["x"], {"maxItems": 3})
    assert root.prompt_folders() == [tmp_path / "a"]
    assert root.settings.max_items == 3
    (warning,) = root.warnings
    assert warning.startswith("promptbits.toml: json: ")


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a.json", "a"), ("a.prompt.json", "a"), ("a.b.json", "a.b"), ("A.PROMPT.JSON", "A"), ("a.txt", "a.txt"),
     ("prompt.json", "prompt"), (".prompt.json", ""), ("a.prompt.json.json", "a.prompt.json")],
)  # fmt: skip
def test_stem(name: str, expected: str) -> None:
    assert stem(Path("x") / name) == expected


def test_files_that_are_ours_wherever_they_lie() -> None:
    assert names_a_prompt(Path("a.prompt.json"))
    assert names_a_prompt(Path("A.Prompt.JSON"))
    assert not names_a_prompt(Path("a.json"))
    assert not names_a_prompt(Path("prompt.json"))
    assert claims_schema('{"$schema": "../x/promptbit.schema.json"}')
    assert claims_schema('{ "id": 1,\n"$schema"\n:\t"https://x.org/promptbit.schema.json", broken')
    assert not claims_schema('{"$schema": "promptbit.schema.json.bak"}')
    assert not claims_schema('{"content": "\\"$schema\\": \\"promptbit.schema.json\\""}')
    assert not claims_schema('{"x": "promptbit.schema.json"}')
    assert not claims_schema('{"$schema": "a", "x": "promptbit.schema.json"}')
