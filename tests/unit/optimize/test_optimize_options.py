"""The section under a heading, as somebody names it."""

from __future__ import annotations

import pytest

from promptbits.optimize.options import headings_of, section_of

TEXT = """Intro

# One

first

## Inner  part

```
# One in code
```

# Two #
second
### Deep
third"""


@pytest.mark.parametrize(
    ("title", "start", "end"),
    [
        ("One", "# One\n", "# Two"),
        ("# one", "# One\n", "# Two"),
        ("inner PART", "## Inner", "# Two"),
        ("Two", "# Two", None),
        ("deep", "### Deep", None),
    ],
)
def test_a_section_goes_to_the_next_heading_that_is_not_below_it(title: str, start: str, end: str | None) -> None:
    found = section_of(TEXT, title)
    assert found == (TEXT.index(start), TEXT.index(end) if end else len(TEXT))


def test_what_is_no_heading() -> None:
    for title in ("", "Intro", "One in code", "#"):
        assert section_of(TEXT, title) is None
    assert headings_of(TEXT) == ["One", "Inner  part", "Two", "Deep"]
