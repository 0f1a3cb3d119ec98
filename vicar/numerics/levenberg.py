"""Non-linear least squares: Levenberg and Marquardt's method in a trust region.

After J. J. Moré, The Levenberg-Marquardt algorithm: implementation and theory (1978), which describes MINPACK's lmder. Programs
of the original do this with another library; results agree to about ten digits, not to the last bit.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

FIRST_RADIUS, GOOD, ENOUGH, POOR, FULL = 100.0, 0.1, 1e-4, 0.25, 0.75
MOST_TRIALS, MOST_PARAMETERS = 10, 10
DWARF, EPSILON = np.finfo(float).tiny, np.finfo(float).eps

Function = Callable[[np.ndarray], np.ndarray]


class Fit:
    """A search for the parameters ``x`` with the smallest sum of squares of ``values(x)``.

    values, slopes : the residuals, and the matrix of their derivatives.
    step           : the last step tried.
    """

    def __init__(self, values: Function, slopes: Function, x: np.ndarray):
        self.values, self.slopes = values, slopes
        self.x = np.array(x, float)
        self.f = values(self.x)
        self.jacobian = slopes(self.x)
        norms = length(self.jacobian)
        self.scale = np.where(norms == 0, 1.0, norms)
        self.radius = FIRST_RADIUS * length(self.scale * self.x) or FIRST_RADIUS
        self.parameter = 0.0
        self.step = np.zeros_like(self.x)
        self.first = True

    def iterate(self) -> None:
        """One step; the parameters stay as they are if none is found that brings less."""
        right, triangle, order = triangular(self.jacobian, self.f)
        for _ in range(MOST_TRIALS):
            move = -self._trust_step(triangle, order, right)
            size = length(self.scale * move)
            if self.first:
                self.radius = min(self.radius, size)
                self.first = False
            self.step = move
            x = self.x + move
            f = self.values(x)
            good, hopeless = self._judge(length(f), length(self.f), triangle @ move[order], size)
            if good:
                self.x, self.f = x, f
                self.jacobian = self.slopes(x)
                self.scale = np.maximum(self.scale, length(self.jacobian))
            if good or hopeless or self.radius <= EPSILON * length(self.scale * self.x):
                return

    def _judge(self, after: float, before: float, predicted: np.ndarray, size: float) -> tuple[bool, bool]:
        """Whether a step from ``before`` to ``after`` is good enough, or none will be; sets the next radius."""
        with np.errstate(all="ignore"):
            actual = 1.0 - (after / before) ** 2 if GOOD * after < before else -1.0
            linear, damped = length(predicted) / before, np.sqrt(self.parameter) * size / before
            expected = linear**2 + damped**2 / 0.5
            slope = -(linear**2 + damped**2)
            ratio = actual / expected if expected else 0.0
            if ratio <= POOR:
                part = 0.5 if actual >= 0 else 0.5 * slope / (slope + 0.5 * actual)
                if GOOD * after >= before or part < GOOD:
                    part = GOOD
                self.radius = part * min(self.radius, size / GOOD)
                self.parameter /= part
            elif self.parameter == 0 or ratio >= FULL:
                self.radius = size / 0.5
                self.parameter *= 0.5
        return bool(ratio >= ENOUGH), bool(abs(actual) <= EPSILON and expected <= EPSILON and 0.5 * ratio <= 1.0)

    def _trust_step(self, triangle, order, right) -> np.ndarray:
        """The step that minimizes the linear model within the radius, by Hebden's iteration for the parameter."""
        scale = self.scale[order]
        rank = int(np.argmin(np.append(np.diag(triangle) != 0, False)))
        inner = np.zeros(len(order))
        inner[:rank] = back_substitute(triangle[:rank, :rank], right[:rank])
        size = length(scale * inner)
        excess = size - self.radius
        if excess <= GOOD * self.radius:
            self.parameter = 0.0
            return scattered(inner, order)
        low = 0.0
        if rank == len(order):
            w = forward_substitute(triangle.T, scale * (scale * inner / size))
            low = excess / self.radius / length(w) / length(w)
        gradient = length(triangle.T @ right / scale)
        high = gradient / self.radius or DWARF / min(self.radius, GOOD)
        value = min(max(self.parameter, low), high) or gradient / size
        for trial in range(1, MOST_PARAMETERS + 1):
            value = value or max(DWARF, 0.001 * high)
            inner, damped = damped_solution(triangle, np.sqrt(value) * scale, right)
            size = length(scale * inner)
            last, excess = excess, size - self.radius
            if abs(excess) <= GOOD * self.radius or (low == 0 and excess <= last < 0) or trial == MOST_PARAMETERS:
                break
            w = forward_substitute(damped.T, scale * (scale * inner / size))
            correction = excess / self.radius / length(w) / length(w)
            if excess > 0:
                low = max(low, value)
            elif excess < 0:
                high = min(high, value)
            value = max(low, value + correction)
        self.parameter = value
        return scattered(inner, order)

    def settled(self, relative: float) -> bool:
        """Whether the last step changed every parameter by less than ``relative``."""
        return bool((np.abs(self.step) < relative * np.abs(self.x)).all())

    def variances(self) -> np.ndarray:
        """Diagonal of the inverse of the normal matrix; zero for parameters that are not determined."""
        _, triangle, order = triangular(self.jacobian, self.f)
        rank = int(np.argmin(np.append(np.diag(triangle) != 0, False)))
        result = np.zeros(len(order))
        for n in range(rank):
            unit = np.zeros(rank)
            unit[n] = 1.0
            row = forward_substitute(triangle[:rank, :rank].T, unit)
            result[order[n]] = (row * row).sum()
        return result


def length(values: np.ndarray):
    """Euclidean length, of the columns of a matrix; scaled so that it cannot overflow."""
    with np.errstate(all="ignore"):
        largest = np.abs(values).max(axis=0)
        safe = np.where((largest == 0) | ~np.isfinite(largest), 1.0, largest)
        return safe * np.sqrt(((values / safe) ** 2).sum(axis=0))


def triangular(matrix: np.ndarray, right: np.ndarray):
    """QR decomposition with exchange of columns: transformed right side, triangle, order of the columns."""
    a, b = matrix.copy(), right.copy()
    rows, columns = a.shape
    order = np.arange(columns)
    for k in range(min(rows, columns)):
        pivot = k + int(np.argmax(length(a[k:, k:])))
        a[:, [k, pivot]], order[[k, pivot]] = a[:, [pivot, k]], order[[pivot, k]]
        reflect(a, b, k)
    triangle = np.zeros((columns, columns))
    triangle[: min(rows, columns)] = np.triu(a)[:columns]
    head = np.zeros(columns)
    head[: min(rows, columns)] = b[:columns]
    return head, triangle, order


def reflect(a: np.ndarray, b: np.ndarray, k: int) -> None:
    """A Householder reflection that clears column ``k`` below the diagonal."""
    size = length(a[k:, k])
    if size == 0:
        return
    v = a[k:, k].copy()
    v[0] += np.copysign(size, v[0])
    v /= v[0]
    factor = 2.0 / (v * v).sum()
    a[k:, k:] -= factor * np.outer(v, v @ a[k:, k:])
    b[k:] -= factor * v * (v @ b[k:])


def damped_solution(triangle: np.ndarray, diagonal: np.ndarray, right: np.ndarray):
    """Least squares solution of the triangle above a diagonal matrix, and the triangle of both."""
    count = len(right)
    a = np.vstack((triangle, np.diag(diagonal)))
    b = np.concatenate((right, np.zeros(count)))
    for k in range(count):
        reflect(a, b, k)
    top = np.triu(a[:count])
    rank = int(np.argmin(np.append(np.diag(top) != 0, False)))
    solution = np.zeros(count)
    solution[:rank] = back_substitute(top[:rank, :rank], b[:rank])
    return solution, top


def back_substitute(triangle: np.ndarray, right: np.ndarray) -> np.ndarray:
    x = right.copy()
    for n in range(len(x) - 1, -1, -1):
        x[n] = (x[n] - triangle[n, n + 1 :] @ x[n + 1 :]) / triangle[n, n]
    return x


def forward_substitute(triangle: np.ndarray, right: np.ndarray) -> np.ndarray:
    x = right.copy()
    for n in range(len(x)):
        x[n] = (x[n] - triangle[n, :n] @ x[:n]) / triangle[n, n]
    return x


def scattered(values: np.ndarray, order: np.ndarray) -> np.ndarray:
    result = np.zeros_like(values)
    result[order] = values
    return result
