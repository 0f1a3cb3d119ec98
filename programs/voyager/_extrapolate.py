"""Pixels replaced by a mean of points around them, weighted by inverse square distance. Source: ``vos/p2/sub/extrap``."""

from __future__ import annotations

import numpy as np


def weighted_mean(points: np.ndarray, lines: np.ndarray, samples: np.ndarray, reach: int) -> np.ndarray:
    """Values at (line, sample), int16.

    ``points`` is an int array (n, 3) of sample, line, value. Points farther than ``reach`` (a squared distance) do not count;
    one that coincides is copied. Sums are single precision in the order of the points; a sum of zero gives 0.
    """
    points = np.asarray(points)
    if not len(points):
        return np.zeros(len(samples), np.int16)
    across = (samples[:, None] - points[None, :, 0]).astype(np.float32)
    down = (lines[:, None] - points[None, :, 1]).astype(np.float32)
    distance = across**2 + down**2
    near = (distance <= np.float32(reach)) & (distance > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        values = np.where(near, points[None, :, 2].astype(np.float32) / distance, np.float32(0))
        weights = np.where(near, np.float32(1) / distance, np.float32(0))
        upper = np.add.accumulate(values, axis=1, dtype=np.float32)[:, -1]
        lower = np.add.accumulate(weights, axis=1, dtype=np.float32)[:, -1]
        mean = upper / lower + np.float32(0.5)
    result = np.where((upper == 0) | (lower == 0), np.float32(0), mean).astype(np.int32).astype(np.int16)
    same = distance == 0
    if same.any():
        rows = np.flatnonzero(same.any(axis=1))
        result[rows] = points[np.argmax(same[rows], axis=1), 2]
    return result
