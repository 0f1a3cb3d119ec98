"""Least squares. Source: MATH77 ``shfti``, ``shtcc``, ``snrm2`` and their doubles (``dhfti``); ``vos/p2/sub/llsq``.

Householder reflections with column exchange; every operation rounds to the precision of the arrays, sums run in order.

accepted: columns whose first number that is not zero is below 3e-16 are not scaled while their length is computed.
"""

from __future__ import annotations

import numpy as np

from vicar.numerics.rounding import accumulate


def least_squares(columns, rights, tolerance: float = 1.0e-7, kind=np.float32) -> tuple[list[np.ndarray], int]:
    """Solutions for each right-hand side, and the rank: solutions are zero if it is less than the number of columns.

    ``columns``: unknowns x equations, ``rights``: right-hand sides x equations, both of ``kind`` (float32 or float64).
    """
    a = [np.array(column, kind) for column in columns]
    b = [np.array(right, kind) for right in rights]
    unknowns = len(a)
    exchanged = _reduce(a, b)
    rank = next((n for n in range(unknowns) if abs(a[n][n]) <= kind(tolerance)), unknowns)
    if rank < unknowns:
        return [np.zeros(unknowns, kind) for _ in b], rank
    solutions = []
    for right in b:
        x = right[:unknowns].copy()
        for n in range(unknowns - 1, -1, -1):
            known = kind(0)
            for k in range(n + 1, unknowns):
                known = known + a[k][n] * x[k]
            x[n] = (x[n] - known) / a[n][n]
        for n in range(unknowns - 1, -1, -1):
            x[n], x[exchanged[n]] = x[exchanged[n]], x[n]
        solutions.append(x)
    return solutions, rank


def _reduce(a: list[np.ndarray], b: list[np.ndarray]) -> list[int]:
    """Bring the columns to triangular form; gives the exchanges."""
    kind = a[0].dtype.type
    unknowns = len(a)
    exchanged = list(range(unknowns))
    lengths, factor = [kind(0)] * unknowns, kind(1)
    for j in range(unknowns):
        if j < unknowns - 1:
            fresh = j == 0
            best = j
            if not fresh:
                for n in range(j, unknowns):
                    part = factor * a[n][j - 1]
                    lengths[n] = lengths[n] - part * part
                    best = n if lengths[n] > lengths[best] else best
                fresh = lengths[best] <= kind(1000) * np.finfo(kind).eps
            if fresh:
                best = j
                for n in range(j, unknowns):
                    lengths[n] = _length(a[n][j:])
                    best = n if lengths[n] > lengths[best] else best
                factor = kind(1) / lengths[best] if lengths[best] else kind(1)
                for n in range(j, unknowns):
                    scaled = factor * lengths[n]
                    lengths[n] = scaled * scaled
            exchanged[j] = best
            if best != j:
                a[j], a[best] = a[best], a[j]
                lengths[best] = lengths[j]
        if j + 1 < len(a[j]):
            _reflect(a[j], j, a[j + 1 :] + b)
    return exchanged


def _length(values: np.ndarray) -> np.floating:
    return np.sqrt(accumulate(values * values, values.dtype.type(0)))


def _reflect(column: np.ndarray, pivot: int, others: list[np.ndarray]) -> None:
    """Zero a column below its pivot, and reflect the other columns with it."""
    length = _length(column[pivot:])
    if column[pivot] > 0:
        length = -length
    u = column[pivot] - length
    column[pivot] = length
    b = u * length
    if b == 0:
        return
    inverse = column.dtype.type(1) / b
    below = column[pivot + 1 :]
    for other in others:
        total = accumulate(other[pivot + 1 :] * below, other[pivot] * u)
        if total != 0:
            factor = total * inverse
            other[pivot] = other[pivot] + factor * u
            other[pivot + 1 :] = other[pivot + 1 :] + factor * below
