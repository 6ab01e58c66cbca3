"""Ids and times of facts, beside the library that defines them."""

import hashlib
import threading
from datetime import UTC, datetime

import uuid6
from hypothesis import given
from hypothesis import strategies as st

from promptbits.facts.fields import checked
from promptbits.facts.ids import content_sha256, new_id, timestamp

TIMES = st.integers(0, 2**48 * 1_000_000 - 1)


@given(TIMES)
def test_an_id_is_what_uuid6_reads_as_a_uuid7_of_that_time(nanoseconds):
    read = uuid6.UUID(new_id(nanoseconds))
    assert (read.version, read.variant) == (7, uuid6.uuid7().variant)
    assert read.time == nanoseconds // 1_000_000
    assert str(read) == new_id(nanoseconds)[:18] + str(read)[18:]


def test_an_id_of_now_is_of_the_time_of_uuid6():
    # Theirs runs ahead of the clock when asked often; ours never does.
    assert abs(uuid6.UUID(new_id()).time - uuid6.uuid7().time) < 10_000


@given(TIMES, st.integers(245, 10**12))
def test_ids_sort_as_they_were_made(nanoseconds, later):
    if nanoseconds + later < 2**48 * 1_000_000:
        assert new_id(nanoseconds) < new_id(nanoseconds + later)


def test_no_two_threads_make_the_same_id():
    made: list[str] = []
    threads = [threading.Thread(target=lambda: made.extend(new_id(0) for _ in range(5000))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 20_000


@given(st.datetimes(datetime(1970, 1, 1), datetime(9999, 1, 1)))
def test_a_time_is_what_the_store_takes_for_canonical(moment):
    exact = moment.replace(tzinfo=UTC)
    nanoseconds = int(exact.timestamp()) * 1_000_000_000 + moment.microsecond * 1000
    text = timestamp(nanoseconds)
    assert (
        checked({"kind": "context_signature", "id": new_id(), "timestamp": text, "signature": "x"})["timestamp"] == text
    )
    assert text == exact.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


@given(st.text())
def test_the_hash_of_a_text(text):
    assert content_sha256(text) == hashlib.sha256(text.encode()).hexdigest()


def test_the_hash_of_half_a_character():
    assert content_sha256("\ud800") == hashlib.sha256(b"\xed\xa0\x80").hexdigest()
