"""Distances by steps along lines and samples, for MOORE and MOORESC."""

from __future__ import annotations

import numpy as np

from vicar.numerics.compiled import as_input, kernel

NOWHERE = np.int32(1 << 30)


def distance(marked: np.ndarray) -> np.ndarray:
    """Steps from each pixel to the nearest marked one, int32; about 2**30 if there is none."""
    nl, ns = marked.shape
    if (compiled := count_steps.pick(marked.size)) is not None:
        steps = np.empty((nl, ns), np.int32)
        compiled(as_input(marked), steps)
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
    return np.minimum(rightward, leftward)


@kernel()
def count_steps(marked, steps):
    """The distances, from above and left first, then from below and right."""
    nl, ns = marked.shape
    for line in range(nl):
        for samp in range(ns):
            here = 0 if marked[line, samp] else NOWHERE
            if line > 0:
                here = min(here, steps[line - 1, samp] + 1)
            if samp > 0:
                here = min(here, steps[line, samp - 1] + 1)
            steps[line, samp] = here
    for line in range(nl - 1, -1, -1):
        for samp in range(ns - 1, -1, -1):
            here = steps[line, samp]
            if line < nl - 1:
                here = min(here, steps[line + 1, samp] + 1)
            if samp < ns - 1:
                here = min(here, steps[line, samp + 1] + 1)
            steps[line, samp] = here


def grow(values: np.ndarray, reach: int) -> np.ndarray:
    """Distances that begin at the values of the pixels that are not zero; ``reach`` + 1 where nothing comes, int32.

    values : int16, lines x samples.

    A pixel takes the least of one more than what lies left of and above it, one with a value that value. A value
    also goes backwards: up to ``reach`` lines up, and to the left and right there, and to the left in its own line, as long as
    it lowers what is there.
    """
    nl, ns = values.shape
    cells = np.full((nl + reach, ns), reach + 1, np.int32)  # lines in front of the image take part
    stack = np.zeros((ns * (reach + 1), 3), np.int32)
    _kernel()(values.astype(np.int32), cells, stack, reach)
    return cells[reach:]


def _grow(values, cells, stack, reach):
    """Fill ``cells`` line by line. Plain enough for numba."""
    limit = reach + 1
    for line in range(values.shape[0]):
        row = line + reach
        left = limit
        for samp in range(values.shape[1]):
            above = cells[row - 1, samp]
            value = values[line, samp]
            if value == 0:
                here = min(limit, min(left, above) + 1)
            else:
                here = value
                if above > here + 1:
                    _flood(cells, stack, row - 1, samp, here + 1, row - reach)
                level, place = here + 1, samp - 1
                while place >= 0 and cells[row, place] > level:
                    cells[row, place] = level
                    level, place = level + 1, place - 1
            cells[row, samp] = here
            left = here


def _flood(cells, stack, row, samp, value, top):
    """Lower cells from one on, up to row ``top``."""
    stack[0, 0], stack[0, 1], stack[0, 2] = row, samp, value
    count = 1
    while count:
        count -= 1
        row, samp, value = stack[count, 0], stack[count, 1], stack[count, 2] + 1
        cells[row, samp] = value - 1
        for step in range(3):
            y, x = row - (step == 2), samp + (step == 0) - (step == 1)
            if 0 <= x < cells.shape[1] and y >= top and cells[y, x] > value:
                stack[count, 0], stack[count, 1], stack[count, 2] = y, x, value
                count += 1


def _kernel():
    """The compiled kernel, or the plain one without numba."""
    try:
        import numba
    except ImportError:
        return _grow
    compiled = dict(globals())
    compiled["_flood"] = numba.njit(cache=False)(_flood)
    import types

    return numba.njit(cache=False)(types.FunctionType(_grow.__code__, compiled))
