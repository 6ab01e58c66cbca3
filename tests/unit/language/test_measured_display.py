"""The lens on the id's line and the hint behind the confidence: whose numbers, in which words, and always in place."""

from __future__ import annotations

from dataclasses import replace

import pytest
from measured_prompts import row, shot, text_of, timed

from promptbits.facts.histogram import bucket_of, value_of
from promptbits.facts.intervals import newcombe, wilson
from promptbits.language.display.code_lens import Lens, lenses
from promptbits.language.display.inlay_hints import Hint, hints

TEXT = "Say hello."


def measured(text: str, *rows: object) -> list[Lens]:
    return [each for each in lenses(shot(text, *rows)) if each.source == "measured"]  # type: ignore[arg-type]


def title(text: str, *rows: object) -> str:
    [lens] = measured(text, *rows)
    return lens.title


def hint(text: str, *rows: object) -> Hint | None:
    found = [each for each in hints(shot(text, *rows), 0, len(text)) if each.kind == "measured"]  # type: ignore[arg-type]
    assert len(found) <= 1
    return found[0] if found else None


def rated(rating: float, count: int) -> dict[str, int]:
    return {"rating_milli": round(rating * 1000 * count), "rated": count}


def test_the_whole_lens() -> None:
    own = row("greet", TEXT, 1109, 1204, **rated(4.3, 10))
    own = replace(own, latency=timed(own, 840))
    assert title(text_of(), own, row("base", "Say.", 891, 1000, revision=1)) == (
        "92.1 % of 1,204 [90.4–93.5] · p50 827 ms · ★ 4.3 · r2 vs r1 +3.0 pts [+0.6, +5.5]"
    )
    assert f"{value_of(bucket_of(840)):.0f}" == "827"


def test_what_is_not_measured_is_left_out() -> None:
    assert title(text_of(), row("greet", TEXT, 90, 100)) == "90.0 % of 100 [82.6–94.5]"
    assert title(text_of(), row("greet", TEXT, 0, 0, executions=7)) == "7 runs"
    assert title(text_of(), row("greet", TEXT, 0, 0, executions=0, **rated(5, 1))) == "★ 5.0"


@pytest.mark.parametrize("trials", range(1, 40))
def test_a_rate_stands_with_its_interval_or_only_as_counts(trials: int) -> None:
    for successes in range(trials + 1):
        said = title(text_of(), row("greet", TEXT, successes, trials))
        interval = wilson(successes, trials)
        assert interval is not None
        if interval.high - interval.low > 0.5:
            assert said == f"{successes} of {trials} succeeded"
            assert hint(text_of(), row("greet", TEXT, successes, trials)) is None
        else:
            assert said == (
                f"{interval.estimate * 100:.1f} % of {trials} [{interval.low * 100:.1f}–{interval.high * 100:.1f}]"
            )


def test_a_difference_that_nobody_can_tell_is_left_out() -> None:
    assert "vs" not in title(text_of(), row("greet", TEXT, 3, 4), row("base", "Say.", 2, 4))
    between = newcombe(3, 4, 2, 4)
    assert between is not None
    assert between.high - between.low > 0.5


def test_the_two_sides_have_names_that_differ() -> None:
    rows = [row("greet", TEXT, 90, 100), row("base", "Say.", 90, 100, revision=2)]
    assert title(text_of(), *rows).endswith(" · vs parent +0.0 pts [-8.7, +8.7]")
    rows[1] = row("base", "Say.", 90, 100)
    assert " · vs parent " in title(text_of(), *rows)


def test_days_models_and_variants_of_a_text_are_one() -> None:
    parts = [
        row("greet", TEXT, 10, 10, day=day, model=model, variant=variant)
        for day in ("2026-11-01", "2026-11-02")
        for model in ("a", "b")
        for variant in ("", "x")
    ]
    assert title(text_of(), *parts).startswith("100.0 % of 80 ")


def test_numbers_of_the_text_before_are_called_that() -> None:
    before = row("greet", "Say hullo.", 90, 100)
    assert title(text_of(), before) == "changed text: not measured yet · the text before: 90.0 % of 100 [82.6–94.5]"
    assert hint(text_of(), before) is None
    assert measured(text_of(), row("greet", "", 90, 100)) == [], "text unknown"


def test_nothing_measured_nothing_said() -> None:
    assert measured(text_of()) == []
    assert measured(text_of(id="other"), row("greet", TEXT, 90, 100)) == []
    bare = replace(shot(text_of()), facts=None)
    assert [each for each in lenses(bare) if each.source == "measured"] == []


def test_a_click_shows_the_statistics() -> None:
    [lens] = measured(text_of(), row("greet", TEXT, 90, 100))
    assert (lens.command, lens.targets) == ("stats", ("/project/prompts/custom/greet.json",))
    [unsaved] = lenses(shot(text_of(), row("greet", TEXT, 90, 100), path=None))
    assert unsaved.command is None


def test_the_lens_stays_on_the_line_of_the_id_while_the_text_is_typed_and_broken() -> None:
    text = text_of()
    rows = (row("greet", TEXT, 90, 100), row("base", "Say.", 90, 100))
    start = text.index('"id"')
    after = text.index('"greet"') + len('"greet"')
    for end in range(after, len(text) + 1):
        [lens] = measured(text[:end], *rows)
        assert (lens.start, lens.end) == (start, start + 4)
    for at in range(after, len(text)):
        for typed in (text[:at] + '"' + text[at:], text[:at] + "{" + text[at:], text[:at] + text[at + 1 :]):
            assert [(lens.start, lens.end) for lens in measured(typed, *rows)] == [(start, start + 4)]


def test_wherever_it_is_cut_nothing_fails() -> None:
    text, rows = text_of(), (row("greet", TEXT, 90, 100), row("base", "Say.", 90, 100))
    for end in range(len(text)):
        for lens in measured(text[:end], *rows):
            assert 0 <= lens.start < lens.end <= end
        assert hint(text[:end], *rows) is None or hint(text[:end], *rows).offset <= end  # type: ignore[union-attr]


# The hint.


def test_the_hint_stands_behind_the_confidence() -> None:
    text = text_of()
    found = hint(text, row("greet", TEXT, 364, 400))
    assert found is not None
    assert found.label == " measured 0.91 [0.88–0.93]"
    assert text[: found.offset].endswith('"confidence": 0.9')
    assert "364 of 400 conversations" in found.tooltip


@pytest.mark.parametrize("confidence", ["0.9", None, [0.9], True])
def test_no_hint_behind_what_is_no_number(confidence: object) -> None:
    assert hint(text_of(confidence=confidence), row("greet", TEXT, 364, 400)) is None
