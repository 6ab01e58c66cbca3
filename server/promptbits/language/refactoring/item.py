"""A refactoring as it is offered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

RefactoringKind = Literal["refactor.rewrite", "refactor.extract", "refactor.inline"]


@dataclass(frozen=True, slots=True)
class Refactoring:
    """One refactoring. `name` never changes; `argument` tells apart several of a name in one place."""

    name: str
    title: str
    kind: RefactoringKind
    argument: str = ""
