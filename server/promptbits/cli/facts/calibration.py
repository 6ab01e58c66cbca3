"""`promptbits stats --calibration`: what was predicted of accepted proposals, beside what was measured later."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from promptbits.cli.console import escape, is_terminal, out, out_json, plural, say, shown_path, use_color, width
from promptbits.cli.errors import FINE
from promptbits.cli.facts.grouping import short
from promptbits.cli.prompts_at_hand import AtHand
from promptbits.facts import wording

if TYPE_CHECKING:
    from promptbits.optimize.training.calibration import Calibration, Compared

_TITLES: Final = (
    *("prompt", "text", "model", "day", "predicted", "measured", "conversations", "inside"),
    *("predicted effect", "measured effect"),
)
_NUMBERS: Final = frozenset({"predicted", "measured", "conversations", "predicted effect", "measured effect"})


def show(here: AtHand, ids: Sequence[str], plot: Path | None, *, as_json: bool) -> int:
    """Print the comparison, or draw it."""
    found = _found(here, ids)
    if plot is not None:
        from promptbits.cli.facts.plot import write
        from promptbits.cli.facts.plot.calibration import DESCRIPTION, TITLE, scene

        write(plot, scene(found.rows), TITLE, DESCRIPTION)
        (say if as_json else out)(f"Drew {shown_path(plot)}")
    if as_json:
        out_json(_value(found))
    elif plot is None:
        _print(found)
    return FINE


def _found(here: AtHand, ids: Sequence[str]) -> Calibration:
    from promptbits.cli.facts.opening import opened, take_in_waiting
    from promptbits.facts.locating import facts_path
    from promptbits.optimize.training.calibration import Calibration, calibration

    for id_ in ids:
        here.find(id_)
    path = facts_path(here.root.path)
    take_in_waiting(path)
    if not path.exists():
        return Calibration()
    with opened(path, read_only=True) as store:
        evolutions = list(store.facts(kinds=["evolution"]))
        wanted = [each for each in evolutions if not ids or {each["prompt_id"], each["parent_id"]} & set(ids)]
        # A text has the same numbers under whatever id it ran.
        return calibration(wanted, store.summaries() if wanted else [])


def _print(found: Calibration) -> None:
    if not found.rows:
        out(f"nothing to compare yet: {_missing(found)}")
        return
    rows = [_cells(row) for row in found.rows]
    if is_terminal(sys.stdout):
        _table(rows)
    else:
        out("\t".join(_TITLES))
        for row in rows:
            out("\t".join(row))
        return
    inside, outside, open_ = (found.count(each) for each in ("yes", "no", "cannot tell"))
    count = plural(len(rows), "prediction")
    out(f"{count}: {inside} inside their 95 % interval, {outside} outside, {open_} cannot tell")
    if found.waiting or found.orders:
        out(_missing(found))


def _missing(found: Calibration) -> str:
    """Why there is no more to compare."""
    parts: list[str] = []
    if found.waiting:
        parts.append(f"{plural(found.waiting, 'prediction')} of texts that were not measured since")
    if found.orders:
        parts.append(f"{plural(found.orders, 'decision')} about an order without a rate")
    return ", ".join(parts) or "no decision about a proposal holds a prediction"


def _cells(row: Compared) -> list[str]:
    model = row.model or "model unknown"
    cells = [row.prompt_id, short(row.content_sha256), model, row.day]
    cells += [wording.rate(row.predicted), wording.rate(row.measured), f"{row.conversations:,}", row.inside]
    cells += [wording.points(each) if each else wording.UNKNOWN for each in (row.predicted_effect, row.measured_effect)]
    return [escape(cell) for cell in cells]


def _table(rows: Sequence[Sequence[str]]) -> None:
    from rich import box  # rich draws on terminals only
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for title in _TITLES:
        table.add_column(title, justify="right" if title in _NUMBERS else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    color = "auto" if use_color(sys.stdout) else None
    Console(highlight=False, markup=False, emoji=False, width=width(), color_system=color).print(table)


def _value(found: Calibration) -> dict[str, Any]:
    return {
        "version": 1,
        "rows": [
            {
                "prompt_id": row.prompt_id,
                "content_sha256": row.content_sha256,
                "model": row.model or None,
                "day": row.day,
                "evidence": row.evidence,
                "predicted": row.predicted._asdict(),
                "measured": row.measured._asdict(),
                "conversations": row.conversations,
                "inside": row.inside,
                "predicted_effect": row.predicted_effect._asdict() if row.predicted_effect else None,
                "measured_effect": row.measured_effect._asdict() if row.measured_effect else None,
            }
            for row in found.rows
        ],
        "waiting": found.waiting,
        "orders": found.orders,
    }
