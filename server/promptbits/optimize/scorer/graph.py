"""A learned process as an ONNX graph, to the letter of `process.py`: opset 17, doubles inside, singles in the file."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from promptbits.optimize.scorer.kernel import LEVELS_OFF, SAME, STRUCTURES, WIDTH
from promptbits.optimize.scorer.process import LEVEL, Process

OPSET = 17
IR = 8


def build(process: Process, properties: Mapping[str, str]) -> onnx.ModelProto:
    """The graph from `rows` [n, features] to mean [n], std [n], latent [n] and covariance [n, n]."""
    parts = _Parts()
    _nodes(parts, process)
    rows = helper.make_tensor_value_info("rows", TensorProto.DOUBLE, ["n", WIDTH])
    shapes: dict[str, list[str]] = {"mean": ["n"], "std": ["n"], "latent": ["n"], "covariance": ["n", "n"]}
    outputs = [helper.make_tensor_value_info(name, TensorProto.DOUBLE, shape) for name, shape in shapes.items()]
    graph = helper.make_graph(parts.nodes, "promptbits-scorer", [rows], outputs, parts.constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR)
    helper.set_model_props(model, dict(properties))
    cast("Any", onnx.checker).check_model(model)  # its type is only partly known
    return model


def write(model: onnx.ModelProto, path: Path) -> None:
    """Write a model file."""
    path.write_bytes(model.SerializeToString(deterministic=True))


class _Parts:
    """Nodes and constants, named as they come."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, value: Any) -> str:
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def do(self, kind: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        output = output or f"v{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [output], **attributes))
        return output

    def number(self, kind: str, left: str, right: float) -> str:
        return self.do(kind, left, self.constant(np.float64(right)))

    def slice(self, rows: str, start: int, end: int) -> str:
        start_at, end_at, axis = (self.constant(np.array([each], np.int64)) for each in (start, end, 1))
        return self.do("Slice", rows, start_at, end_at, axis)


def _nodes(g: _Parts, process: Process) -> None:
    kernel = process.kernel
    # A process that has measured nothing still has one row, which weighs nothing: no tensor is empty.
    known = process.rows if len(process.rows) else np.zeros((1, WIDTH))
    solved = process.solved if len(process.rows) else np.zeros(1)
    inverse = process.inverse if len(process.rows) else np.zeros((1, 1))
    measured = g.do("Cast", g.constant(known.astype(np.float32)), to=TensorProto.DOUBLE)
    to_measured = _covariance(g, process, "rows", measured)
    centred = g.do("Sub", g.slice("rows", 0, STRUCTURES), g.constant(kernel.centre))
    clipped = g.do("Clip", centred, g.constant(np.float64(-3)), g.constant(np.float64(3)))
    guess = g.do("Tanh", g.do("MatMul", clipped, g.constant(kernel.prior)))
    level = g.number("Add", g.number("Mul", guess, process.guess), math.pi / 4)
    latent = g.do("Add", level, g.do("MatMul", to_measured, g.constant(solved)), output="latent")
    explained = g.do(
        "MatMul", g.do("MatMul", to_measured, g.constant(inverse)), g.do("Transpose", to_measured, perm=[1, 0])
    )
    covariance = g.do("Sub", _covariance(g, process, "rows", "rows"), explained, output="covariance")
    size = g.do("Shape", latent)
    diagonal = g.do("EyeLike", covariance, dtype=TensorProto.DOUBLE)
    axis = g.constant(np.array([1], np.int64))
    variance = g.do("Reshape", g.do("ReduceSum", g.do("Mul", covariance, diagonal), axis), size)
    _rates(g, latent, variance)


def _covariance(g: _Parts, process: Process, left: str, right: str) -> str:
    """`Kernel.covariance` between rows, in variances of a score, with the unknown level."""
    one, zero = g.constant(np.array([1], np.int64)), g.constant(np.array([0], np.int64))
    figures = [g.slice(each, 0, STRUCTURES) for each in (left, right)]
    grams = [g.slice(each, STRUCTURES, WIDTH) for each in (left, right)]
    apart = g.do("Sub", g.do("Unsqueeze", figures[0], one), g.do("Unsqueeze", figures[1], zero))
    level = g.do("Exp", g.number("Mul", g.do("Mul", apart, apart), -1.0 / LEVELS_OFF))
    saturated = g.number("Add", g.number("Mul", level, -LEVELS_OFF), LEVELS_OFF)
    figured = g.do("MatMul", saturated, g.constant(process.kernel.structure))
    lengths = [g.do("ReduceSum", g.do("Mul", each, each), one, keepdims=1) for each in grams]
    both = g.number("Mul", g.do("Add", lengths[0], g.do("Transpose", lengths[1], perm=[1, 0])), 0.5)
    gap = g.do("Sub", both, g.do("MatMul", grams[0], g.do("Transpose", grams[1], perm=[1, 0])))
    far = g.do("Add", figured, g.do("Max", gap, g.constant(np.float64(0))))
    alike = g.number("Mul", g.do("Exp", g.do("Neg", far)), process.kernel.shared)
    same = g.number("Mul", g.do("Exp", g.number("Mul", far, -SAME)), process.kernel.own)
    return g.number("Add", g.number("Mul", g.do("Add", alike, same), process.variance), LEVEL)


def _rates(g: _Parts, latent: str, variance: str) -> None:
    """`process.rates`."""
    inside = g.do("Clip", latent, g.constant(np.float64(0)), g.constant(np.float64(math.pi / 2)))

    def wave(factor: float) -> str:
        damped = g.do("Exp", g.number("Mul", variance, -factor * factor / 2))
        return g.do("Mul", damped, g.do("Sin", g.number("Add", g.number("Mul", inside, factor), math.pi / 2)))

    twice, fourfold = wave(2.0), wave(4.0)
    expected = g.number("Add", g.number("Mul", twice, -0.5), 0.5)
    root = g.do("Sin", inside)
    g.do("Mul", root, root, output="mean")
    square = g.number("Mul", g.number("Add", g.do("Sub", fourfold, g.number("Mul", twice, 4.0)), 3.0), 0.125)
    spread = g.do("Max", g.do("Sub", square, g.do("Mul", expected, expected)), g.constant(np.float64(0)))
    g.do("Sqrt", spread, output="std")
