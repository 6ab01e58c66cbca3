"""A save of a view whose JSON changed meanwhile: merged three ways, or a conflict that is shown, never overwritten."""

from __future__ import annotations

from pathlib import Path

import pytest
from client import ResponseError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from viewing import ENCODINGS, A, Editor, editing, said

from promptbits.text.lines import Encoding

pytestmark = pytest.mark.asyncio

BASE = "# Title\n\none\n\ntwo\n\nthree\n"


async def save(editor: Editor, view: str, version: str) -> str:
    """Save a view: there must be no conflict. The version that it is based on then."""
    result = await editor.set(view, version, editor.text(view))
    editor.apply(result["edit"])
    assert result["text"] == (await editor.content(view))["text"]
    if result["text"] != editor.text(view):
        editor.type(view, result["text"])
    return result["version"]


@pytest.mark.parametrize("is_open", [True, False])
async def test_changes_of_other_lines_are_both_kept(is_open: bool, tmp_path: Path) -> None:
    async with editing(tmp_path, said(content=BASE)) as editor:
        version = (await editor.content(A))["version"]
        view = await editor.opened()
        json_text = said(content=BASE.replace("three", "THREE é"), tags=["new"])
        if is_open:
            editor.open(A, said(content=BASE))
            editor.type(A, json_text)
        else:
            editor.author.write(A, json_text)
        editor.type(view, BASE.replace("one", "ONE"))
        await save(editor, view, version)
        merged = BASE.replace("one", "ONE").replace("three", "THREE é")
        assert editor.text(view) == merged
        assert editor.text(editor.author.uri(A)) == said(content=merged, tags=["new"])


@pytest.mark.parametrize("replaced", ["ALT", "a longer one"])  # one has the size that the line had
async def test_a_conflict_is_shown_and_nothing_is_overwritten_until_it_is_solved(replaced: str, tmp_path: Path) -> None:
    async with editing(tmp_path, said(content=BASE)) as editor:
        version = (await editor.content(A))["version"]
        view = await editor.opened()
        editor.open(A, said(content=BASE))
        in_json = said(content=BASE.replace("two", replaced))
        editor.type(A, in_json)
        editor.type(view, BASE.replace("two", "TWO").replace("one", "ONE"))
        result = await editor.set(view, version, editor.text(view))
        assert set(result) == {"conflict"}
        conflict = result["conflict"]
        assert conflict["count"] == 1
        assert conflict["text"] == (
            f"# Title\n\nONE\n\n<<<<<<< edited here\nTWO\n=======\n{replaced}\n>>>>>>> now in a.json\n\nthree\n"
        )
        assert editor.text(editor.author.uri(A)) == in_json
        assert (await editor.content(A))["text"] == BASE.replace("two", replaced)
        # To save again what was refused is refused again: the base is still the old one.
        assert "conflict" in await editor.set(view, version, editor.text(view))
        # The author solves it in the view, and saves with the version that came with the conflict.
        editor.type(view, BASE.replace("two", "both").replace("one", "ONE"))
        await save(editor, view, conflict["version"])
        assert editor.text(editor.author.uri(A)) == said(content=editor.text(view))
        assert editor.text(view) == BASE.replace("two", "both").replace("one", "ONE")


async def test_a_conflict_that_is_solved_while_the_json_changes_again_is_merged_again(tmp_path: Path) -> None:
    async with editing(tmp_path, said(content=BASE)) as editor:
        version = (await editor.content(A))["version"]
        view = await editor.opened()
        editor.author.write(A, said(content=BASE.replace("two", "2")))
        conflict = (await editor.set(view, version, BASE.replace("two", "TWO")))["conflict"]
        editor.author.write(A, said(content=BASE.replace("two", "2").replace("three", "3")))
        result = await editor.set(view, conflict["version"], BASE.replace("two", "TWO, or 2"))
        assert result["text"] == BASE.replace("two", "TWO, or 2").replace("three", "3")
        editor.author.write(A, said(content=BASE.replace("two", "II")))
        assert (await editor.set(view, conflict["version"], BASE.replace("two", "TWO, or 2")))["conflict"]


async def test_the_same_change_on_both_sides_is_taken_once(tmp_path: Path) -> None:
    async with editing(tmp_path, said(content=BASE)) as editor:
        version = (await editor.content(A))["version"]
        editor.author.write(A, said(content=BASE.replace("two", "2")))
        result = await editor.set(A, version, BASE.replace("two", "2"))
        assert result["edit"] == {"documentChanges": []}
        assert result["text"] == BASE.replace("two", "2")


async def test_a_change_that_keeps_the_size_and_the_number_of_lines_is_seen(tmp_path: Path) -> None:
    async with editing(tmp_path, said(content=BASE)) as editor:
        version = (await editor.content(A))["version"]
        for text in (BASE.replace("two", "owt"), BASE.replace("one\n\ntwo", "two\n\none")):
            editor.author.write(A, said(content=text))
            editor.author.open(A, said(content=text))  # whatever the clock of the disk says
            assert (await editor.content(A))["version"] != version
            assert "conflict" in await editor.set(A, version, BASE.replace("two", "TWO"))
            editor.author.close(A)


async def test_content_that_went_back_is_no_conflict(tmp_path: Path) -> None:
    async with editing(tmp_path, said(content=BASE)) as editor:
        version = (await editor.content(A))["version"]
        editor.open(A, said(content="other"))
        assert (await editor.content(A))["version"] != version
        editor.type(A, said(content=BASE))
        assert (await editor.set(A, version, "new"))["text"] == "new"


async def test_a_base_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    async with editing(tmp_path, said(content=BASE)) as editor:
        for version in ("", "1", "0" * 32, "\ud800"):
            with pytest.raises(ResponseError, match="no longer what this text was based on") as caught:
                await editor.set(A, version, "new")
            assert caught.value.code == -32803


async def test_a_base_outlives_the_server_while_the_json_stays_as_it_is(tmp_path: Path) -> None:
    async with editing(tmp_path, said(content=BASE)) as editor:
        version = (await editor.content(A))["version"]
    async with editing(tmp_path) as editor:
        view = editor.open(editor.view(), BASE + "typed before the server came back")
        saved = await save(editor, view, version)
        assert editor.text(editor.author.uri(A)) == said(content=editor.text(view))
    async with editing(tmp_path) as editor:
        editor.author.write(A, said(content="changed while no server looked"))
        with pytest.raises(ResponseError, match="keep a copy of it"):
            await editor.set(A, saved, "new")


async def test_views_of_one_prompt_are_saved_one_after_the_other(tmp_path: Path) -> None:
    async with editing(tmp_path, said(content=BASE)) as editor:
        version = (await editor.content(A))["version"]
        one, other = await editor.opened(slashes=1), await editor.opened(slashes=3)
        editor.type(one, BASE.replace("one", "ONE"))
        editor.type(other, BASE.replace("three", "THREE"))
        newer = await save(editor, one, version)
        await save(editor, other, version)
        both = BASE.replace("one", "ONE").replace("three", "THREE")
        assert editor.text(editor.author.uri(A)) == said(content=both)
        assert editor.text(one) == BASE.replace("one", "ONE")
        editor.type(one, BASE.replace("one", "ONE").replace("two", "TWO"))
        await save(editor, one, newer)
        assert editor.text(editor.author.uri(A)) == said(content=both.replace("two", "TWO"))


async def test_mixed_line_ends_that_the_editor_made_alike_are_no_change_to_merge(tmp_path: Path) -> None:
    mixed = "a\r\nb\rc\nd\r\ne"
    async with editing(tmp_path, said(content=mixed)) as editor:
        version = (await editor.content(A))["version"]
        view = editor.open(editor.view(), "a\nb\nc\nd\ne")
        editor.author.write(A, said(content=mixed.replace("b", "B")))
        editor.type(view, "a\nb\nc\nd\nE")
        result = await editor.set(view, version, editor.text(view))
        assert result["text"] == "a\r\nB\rc\nd\r\nE"


SIDE = st.lists(st.sampled_from([None, "x\n", "yé\n", "", "\n"]), min_size=6, max_size=6)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ours=SIDE, theirs=SIDE, encoding=st.sampled_from(ENCODINGS))
async def test_nothing_that_either_side_changed_is_ever_lost(
    ours: list[str | None], theirs: list[str | None], encoding: Encoding, tmp_path: Path
) -> None:
    base = [f"{number}\n" for number in range(6)]
    mine, yours = (
        "".join(row if new is None else new for row, new in zip(base, side, strict=True)) for side in (ours, theirs)
    )
    async with editing(tmp_path, said(content="".join(base)), encoding=encoding) as editor:
        version = (await editor.content(A))["version"]
        editor.author.open(A, said(content=yours))
        result = await editor.set(A, version, mine)
        touched = [(one is not None, other is not None) for one, other in zip(ours, theirs, strict=True)]
        if "conflict" in result:
            assert any(one for one, _ in touched)
            assert any(other for _, other in touched)
            rows = result["conflict"]["text"].splitlines()
            assert all(new.strip("\n") in rows for new in [*ours, *theirs] if new)
            assert result["conflict"]["version"] == (await editor.content(A))["version"]
        else:
            # Each line that one side alone touched is as that side made it, each that both touched as both did.
            if not any(both == (True, True) for both in touched):
                merged = "".join(
                    row if one is None and other is None else one if one is not None else other or ""
                    for row, one, other in zip(base, ours, theirs, strict=True)
                )
                assert result["text"] == merged
            editor.texts[editor.author.uri(A)], editor.versions[editor.author.uri(A)] = said(content=yours), 1
            editor.apply(result["edit"])
            assert editor.text(editor.author.uri(A)) == said(content=result["text"])
