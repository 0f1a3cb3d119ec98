"""Matrices and analyses of IBISSTAT: correlation, analysis of variance, T squared, inverses, eigenvectors.

Source: ``vos/p2/prog/ibisstat`` (CORRE, ANOV1, BEHERN, MINV, GINV, SEIGEN). float32 stays float32 and sums are taken in order,
double precision where the original has it.
"""

from __future__ import annotations

from math import copysign, sqrt
from typing import NamedTuple

import numpy as np

from programs.ibis._distributions import fisher

F = np.float32
OVERFLOW = F(1e30)
SINGULAR = 0.1e-21
EPSILON = 2.775557564e-17
ITERATIONS = 30


def in_order(values: np.ndarray, start=None):
    """Sum along the first axis in order, begun with ``start`` (0)."""
    start = np.zeros_like(values[:1]) if start is None else np.asarray(start, values.dtype)[None]
    return np.add.accumulate(np.concatenate((start, values)), axis=0, dtype=values.dtype)[-1]


def correlation(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sums of cross products of deviations, and correlation coefficients, of the columns of ``x`` (n, m) float32."""
    n, m = x.shape
    count = F(n)
    deviations = x - in_order(x) / count
    sums = in_order(deviations)
    products = np.zeros((m, m), F)
    for j in range(m):
        for k in range(j + 1):
            value = in_order(deviations[:, j] * deviations[:, k]) - sums[j] * sums[k] / count
            products[j, k] = products[k, j] = value
    spread = np.sqrt(np.abs(np.diagonal(products)))
    scale = spread[:, None] * spread
    with np.errstate(all="ignore"):
        return products, np.where(scale != 0, products / scale, F(0)).astype(F)


class Variance(NamedTuple):
    """One-way analysis of variance."""

    mean: np.float32
    effects: list[np.float32]
    squares: tuple[np.float32, np.float32, np.float32]
    freedom: tuple[int, int, int]
    ratio: np.float32
    probability: np.float32


def variance_analysis(y: np.ndarray, counts: list[int]) -> Variance | None:
    """ANOV1 of groups one behind the other; None on overflow of the sums of squares."""
    total = len(y)
    mean = F(in_order(y) / F(total))
    effects, between, within, whole, start = [], F(0), F(0), F(0), 0
    for count in counts:
        group = y[start : start + count]
        centre = in_order(group) / F(count)
        effects.append(F(centre - mean))
        between = between + effects[-1] * effects[-1] * F(count)
        left = group - centre
        within = in_order(left * left, within)
        whole = in_order((group - mean) * (group - mean), whole)
        if whole > OVERFLOW:
            return None
        start += count
    freedom = (len(counts) - 1, total - len(counts), total - 1)
    with np.errstate(all="ignore"):
        ratio = (between / F(freedom[0])) / (within / F(freedom[1]))
    return Variance(mean, effects, (between, within, whole), freedom, ratio, fisher(ratio, freedom[0], freedom[1])[()])


# -- Behrens and Fisher -----------------------------------------------------------------------------------------------


def t_squared(a: np.ndarray, b: np.ndarray) -> np.float32:
    """Hotelling's T squared of two samples (na, m) and (nb, m) of unequal covariance (BEHERN)."""
    first, second = (means(sample) for sample in (a, b))
    difference = (first - second).astype(F)
    if len(a) <= len(b):
        pooled = pooled_covariance(a, b, first, second, difference)
    else:
        pooled = pooled_covariance(b, a, second, first, difference)
    inverse = generalized_inverse(pooled)
    result = F(0)
    for i in range(a.shape[1]):
        part = float(in_order(difference.astype(float) * inverse[:, i]))
        result = F(float(result) + part * float(difference[i]))
    return F(min(len(a), len(b))) * result


def means(sample: np.ndarray) -> np.ndarray:
    return (in_order(sample) / F(len(sample))).astype(float)


def pooled_covariance(a, b, mean_a, mean_b, shift) -> np.ndarray:
    """POOLT2: sums in single precision of products in double precision."""
    count = len(a)
    left = a - mean_a - shift.astype(float)
    if count == len(b):
        left = left - b + mean_b
    else:
        ratio = float(np.sqrt(F(count) / F(len(b))))
        part = (in_order(b[:count]) * (F(1) / F(count))).astype(float)
        left = left - ratio * (b[:count] - part)
    m = a.shape[1]
    sums = np.zeros((m, m), F)
    for row in left:
        sums = (sums + row[:, None] * row).astype(F)
    return (sums * (F(1) / F(F(count) - F(1)))).astype(float)


def generalized_inverse(matrix: np.ndarray) -> np.ndarray:
    """Transpose of the generalized inverse by orthogonal columns (GINV)."""
    a, size = matrix.copy(), matrix.shape[1]
    u, flags = np.eye(size), np.zeros(size)

    def dot(j, k, array=None):
        array = a if array is None else array
        return float(in_order(array[:, j] * array[:, k]))

    first = next((k for k in range(size) if dot(k, k) > SINGULAR), None)
    if first is None:
        return np.zeros_like(a)
    a[:, :first] = 0.0
    factor = 1.0 / sqrt(dot(first, first))
    flags[first] = 1.0
    a[:, first] *= factor
    u[:, first] *= factor
    if first == size - 1:
        a[:, first] *= factor
        return a
    for j in range(1, size):
        before = dot(j, j)
        for _ in range(2):
            parts = [dot(j, k) for k in range(j)]
            for k, part in enumerate(parts):
                a[:, j] = a[:, j] - part * a[:, k] * flags[k]
                u[:, j] = u[:, j] - part * u[:, k]
        _normalize(a, u, flags, j, before, dot)
    for j in range(size):
        a[:, j] = in_order((a[:, j:] * u[j, j:]).T)
    return a


def _normalize(a, u, flags, j: int, before: float, dot) -> None:
    """Scale column ``j``, or replace it where it depends on those before."""
    after = dot(j, j)
    with np.errstate(all="ignore"):
        dependent = np.float64(after) / np.float64(before) - SINGULAR <= 0
    if dependent:
        parts = [float(in_order(u[: i + 1, i] * u[: i + 1, j])) for i in range(j)]
        a[:, j] = 0.0
        for k, part in enumerate(parts):
            a[:, j] = a[:, j] - a[:, k] * part * flags[k]
        flags[j] = 0.0
        size = dot(j, j, u)
        if size <= SINGULAR:
            u[:, j] = 0.0
            return
        factor = 1.0 / sqrt(size)
    elif after > SINGULAR:
        flags[j] = 1.0
        factor = 1.0 / sqrt(after)
    else:
        flags[j] = 0.0
        a[:, j] = 0.0
        return
    a[:, j] *= factor
    u[:, j] *= factor


# -- inverse and eigenvectors -----------------------------------------------------------------------------------------


def inverse(matrix: np.ndarray, tolerance: float) -> np.ndarray | None:
    """Inverse in single precision with full pivoting (MINV); None if some pivot is not above ``tolerance``."""
    a, size = matrix.astype(F), len(matrix)
    rows, columns = [], []
    for _ in range(size):
        free = np.abs(a)
        free[rows], free[:, columns] = -1, -1
        i, j = np.unravel_index(int(np.argmax(free)), a.shape)
        rows.append(int(i))
        columns.append(int(j))
        pivot = a[i, j]
        if abs(pivot) <= F(tolerance):
            return None
        reciprocal = F(1) / pivot
        a[i] = a[i] * reciprocal
        a[i, j] = reciprocal
        others = [k for k in range(size) if k != i]
        rest = [k for k in range(size) if k != j]
        a[np.ix_(others, rest)] -= a[i, rest] * a[others, j][:, None]
        a[others, j] = -a[others, j] * a[i, j]
    result = np.zeros_like(a)
    result[columns] = a[rows]
    final = np.zeros_like(a)
    final[:, rows] = result[:, columns]
    return final


def eigen(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """Eigenvalues, upwards, and eigenvectors (columns) of a symmetric matrix (EISPACK's TRED2 and TQL2); None if they fail."""
    z = [[float(value) for value in row] for row in matrix]
    d, e = _tridiagonal(z)
    if not _ql(d, e, z):
        return None
    n = len(d)
    for i in range(n - 1):
        k = min(range(i, n), key=lambda j: (d[j], j))
        if k != i and d[k] < d[i]:
            d[k], d[i] = d[i], d[k]
            for row in z:
                row[i], row[k] = row[k], row[i]
    return np.array(d), np.array(z)


def _tridiagonal(z) -> tuple[list[float], list[float]]:
    """TRED2: Householder reduction, transformations accumulated in ``z``."""
    n = len(z)
    d, e = [0.0] * n, [0.0] * n
    for i in range(n - 1, 0, -1):
        last, h = i - 1, 0.0
        scale = 0.0
        if last >= 1:
            for k in range(i):
                scale = scale + abs(z[i][k])
        if scale == 0.0:
            e[i] = z[i][last]
            d[i] = h
            continue
        for k in range(i):
            z[i][k] = z[i][k] / scale
            h = h + z[i][k] * z[i][k]
        f = z[i][last]
        g = -copysign(sqrt(h), f)
        e[i] = scale * g
        h = h - f * g
        z[i][last] = f - g
        f = 0.0
        for j in range(i):
            z[j][i] = z[i][j] / (scale * h)
            g = 0.0
            for k in range(j + 1):
                g = g + z[j][k] * z[i][k]
            for k in range(j + 1, i):
                g = g + z[k][j] * z[i][k]
            e[j] = g / h
            f = f + e[j] * z[i][j]
        hh = f / (h + h)
        for j in range(i):
            f = z[i][j]
            g = e[j] - hh * f
            e[j] = g
            for k in range(j + 1):
                z[j][k] = z[j][k] - f * e[k] - g * z[i][k]
        for k in range(i):
            z[i][k] = scale * z[i][k]
        d[i] = h
    d[0] = e[0] = 0.0
    _accumulate(z, d)
    return d, e


def _accumulate(z, d) -> None:
    for i in range(len(z)):
        if d[i] != 0.0:
            for j in range(i):
                g = 0.0
                for k in range(i):
                    g = g + z[i][k] * z[k][j]
                for k in range(i):
                    z[k][j] = z[k][j] - g * z[k][i]
        d[i] = z[i][i]
        z[i][i] = 1.0
        for j in range(i):
            z[i][j] = z[j][i] = 0.0


def _ql(d, e, z) -> bool:
    """TQL2: eigenvalues of the tridiagonal matrix; False if one does not converge."""
    n = len(d)
    e[:] = e[1:] + [0.0]
    f = b = 0.0
    for low in range(n if n > 1 else 0):
        b = max(b, EPSILON * (abs(d[low]) + abs(e[low])))
        m = next(k for k in range(low, n) if abs(e[k]) <= b)
        steps = 0
        while m != low:
            if steps == ITERATIONS:
                return False
            steps += 1
            p = (d[low + 1] - d[low]) / (2.0 * e[low])
            r = sqrt(p * p + 1.0)
            h = d[low] - e[low] / (p + copysign(r, p))
            for i in range(low, n):
                d[i] = d[i] - h
            f = f + h
            _sweep(d, e, z, low, m)
            if abs(e[low]) <= b:
                break
        d[low] = d[low] + f
    return True


def _sweep(d, e, z, low: int, m: int) -> None:
    p, c, s = d[m], 1.0, 0.0
    for i in range(m - 1, low - 1, -1):
        g, h = c * e[i], c * p
        if abs(p) >= abs(e[i]):
            c = e[i] / p
            r = sqrt(c * c + 1.0)
            e[i + 1] = s * p * r
            s = c / r
            c = 1.0 / r
        else:
            c = p / e[i]
            r = sqrt(c * c + 1.0)
            e[i + 1] = s * e[i] * r
            s = 1.0 / r
            c = c * s
        p = c * d[i] - s * g
        d[i + 1] = h + s * (c * g + s * d[i])
        for row in z:
            h = row[i + 1]
            row[i + 1] = s * row[i] + c * h
            row[i] = c * row[i] - s * h
    e[low] = s * p
    d[low] = c * p
