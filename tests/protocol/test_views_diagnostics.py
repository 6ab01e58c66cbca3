"""Diagnostics of views, pushed and pulled: of what is shown there, in its positions, in step with the JSON."""

from __future__ import annotations

from pathlib import Path

import pytest
from authoring import PULL, codes, item
from viewing import A, editing, said

pytestmark = pytest.mark.asyncio

CONTENT = "# Títle\r\n\r\nSay 🚀 <<x>>, <<k>>\r\n"
TEXT = said(content=CONTENT, confidence=7, variables={"k": {}})
DECLARED = said(content=CONTENT, variables={"k": {}, "x": {}})


async def test_only_what_is_found_in_the_content_is_shown_where_it_stands(tmp_path: Path) -> None:
    async with editing(tmp_path, TEXT) as editor:
        view = await editor.opened()
        report = await editor.author.published(view)
        assert (report["uri"], report["version"]) == (view, 1)
        assert codes(report) == ["undeclared-variable"]
        assert editor.cut(view, item(report, "undeclared-variable")["range"]) == "<<x>>"
        editor.type(view, "new line\n" + CONTENT)
        report = await editor.author.published(view, version=2)
        assert item(report, "undeclared-variable")["range"]["start"]["line"] == 3
        editor.open(A, TEXT)
        assert set(codes(await editor.author.published(A))) == {"undeclared-variable", "out-of-range"}


async def test_typing_in_the_json_renews_the_views_and_closing_a_view_clears_it(tmp_path: Path) -> None:
    async with editing(tmp_path, TEXT) as editor:
        one, other = await editor.opened(slashes=1), await editor.opened(slashes=3)
        for view in (one, other):
            assert codes(await editor.author.published(view)) == ["undeclared-variable"]
        editor.open(A, TEXT)
        editor.type(A, DECLARED)
        for view in (one, other):
            await editor.author.cleared(view)
        editor.type(A, TEXT)
        for view in (one, other):
            assert codes(await editor.author.published(view)) == ["undeclared-variable"]
        editor.close(one)
        assert (await editor.author.cleared(one))["diagnostics"] == []
        editor.type(A, DECLARED)
        await editor.author.cleared(other)
        assert editor.author.reports(one)[-1]["diagnostics"] == []


async def test_a_view_falls_back_to_the_disk_when_the_json_is_closed_unsaved(tmp_path: Path) -> None:
    async with editing(tmp_path, TEXT) as editor:
        editor.open(A, DECLARED)
        view = await editor.opened()
        await editor.author.settled()
        assert not [each for each in editor.author.reports(view) if each["diagnostics"]]
        editor.close(A)
        await editor.author.published(view, "undeclared-variable")


async def test_a_json_that_broke_or_went_out_of_step_takes_the_diagnostics_of_its_view_away(tmp_path: Path) -> None:
    async with editing(tmp_path, TEXT) as editor:
        view = await editor.opened()
        editor.open(A, TEXT)
        await editor.author.published(view, "undeclared-variable")
        editor.type(A, TEXT.replace("Say", "\\q"))
        await editor.author.cleared(view)
        editor.type(A, TEXT)
        await editor.author.published(view, "undeclared-variable")
        editor.author.type(A, 1, "x", (0, 0, 0, 0))  # long gone
        await editor.author.cleared(view)
        editor.type(A, TEXT)
        await editor.author.published(view, "undeclared-variable")


async def test_a_change_on_disk_renews_a_view_whose_json_is_not_open(tmp_path: Path) -> None:
    async with editing(tmp_path, TEXT) as editor:
        view = await editor.opened()
        await editor.author.published(view, "undeclared-variable")
        editor.author.write(A, DECLARED)
        editor.author.touched((A, 2))
        await editor.author.cleared(view)
        editor.author.write(A, TEXT)
        editor.author.touched((A, 2))
        await editor.author.published(view, "undeclared-variable")
        (editor.author.folder / A).unlink()
        editor.author.touched((A, 3))
        await editor.author.cleared(view)


async def test_settings_that_changed_renew_a_view(tmp_path: Path) -> None:
    async with editing(tmp_path, TEXT) as editor:
        editor.author.write("promptbits.toml", '[checks]\n"undeclared-variable" = "off"\n')
        view = await editor.opened()
        await editor.author.settled()
        assert not [each for each in editor.author.reports(view) if each["diagnostics"]]
        editor.author.write("promptbits.toml", "")
        editor.author.touched(("promptbits.toml", 2))
        await editor.author.published(view, "undeclared-variable")


async def test_a_view_is_pulled_with_result_ids_of_its_own(tmp_path: Path) -> None:
    async with editing(tmp_path, TEXT, capabilities=PULL) as editor:
        view = await editor.opened()
        editor.open(A, TEXT)
        report = await editor.author.pull(view)
        assert codes(report) == ["undeclared-variable"]
        assert (await editor.author.pull(view, report["resultId"]))["kind"] == "unchanged"
        editor.type(A, TEXT + "\n")  # nothing that concerns the view
        assert (await editor.author.pull(view, report["resultId"]))["kind"] == "unchanged"
        editor.type(A, DECLARED)
        fresh = await editor.author.pull(view, report["resultId"])
        assert (fresh["kind"], fresh["items"]) == ("full", [])
        # The view owns its text: what is typed into the content of the JSON is not in it yet.
        editor.type(A, said(content="<<other>>", variables={"x": {}, "k": {}}))
        assert (await editor.author.pull(view, fresh["resultId"]))["kind"] == "unchanged"
        editor.type(view, "<<third>> <<k>>")
        assert editor.cut(view, item(await editor.author.pull(view), "undeclared-variable")["range"]) == "<<third>>"
        assert editor.cut(A, item(await editor.author.pull(A), "undeclared-variable")["range"]) == "<<other>>"
        assert not editor.author.reports(view)
        editor.close(view)
        assert codes(await editor.author.pull(view)) == ["undeclared-variable"], "of what the JSON says"
