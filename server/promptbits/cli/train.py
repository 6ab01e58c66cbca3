"""`promptbits train`: learn from facts which texts do well, and keep that as models."""

from __future__ import annotations

import click

from promptbits.cli.errors import FINDINGS, FINE
from promptbits.cli.prompts_at_hand import AtHand, at_hand, complete_ids


@click.command(epilog="Exit codes: 0 fine, 1 nothing could be done of what was named, 2 usage or environment.")
@click.option("--prompt", "prompt_id", metavar="ID", shell_complete=complete_ids, help="Only the lineage of this one.")
@click.option("--model", metavar="NAME", help="Only the facts of this model; '' for those that name none.")
@click.option("--rollback", is_flag=True, help="Use the version before the current one again.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def train(prompt_id: str | None, model: str | None, rollback: bool, as_json: bool) -> int:
    """Learn from facts which texts of a prompt do well: one scorer for each lineage and model.

    A new version is promoted, so that optimizations use it, only if it puts held-out texts in order no worse than the
    version in use. Beside each version lies a card that says what it was made from. How often operators are tried is
    learned as well. The same facts give the same version.
    """
    here = at_hand()
    first = _lineage(here, prompt_id)
    if rollback:
        from promptbits.cli.training.rolling_back import roll_back

        return FINE if roll_back(here, first, model, as_json=as_json) else FINDINGS
    from promptbits.cli.training.learning import learn
    from promptbits.cli.training.printing import print_json, print_text

    learned = learn(here, first, model)
    if as_json:
        print_json(here.root.path, learned)
    else:
        print_text(here.root.path, learned)
    named = first is not None or model is not None
    return FINDINGS if named and all(each.result == "too_few" for each in learned.trained) else FINE


def _lineage(here: AtHand, prompt_id: str | None) -> str | None:
    """The first prompt of the lineage of one that is named."""
    if prompt_id is None:
        return None
    from promptbits.optimize.training.material import first_of

    return first_of(here.library, here.find(prompt_id)[0])
