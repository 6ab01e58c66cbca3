"""Hard filters: what a proposed text must never do to a prompt, whoever proposes it. They reject and never repair."""

from promptbits.optimize.filters.basis_filter import CODES, BasisFilter
from promptbits.optimize.filters.rejecting import Rejection

__all__ = ["CODES", "BasisFilter", "Rejection"]
