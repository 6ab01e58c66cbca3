"""Loading prompts: what is served, and that it is what the files say."""

import json
import os
import shutil

import pytest

import promptbits
from promptbits.prompts.library import shipped_library
from promptbits.runtime import shelf
from promptbits.text.document import Document


def test_a_prompt_is_rendered_with_its_variables(desk):
    desk.write("greet", "Hello <<name>>, {{ user.mood }}", variables={"name": {"default": "you"}, "user.mood": {}})
    prompt = promptbits.load_prompt("greet", variables={"user": {"mood": "glad"}})
    assert prompt.text == "Hello you, glad"
    assert prompt.render(name="Ada") == "Hello Ada, glad"
    assert prompt.render({"user.mood": "calm"}) == "Hello you, calm"
    assert prompt.template == "Hello <<name>>, {{ user.mood }}"
    assert (prompt.id, prompt.requested_id, prompt.source) == ("greet", "greet", "custom")
    assert (prompt.revision, prompt.variant, prompt.conversation_id) == (1, None, None)
    assert set(prompt.variables) == {"name", "user.mood"}


def test_rendering_is_strict(desk):
    desk.write("greet", "Hello <<name>>", variables={"name": {}})
    prompt = promptbits.load_prompt("greet")
    with pytest.raises(promptbits.RenderError, match="'name'"):
        _ = prompt.text
    with pytest.raises(promptbits.RenderError, match="'nam'"):
        prompt.render(name="Ada", nam="Eve")
    with pytest.raises(promptbits.RenderError, match="'name'"):
        promptbits.load_prompt("greet", variables={})


def test_a_variable_may_be_called_anything(desk):
    desk.write("odd", "<<self>> <<values>>", variables={"self": {}, "values": {}})
    assert promptbits.load_prompt("odd").render(self="a", values="b") == "a b"


def test_the_layers_shadow_each_other(desk):
    shipped = next(iter(shipped_library().entries())).id
    seen = [promptbits.load_prompt(shipped).source]
    paths = []
    for layer in ("builtin", "learned", "custom"):
        paths.append(desk.write(shipped, f"from {layer}", layer))
        seen.append(promptbits.load_prompt(shipped).source)
        assert promptbits.load_prompt(shipped).template == f"from {layer}"
    for path in reversed(paths):
        path.unlink()
        seen.append(promptbits.load_prompt(shipped).source)
    assert seen == ["shipped", "builtin", "learned", "custom", "learned", "builtin", "shipped"]


def test_every_shipped_prompt_loads(desk):
    for entry in shipped_library().entries():
        prompt = promptbits.load_prompt(entry.id)
        assert (prompt.id, prompt.revision) == (entry.id, entry.revision)


def test_a_file_that_changes_is_read_again(desk):
    path = desk.write("greet", "one")
    for content in ("two", "six", "three"):
        desk.write("greet", content, revision=len(content))
        prompt = promptbits.load_prompt("greet")
        assert (prompt.template, prompt.revision) == (content, len(content))
    shutil.move(path, path.with_name("moved.prompt.json"))
    assert promptbits.load_prompt("greet").template == "three"
    path.with_name("moved.prompt.json").unlink()
    with pytest.raises(promptbits.PromptNotFoundError):
        promptbits.load_prompt("greet")


def test_a_prompt_that_was_loaded_never_changes(desk):
    desk.write("greet", "one")
    prompt = promptbits.load_prompt("greet")
    desk.write("greet", "two")
    assert (prompt.text, promptbits.load_prompt("greet").text) == ("one", "two")


def test_an_id_that_moves_to_another_file_without_new_time_stamps(desk):
    one, two = desk.write("aaa", "text of aaa"), desk.write("bbb", "text of bbb")
    assert promptbits.load_prompt("aaa").template == "text of aaa"
    before = [(path, path.stat().st_mtime_ns) for path in (one, two)]
    texts = one.read_text(), two.read_text()
    one.write_text(texts[1])
    two.write_text(texts[0])
    for path, time in before:
        os.utime(path, ns=(time, time))
    promptbits.configure(refresh=0)
    assert promptbits.load_prompt("aaa").template == "text of aaa"
    assert promptbits.load_prompt("bbb").template == "text of bbb"


def test_settings_say_where_prompts_lie_and_may_change(desk):
    desk.write("greet", "here")
    other = desk.root / "elsewhere" / "greet.json"
    other.parent.mkdir()
    other.write_text((desk.root / "prompts/custom/greet.json").read_text().replace("here", "there"))
    assert promptbits.load_prompt("greet").template == "here"
    (desk.root / "promptbits.toml").write_text('roots = ["elsewhere"]')
    assert promptbits.load_prompt("greet").template == "there"


@pytest.mark.parametrize("depth", [1, 3])
def test_a_folder_that_comes_later_is_seen(desk, depth):
    with pytest.raises(promptbits.PromptNotFoundError):
        promptbits.load_prompt("deep")
    desk.write("deep", "found", "/".join(["custom"] + ["below"] * depth))
    assert promptbits.load_prompt("deep").template == "found"


@pytest.mark.skipif(os.name != "posix", reason="symbolic links need rights on Windows")
def test_a_folder_behind_a_link_is_watched(desk, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    source = desk.write("seed", "seed")
    shutil.copy(source, outside / "seed2.json")
    (desk.root / "prompts/custom/linked").symlink_to(outside)
    assert promptbits.load_prompt("seed").template == "seed"
    shutil.move(desk.write("late", "late"), outside / "late.json")
    assert promptbits.load_prompt("late").template == "late"


def test_an_unknown_id_names_the_one_that_was_meant(desk):
    desk.write("greet-people", "x")
    with pytest.raises(promptbits.PromptNotFoundError, match=r"'greet-poeple'.*did you mean 'greet-people'\?"):
        promptbits.load_prompt("greet-poeple")
    with pytest.raises(LookupError):
        promptbits.load_prompt("")


@pytest.mark.parametrize(
    "text", ['{"id": "greet", "content": ', '{"id": "greet"}', '{"id": "greet", "id": "greet", "content": ""}']
)
def test_a_broken_file_is_named(desk, text):
    path = desk.write("greet", "x")
    path.write_text(text)
    with pytest.raises(promptbits.PromptUnreadableError, match=r"greet\.json"):
        promptbits.load_prompt("greet")


def test_a_running_application_goes_on_with_what_it_had(desk, caplog):
    path = desk.write("greet", "whole")
    assert promptbits.load_prompt("greet").text == "whole"
    whole = path.read_text()
    for end in range(1, len(whole), 20):
        path.write_text(whole[:end])
        if '"id": "greet"' in whole[:end]:
            assert promptbits.load_prompt("greet").text == "whole"
    assert "the version before is served" in caplog.text
    path.write_text(whole.replace("whole", "anew"))
    assert promptbits.load_prompt("greet").text == "anew"


def test_odd_variables_break_nothing(desk):
    desk.write("greet", "Hello <<name>>", variables={"name": 5})
    assert promptbits.load_prompt("greet").render(name="Ada") == "Hello Ada"
    desk.write("greet", "Hello", variables=["name"])
    assert promptbits.load_prompt("greet").text == "Hello"


def test_a_warm_load_touches_the_disk_with_one_stat(desk, monkeypatch):
    path = desk.write("greet", "x")
    os.utime(path, ns=(10**18 + 1, 10**18 + 1))
    promptbits.configure(refresh=3600)
    promptbits.load_prompt("greet")
    asked = []
    real = os.stat
    monkeypatch.setattr(shelf.os, "stat", lambda *a, **k: asked.append(a[0]) or real(*a, **k))
    monkeypatch.setattr("builtins.open", None)
    monkeypatch.setattr(Document, "from_bytes", None)
    for _ in range(10):
        promptbits.load_prompt("greet")
    assert asked == [str(path)] * 10


def test_folders_are_looked_at_once_in_a_while(tmp_path, desk):
    now = 0.0
    kept = shelf.Shelf(desk.root, 1.0, lambda: now)
    path = desk.write("greet", "learned", "learned")
    for each in [path, *path.parents[:3]]:
        os.utime(each, ns=(10**18 + 1, 10**18 + 1))
    assert kept.text("greet").template == "learned"
    desk.write("greet", "custom")
    assert kept.text("greet").template == "learned"
    now = 1.5
    assert kept.text("greet").template == "custom"


def test_the_root_is_the_nearest_one_or_the_chosen_one(desk, tmp_path, monkeypatch):
    promptbits.configure(root=None)
    below = desk.root / "src" / "deep"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    desk.write("where", "found from below")
    assert promptbits.load_prompt("where").text == "found from below"
    other = tmp_path / "other"
    (other / "prompts").mkdir(parents=True)
    (other / "prompts" / "where.json").write_text(
        (desk.root / "prompts/custom/where.json").read_text().replace("from below", "by the environment")
    )
    promptbits.configure(root=None)
    monkeypatch.setenv("PROMPTBITS_ROOT", str(other))
    assert promptbits.load_prompt("where").text == "found by the environment"
    promptbits.configure(root=desk.root)
    assert promptbits.load_prompt("where").text == "found from below"


def test_a_prompt_is_a_table_of_ones_own(desk):
    path = desk.write("greet", "Hello", tags=["x"])
    table = promptbits.get_prompt("greet")
    assert table == json.loads(path.read_text())
    table["tags"].append("y")
    assert promptbits.get_prompt("greet")["tags"] == ["x"]


def test_lone_surrogates_are_kept(desk):
    desk.write("odd", "half \ud83d")
    assert promptbits.load_prompt("odd").text == "half \ud83d"
