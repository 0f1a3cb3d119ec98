"""Runs what ``_cell_compiler`` made: whole columns at once, or row by row where strings are involved.

Source: ``vos/p2/prog/mf3``, ``mf4`` (``sp_xknuth``). Everything is double precision; elementary functions are the C library's.
"""

from __future__ import annotations

import numpy as np

from programs.ibis._cell_compiler import LOAD, RETURN, STORE, Compiled, ExpressionError
from programs.ibis._cell_strings import STRING_STEPS, Strings, degrees_of_packed
from vicar.numerics import libm
from vicar.numerics.conversion import to_int32

_SMALL = 1.0e-20
_FLOOR = 1.0e-6
CELLS = 2062


def evaluate(compiled: Compiled, columns: list, rows: int, random: np.ndarray) -> np.ndarray | list[bytes]:
    """The expression in every row.

    ``columns``: one float64 array, or list of bytes for text, for each cell from 0. Numbers come back as float64 of
    ``rows``; use `evaluate_rows` when the result is text or any string takes part.
    """
    cells = dict(compiled.constants)
    cells |= dict(enumerate(columns))
    cells[101], cells[102] = np.arange(1.0, rows + 1), random
    with np.errstate(all="ignore"):
        return np.broadcast_to(_run(compiled.code, cells, STEPS), rows).astype(np.float64)


def evaluate_rows(
    compiled: Compiled,
    columns: list,
    widths: list[int],
    rows: int,
    random,
    text: bool,
    longest: int = 55,
    watch=None,
    first_row: int = 0,
) -> list:
    """The same one row after the other with the store of strings; bytes if ``text``, else floats.

    The store outlives the rows: a function that changes a constant string changes it for the rows below. ``watch`` is told
    of the row before (its number and cells), of each instruction (operation, cell and register) and of the result.
    """
    results = []
    cells = dict(compiled.constants)
    strings = Strings(compiled.strings, longest)
    steps = STEPS | {code: _bound(step, strings) for code, step in STRING_STEPS.items()}
    with np.errstate(all="ignore"):
        for row in range(rows):
            strings.top = len(compiled.strings)
            for cell, column in enumerate(columns):
                value = column[row]
                text_cell = isinstance(value, bytes)
                cells[cell] = float(strings.add(value, widths[cell])) if text_cell else np.float64(value)
            cells[101], cells[102] = float(first_row + row + 1), float(random[row])
            if watch:
                watch.row(row, cells)
            result = _run(compiled.code, cells, steps, watch)
            if watch:
                watch.result(row, float(result))
            results.append(strings.at(int(result + 0.001)) if text else float(result))
    return results


def _bound(step, strings):
    return lambda a, b: step(strings, a, b)


def _run(code, cells, steps, watch=None):
    register = np.float64(0)
    for operation, cell in code:
        if operation == STORE:
            cells[cell] = register
        elif operation == LOAD:
            register = cells.get(cell, 0.0)
        elif operation in steps:
            register = steps[operation](register, cells.get(cell, 0.0))
        elif operation in (9, 10, 11, 12, 39, 40):
            raise ExpressionError("arith execution error")
        # ** and what else the machine does not know changes nothing
        if watch:
            watch.instruction(operation, cell, float(register))
        if operation == RETURN:
            break
    return register


def _divisor(value):
    small = np.where(value >= 0, value + _SMALL, np.where(value < 0, value - _SMALL, value))
    return np.where(np.abs(value) >= _SMALL, value, small)[()]


def _at_least(value):
    value = np.asarray(value)
    return np.where(value > _FLOOR, value, _FLOOR)[()]


def _power(a, b):
    base, power = np.broadcast_arrays(_at_least(a), np.asarray(b, np.float64))
    return libm.pow(base, power)


def _angle(a, b):
    result = libm.atan2(*np.broadcast_arrays(np.asarray(a, np.float64), np.asarray(b, np.float64)))
    return np.where((np.asarray(a) == 0) & (np.asarray(b) == 0), 0.0, result)[()]


def _of(function):
    return lambda a, b: function(np.asarray(b, np.float64))


def _compare(function):
    return lambda a, b: np.asarray(function(a, b)).astype(np.float64)[()]


def _on_ints(function):
    return lambda a, b: function(to_int32(np.asarray(a, np.float64)), to_int32(np.asarray(b, np.float64))).astype(
        np.float64
    )[()]


STEPS = {
    1: lambda a, b: a + b,
    2: lambda a, b: a - b,
    3: lambda a, b: a * b,
    4: lambda a, b: a / _divisor(b),
    6: lambda a, b: libm.log10(_at_least(b)),
    7: lambda a, b: libm.log(_at_least(b)),
    8: lambda a, b: to_int32(np.asarray(b, np.float64)).astype(np.float64)[()],
    16: _of(lambda x: np.sqrt(np.abs(x))),
    17: _of(libm.sin),
    18: _of(libm.cos),
    19: _of(libm.tan),
    20: lambda a, b: np.where(np.asarray(a) > b, a, b)[()],
    21: lambda a, b: np.where(np.asarray(a) < b, a, b)[()],
    22: lambda a, b: np.fmod(a, _divisor(b)),
    23: lambda a, b: np.abs(b),
    24: lambda a, b: -np.asarray(b, np.float64)[()],
    25: _angle,
    26: _of(libm.asin),
    27: _of(libm.acos),
    28: _of(libm.atan),
    29: _compare(np.less),
    30: _compare(np.less_equal),
    31: _compare(np.equal),
    32: _compare(np.not_equal),
    33: _compare(np.greater_equal),
    34: _compare(np.greater),
    35: _on_ints(np.bitwise_or),
    36: _on_ints(np.bitwise_and),
    37: _power,
    38: lambda a, b: 1.0 - b,
}


STEPS[62] = lambda a, b: (
    np.array([degrees_of_packed(v) for v in np.ravel(b).tolist()]).reshape(np.shape(b))[()]
    if np.ndim(b)
    else degrees_of_packed(float(b))
)
