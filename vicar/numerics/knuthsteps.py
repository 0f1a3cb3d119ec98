"""The instructions of the KNUTH machine over whole arrays (vos/p1/sub/knuth): accumulator and cell to new accumulator.

Values are float32; what the C library computes it computes in double, rounded once. Arguments outside a function's domain
are moved into it as the original does.
"""

from __future__ import annotations

import numpy as np

from vicar.numerics import libm

SMALL = 1e-20


def as_int(values) -> np.ndarray:
    """C's (int) of a real."""
    with np.errstate(invalid="ignore"):
        return np.asarray(values).astype(np.int32)


def _double(function, value):
    """A function of the C library in double, rounded once."""
    return np.float32(function(np.asarray(value, np.float64)[()])) if np.ndim(value) == 0 else _array(function, value)


def _array(function, value):
    return function(value.astype(np.float64)).astype(np.float32)


def _not_zero(value):
    """The value in double, away from zero by at least 1e-20."""
    value = np.asarray(value, np.float64)
    return np.where(value >= 0, np.maximum(value, SMALL), np.where(value < -SMALL, value, -SMALL))[()]


def _positive(value):
    value = np.abs(np.asarray(value, np.float64))
    return np.where(value > SMALL, value, SMALL)[()]


def _unit(value):
    value = np.asarray(value, np.float64)
    return np.where(value > 1, 1.0, np.where(value < -1, -1.0, value))[()]


def _single(value):
    return np.asarray(value).astype(np.float32)[()]


def _divide(a, b):
    if np.all(np.abs(b) >= np.float32(1e-19)):
        return a / b
    return _single(np.asarray(a, np.float64) / _not_zero(b))


def _whole(value):
    """INT: toward zero, limited to 32 bits."""
    value = np.trunc(np.asarray(value, np.float64)) + 0.0  # an integer knows no -0.0
    value = np.where(value < 2147483647.0, value, 2147483647.0)
    return _single(np.where(value > -2147483648.0, value, -2147483648.0))


def _angle(a, b):
    result = libm.atan2(np.asarray(a, np.float64), np.asarray(b, np.float64))
    return _single(np.where((b == 0) & (a == 0), 0.0, result))


def _power(a, b):
    base, power = np.broadcast_arrays(_positive(a), np.asarray(b, np.float64))
    return _single(libm.pow(base, power))


def _shift(direction):
    def step(a, b):
        return _single(direction(as_int(a), as_int(b) & 31))

    return step


def _on_ints(function):
    return lambda a, b: _single(function(as_int(a), as_int(b)))


def _on_truths(function):
    return lambda a, b: _single(function(as_int(a) != 0, as_int(b) != 0))


def _compare(function):
    return lambda a, b: _single(function(a, b))


def _of(function):
    """An instruction that takes its cell only."""
    return lambda _, b: _double(function, b)


STEPS = {
    "LOAD": lambda a, b: b,
    "LCMP": lambda a, b: -b,
    "ADD": lambda a, b: a + b,
    "SUB": lambda a, b: a - b,
    "MUL": lambda a, b: a * b,
    "DIV": _divide,
    "EXP": _power,
    "LOG": _of(lambda x: libm.log10(_positive(x))),
    "LN": _of(lambda x: libm.log(_positive(x))),
    "INT": lambda a, b: _whole(b),
    "SQRT": lambda a, b: np.sqrt(np.abs(b)),
    "SIN": _of(libm.sin),
    "COS": _of(libm.cos),
    "TAN": _of(libm.tan),
    "MAX": lambda a, b: np.where(a > b, a, b)[()],
    "MIN": lambda a, b: np.where(a < b, a, b)[()],
    "MOD": lambda a, b: _single(libm.fmod(np.asarray(a, np.float64), _not_zero(b))),
    "ABS": lambda a, b: np.abs(b),
    "ATN2": _angle,
    "ASIN": _of(lambda x: libm.asin(_unit(x))),
    "ACOS": _of(lambda x: libm.acos(_unit(x))),
    "ATAN": _of(libm.atan),
    "LT": _compare(np.less),
    "LE": _compare(np.less_equal),
    "EQ": _compare(np.equal),
    "NE": _compare(np.not_equal),
    "GE": _compare(np.greater_equal),
    "GT": _compare(np.greater),
    "OR": _on_ints(np.bitwise_or),
    "AND": _on_ints(np.bitwise_and),
    "XOR": _on_ints(np.bitwise_xor),
    "NOT": lambda a, b: _single(as_int(b) == 0),
    "LAND": _on_truths(np.logical_and),
    "LOR": _on_truths(np.logical_or),
    "LSHF": _shift(np.left_shift),
    "RSHF": _shift(np.right_shift),
}
