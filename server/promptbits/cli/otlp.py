"""`promptbits otlp`: take what applications report by OpenTelemetry, and put it beside their prompts."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import ipaddress
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from promptbits.cli.console import is_terminal, plural, say, shown_path
from promptbits.cli.errors import FINE, CommandError

if TYPE_CHECKING:
    from promptbits.cli.facts.texts import Texts
    from promptbits.facts.otlp.intake import Counts, Intake
    from promptbits.facts.otlp.receiver import Receiver
    from promptbits.facts.store import FactStore

_PORT: Final = 4318
# Seconds between lines: a live one on a terminal, else one to read later.
_LIVE: Final = 1.0
_LOGGED: Final = 60.0
# The library is read anew at most this often, and never so often that reading takes more than a twentieth of the time.
_FRESH: Final = 2.0
_SHARE: Final = 20


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=_PORT, show_default=True, help="0 takes any free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
def otlp(port: int, host: str) -> int:
    """Receive OpenTelemetry (OTLP over HTTP) and keep the calls of prompts as facts.

    Spans of GenAI instrumentations that name a prompt (gen_ai.prompt.name) become executions, evaluations of them
    become feedback. Nothing that was said to a model or by it is kept. Ctrl-C ends it.
    """
    try:
        from promptbits.facts.otlp.receiver import Receiver
    except ImportError as error:
        raise CommandError("receiving needs more packages: pip install 'promptbits[otlp]'") from error
    from promptbits.cli.prompts_at_hand import at_hand
    from promptbits.facts.locating import facts_path
    from promptbits.facts.otlp.intake import Intake

    gc.enable()  # it was off for commands that are over in a moment
    root = at_hand().root.path
    path = facts_path(root)
    source = _Source(path)
    waiting = path.with_name(f"otlp-waiting-{port}.jsonl")
    intake = Intake(path, source.store, waiting=waiting, text_of=source.text_of, warn=_warned)
    with intake, contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(Receiver(intake), intake, host, port, path))
    return FINE


async def _serve(receiver: Receiver, intake: Intake, host: str, port: int, path: Path) -> None:
    from promptbits.facts.otlp.http import HttpServer

    server = HttpServer(receiver)
    try:
        port = await server.start(host, port)
    except OSError as error:
        reason = error.strerror or str(error)
        raise CommandError(f"cannot listen on {host} port {port}: {reason}; choose another with --port") from error
    _greet(host, port, path)
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # where there are none, Ctrl-C interrupts the loop
            loop.add_signal_handler(number, ended.set)
    try:
        await _report(intake.counts, ended)
    finally:
        await server.stop()


def _greet(host: str, port: int, path: Path) -> None:
    address = _address(host)
    at = f"http://{address}:{port}"
    click.echo(f"Listening on {at}, facts go to {shown_path(path)}", err=True)
    click.echo(
        f"In the application: OTEL_EXPORTER_OTLP_ENDPOINT={at} OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf", err=True
    )
    click.echo("Ctrl-C ends it", err=True)
    if not _is_loopback(host):
        say(f"warning: whoever reaches {host} port {port} can add facts: there is no password")


def _address(host: str) -> str:
    try:
        ip = ipaddress.ip_address(host)
    except ValueError:
        return host
    if ip.is_unspecified:
        return "localhost"
    return f"[{ip}]" if ip.version == 6 else str(ip)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def _report(counts: Counts, ended: asyncio.Event) -> None:
    """Say what has come, until it ends: on a terminal in one line that lives, else in a line a minute with news."""
    live = is_terminal(sys.stderr)
    said = told = summed(counts)
    while not ended.is_set():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(ended.wait(), _LIVE if live else _LOGGED)
        told = summed(counts)
        if told == said:
            continue
        said = told
        if live:
            click.echo(f"\r\x1b[K{told}", nl=False, err=True)
        else:
            click.echo(f"{time.strftime('%H:%M:%S')} {told}", err=True)
    if live:
        click.echo(err=True)


def summed(counts: Counts) -> str:
    """What has come, in one line. What there is nothing of is left out."""
    parts = [plural(counts.executions, "execution"), plural(counts.feedback, "evaluation")]
    more = {
        "sent twice": counts.repeated,
        "waiting for their span": counts.waiting,
        "about no prompt": counts.ignored,
        "refused": counts.refused,
        "spooled": counts.spooled,
    }
    return ", ".join([*parts, *(f"{count:,} {what}" for what, count in more.items() if count)])


def _warned(text: str) -> None:
    say(f"warning: {text}")


class _Source:
    """The store, opened when first needed, and the library, read again now and then: prompts change meanwhile."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._store: FactStore | None = None
        self._texts: Texts | None = None
        self._next = 0.0
        self._kept: set[str] = set()

    def store(self) -> FactStore:
        """The store.

        Raises:
            StoreError: it cannot be opened now.
        """
        from promptbits.facts.opening import open_store

        if self._store is None:
            self._store = open_store(self._path)
        return self._store

    def text_of(self, prompt_id: str, revision: int) -> str | None:
        """The hash of the text of a revision. The text itself is kept in the store, once."""
        from promptbits.facts.store import StoreError

        texts = self._read()
        current = texts.of_revision(prompt_id, revision) if texts else None
        if current is None:
            return None
        if current.content_sha256 not in self._kept:
            with contextlib.suppress(StoreError):
                self.store().keep_text(current.content_sha256, current.content)
                self._kept.add(current.content_sha256)
        return current.content_sha256

    def _read(self) -> Texts | None:
        now = time.monotonic()
        if self._texts is None or now >= self._next:
            with contextlib.suppress(OSError, CommandError):  # the folder is away: what was read last will do
                self._texts = _read_texts()
            took = time.monotonic() - now
            self._next = now + max(_FRESH, _SHARE * took)
        return self._texts


def _read_texts() -> Texts:
    from promptbits.cli.facts.texts import Texts
    from promptbits.cli.prompts_at_hand import at_hand

    return Texts(at_hand(complain=False).library)
