"""Planes through points, in single precision and in the order in which the Eigen library (3.4, SSE2) computes.

Eigen adds long sums in four lanes (`lane_sum`, `dot`), so this module does, too. The steps are known algorithms: Householder QR
with column pivoting, then two-sided Jacobi rotations of the triangle left over. Source: ``vos/p2/prog/obj2plane``
(computeBestFitPlaneNormal) over Eigen's ColPivHouseholderQR and JacobiSVD.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

f32 = np.float32
ONE, TWO, ZERO = f32(1), f32(2), f32(0)
EPSILON, TINY = np.finfo(f32).eps, np.finfo(f32).tiny
LANES = 4


class Unbounded(ValueError):
    """Numbers that are too large, or none."""


def orthogonal_normal(points: np.ndarray) -> np.ndarray:
    """Direction of least extent of points about 0: float32 (n, 3), at least three. Raises `Unbounded`."""
    scale = _scale(points)
    if len(points) == 3:
        return _jacobi(points / scale, np.eye(3, dtype=f32), scale).right[:, 2]
    triangle, order = _triangle(points / scale)
    return _jacobi(triangle, np.eye(3, dtype=f32)[:, order], scale).right[:, 2]


def regression_normal(points: np.ndarray, every: int) -> np.ndarray:
    """Solution (a, b, c) of z = a x + b y + c by normal equations, made to length 1, float32.

    The number of points in the equations is that of all of them, although only each ``every``-th is used, as there.
    """
    x, y, z = points[::every].T
    with np.errstate(over="ignore", invalid="ignore"):
        xx, xy, yy, sx, sy, xz, yz, sz = (running(v) for v in (x * x, x * y, y * y, x, y, x * z, y * z, z))
        matrix = np.array([[xx, xy, sx], [xy, yy, sy], [sx, sy, f32(len(points))]], f32)
        solution = _solve(matrix, np.array([xz, yz, sz], f32))
        squares = solution * solution
        return solution / np.sqrt(squares[0] + (squares[1] + squares[2]))


def running(values: np.ndarray) -> np.float32:
    """Sum in single precision, one after the other."""
    return np.add.accumulate(values, dtype=f32)[-1] if len(values) else ZERO


def _scale(matrix: np.ndarray) -> np.float32:
    largest = np.abs(matrix).max()
    if not np.isfinite(largest):
        raise Unbounded("The vertices are too far away for a plane")
    return largest or ONE


def _folded(lanes: np.ndarray) -> np.float32:
    return (lanes[0] + lanes[2]) + (lanes[1] + lanes[3])


def lane_sum(values: np.ndarray) -> np.float32:
    """Sum of a vector: two groups of four lanes in turn, then a last group, the lanes, and the rest one by one."""
    whole = len(values) // LANES * LANES
    if not whole:
        return running(values)
    packets = values[:whole].reshape(-1, LANES)
    paired = len(packets) // 2 * 2
    if paired:
        lanes = np.add.accumulate(packets[0:paired:2])[-1] + np.add.accumulate(packets[1:paired:2])[-1]
        if paired < len(packets):
            lanes = lanes + packets[-1]
    else:
        lanes = packets[0]
    return np.add.accumulate(np.append(_folded(lanes), values[whole:]))[-1]


def dot(a: np.ndarray, b: np.ndarray) -> np.float32:
    """Product of two vectors as in a product of a matrix and a vector: one group of four lanes, then the rest."""
    products = a * b
    whole = len(products) // LANES * LANES
    lanes = np.add.accumulate(products[:whole].reshape(-1, LANES))[-1] if whole else np.zeros(LANES, f32)
    return np.add.accumulate(np.append(_folded(lanes), products[whole:]))[-1]


def _norm(values: np.ndarray) -> np.float32:
    return np.sqrt(lane_sum(values * values))


def _triangle(matrix: np.ndarray) -> tuple[np.ndarray, list[int]]:
    """Triangle R (3, 3) of the QR decomposition of a matrix (n, 3), n > 3, and the order of its columns."""
    qr = [column.copy() for column in np.ascontiguousarray(matrix.T)]
    order = list(range(3))
    direct = [_norm(column) for column in qr]
    updated = list(direct)
    for k in range(3):
        largest = max(range(k, 3), key=lambda j: updated[j])
        if largest != k:
            for values in (qr, order, direct, updated):
                values[k], values[largest] = values[largest], values[k]
        essential, tau, beta = _reflection(qr[k][k:])
        qr[k][k] = beta
        for j in range(k + 1, 3):
            _reflect(qr[j][k:], essential, tau, alone=k == 1)
            _downdate(qr[j], k, j, direct, updated)
    return np.array([[qr[j][i] if i <= j else ZERO for j in range(3)] for i in range(3)], f32), order


def _reflection(column: np.ndarray) -> tuple[np.ndarray, np.float32, np.float32]:
    """Householder vector without its first element, its factor, and the length that the column gets."""
    first, tail = column[0], column[1:]
    rest = lane_sum(tail * tail)
    if rest <= TINY:
        return np.zeros_like(tail), ZERO, first
    beta = np.sqrt(first * first + rest)
    beta = -beta if first >= 0 else beta
    return tail / (first - beta), (beta - first) / beta, beta


def _reflect(column: np.ndarray, essential: np.ndarray, tau: np.float32, alone: bool) -> None:
    """Reflect a column; ``alone`` if it is the only one left, whose product Eigen adds as `lane_sum` does."""
    if tau == 0:
        return
    product = lane_sum(essential * column[1:]) if alone else dot(essential, column[1:])
    product = product + column[0]
    column[0] -= tau * product
    column[1:] -= (tau * essential) * product


def _downdate(column: np.ndarray, k: int, j: int, direct: list, updated: list) -> None:
    """Length of the rest of a column, from what was taken away while that is exact enough."""
    if updated[j] == 0:
        return
    taken = np.abs(column[k]) / updated[j]
    left = max((ONE + taken) * (ONE - taken), ZERO)
    ratio = updated[j] / direct[j]
    if left * (ratio * ratio) <= np.sqrt(EPSILON):
        direct[j] = updated[j] = _norm(column[k + 1 :])
    else:
        updated[j] = updated[j] * np.sqrt(left)


@dataclass
class _Decomposition:
    """Singular values, falling, and the vectors of both sides (columns)."""

    left: np.ndarray
    values: np.ndarray
    right: np.ndarray


def _jacobi(work: np.ndarray, right: np.ndarray, scale: np.float32) -> _Decomposition:
    """Two-sided Jacobi rotations of a matrix (3, 3), divided by ``scale``, until nothing is left beside its diagonal."""
    work, left, right = work.copy(), np.eye(3, dtype=f32), right.copy()
    largest = np.abs(np.diagonal(work)).max()
    finished = False
    while not finished:
        finished = True
        for p in (1, 2):
            for q in range(p):
                threshold = max(TINY, TWO * EPSILON * largest)
                if abs(work[p, q]) > threshold or abs(work[q, p]) > threshold:
                    finished = False
                    (lc, ls), (rc, rs) = _rotations(work, p, q)
                    _rotate(work, p, q, lc, ls)
                    _rotate(left.T, p, q, lc, ls)
                    _rotate(work.T, p, q, rc, -rs)
                    _rotate(right.T, p, q, rc, -rs)
                    largest = max(largest, abs(work[p, p]), abs(work[q, q]))
    values = np.abs(np.diagonal(work)) * scale
    left[:, np.diagonal(work) < 0] *= -ONE
    for i in range(3):
        place = i + int(np.argmax(values[i:]))
        if values[place] == 0:
            break
        if place != i:
            for rows in (values, left.T, right.T):
                rows[[i, place]] = rows[[place, i]]
    return _Decomposition(left, values, right)


def _rotations(work: np.ndarray, p: int, q: int):
    """Left and right rotation (cosine, sine) that make the block of ``p`` and ``q`` diagonal."""
    block = work[np.ix_((p, q), (p, q))]
    sum_, difference = block[0, 0] + block[1, 1], block[1, 0] - block[0, 1]
    cosine, sine = ONE, ZERO
    if abs(difference) >= TINY:
        ratio = sum_ / difference
        length = np.sqrt(ONE + ratio * ratio)
        sine, cosine = ONE / length, ratio / length
    _rotate(block, 0, 1, cosine, sine)
    rc, rs = _symmetric_rotation(block[0, 0], block[0, 1], block[1, 1])
    return (cosine * rc - sine * -rs, cosine * -rs + sine * rc), (rc, rs)


def _symmetric_rotation(x, y, z):
    """Cosine and sine of the rotation that makes the symmetric block ((x, y), (y, z)) diagonal."""
    double = TWO * abs(y)
    if double < TINY:
        return ONE, ZERO
    tau = (x - z) / double
    w = np.sqrt(tau * tau + ONE)
    t = ONE / (tau + w) if tau > 0 else ONE / (tau - w)
    sign = ONE if t > 0 else -ONE
    n = ONE / np.sqrt(t * t + ONE)
    return n, -sign * (y / abs(y)) * abs(t) * n


def _rotate(rows: np.ndarray, p: int, q: int, cosine, sine) -> None:
    """Rotate two rows in place."""
    if cosine == 1 and sine == 0:
        return
    x, y = rows[p].copy(), rows[q].copy()
    rows[p] = cosine * x + sine * y
    rows[q] = -sine * x + cosine * y


def _solve(matrix: np.ndarray, right_side: np.ndarray) -> np.ndarray:
    """Least squares by singular values; the smallest ones count as 0."""
    scale = _scale(matrix)
    parts = _jacobi(matrix / scale, np.eye(3, dtype=f32), scale)
    values = parts.values
    rank = int(np.count_nonzero(values >= max(values[0] * (f32(3) * EPSILON), TINY))) if values[0] else 0
    within = np.array([running(parts.left[:, n] * right_side) for n in range(rank)], f32)
    within = (ONE / values[:rank]) * within
    return np.array([running(parts.right[n, :rank] * within) for n in range(3)], f32)
