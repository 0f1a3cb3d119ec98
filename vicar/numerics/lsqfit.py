"""Many least squares systems at once, each as `leastsquares.lsqfit` solves one, to the last bit.

Householder reflections with exchange of columns, every column first divided by its largest value. Sums run in order. When
columns are exchanged the finished rows above stay as they are; the back substitution knows that.
"""

from __future__ import annotations

import numpy as np

from vicar.numerics._lsqfit_kernel import solve_each
from vicar.numerics.leastsquares import lsqfit


def fit_runs(columns: np.ndarray, right: np.ndarray, starts: np.ndarray, tolerance: float, before: np.ndarray
             ) -> tuple[np.ndarray, np.ndarray]:
    """Solutions (runs x unknowns) and error numbers of systems that are runs of equations, one behind the other.

    columns : unknowns x equations; a run begins at each of ``starts`` (rising) and ends before the next.
    before : what the first solution is after an error; each later one then is that of the run before, as in `lsqfit`.
    """
    edges = np.append(starts, columns.shape[1]).astype(np.int64)
    solutions, errors = np.zeros((len(starts), len(columns))), np.zeros(len(starts), np.int64)
    compiled = solve_each.pick(columns.size)
    if compiled is not None and len(starts):
        solutions[0] = before
        compiled(np.ascontiguousarray(columns, float), np.ascontiguousarray(right, float), edges, tolerance, solutions, errors)
        return solutions, errors
    for run in range(len(starts)):
        part = slice(edges[run], edges[run + 1])
        before, errors[run] = lsqfit(columns[:, part].T, right[part], tolerance, before)
        solutions[run] = before
    return solutions, errors


def fit_many(columns: np.ndarray, right: np.ndarray, tolerance: float = 1.0e-7) -> np.ndarray:
    """Systems of the same size: columns (systems x unknowns x equations), right (systems x equations).

    Coefficients (systems x unknowns); zeros where a system has no solution.
    """
    a, r = np.array(columns, float), np.array(right, float)
    count, unknowns, equations = a.shape
    if equations < unknowns or not count:
        return np.zeros((count, unknowns))
    if solve_each.pick(a.size) is not None:
        starts = np.arange(0, count * equations, equations)
        solutions, errors = fit_runs(a.transpose(1, 0, 2).reshape(unknowns, -1), r.ravel(), starts, tolerance, np.zeros(unknowns))
        return np.where(errors[:, None] == 0, solutions, 0.0)
    scale = np.abs(a).max(axis=2)
    with np.errstate(all="ignore"):
        a = np.where((scale > 0)[:, :, None], a / scale[:, :, None], a)
        x, solved = _solve_many(a, r, tolerance)
        return np.where((solved & x.any(axis=1))[:, None], x / scale, 0.0)


def _in_order(values: np.ndarray) -> np.ndarray:
    """Sums of the last axis, each from the first value on."""
    return np.add.accumulate(values, axis=-1)[..., -1]


def _solve_many(a: np.ndarray, r: np.ndarray, tolerance: float) -> tuple[np.ndarray, np.ndarray]:
    """Solve each system, and whether it has a solution; ``a`` and ``r`` are changed."""
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
    """Index of the first largest positive value from ``start`` on in each row; ``start`` if there is none."""
    rest = values[:, start:]
    place = rest.argmax(axis=1)
    return start + np.where(rest[np.arange(len(rest)), place] > 0, place, 0)
