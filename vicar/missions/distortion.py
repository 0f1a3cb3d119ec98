"""The distortion of the cameras of Galileo and Cassini: image space to object space and back.

A point at distance r from the optical axis in object space is at r + A r**3 in image space, in pixels of full frames. The way
back solves that by Cardano's formula, as there. Sources: ``vos/p2/sub/gllgcor``, ``vos/p2/sub/casgcor`` (C).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from vicar.missions.cameras import GALILEO_SUMMED
from vicar.numerics import libm

f32 = np.float32
CASSINI_NARROW = (1, 21, 41)


@dataclass(frozen=True)
class Distortion:
    """axis : line and sample of the optical axis; cubic : A, or 0 for none; size : pixels of a full frame in one of this."""

    axis: float
    cubic: float
    size: float = 1.0

    def to_object(self, line: np.ndarray, sample: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Object space of image-space lines and samples, float32."""
        if not self.cubic:
            return line, sample
        x, y = sample.astype(float) * self.size - self.axis, line.astype(float) * self.size - self.axis
        radius = np.sqrt(x * x + y * y)
        half = radius / (2.0 * self.cubic)
        root = np.sqrt(half * half + float(Fraction(1.0 / (3.0 * self.cubic)) ** 3))
        straight = _cubic_root(half + root) + _cubic_root(half - root)
        with np.errstate(invalid="ignore"):
            found = [self._sized((straight * part) / radius + self.axis) for part in (y, x)]
        return tuple(np.where(radius == 0, given, values) for given, values in zip((line, sample), found, strict=True))

    def to_image(self, line: np.ndarray, sample: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Image space of object-space lines and samples, float32."""
        if not self.cubic:
            return line, sample
        x, y = sample.astype(float) * self.size - self.axis, line.astype(float) * self.size - self.axis
        factor = 1.0 + self.cubic * (x * x + y * y)
        return self._sized(y * factor + self.axis), self._sized(x * factor + self.axis)

    def _sized(self, full: np.ndarray) -> np.ndarray:
        return (full.astype(f32).astype(float) / self.size).astype(f32)


def distortion_of(project: str, camera: int) -> Distortion:
    """Distortion of a camera by mission and serial number."""
    if project == "GLL":
        return Distortion(400.0, 0.00000000658, 2.0 if camera == GALILEO_SUMMED else 1.0)
    if project == "CASSI" and camera not in CASSINI_NARROW:
        return Distortion(512.0, 0.00000000893, {2: 2.0, 4: 4.0}.get(camera // 10, 1.0))
    return Distortion(0.0, 0.0)


def _cubic_root(values: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore"):
        root = libm.exp(libm.log(np.abs(values)) / 3.0)
    return np.where(values == 0, 0.0, np.copysign(root, values))
