"""Linear least squares as the original's routines compute it, operation by operation.

`llsq` is single precision (``vos/p2/sub/llsq`` over MATH77's ``shfti``, ``shtcc``, ``snrm2``); `lsqfit` is double precision
(``vos/p2/sub/carto_subs/cartoLsqUtils.c``). Both turn the matrix into a triangle by Householder reflections with exchange of
columns; sums are taken in order, one rounding an addition.
"""

from __future__ import annotations

import numpy as np

ONE = np.float32
EPSILON = ONE(2.0**-23)
SMALLEST, LARGEST = ONE(2.0**-126), np.finfo(ONE).max
LOW = np.sqrt(SMALLEST / EPSILON)
HIGH = np.sqrt(LARGEST) * ONE(0.001)
NO_MESSAGE = "LLSQ> column number must be <= row number"


def in_order(values: np.ndarray):
    """Sums over the first axis, in order, in the type of ``values``."""
    return np.add.accumulate(values, axis=0, dtype=values.dtype)[-1]


def norm(x: np.ndarray) -> np.float32:
    """Euclidean length in single precision (SNRM2): squares added in order, scaled only where they would not fit."""
    count = len(x)
    start = int(np.argmax(x != 0)) if count else 0
    if not count or x[start] == 0:
        return ONE(0)
    rest = x[start:]
    if abs(rest[0]) > LOW and not (np.abs(rest) >= HIGH / ONE(count)).any():
        return np.sqrt(in_order(rest * rest))
    return _scaled_norm(rest, count)


def _scaled_norm(x: np.ndarray, count: int) -> np.float32:
    """SNRM2 for very small or very large numbers."""
    total, greatest, place = ONE(0), abs(x[0]), 0
    if greatest <= LOW:  # small ones first, scaled by the greatest so far
        while place < len(x):
            size = abs(x[place])
            if size > LOW:
                total = (total * greatest) * greatest
                break
            if size > greatest:
                total = ONE(1) + total * (greatest / size) ** 2
                greatest = size
            else:
                total = total + (size / greatest) ** 2
            place += 1
        else:
            return greatest * np.sqrt(total)
    limit = HIGH / ONE(count)
    while place < len(x):
        if abs(x[place]) >= limit:
            break
        total = total + x[place] * x[place]
        place += 1
    else:
        return np.sqrt(total)
    total = (total / x[place]) / x[place]
    greatest = abs(x[place])
    for value in x[place:]:
        size = abs(value)
        if size <= greatest:
            total = total + (value / greatest) ** 2
        else:
            total = ONE(1) + total * (greatest / value) ** 2
            greatest = size
    return greatest * np.sqrt(total)


def _reflect(pivot: np.float32, column: np.ndarray, targets: np.ndarray, row: int) -> None:
    """Apply the reflection kept in ``column`` below ``row`` (and ``pivot``) to the columns of ``targets`` (SHTCC)."""
    scale = pivot * column[row]
    if scale == 0 or not targets.shape[1]:
        return
    inverse = ONE(1) / scale
    below = column[row + 1 :]
    sums = in_order(np.vstack((targets[row] * pivot, targets[row + 1 :] * below[:, None])))
    factor = sums * inverse
    targets[row] += factor * pivot
    targets[row + 1 :] += factor * below[:, None]


def llsq(a: np.ndarray, b: np.ndarray, tolerance: float) -> tuple[np.ndarray | None, int]:
    """Solution (n, l) of ``a`` (m, n) x = ``b`` (m, l) in single precision, and the error number.

    The error is 0, -1 (rank zero), the rank if it is less than n, or -2 if there are fewer rows than columns (the original
    then also prints `NO_MESSAGE`); without a solution the first result is None.
    """
    a, b = np.array(a, ONE), np.array(b, ONE)
    m, n = a.shape
    if m < n:
        return None, -2
    with np.errstate(all="ignore"):
        order = _triangle(a, b)
        small = np.flatnonzero(np.abs(np.diagonal(a)) <= ONE(tolerance))
        rank = int(small[0]) if len(small) else n
        if rank < n:
            return None, rank or -1
        for i in range(n - 1, -1, -1):
            if i < n - 1:
                b[i] = b[i] - in_order(np.vstack((np.zeros_like(b[:1]), a[i, i + 1 :, None] * b[i + 1 : n])))
            b[i] = b[i] / a[i, i]
    for j in range(n - 1, -1, -1):
        if order[j] != j:
            b[[j, order[j]]] = b[[order[j], j]]
    return b[:n].copy(), 0


def _triangle(a: np.ndarray, b: np.ndarray) -> list[int]:
    """Reflect ``a`` to a triangle, ``b`` along with it; which column was exchanged at each step."""
    m, n = a.shape
    work, factor = np.zeros(n, ONE), ONE(1)
    order = []
    for j in range(n):
        if j == n - 1:
            order.append(j)
            if m > n:
                pivot = _start(a, j)
                _reflect(pivot, a[:, j], b, j)
            break
        fresh = j == 0
        if not fresh:
            work[j:] = work[j:] - (factor * a[j - 1, j:]) ** 2
            best = j + int(np.argmax(work[j:]))
            fresh = work[best] <= ONE(1000) * EPSILON
        if fresh:
            work[j:] = [norm(a[j:, column]) for column in range(j, n)]
            best = j + int(np.argmax(work[j:]))
            factor = ONE(1) if work[best] == 0 else ONE(1) / work[best]
            work[j:] = (factor * work[j:]) ** 2
        order.append(best)
        if best != j:
            a[:, [j, best]] = a[:, [best, j]]
            work[best] = work[j]
        pivot = _start(a, j)
        _reflect(pivot, a[:, j], a[:, j + 1 :], j)
        _reflect(pivot, a[:, j], b, j)
    return order


def _start(a: np.ndarray, j: int) -> np.float32:
    """Make the reflection of column ``j``; its diagonal becomes that of the triangle."""
    length = norm(a[j:, j])
    if a[j, j] > 0:
        length = -length
    pivot = a[j, j] - length
    a[j, j] = length
    return pivot


def lsqfit(a: np.ndarray, r: np.ndarray, tolerance: float, stale: np.ndarray | None = None) -> tuple[np.ndarray, int]:
    """Solution (n,) of ``a`` (m, n) x = ``r`` (m,) in double precision, and the error number (0, -1, -2 or the rank).

    With ``r`` (m, l) the solutions (n, l) of all its columns, and one error number.

    Columns are scaled by their greatest element first. A solution of zeros only counts as an error. After an error the
    first result is ``stale``, what the caller's solution held before, scaled as the original does by mistake.
    """
    columns = np.array(np.asarray(a, float).T)
    r = np.array(r, float)
    scales = np.abs(columns).max(axis=1)
    scaled = scales > 0
    columns[scaled] /= scales[scaled, None]
    x = np.zeros((len(columns), *r.shape[1:])) if stale is None else np.array(stale, float)
    with np.errstate(all="ignore"):
        error = _fit(columns, r, abs(tolerance), x)
        if not (x != 0).any():
            return x, -1
        return (x.T / scales).T, error


def _fit(a: np.ndarray, r: np.ndarray, tolerance: float, x: np.ndarray) -> int:
    """Solve in place: ``a`` is (n, m), columns first, ``r`` (m,) or (m, l)."""
    n, m = a.shape
    if m < n:
        return -2
    squares = in_order((a * a).T)
    if not (squares > 0).any():
        return -1
    best = int(np.argmax(squares))
    sigma = np.sqrt(squares[best])
    limit = sigma * tolerance
    diagonal, order = np.zeros(n), [0] * n
    for k in range(n):
        if best > k:
            squares[[k, best]] = squares[[best, k]]
            a[[k, best], k:] = a[[best, k], k:]
        if k > 0:
            sigma = np.sqrt(in_order(a[k, k:] * a[k, k:]))
            if sigma < limit:
                return k
        head = a[k, k]
        if head < 0:
            sigma = -sigma
        order[k] = best
        beta = head + sigma
        a[k, k] = beta
        beta = 1.0 / (sigma * beta)
        diagonal[k] = -sigma
        if k < n - 1:
            rest = a[k + 1 :, k:]
            factors = beta * in_order((a[k, k:] * rest).T)
            rest -= a[k, k:] * factors[:, None]
            squares[k + 1 :] = squares[k + 1 :] - rest[:, 0] * rest[:, 0]
            best = k + 1 + int(np.argmax(squares[k + 1 :])) if (squares[k + 1 :] > 0).any() else k + 1
        reflector = a[k, k:].reshape(-1, *[1] * (r.ndim - 1))
        factor = beta * in_order(reflector * r[k:])
        r[k:] -= reflector * factor
    x[n - 1] = (1.0 / diagonal[n - 1]) * r[n - 1]
    for k in range(n - 2, -1, -1):
        value = r[k]
        for j in range(k + 1, n):
            value = value - a[j, k] * x[j]
        x[k] = x[order[k]]
        x[order[k]] = (1.0 / diagonal[k]) * value
    return 0
