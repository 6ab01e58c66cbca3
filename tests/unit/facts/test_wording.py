"""How measured numbers are written: very small ones in words that people read."""

from __future__ import annotations

import pytest

from promptbits.facts import wording
from promptbits.facts.histogram import bucket_of, value_of


@pytest.mark.parametrize("milliseconds", [0, 1e-7, 0.009])
def test_what_takes_no_time_is_not_written_as_a_power_of_ten(milliseconds: float) -> None:
    assert wording.duration(value_of(bucket_of(milliseconds))) == "< 0.01 ms"


@pytest.mark.parametrize(
    ("dollars", "written"),
    [
        (0, "$0.00"),
        (1e-7, "$0.0000001"),
        (0.00001234, "$0.000012"),
        (0.003, "$0.003"),
        (0.0994, "$0.099"),
        (0.0999, "$0.10"),
        (9_999.5, "$9,999.50"),
    ],
)
def test_small_amounts_are_written_out(dollars: float, written: str) -> None:
    assert wording.dollars(dollars) == written
