"""Cutting the byte stream into messages."""

from __future__ import annotations

import random

import pytest
from support import bodies

from promptbits.lsp.rpc.framing import MAX_HEADER, Framer, frame

GOOD = frame(b'{"good":1}')


@pytest.mark.parametrize(
    "header",
    [
        b"Content-Length: 2\r\n\r\n",
        b"content-length:2\r\n\r\n",
        b"CONTENT-LENGTH : \t2 \r\n\r\n",
        b"Content-Length: 2\n\n",
        b"Content-Length: 2\n\r\n",
        b"Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: 2\r\n\r\n",
        b"Content-Length: 2\r\nX-Whatever: a: b\r\nContent-Type: x\r\n\r\n",
        b"\r\n\r\nContent-Length: 2\r\n\r\n",
        b"Content-Length: 0002\r\n\r\n",
    ],
)
def test_headers_in_all_their_forms(header: bytes, caplog: pytest.LogCaptureFixture) -> None:
    assert bodies(header + b"{}" + GOOD) == [b"{}", b'{"good":1}']
    assert not caplog.records


@pytest.mark.parametrize(
    "bad",
    [
        b"Content-Length: -2\r\n\r\n{}",
        b"Content-Length: two\r\n\r\n{}",
        b"Content-Length: 2.0\r\n\r\n{}",
        b"Content-Length:\r\n\r\n{}",
        b"Content-Length: 9999999999999999999999\r\n\r\n{}",
        b"Content-Length: 268435457\r\n\r\n{}",
        b"Content-Type: x\r\nContent-Length: 268435457\r\n\r\n{}",
        b"Content-Type: x\r\n\r\n{}",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b'{"jsonrpc": "2.0"}\n\n',
        b"\x00\xff\xfe garbage without a line end",
        b"g" * (MAX_HEADER + 7),
        b"X: " + b"y" * MAX_HEADER + b"\r\n\r\n",
    ],
)
def test_unreadable_input_costs_one_log_line_and_no_later_message(bad: bytes, caplog: pytest.LogCaptureFixture) -> None:
    assert bodies(bad + GOOD + GOOD) == [b'{"good":1}'] * 2
    assert len(caplog.records) == 1


def test_a_length_that_is_too_short_loses_only_its_own_message() -> None:
    assert bodies(b'Content-Length: 5\r\n\r\n{"good":1}' + GOOD) == [b'{"goo', b'{"good":1}']


def test_prompt_text_about_headers_is_not_taken_for_one() -> None:
    text = rb'{"text": "Content-Length: 2\r\n\r\n{}"}'
    assert bodies(b"rubbish\r\n\r\n" + text + GOOD) == [b'{"good":1}']


def test_any_cut_gives_the_same_messages() -> None:
    random.seed(7)
    data = b"".join(
        [GOOD, b"junk\n\n", frame(b""), frame("é\r\n\r\n".encode()), b"content-length: 9\r\n", b"\r\n", b"[1,2,3,4]"]
    )
    whole = bodies(data)
    assert len(whole) == 4
    for _ in range(200):
        cuts = sorted(random.choices(range(len(data)), k=random.randrange(12)))
        framer = Framer()
        parts = [data[a:b] for a, b in zip([0, *cuts], [*cuts, len(data)], strict=True)]
        assert [body for part in parts for body in framer.feed(part)] == whole
        assert not framer.pending


def test_a_message_cut_short_is_known() -> None:
    for cut in range(1, len(GOOD)):
        framer = Framer()
        assert bodies(GOOD[:cut], framer) == []
        assert framer.pending


def test_skipping_keeps_little_in_memory() -> None:
    framer = Framer(max_body=1000)
    assert bodies(b"Content-Length: 1001\r\n\r\n", framer) == []
    for _ in range(100):
        assert bodies(b"x" * 100_000, framer) == []
    assert len(framer._buffer) < 1000
    assert bodies(GOOD, framer) == [b'{"good":1}']
