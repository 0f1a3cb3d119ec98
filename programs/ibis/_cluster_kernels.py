"""What `ibisclst2.cluster_numbers` and `ibisclst3.cluster_numbers` do row by row, for tables of many rows."""

from __future__ import annotations

import numpy as np

from vicar.numerics.compiled import kernel


def places(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """A number for each point, the same for points at the same place."""
    known: dict[tuple[float, float], int] = {}
    return np.array([known.setdefault(point, len(known)) for point in zip(x.tolist(), y.tolist(), strict=True)], np.int64)


@kernel(above=2_000_000)
def number_chains(x, y, place, distance, clustered, numbers):
    """IBISCLST2: clusters of points of which each is nearer than ``distance`` to another; gives the next number.

    ``clustered`` (by place, all False) and ``numbers`` (0) are filled.
    """
    following = 1
    for i in range(len(x) - 1):
        for j in range(i + 1, len(x)):
            dx, dy = np.float32(x[i] - x[j]), np.float32(y[i] - y[j])
            if not np.float32(np.sqrt(np.float64(dx * dx + dy * dy))) < distance:
                continue
            if clustered[place[j]]:
                if not clustered[place[i]]:
                    clustered[place[i]] = True
                    numbers[i] = numbers[j]
                continue
            if not clustered[place[i]]:
                clustered[place[i]] = True
                numbers[i] = following
                following += 1
            clustered[place[j]] = True
            numbers[j] = numbers[i]
        if numbers[i] == 0:
            numbers[i] = following
            following += 1
    return following


@kernel(above=2_000_000)
def number_around(x, y, place, reach_x, reach_y, taken, numbers):
    """IBISCLST3: clusters of points around the first of each, in a rectangle; ``taken`` and ``numbers`` are filled."""
    following = 1
    for i in range(len(x)):
        if taken[place[i]]:
            continue
        taken[place[i]] = True
        numbers[i] = following
        for j in range(i + 1, len(x)):
            if abs(x[i] - x[j]) <= reach_x and abs(y[i] - y[j]) <= reach_y and not taken[place[j]]:
                taken[place[j]] = True
                numbers[j] = following
        following += 1
