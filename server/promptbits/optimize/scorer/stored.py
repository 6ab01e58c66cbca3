"""A scorer in an ONNX file, run by onnxruntime."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, cast, get_args

from promptbits.optimize.scorer.evidence import SelfCheck
from promptbits.optimize.scorer.kernel import FEATURES, Array, Kernel, kernel_of
from promptbits.optimize.terms import Evidence


class ScorerFileError(Exception):
    """A file that is no scorer of this version; the text says why."""


@dataclass(frozen=True, eq=False)
class Stored:
    """What a file holds: who it was made from, and the session that computes."""

    evidence: Evidence
    texts: int
    trials: int
    check: SelfCheck
    digest: str
    kernel: Kernel
    session: Any

    @classmethod
    def open(cls, path: Path, version: int) -> Self:
        """Read a file.

        Raises:
            ScorerFileError: it cannot be read, or was made by another version.
        """
        import onnxruntime as runtime  # pyright: ignore[reportMissingTypeStubs]

        runtime = cast("Any", runtime)
        options = runtime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 4
        # The graph is small: what optimizing it saves in a run, it costs many times over in loading.
        options.graph_optimization_level = runtime.GraphOptimizationLevel.ORT_ENABLE_BASIC
        try:
            session = runtime.InferenceSession(path.read_bytes(), options, providers=["CPUExecutionProvider"])
            properties: dict[str, str] = session.get_modelmeta().custom_metadata_map
        except OSError as error:
            raise ScorerFileError(f"{path} cannot be read: {error.strerror}") from None
        except Exception:  # onnxruntime's own exceptions share no base class but this
            raise ScorerFileError(f"{path} is not an ONNX file, or a damaged one") from None
        try:
            if (properties["version"], properties["features"]) != (str(version), str(FEATURES)):
                raise ScorerFileError(f"{path} was made by another version: train again")
            level = properties["evidence"]
            if level not in get_args(Evidence):
                raise ValueError
            pairs, accuracy, lower = json.loads(properties["check"])
            return cls(
                evidence=cast("Evidence", level),
                texts=int(properties["texts"]),
                trials=int(properties["trials"]),
                check=SelfCheck(int(pairs), float(accuracy), float(lower)),
                digest=properties["digest"],
                kernel=kernel_of(json.loads(properties["kernel"])),
                session=session,
            )
        except (KeyError, TypeError, ValueError):
            raise ScorerFileError(f"{path} is an ONNX file, but not a scorer") from None

    def rates(self, rows: Array) -> tuple[Array, Array]:
        """Mean and standard deviation of the rates of rows."""
        mean, std = self.session.run(["mean", "std"], {"rows": rows})
        return mean, std

    def latent(self, rows: Array) -> tuple[Array, Array]:
        """Means and covariance of rows on the arcsine scale."""
        mean, covariance = self.session.run(["latent", "covariance"], {"rows": rows})
        return mean, covariance
