"""Model cards: what a scorer was made from, how it did on what was held out, and what it must not be taken for.

They hold hashes and counts and no prompt text. The same facts give the same card: when it was made is in the fact.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

from promptbits.facts.intervals import Interval
from promptbits.optimize.training.material import Material

if TYPE_CHECKING:
    from promptbits.optimize.scorer.model import Scorer
    from promptbits.optimize.training.figures import Held
    from promptbits.optimize.training.gate import Verdict

_FORMAT: Final = 1
_LIMITS: Final = (
    "It orders texts of this lineage under this model. It knows nothing of other prompts or other models.",
    "What it predicts is a prediction. Whether a text is better, only an experiment can tell.",
    "The figures are about texts that were measured. Texts unlike all of these are predicted worse.",
    "Facts are not randomized: days, users and tasks may differ between texts.",
)


def card(
    material: Material, scorer: Scorer, number: int, held: Held, control: Interval, verdict: Verdict
) -> dict[str, Any]:
    """The card of a version, as a table."""
    from promptbits.optimize.scorer.kernel import BUCKETS, FEATURES, STRUCTURES, VIEWS

    return {
        "version": _FORMAT,
        "lineage": material.lineage,
        "model": material.model or None,
        "number": number,
        "digest": scorer.digest,
        "promoted": verdict.promoted,
        "reason": verdict.reason,
        "compared_with": _compared(verdict),
        "evidence": scorer.evidence,
        "standing": scorer.standing,
        "ranks": scorer.ranks,
        "why": scorer.why,
        "facts": {
            "prompts": list(material.prompts),
            "texts": len(material.texts),
            "conversations": material.trials,
            "successes": material.successes,
            "first": material.first or None,
            "last": material.last or None,
            "not_kept": material.unknown,
            "each": [
                {"content_sha256": sha, "successes": each.successes, "trials": each.trials}
                for sha, each in material.texts
            ],
        },
        "held_out": {"pairs": held.pairs, **_interval(held.interval), "lower": scorer.check.lower},
        "shuffled": _interval(control),
        "features": {"version": FEATURES, "structure": STRUCTURES, "views": list(VIEWS), "buckets": BUCKETS},
        "made_with": {name: version(name) for name in ("promptbits", "numpy", "onnx", "onnxruntime")},
        "limits": list(_LIMITS),
    }


def readable(table: Mapping[str, Any]) -> str:
    """A card as Markdown."""
    facts, features, made = table["facts"], table["features"], table["made_with"]
    chance = "about 50 % is what it has to be"
    rows = {
        "Facts": f"{facts['texts']:,} texts in {facts['conversations']:,} conversations, of which "
        f"{facts['successes']:,} succeeded; from {facts['first']} to {facts['last']}",
        "Prompts": ", ".join(f"`{each}`" for each in facts["prompts"]),
        "Measured, but not kept": f"{facts['not_kept']:,} texts",
        "Held-out pairs in the right order": f"{_written(table['held_out'])} of {table['held_out']['pairs']:,}",
        "The same with shuffled rates": f"{_written(table['shuffled'])}; {chance}",
        "Self-check": table["why"],
        "Evidence": table["standing"],
        "Features": f"version {features['version']}: {features['structure']} figures of structure, "
        f"{features['buckets']:,} buckets of n-grams in {len(features['views'])} views",
        "Made with": ", ".join(f"{name} {each}" for name, each in made.items()),
        "Digest": f"`{table['digest']}`",
    }
    model = table["model"] or "facts that name no model"
    return "\n".join(
        [
            f"# {_cell(table['lineage'])}, {_cell(model)}: version {table['number']}",
            "",
            f"{'Promoted' if table['promoted'] else 'Not promoted'}: {table['reason']}.",
            "",
            "| | |",
            "|---|---|",
            *(f"| {name} | {_cell(text)} |" for name, text in rows.items()),
            "",
            "Each pair of measured texts was held out in turn and put in order from all others. Intervals are of 95 %,",
            "with texts drawn again and again. The self-check is stricter: it also asks how far shuffled rates get.",
            "",
            "## What it is not",
            "",
            *(f"- {each}" for each in table["limits"]),
            "",
            "## Each text",
            "",
            "| text | succeeded | conversations |",
            "|---|---|---|",
            *(
                f"| `{each['content_sha256'][:12]}` | {each['successes']} | {each['trials']} |"
                for each in facts["each"]
            ),
            "",
        ]
    )


def _compared(verdict: Verdict) -> dict[str, Any] | None:
    if verdict.before is None:
        return None
    return {
        "number": verdict.compared_with,
        "pairs": verdict.before.pairs,
        "current": _interval(verdict.before.interval),
        "new": _interval(verdict.new.interval),
    }


def _interval(interval: Interval) -> dict[str, float]:
    return {"accuracy": interval.estimate, "low": interval.low, "high": interval.high}


def _written(table: Mapping[str, Any]) -> str:
    return f"{100 * table['accuracy']:.1f} % [{100 * table['low']:.1f}–{100 * table['high']:.1f}]"


def _cell(text: str) -> str:
    """Names are anybody's: nothing in them ends a line or a cell."""
    return " ".join(text.split()).replace("|", "\\|")
