"""The scorer: what is measured of some texts, and what that says of others."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from promptbits.optimize.scorer import process as processes
from promptbits.optimize.scorer import wording
from promptbits.optimize.scorer.evidence import LEAST, SelfCheck, evidence, self_check
from promptbits.optimize.scorer.kernel import FEATURES, Array, Kernel, shipped
from promptbits.optimize.scorer.stored import ScorerFileError, Stored
from promptbits.optimize.terms import Evidence, Prediction

VERSION = 1
_AT_ONCE = 32


@dataclass(frozen=True, slots=True)
class Observation:
    """A text and how often it succeeded.

    Attributes:
        text: the template.
        successes: trials that succeeded.
        trials: trials with a known outcome.
    """

    text: str
    successes: int
    trials: int

    def __post_init__(self) -> None:
        if not 0 <= self.successes <= self.trials:
            raise ValueError(f"{self.successes} successes in {self.trials} trials")


class Engine(Protocol):
    """What computes: numpy where a scorer was fitted, onnxruntime where it was loaded."""

    def rates(self, rows: Array) -> tuple[Array, Array]:
        """Mean and standard deviation of the rates of rows."""
        ...

    def latent(self, rows: Array) -> tuple[Array, Array]:
        """Means and covariance of rows on the arcsine scale."""
        ...


@dataclass(frozen=True, eq=False)
class Scorer:
    """Predicts success rates of texts from measured ones of the same lineage and model.

    Attributes:
        evidence: how much it stands on.
        texts: how many measured texts it learned from.
        trials: their trials, all together.
        check: how well its facts predict each other.
        digest: of everything it was made from; the same for the same facts.
        kernel: what makes texts alike.
        engine: what computes.
    """

    evidence: Evidence
    texts: int
    trials: int
    check: SelfCheck
    digest: str
    kernel: Kernel
    engine: Engine

    @classmethod
    def prior(cls) -> Scorer:
        """The scorer for no facts at all: a weak guess from structure, to order texts by."""
        return cls.fit(())

    @classmethod
    def fit(cls, observations: Sequence[Observation], *, prior: Scorer | None = None) -> Scorer:
        """Learn from measured texts of one lineage and one model.

        Args:
            observations: the texts; one that is there twice counts with both, one without trials not at all.
            prior: the scorer whose kernel to start from; by itself the one that ships.
        """
        kernel = prior.kernel if prior else shipped()
        merged = _merged(observations)
        rows = kernel.features([each.text for each in merged])
        successes = np.array([each.successes for each in merged], float)
        trials = np.array([each.trials for each in merged], float)
        fitted = processes.fit(kernel, rows, successes, trials)
        return cls(
            evidence=evidence([each.trials for each in merged]),
            texts=len(merged),
            trials=sum(each.trials for each in merged),
            check=self_check(fitted, [each.successes / each.trials for each in merged]),
            digest=_digest(kernel, rows, successes, trials),
            kernel=kernel,
            engine=_Fitted(fitted),
        )

    @property
    def ranks(self) -> bool:
        """Whether its order may be used: not where facts enough to see it do not predict each other."""
        return self.check.passed or self.texts < LEAST

    @property
    def why(self) -> str:
        """Why it ranks or does not, in words."""
        return wording.why(self.check, self.texts)

    @property
    def standing(self) -> str:
        """What its order stands on, in words."""
        return wording.standing(self.evidence, self.texts)

    def score(self, texts: Sequence[str]) -> list[Prediction]:
        """A prediction for each text, in their order."""
        found: list[Prediction] = []
        for start in range(0, len(texts), _AT_ONCE):
            means, spreads = self.engine.rates(self.kernel.features(texts[start : start + _AT_ONCE]))
            pairs = zip(means.tolist(), spreads.tolist(), strict=True)
            found += [Prediction(min(max(mean, 0.0), 1.0), spread, self.evidence) for mean, spread in pairs]
        return found

    def probability_better(self, a: str, b: str) -> float:
        """How likely `a` does better than `b`; a half for the same text."""
        if a == b:
            return 0.5
        means, covariance = self.engine.latent(self.kernel.features([a, b]))
        variance = float(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1])
        if variance <= 1e-12:
            return 0.5
        return 0.5 * math.erfc(-float(means[0] - means[1]) / math.sqrt(2 * variance))

    def export(self, path: Path | str) -> None:
        """Write it as an ONNX file, which `load` reads. Only a scorer that was fitted can be written."""
        from promptbits.optimize.scorer import graph

        if not isinstance(self.engine, _Fitted):
            raise TypeError("a scorer that was loaded lies in a file already")
        properties = {
            "version": str(VERSION),
            "features": str(FEATURES),
            "digest": self.digest,
            "evidence": self.evidence,
            "texts": str(self.texts),
            "trials": str(self.trials),
            "check": json.dumps([self.check.pairs, self.check.accuracy, self.check.lower]),
            "kernel": json.dumps(self.kernel.values(), separators=(",", ":")),
        }
        graph.write(graph.build(self.engine.process, properties), Path(path))

    @classmethod
    def load(cls, path: Path | str) -> Scorer:
        """Read an ONNX file that `export` wrote.

        Raises:
            ScorerFileError: the file cannot be read, or was made with other features than these.
        """
        stored = Stored.open(Path(path), VERSION)
        return cls(
            evidence=stored.evidence,
            texts=stored.texts,
            trials=stored.trials,
            check=stored.check,
            digest=stored.digest,
            kernel=stored.kernel,
            engine=stored,
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Fitted:
    """Computes with numpy."""

    process: processes.Process

    def rates(self, rows: Array) -> tuple[Array, Array]:
        means, covariance = self.process.latent(rows)
        return processes.rates(means, np.diag(covariance))

    def latent(self, rows: Array) -> tuple[Array, Array]:
        return self.process.latent(rows)


def _merged(observations: Sequence[Observation]) -> list[Observation]:
    """One observation per text, in the order of the texts: whoever brings the facts in another order gets the same."""
    known: dict[str, Observation] = {}
    for each in observations:
        if each.trials:
            before = known.get(each.text)
            known[each.text] = (
                Observation(each.text, before.successes + each.successes, before.trials + each.trials)
                if before
                else each
            )
    return [known[text] for text in sorted(known)]


def _digest(kernel: Kernel, rows: Array, successes: Array, trials: Array) -> str:
    digest = hashlib.sha256(f"{VERSION} {FEATURES} {json.dumps(kernel.values())}".encode())
    for array in (rows, successes, trials):
        digest.update(array.tobytes())
    return digest.hexdigest()


__all__ = ["Observation", "Scorer", "ScorerFileError"]
