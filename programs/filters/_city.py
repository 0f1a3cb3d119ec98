"""Distances by steps along lines and samples, for MOORE and MOORESC."""

from __future__ import annotations

import numpy as np

from vicar.numerics.compiled import as_input, kernel

NOWHERE = np.int32(1 << 30)


def distance(marked: np.ndarray, limit: int) -> np.ndarray:
    """Steps from each pixel to the nearest ``marked`` one (bool), at most ``limit``."""
    nl, ns = marked.shape
    quick = count_steps.pick(2 * marked.size)
    if quick is not None:
        steps = np.empty((nl, ns), np.int16 if limit < 32767 else np.int32)
        quick(as_input(marked), steps, limit)
        return steps
    steps = np.where(marked, np.int32(0), NOWHERE)
    for line in range(1, nl):
        np.minimum(steps[line], steps[line - 1] + 1, out=steps[line])
    for line in range(nl - 2, -1, -1):
        np.minimum(steps[line], steps[line + 1] + 1, out=steps[line])
    place = np.arange(ns, dtype=np.int32)
    rightward = np.minimum.accumulate(steps - place, axis=1) + place
    back = steps[:, ::-1]
    leftward = (np.minimum.accumulate(back - place, axis=1) + place)[:, ::-1]
    return np.minimum(np.minimum(rightward, leftward), limit)


@kernel(above=200_000)
def count_steps(marked, steps, limit):
    """`distance` into ``steps``: from above and from the left, then from below and from the right."""
    nl, ns = steps.shape
    for y in range(nl):
        left = limit
        for x in range(ns):
            left = 0 if marked[y, x] else min(left + 1, limit if y == 0 else min(steps[y - 1, x] + 1, limit))
            steps[y, x] = left
    for y in range(nl - 1, -1, -1):
        right = limit
        for x in range(ns - 1, -1, -1):
            below = limit if y == nl - 1 else steps[y + 1, x] + 1
            right = min(steps[y, x], min(right + 1, below))
            steps[y, x] = right


def grow(values: np.ndarray, reach: int) -> np.ndarray:
    """Distances that begin at the values of the pixels that are not zero; ``reach`` + 1 where nothing comes, int16.

    values : int16, lines x samples.

    A pixel takes the least of one more than what lies left of and above it, one with a value that value. A value
    also goes backwards: up to ``reach`` lines up, and to the left and right there, and to the left in its own line, as long as
    it lowers what is there.
    """
    nl, ns = values.shape
    cells = np.full((nl + reach, ns), reach + 1, np.int16)  # lines in front of the image take part
    stack = np.zeros((ns * (reach + 1), 3), np.int32)
    spread.best(2 * values.size)(as_input(values), cells, stack, reach)
    return cells[reach:]


@kernel(above=50_000)
def spread(values, cells, stack, reach):
    """Fill ``cells`` line by line."""
    limit, ns = reach + 1, values.shape[1]
    for line in range(values.shape[0]):
        row = line + reach
        top, left = row - reach, limit
        for samp in range(ns):
            above = int(cells[row - 1, samp])
            here = int(values[line, samp])
            if here == 0:
                here = min(limit, min(left, above) + 1)
                cells[row, samp] = left = here
                continue
            count = 0
            if above > here + 1:
                stack[0, 0], stack[0, 1], stack[0, 2] = row - 1, samp, here + 1
                count = 1
            while count:  # lower cells from there on, up to row `top`
                count -= 1
                y, x, value = stack[count, 0], stack[count, 1], stack[count, 2] + 1
                cells[y, x] = value - 1
                for step in range(3):
                    up, across = y - (step == 2), x + (step == 0) - (step == 1)
                    if 0 <= across < ns and up >= top and cells[up, across] > value:
                        stack[count, 0], stack[count, 1], stack[count, 2] = up, across, value
                        count += 1
            level, place = here + 1, samp - 1
            while place >= 0 and cells[row, place] > level:
                cells[row, place] = level
                level, place = level + 1, place - 1
            cells[row, samp] = left = here
