"""The harness of `make bench` itself: its files, figures, messages and tables. Nothing here is a matter of time."""

import json
import os
import statistics
import sys
import time
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # the harness is no part of the package

from benchmarks import processes, report, workload
from benchmarks.client import ServerError, Session
from benchmarks.figures import Block, joined, percentile, ratio
from benchmarks.framing import Framer, frame
from benchmarks.peers import bare_python
from benchmarks.rounds import Place
from benchmarks.scenarios import SCENARIOS, Desk, Scenario, block, edit_offset, position
from benchmarks.servers import BARE, OURS, PYGLS, VSCODE, Server, available, environment

from promptbits.checks.engine import check
from promptbits.checks.snapshot import Snapshot
from promptbits.prompts import schema
from promptbits.prompts.formatting import canonical
from promptbits.prompts.library import shipped_library
from promptbits.text.document import Document
from promptbits.text.lines import LineIndex

FILES = workload.files(("1k", "10k", "100k"))
PEERS = Path(bare_python.__file__).parent
VALIDATOR = jsonschema.Draft202012Validator(schema.load())

figures = st.lists(st.floats(0, 1e6), min_size=2, max_size=50)


# The files


@pytest.mark.parametrize("name", FILES)
def test_files_have_the_errors_that_their_name_says(name):
    errors = list(VALIDATOR.iter_errors(json.loads(FILES[name])))
    assert len(errors) == {"bit": 0, "bad": 6, "many": workload.TAGS_OF_MANY}[name.partition("-")[0]]


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith("bit")])
def test_good_files_are_as_large_as_promised_and_nobody_warns_of_them(name):
    data = FILES[name]
    size = workload.SIZES[name.removeprefix("bit-")]
    assert abs(len(data) - size) <= 0.1 * size
    assert canonical(Document.from_bytes(data)) == data.decode()
    findings = check(Snapshot(Document.from_bytes(data), Path(f"/files/{name}.json"), None, shipped_library()))
    assert [each.code for each in findings if each.severity in ("error", "warning")] == []


def test_the_content_is_one_long_line_with_more_than_ascii():
    longest = max(FILES["bit-10k"].decode().split("\n"), key=len)
    assert longest.lstrip().startswith('"content": ')
    assert len(longest) > 9_000
    assert not longest.isascii()


def test_the_same_seed_gives_the_same_bytes():
    assert workload.files(("1k",)) == {name: FILES[name] for name in ("bit-1k", "bad-1k")}
    assert workload.files(("1k",), seed=1) != workload.files(("1k",), seed=2)
    assert workload.library(5) == workload.library(5)


def test_the_library_is_valid_and_lies_where_custom_prompts_lie(tmp_path):
    made = workload.library(20)
    paths = workload.write(tmp_path, made)
    assert {path.read_bytes() for path in (tmp_path / "prompts/custom").iterdir()} == set(made.values())
    assert all(VALIDATOR.is_valid(json.loads(path.read_bytes())) for path in paths.values())


@pytest.mark.parametrize("name", FILES)
def test_the_edit_falls_into_a_plain_word_of_the_content(name):
    text = FILES[name].decode()
    offset = edit_offset(text)
    assert text[offset - 2 : offset + 2].isalpha()
    changed = json.loads(f"{text[:offset]}x{text[offset:]}")
    assert [key for key, value in json.loads(text).items() if changed[key] != value] == ["content"]


# The figures


@given(figures)
def test_percentiles_are_those_of_the_statistics_module(values):
    cuts = statistics.quantiles(values, n=20, method="inclusive")
    assert percentile(values, 50) == pytest.approx(statistics.median(values))
    assert [percentile(values, 5 * number) for number in range(1, 20)] == pytest.approx(cuts)
    assert (percentile(values, 0), percentile(values, 100)) == (min(values), max(values))


def test_of_nothing_there_is_no_percentile():
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 50)


@given(st.lists(figures, min_size=1, max_size=5))
def test_cpu_is_per_operation_over_all_blocks(samples):
    series = joined([Block(tuple(each), 2.0 * len(each)) for each in samples])
    assert series.p50 == pytest.approx(statistics.median([each for some in samples for each in some]))
    assert series.cpu == pytest.approx(2.0)
    assert joined([Block((1.0,), 1.0), Block((1.0,), None)]).cpu is None


def test_ratios_need_two_figures():
    assert ratio(3.0, 2.0) == 1.5
    assert [ratio(3.0, 0.0), ratio(3.0, None), ratio(None, 2.0)] == [None, None, None]


# The messages


@given(st.lists(st.dictionaries(st.text(), st.text()), min_size=1, max_size=4), st.integers(1, 40))
def test_messages_survive_any_cut(messages, step):
    stream = b"".join(frame({"method": "m", "params": each}) for each in messages)
    framer = Framer()
    bodies = [body for at in range(0, len(stream), step) for body in framer.feed(stream[at : at + step])]
    assert [json.loads(body) for body in bodies] == [{"jsonrpc": "2.0", "method": "m", "params": e} for e in messages]


def test_other_headers_are_passed_over_and_a_missing_length_is_an_error():
    stream = b"Content-Type: application/vscode-jsonrpc; charset=utf-8\r\ncontent-length: 2\r\n\r\n{}"
    assert list(Framer().feed(stream)) == [b"{}"]
    with pytest.raises(ValueError, match="Content-Length"):
        list(Framer().feed(b"Content-Type: x\r\n\r\n{}"))


TEXTS = st.text(st.sampled_from("aé→😋\n"), max_size=30)


@given(TEXTS, st.data())
def test_positions_are_those_of_the_server(text, data):
    offset = data.draw(st.integers(0, len(text)))
    line, character = LineIndex(text).position(offset, "utf-16")
    assert position(text, offset) == {"line": line, "character": character}
    assert bare_python.offset(text, position(text, offset)) == offset


@given(TEXTS, TEXTS, st.data())
def test_the_bare_loop_keeps_its_text_in_step(text, new, data):
    start, end = sorted((data.draw(st.integers(0, len(text))), data.draw(st.integers(0, len(text)))))
    change = {"range": {"start": position(text, start), "end": position(text, end)}, "text": new}
    assert bare_python.changed(text, change) == text[:start] + new + text[end:]
    assert bare_python.changed(text, {"text": new}) == new


# The processes

PS = "  1  0  1-02:03:04 100\n 20  1 00:00:01.50 200\n 21 20 0:02.25 300\n 30  0 1:00 400\nnonsense\n"


def test_what_ps_prints_is_read_and_added_up_for_a_tree():
    rows = processes.parse_ps(PS)
    assert [row.cpu for row in rows] == [93_784.0, 1.5, 2.25, 60.0]
    assert {row.pid for row in processes.below(20, rows)} == {20, 21}
    assert {row.pid for row in processes.below(1, rows)} == {1, 20, 21}
    assert processes.below(99, rows) == []


@pytest.mark.skipif(sys.platform != "linux", reason="reads the clock that Linux keeps of each process")
def test_the_clock_of_a_process_is_its_own():
    before = time.process_time() * 1000
    seen = processes.cpu_ms(os.getpid())
    assert seen is not None
    assert before <= seen
    memory = processes.memory(os.getpid())
    assert memory is not None
    assert memory.rss > 1


# The client


@pytest.fixture
def place(tmp_path: Path) -> Place:
    root = tmp_path / "work"
    workload.write(root, FILES)
    return Place(root, environment(tmp_path / "cache"))


def desk(session: Session, place: Place, name: str) -> Desk:
    path = place.root / "prompts" / "custom" / f"{name}.json"
    return Desk(session, path.as_uri(), path.read_text("utf-8"))


def peer(name: str, script: str) -> Server:
    return Server(name, (sys.executable, str(PEERS / script)), "a test", validates=False)


def test_servers_start_in_a_plain_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("PROMPTBITS_ROOT", "/elsewhere")
    made = environment(tmp_path)
    assert {name for name in made if name.startswith(("PYTHON", "PROMPTBITS"))} == {"PROMPTBITS_CACHE"}
    assert made["PATH"] == os.environ["PATH"]


def test_without_node_the_peer_is_left_out_with_one_line(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    servers, skipped = available(tmp_path / "schema.json")
    assert [server.name for server in servers] == [OURS, PYGLS, BARE]
    assert skipped == ["vscode-json is left out: node is not installed"]


@pytest.mark.asyncio
@pytest.mark.parametrize("server", [peer(BARE, "bare_python.py"), peer(PYGLS, "empty_pygls.py")], ids=lambda s: s.name)
async def test_every_operation_works_with_the_servers_that_do_nothing(server, place):
    async with place.session(server) as session:
        at = desk(session, place, "bit-1k")
        samples = [await at.open()]
        assert [each.key for each in SCENARIOS if not each.fits(at)] == []
        for each in SCENARIOS:
            quick = Scenario(each.key, each.title, each.run, 2, 1, settle=0)
            samples += (await block(at, quick)).samples
        assert len(samples) == 1 + 2 * len(SCENARIOS)
        assert min(samples) > 0
        assert at.findings == 0
    assert session.over


@pytest.mark.asyncio
@pytest.mark.parametrize("pull", [True, False], ids=["pulled", "pushed"])
async def test_this_server_finds_what_is_in_the_file_after_each_edit(pull, place):
    server = Server(OURS, (sys.executable, "-m", "promptbits", "lsp", "--stdio"), "a test")
    async with place.session(server, pull=pull) as session:
        at = desk(session, place, "bad-1k")
        await at.open()
        assert at.findings == 6
        if not pull:  # a report that is pulled may say that nothing changed since the last
            at.findings = 0
        await at.edit()
        await at.burst()
        assert at.findings == 6
    assert session.over


@pytest.mark.asyncio
async def test_a_server_that_does_not_start_is_one_clear_error(place):
    server = Server("broken", (sys.executable, "-c", "raise SystemExit('no such thing')"), "a test")
    with pytest.raises(ServerError, match="broken did not start: no such thing"):
        await Session.start(server, place.root, place.environment)


# The tables


def timed(p50: float, cpu: float | None) -> dict[str, float | None]:
    return {"p50_ms": p50, "p95_ms": 2 * p50, "cpu_ms": cpu}


def results(*names: str) -> dict:
    group = {name: {"edit": timed(4.0 * (at + 1), 1.0), "findings": 0} for at, name in enumerate(names)}
    start = {name: {"initialize": timed(100, 90), "memory": {"rss_mb": 50.0, "pss_mb": None}} for name in names}
    machine = {"processor": "p", "cores": 2, "system": "s", "python": "3"}
    return {
        "started": "today", "command": "c", "seconds": 1, "machine": machine, "load_before": [1.0], "load_after": None,
        "servers": dict.fromkeys(names, "v"), "skipped": [], "startup": start, "files": {"bit-1k": group}, "push": {},
    }  # fmt: skip


def row(text: str, title: str, name: str) -> str:
    table = next(each for each in text.split("\n\n") if each.startswith(f"| {title}"))
    return next((line for line in table.splitlines() if line.startswith(f"| {name}")), "")


@pytest.mark.parametrize(("names", "other"), [((OURS, VSCODE, PYGLS), VSCODE), ((OURS, PYGLS), PYGLS)])
def test_tables_compare_with_the_json_server_or_else_with_empty_pygls(names, other):
    text = report.markdown(results(*names))
    assert row(text, "edit → diagnostics (ms", OURS) == f"| {OURS} | 4.00 / 8.00 / 1.00 |"
    assert row(text, "edit → diagnostics (ms", "**") == f"| **{OURS} ÷ {other}** | **0.50× / 1.00× CPU** |"
    assert row(text, "hover", OURS) == f"| {OURS} | – |"
    assert "50.0 / –" in row(text, "startup", OURS)


def test_one_server_alone_is_compared_with_nothing():
    assert "÷" not in report.markdown(results(BARE))
