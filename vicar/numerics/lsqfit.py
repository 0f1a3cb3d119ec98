"""Least squares as the cartography library solves them. Source: ``vos/p2/sub/carto_subs/cartoLsqUtils.c`` (lsqfit).

Householder reflections with exchange of columns, every column first divided by its largest value. Sums run in order, so that
fits agree to the last bit. When columns are exchanged the finished rows above stay as they are; the back substitution
knows that.
"""

from __future__ import annotations

import math

import numpy as np

from vicar.numerics.rounding import accumulate

NOTHING_SOLVED, TOO_FEW = -1, -2


def fit(columns: np.ndarray, right: np.ndarray, tolerance: float = 1.0e-7) -> tuple[np.ndarray, int]:
    """Coefficients that bring ``columns`` (unknowns x equations) nearest to ``right``, and a flag.

    Flags: 0 solved, k singular at column k+1, -1 no solution, -2 fewer equations than unknowns (then -1, as there is
    no solution either).
    """
    a = np.array(columns, float)
    r = np.array(right, float)
    unknowns = len(a)
    scale = np.abs(a).max(axis=1)
    for n in range(unknowns):
        if scale[n] > 0.0:
            a[n] /= scale[n]
    x, flag = _solve(a, r, tolerance)
    if not x.any():
        return x, NOTHING_SOLVED
    return x / scale, flag


def _solve(a: np.ndarray, r: np.ndarray, tolerance: float) -> tuple[np.ndarray, int]:
    unknowns, equations = a.shape
    x = np.zeros(unknowns)
    if equations < unknowns:
        return x, TOO_FEW
    left = [float(accumulate(column * column, 0.0)) for column in a]
    best = _largest(left, 0)
    if left[best] <= 0.0:
        return x, NOTHING_SOLVED
    limit = math.sqrt(left[best]) * abs(tolerance)
    chosen, diagonal = list(range(unknowns)), [0.0] * unknowns
    for k in range(unknowns):
        if best > k:
            left[k], left[best] = left[best], left[k]
            a[[k, best], k:] = a[[best, k], k:]
        lower = a[k, k:]
        length = math.sqrt(float(accumulate(lower * lower, 0.0))) if k else math.sqrt(left[0])
        if k and length < limit:
            return x, k
        if lower[0] < 0.0:
            length = -length
        chosen[best] = chosen[k]
        chosen[k] = best
        beta = float(lower[0]) + length
        lower[0] = beta
        beta = 1.0 / (length * beta)
        diagonal[k] = -length
        for j in range(k + 1, unknowns):
            step = beta * float(accumulate(lower * a[j, k:], 0.0))
            a[j, k:] = a[j, k:] - lower * step
            left[j] = left[j] - float(a[j, k]) * float(a[j, k])
        if k + 1 < unknowns:
            best = _largest(left, k + 1)
        step = beta * float(accumulate(lower * r[k:], 0.0))
        r[k:] = r[k:] - lower * step
    return _substitute(a, r, diagonal, chosen), 0


def _largest(values: list[float], start: int) -> int:
    """Index of the first largest positive value from ``start`` on; ``start`` if there is none."""
    best, size = start, 0.0
    for n in range(start, len(values)):
        if values[n] > size:
            best, size = n, values[n]
    return best


def _substitute(a: np.ndarray, r: np.ndarray, diagonal: list[float], chosen: list[int]) -> np.ndarray:
    unknowns = len(a)
    x = np.zeros(unknowns)
    last = unknowns - 1
    x[last] = 1.0 / diagonal[last] * r[last]
    for k in range(last - 1, -1, -1):
        value = float(r[k])
        for n in range(k + 1, unknowns):
            value = value - float(a[n, k]) * float(x[n])
        other = chosen[k]
        x[k] = x[other]
        x[other] = 1.0 / diagonal[k] * value
    return x


def fit_many(columns: np.ndarray, right: np.ndarray, tolerance: float = 1.0e-7) -> np.ndarray:
    """`fit` of many systems at once: columns (systems x unknowns x equations), right (systems x equations).

    Coefficients (systems x unknowns); zeros where a system has no solution.
    """
    a, r = np.array(columns, float), np.array(right, float)
    count, unknowns, equations = a.shape
    if equations < unknowns or not count:
        return np.zeros((count, unknowns))
    scale = np.abs(a).max(axis=2)
    with np.errstate(all="ignore"):
        a = np.where((scale > 0)[:, :, None], a / scale[:, :, None], a)
        x, solved = _solve_many(a, r, tolerance)
        return np.where((solved & x.any(axis=1))[:, None], x / scale, 0.0)


def _in_order(values: np.ndarray) -> np.ndarray:
    """Sums of the last axis, each from the first value on."""
    return np.add.accumulate(values, axis=-1)[..., -1]


def _solve_many(a: np.ndarray, r: np.ndarray, tolerance: float) -> tuple[np.ndarray, np.ndarray]:
    """``_solve`` for each system, and whether it has a solution; ``a`` and ``r`` are changed."""
    count, unknowns, _ = a.shape
    system = np.arange(count)
    left = _in_order(a * a)
    best = _largest_many(left, 0)
    solved = left[system, best] > 0
    limit = np.sqrt(left[system, best]) * abs(tolerance)
    chosen, diagonal = np.tile(np.arange(unknowns), (count, 1)), np.zeros((count, unknowns))
    for k in range(unknowns):
        left[system, best], left[:, k] = left[:, k].copy(), left[system, best]
        a[system, best, k:], a[:, k, k:] = a[:, k, k:].copy(), a[system, best, k:]
        lower = a[:, k, k:]
        length = np.sqrt(_in_order(lower * lower)) if k else np.sqrt(left[:, 0])
        if k:
            solved &= ~(length < limit)
        length = np.where(lower[:, 0] < 0, -length, length)
        chosen[system, best] = chosen[:, k]
        chosen[:, k] = best
        beta = lower[:, 0] + length
        lower[:, 0] = beta
        beta = 1.0 / (length * beta)
        diagonal[:, k] = -length
        for j in range(k + 1, unknowns):
            step = beta * _in_order(lower * a[:, j, k:])
            a[:, j, k:] -= lower * step[:, None]
            left[:, j] -= a[:, j, k] * a[:, j, k]
        if k + 1 < unknowns:
            best = _largest_many(left, k + 1)
        r[:, k:] -= lower * (beta * _in_order(lower * r[:, k:]))[:, None]
    x = np.zeros((count, unknowns))
    last = unknowns - 1
    x[:, last] = 1.0 / diagonal[:, last] * r[:, last]
    for k in range(last - 1, -1, -1):
        value = r[:, k].copy()
        for n in range(k + 1, unknowns):
            value -= a[:, n, k] * x[:, n]
        other = chosen[:, k]
        x[:, k] = x[system, other]
        x[system, other] = 1.0 / diagonal[:, k] * value
    return x, solved


def _largest_many(values: np.ndarray, start: int) -> np.ndarray:
    """``_largest`` for each row."""
    rest = values[:, start:]
    place = rest.argmax(axis=1)
    return start + np.where(rest[np.arange(len(rest)), place] > 0, place, 0)
