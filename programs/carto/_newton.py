"""Newton's method for many equations, with backtracking, and the LU decomposition under it.

Sources: ``vos/p2/prog/areaiso/newt.c``, ``ludcmp.c`` (C), after Numerical Recipes. The steps and the order of sums are those
of the original, so that results agree bit by bit.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from vicar.numerics.leastsquares import in_order

SMALL_FUNCTION, SMALL_GRADIENT, SMALL_STEP = 1e-7, 1e-6, 1e-6
MOST_STEPS, LONGEST_STEP, ENOUGH = 2000, 100.0, 1e-4
SHORTEST = 0.0000001
TINY = 1e-20


class NewtonError(Exception):
    """No solution; the message is the original's."""


def total(values: np.ndarray):
    return in_order(np.concatenate((np.zeros((1, *values.shape[1:])), values)))


def solve(
    values: Callable[[np.ndarray], np.ndarray], slopes: Callable[[np.ndarray], np.ndarray], x: np.ndarray,
    say: Callable[[str], None],
) -> np.ndarray:  # fmt: skip
    """A zero of ``values`` near ``x``; ``slopes`` gives the matrix of derivatives. Raises `NewtonError`."""
    size = len(x)
    if np.abs(values(x)).max() < 0.01 * SMALL_FUNCTION:
        say("from test is very small")
        return x
    longest = LONGEST_STEP * max(float(np.sqrt(total(x * x))), float(size))
    for _ in range(MOST_STEPS):
        f = values(x)
        jacobian = slopes(x)
        level = half_square(f)
        gradient = total(jacobian * f[:, None])
        step = lu_solve(jacobian, -f)
        new, stuck = search(values, x, level, gradient, step, longest)
        f = values(new)
        if not (np.abs(f) >= SMALL_FUNCTION).any():
            say("success return")
            return new
        if stuck:
            scale = max(float(half_square(f)), size / 2 * 0.5)
            if np.fmax.reduce(np.abs(gradient) * np.maximum(np.abs(new), 1.0) / scale, initial=0.0) < SMALL_GRADIENT:
                raise NewtonError("failed in subroutine newt exit...\n")
        if np.fmax.reduce(np.abs(new - x) / np.maximum(np.abs(new), 1.0), initial=0.0) < SMALL_STEP:
            return new
        x = new
    raise NewtonError("MAXITS exceeded in newt")


def half_square(f: np.ndarray):
    return 0.5 * total(f * f)


def search(values, old, level, gradient, step, longest):
    """A place along ``step`` where the sum of squares is smaller, and whether none was found."""
    length = np.sqrt(total(step * step))
    if length > longest:
        step = step * (longest / length)
    slope = total(gradient * step)
    with np.errstate(divide="ignore", invalid="ignore"):
        shortest = SMALL_STEP / np.fmax.reduce(np.abs(step) / np.maximum(np.abs(old), 1.0), initial=0.0)
    shortest = SHORTEST if shortest > SHORTEST else shortest
    part, last_part, last_level = 1.0, 0.0, 0.0
    while True:
        new = old + part * step
        reached = half_square(values(new))
        if part < shortest:
            return new, True
        if reached <= level + ENOUGH * part * slope:
            return new, False
        if part == 1.0:
            guess = -slope / (2.0 * (reached - level - slope))
        else:
            guess = min(cubic_guess(reached, level, slope, part, last_part, last_level), 0.5 * part)
        last_part, last_level = part, reached
        part = max(guess, 0.1 * part)


def cubic_guess(reached, level, slope, part, last_part, last_level):
    first = reached - level - part * slope
    second = last_level - level - last_part * slope
    a = (first / (part * part) - second / (last_part * last_part)) / (part - last_part)
    b = (-last_part * first / (part * part) + part * second / (last_part * last_part)) / (part - last_part)
    if a == 0.0:
        return -slope / (2.0 * b)
    inside = b * b - 3.0 * a * slope
    if inside < 0.0:
        raise NewtonError("error exit")
    return (-b + np.sqrt(inside)) / (3.0 * a)


def lu_solve(matrix: np.ndarray, right: np.ndarray) -> np.ndarray:
    """The solution of ``matrix x = right``, by Crout's LU decomposition with implicit pivoting."""
    a, x = matrix.copy(), right.copy()
    size = len(a)
    largest = np.fmax.reduce(np.abs(a), axis=1, initial=0.0)
    if (largest == 0.0).any():
        raise NewtonError("singluar matrix in routine ludcmp")
    scale = 1.0 / largest
    for j in range(size):
        merit = scale[j:] * np.abs(a[j:, j])
        pivot = size - 1 - int(np.argmax(merit[::-1]))
        if pivot != j:
            a[[j, pivot]] = a[[pivot, j]]
            x[[j, pivot]] = x[[pivot, j]]
            scale[pivot] = scale[j]
        if a[j, j] == 0.0:
            a[j, j] = TINY
        a[j + 1 :, j] *= 1.0 / a[j, j]
        a[j + 1 :, j + 1 :] -= a[j + 1 :, j : j + 1] * a[j, j + 1 :]
        x[j + 1 :] -= a[j + 1 :, j] * x[j]
    for i in range(size - 1, -1, -1):
        x[i] = in_order(np.concatenate((x[i : i + 1], -(a[i, i + 1 :] * x[i + 1 :])))) / a[i, i]
    return x
