"""Optimizing over the protocol, by the real worker process: what is offered, run, shown, called off and kept."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, cast

import pytest
from authoring import DEADLINE, PUSH, Author, Json, session
from editing import CONTENT_MODIFIED, INVALID_PARAMS, refusal
from optimizing_author import ASK, BEFORE, CANCEL, CREATE, FULL, LITERALS, REPORT, SHOW, Optimizer, report

from promptbits.facts.ids import content_sha256
from promptbits.language.hover.content import estimated_tokens
from promptbits.lsp.worker.process import Worker

pytestmark = pytest.mark.asyncio

PLAIN: Json = {"textDocument": {**PUSH["textDocument"], "codeAction": LITERALS}}
# What no machine finishes within a test.
ENDLESS: Json = {"breadth": 100, "depth": 20}
CANCELLED = -32800


@pytest.fixture
def workers(monkeypatch: pytest.MonkeyPatch) -> list[Worker]:
    """The workers of the servers that a test starts."""
    made: list[Worker] = []
    begin = Worker.__init__

    def begun(self: Worker, *args: Any) -> None:
        begin(self, *args)
        made.append(self)

    monkeypatch.setattr(Worker, "__init__", begun)
    return made


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


async def running(editor: Optimizer, worker: Worker) -> int:
    """Wait until the worker is at work on something; its process."""
    told = len(editor.progress())
    await editor.client.until(
        lambda: any(each["value"]["kind"] == "report" for each in editor.progress()[told:]),
        deadline=60,
        what="progress",
    )
    assert worker.pid is not None
    return worker.pid


async def test_a_prompt_is_optimized_and_the_proposals_are_kept(tmp_path: Path) -> None:
    async with session(tmp_path, FULL) as author:
        editor = await Optimizer.begun(author)
        answer = await editor.choose("Optimize (COPRO)…")
        assert answer["review"] == 1
        assert answer["summary"] == f"{answer['candidates']} proposals · heuristic order, nothing is measured yet"
        kept = editor.kept()["1"]
        assert kept["basis"]["content_sha256"] == content_sha256(BEFORE)
        assert kept["basis"]["path"] == REPORT
        assert len(kept["candidates"]) == answer["candidates"] > 0
        await editor.changed()
        assert await editor.lenses() == [answer["summary"]]
        assert editor.text(REPORT) == report(), "nothing is changed before somebody decides"


async def test_the_same_is_found_as_on_the_command_line(tmp_path: Path) -> None:
    from promptbits.checks.snapshot import Snapshot
    from promptbits.optimize.options import Options
    from promptbits.optimize.reviews.lifecycle import By
    from promptbits.optimize.running import optimize
    from promptbits.optimize.searching import search
    from promptbits.text.document import Document

    async with session(tmp_path, FULL) as author:
        editor = await Optimizer.begun(author)
        await editor.optimized(seed=5)
        texts = [await editor.document(each["document"]) for each in (await editor.reviews())[0]["candidates"]]
        snapshot = Snapshot(Document.from_text(report()), tmp_path / REPORT)
        here = optimize(snapshot, None, Options(4, 2, 5), by=By.now("me"), search=search)
        assert texts == [each.text for each in here.candidates]


async def test_what_stands_in_the_editor_is_optimized_not_what_is_on_the_disk(tmp_path: Path) -> None:
    async with session(tmp_path, FULL) as author:
        editor = await Optimizer.begun(author)
        typed = BEFORE.replace("plain words", "short and plain words")
        author.type(REPORT, 2, report(typed))
        await editor.optimized()
        assert editor.kept()["1"]["basis"]["content"] == typed


async def test_a_section_and_a_budget_are_offered_where_the_cursor_is(tmp_path: Path) -> None:
    async with session(tmp_path, FULL) as author:
        editor = await Optimizer.begun(author)
        at_style = {each["title"]: each["command"]["arguments"][1] for each in await editor.actions("jargon")}
        start, end = BEFORE.index("## Style"), BEFORE.index("## Output")
        assert at_style['Optimize the section "Style"…']["section"] == [start, end]
        half = round(estimated_tokens(len(BEFORE)) / 2)
        assert at_style[f"Shorten to {half} tokens (50% of now)…"]["tokens"] == half
        selected = {each["title"] for each in await editor.actions("plain words", selected=True)}
        assert "Optimize the selected section…" in selected
        await editor.choose('Optimize the section "Style"…', "jargon")
        for number in range(1, len(editor.kept()["1"]["candidates"]) + 1):
            text = await editor.document(f"promptbits-review://{tmp_path.as_posix()}/1.md?{number}")
            assert text.startswith(BEFORE[:start])
            assert text.endswith(BEFORE[end:])
            assert text != BEFORE


async def test_a_shorter_prompt_is_shorter(tmp_path: Path) -> None:
    async with session(tmp_path, FULL) as author:
        editor = await Optimizer.begun(author)
        await editor.optimized(tokens=estimated_tokens(len(BEFORE)) - 4)
        [review] = await editor.reviews()
        assert review["candidates"]
        for each in review["candidates"]:
            assert len(await editor.document(each["document"])) < len(BEFORE)


@pytest.mark.parametrize(
    ("only", "count"),
    [(["refactor"], 3), (["refactor.rewrite"], 3), (["refactor.rewrite.promptbits"], 3), (["refactor.extract"], 0)],
)
async def test_optimizing_has_a_kind_of_its_own(only: list[str], count: int, tmp_path: Path) -> None:
    async with session(tmp_path, FULL) as author:
        found = await (await Optimizer.begun(author)).actions(only=only)
        ours = [each for each in found if each["kind"].endswith(".promptbits")]
        assert (len(ours), {each["kind"] for each in ours}) == (
            count,
            {"refactor.rewrite.promptbits"} if count else set(),
        )


@pytest.mark.parametrize("text", ["{", report(" \n"), report().replace('"content"', '"contents"')])
async def test_a_prompt_without_whole_content_has_nothing_to_optimize(text: str, tmp_path: Path) -> None:
    async with session(tmp_path, FULL) as author:
        editor = await Optimizer.begun(author, text)
        everything = {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}
        context = {"diagnostics": [], "only": ["refactor.rewrite.promptbits"]}
        assert await editor.ask("codeAction", REPORT, range=everything, context=context) == []
        assert await refusal(editor.run("optimize"))


async def test_progress_is_shown_under_a_token_of_the_server(tmp_path: Path) -> None:
    async with session(tmp_path, FULL) as author:
        editor = await Optimizer.begun(author)
        await editor.run("optimize", {"breadth": 40, "depth": 6})
        assert author.client.methods().count(CREATE) == 1
        told = editor.progress()
        assert len({each["token"] for each in told}) == 1
        kinds = [each["value"]["kind"] for each in told]
        assert (kinds[0], kinds[-1], set(kinds[1:-1])) == ("begin", "end", {"report"})
        assert told[0]["value"] | {"percentage": 0} == {
            "kind": "begin", "title": "Optimizing report", "cancellable": True, "percentage": 0
        }  # fmt: skip
        shares = [each["value"]["percentage"] for each in told[:-1]]
        assert shares == sorted(set(shares))
        assert shares[-1] <= 100


async def test_progress_is_shown_under_the_token_of_the_request_or_not_at_all(tmp_path: Path) -> None:
    async with session(tmp_path, PLAIN) as author:
        editor = await Optimizer.begun(author)
        await editor.run("optimize", {"breadth": 4, "depth": 1}, workDoneToken="mine")
        assert {each["token"] for each in editor.progress()} == {"mine"}
        before = len(editor.progress())
        await editor.run("optimize", {"breadth": 4, "depth": 1, "seed": 2})
        assert len(editor.progress()) == before
        assert CREATE not in author.client.methods()


async def test_work_that_is_called_off_ends_its_process_and_the_next_has_another(
    workers: list[Worker], tmp_path: Path
) -> None:
    async with session(tmp_path, FULL) as author:
        editor = await Optimizer.begun(author)
        asked = editor.start("optimize", ENDLESS)
        pid = await running(editor, workers[0])
        author.client.notify(CANCEL, {"token": editor.progress()[0]["token"]})
        assert (await author.client.response(asked))["result"] is None
        assert editor.progress()[-1]["value"]["kind"] == "end"
        assert (await editor.optimized())["review"] == 1, "what was called off left nothing"
        assert is_gone(pid)
        assert workers[0].pid not in (None, pid)


async def test_a_request_that_is_cancelled_ends_its_process(workers: list[Worker], tmp_path: Path) -> None:
    async with session(tmp_path, FULL) as author:
        editor = await Optimizer.begun(author)
        asked = editor.start("optimize", ENDLESS)
        pid = await running(editor, workers[0])
        author.client.cancel(asked)
        assert (await author.client.response(asked))["error"]["code"] == CANCELLED
        await editor.optimized()
        assert is_gone(pid)
        assert author.client.responses(asked)[1:] == []


async def test_work_that_waits_for_its_turn_is_called_off_without_harm_to_the_other(
    workers: list[Worker], tmp_path: Path
) -> None:
    async with session(tmp_path, FULL) as author:
        editor = await Optimizer.begun(author)
        first = editor.start("optimize", {"breadth": 100, "depth": 3})
        pid = await running(editor, workers[0])
        second = editor.start("optimize", ENDLESS)
        author.client.cancel(second)
        assert (await author.client.response(second))["error"]["code"] == CANCELLED
        assert (await author.client.response(first, deadline=60))["result"]["review"] == 1
        assert workers[0].pid == pid


async def test_a_worker_that_dies_is_told_of_and_replaced(workers: list[Worker], tmp_path: Path) -> None:
    async with session(tmp_path, FULL) as author:
        editor = await Optimizer.begun(author)
        asked = editor.start("optimize", ENDLESS)
        os.kill(await running(editor, workers[0]), 9)
        answer = await author.client.response(asked)
        assert answer["error"]["message"] == "the process for heavy work has ended: try again"
        assert (await editor.optimized())["review"] == 1


async def test_the_worker_ends_with_the_session(workers: list[Worker], tmp_path: Path) -> None:
    async with session(tmp_path, FULL) as author:
        editor = await Optimizer.begun(author)
        editor.start("optimize", ENDLESS)
        pid = await running(editor, workers[0])
    cast("Any", workers[0])._thread.shutdown(wait=True)  # the process is buried there
    assert is_gone(pid)


async def test_other_requests_are_answered_meanwhile(workers: list[Worker], tmp_path: Path) -> None:
    async with session(tmp_path, FULL) as author:
        editor = await Optimizer.begun(author)
        asked = editor.start("optimize", ENDLESS)
        await running(editor, workers[0])
        assert await editor.at("hover", REPORT, "<<notes>>", 3)
        assert not author.client.responses(asked)
        author.client.cancel(asked)


async def test_proposals_are_shown_when_the_author_wants_to_see_them(tmp_path: Path) -> None:
    async with session(tmp_path, FULL) as author:
        editor = await Optimizer.begun(author)
        author.client.answers[ASK] = lambda asked: asked["actions"][0]
        await editor.optimized()
        await author.asked(SHOW)
        [asked] = [each["params"] for each in author.client.received if each.get("method") == ASK]
        assert asked["message"].startswith("PromptBits: review 1: ")
        [shown] = [each["params"]["uri"] for each in author.client.received if each.get("method") == SHOW]
        assert (await editor.document(shown)).startswith("# Review 1: report\n\n**open** · ")


async def test_a_client_that_shows_reviews_itself_is_left_alone(tmp_path: Path) -> None:
    own = FULL | {"experimental": {"promptbits": {"reviewsChanged": True, "commands": ["promptbits.review"]}}}
    async with session(tmp_path, own) as author:
        editor = await Optimizer.begun(author)
        await editor.optimized()
        await editor.changed()
        lens = (await editor.ask("codeLens", REPORT))[-1]["command"]
        assert (lens["command"], lens["arguments"]) == ("promptbits.review", [editor.uri, 1])
        assert ASK not in author.client.methods()
        assert author.warnings() == []


async def test_an_action_that_runs_a_command_is_resolved_to_itself(tmp_path: Path) -> None:
    async with session(tmp_path, FULL) as author:
        editor = await Optimizer.begun(author)
        for action in await editor.actions():
            assert await editor.request("codeAction/resolve", action) == action


@pytest.mark.parametrize(
    "choices",
    [
        {"breadth": 1}, {"depth": 0}, {"seed": "7"}, {"tokens": True}, {"section": [3]}, {"section": [5, 5]},
        {"section": [0, 10**6]}, {"model": 7}, {"maxSeconds": 0}, {"from": [1, "2"]},
    ],
)  # fmt: skip
async def test_choices_of_the_wrong_shape_are_malformed(choices: Json, tmp_path: Path) -> None:
    async with session(tmp_path, PLAIN) as author:
        editor = await Optimizer.begun(author)
        await refusal(editor.run("optimize", choices), INVALID_PARAMS)


@pytest.mark.parametrize("given", [[7], [], [{}], ["x", [1]]])
async def test_a_command_says_what_it_needs(given: list[Any], tmp_path: Path) -> None:
    async with session(tmp_path, PLAIN) as author:
        asked = {"command": "promptbits.optimize", "arguments": given}
        message = await refusal(author.client.request("workspace/executeCommand", asked))
        assert message == '"promptbits.optimize" needs the address of a prompt, and takes a table of choices'


async def test_choices_about_another_text_are_refused(tmp_path: Path) -> None:
    async with session(tmp_path, FULL) as author:
        editor = await Optimizer.begun(author)
        [offered, *_] = await editor.actions()
        author.type(REPORT, 2, report(BEFORE + "More.\n"))
        await refusal(author.client.request("workspace/executeCommand", offered["command"]), CONTENT_MODIFIED)


async def test_what_is_missing_is_named_with_how_to_install_it(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    hidden = tmp_path_factory.mktemp("hidden")
    (hidden / "numpy.py").write_text("raise ModuleNotFoundError('No module named numpy', name='numpy')\n")
    monkeypatch.setenv("PYTHONPATH", str(hidden))
    async with session(tmp_path, FULL) as author:
        editor = await Optimizer.begun(author)
        assert await refusal(editor.optimized()) == "optimizing needs numpy: pip install 'promptbits[score]'"
        assert await editor.reviews() == []


async def test_a_folder_of_our_name_in_the_workspace_is_never_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("promptbits", "numpy", "json"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise SystemExit('a workspace was run')\n")
    monkeypatch.chdir(tmp_path)
    async with session(tmp_path, FULL) as author:
        assert (await (await Optimizer.begun(author)).optimized())["review"] == 1


async def unsaved(author: Author) -> None:
    author.open("untitled:x", report(), language="promptbit")
    await author.client.fence(deadline=DEADLINE)


async def test_a_prompt_that_is_not_saved_says_so(tmp_path: Path) -> None:
    async with session(tmp_path, FULL) as author:
        await unsaved(author)
        asked = {"command": "promptbits.optimize", "arguments": ["untitled:x"]}
        message = await refusal(author.client.request("workspace/executeCommand", asked))
        assert message == "proposals are kept beside prompts: save this one in a folder first"


async def test_an_optimization_goes_on_from_a_candidate(tmp_path: Path) -> None:
    async with session(tmp_path, FULL) as author:
        editor = await Optimizer.begun(author)
        await editor.optimized()
        answer = await editor.optimized(**{"from": [1, 2]})
        assert answer["review"] == 2
        origin = editor.kept()["2"]["origin"]
        assert (origin["review"], origin["candidate"]) == (1, 2)
        assert await refusal(editor.optimized(**{"from": [9, 1]})) == "there is no review 9"
