"""The distortion of Galileo's camera: image space to object space and back. Source: ``vos/p2/sub/gllgcor`` (C).

A point at distance r from the optical axis in object space is at r + A r**3 in image space. The way back solves that by Cardano's
formula, as there.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from vicar.missions.cameras import GALILEO_SUMMED
from vicar.numerics import libm

f32 = np.float32
AXIS, CUBIC = 400.0, 0.00000000658
_THIRD = float(Fraction(1.0 / (3.0 * CUBIC)) ** 3)


def to_object(camera: int, line: np.ndarray, sample: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Object space of image-space lines and samples, float32."""
    size = 2.0 if camera == GALILEO_SUMMED else 1.0
    x, y = sample.astype(float) * size - AXIS, line.astype(float) * size - AXIS
    radius = np.sqrt(x * x + y * y)
    half = radius / (2.0 * CUBIC)
    root = np.sqrt(half * half + _THIRD)
    straight = _cubic_root(half + root) + _cubic_root(half - root)
    with np.errstate(invalid="ignore"):
        found = [((straight * part) / radius + AXIS).astype(f32) for part in (y, x)]
    found = [(values.astype(float) / size).astype(f32) for values in found]
    return tuple(np.where(radius == 0, given, values) for given, values in zip((line, sample), found, strict=True))


def to_image(camera: int, line: np.ndarray, sample: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Image space of object-space lines and samples, float32."""
    size = 2.0 if camera == GALILEO_SUMMED else 1.0
    x, y = sample.astype(float) * size - AXIS, line.astype(float) * size - AXIS
    factor = 1.0 + CUBIC * (x * x + y * y)
    found = [(part * factor + AXIS).astype(f32) for part in (y, x)]
    return tuple((values.astype(float) / size).astype(f32) for values in found)


def _cubic_root(values: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore"):
        root = libm.exp(libm.log(np.abs(values)) / 3.0)
    return np.where(values == 0, 0.0, np.copysign(root, values))
