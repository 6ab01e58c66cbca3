"""The oracle keeps the contract too: the tests of the contract ask for nothing that only one store does."""

from __future__ import annotations

import contextlib

from brute_force import BruteForceStore
from contract import StoreContract

from promptbits.facts.store import FactStore


class TestBruteForce(StoreContract):
    def make(self) -> contextlib.AbstractContextManager[FactStore]:
        return contextlib.nullcontext(BruteForceStore())
