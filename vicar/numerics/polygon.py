"""Polygons on the pixel grid.

Sources: ``vos/p2/sub/inside`` and the outline walk of ``vos/p2/prog/sargonb``.
"""

from __future__ import annotations

import numpy as np

f32 = np.float32


def inside(x, y, corners: np.ndarray) -> bool:
    """Whether a point lies in a polygon or on its edge; single precision. ``corners`` is (n, 2), x and y of each.

    A ray to the right is followed; corners are counted only from their lower side.
    """
    x, y = f32(x), f32(y)
    crossings = 0
    for (x1, y1), (x2, y2) in zip(corners, np.roll(corners, -1, axis=0)):
        if not min(y1, y2) <= y <= max(y1, y2) or x > max(x1, x2):
            continue
        if y1 == y2:
            if x >= min(x1, x2):
                return True
            continue
        if y == min(y1, y2) and x < (x2 if y2 < y1 else x1):
            crossings += 1
            continue
        crossing = (y - y2) * (x2 - x1) / (y2 - y1) + x2
        if x == crossing:
            return True
        if y not in (y1, y2) and x < crossing:
            crossings += 1
    return crossings % 2 == 1


def outline(vertices: np.ndarray) -> np.ndarray:
    """Where the outline crosses the lines: int32 (n, 2), line and sample, sorted.

    ``vertices`` (n, 2) are whole numbers, line and sample. A corner that turns back is counted twice.
    """
    points = []
    before, after = np.roll(vertices, 1, axis=0), np.roll(vertices, -1, axis=0)
    for (pl, _), (sl, ss), (el, es) in zip(before.tolist(), vertices.tolist(), after.tolist()):
        if pl != sl and el != sl and (sl == min(pl, sl, el) or sl == max(pl, sl, el)):
            points.append(np.array([[sl, ss]]))
        if el == sl:
            points.append(np.array([[sl, ss]]))
            continue
        lines = np.arange(sl, el, 1 if el > sl else -1)
        slope = f32(es - ss) / f32(el - sl)
        samples = (slope * (lines - sl).astype(np.float32) + f32(ss) + f32(0.5)).astype(np.int32)
        points.append(np.stack([lines, samples], axis=1))
    found = np.concatenate(points).astype(np.int32)
    return found[np.lexsort((found[:, 1], found[:, 0]))]
