"""A made-up moon, for demonstrations: reflectance as a camera would see it, with craters, a terminator and a black sky."""

from __future__ import annotations

import numpy as np

SIZE = 800
CENTRE = 396.0, 412.0  # line, sample
RADIUS = 322.0
SUN = np.array([-0.42, -0.58, 0.70])  # line, sample, towards the camera
CRATERS = 420


def moon(seed: int) -> np.ndarray:
    """I/F of the scene, float64 (800, 800), 0 to about 0.6."""
    rng = np.random.default_rng(seed)
    line, samp = np.mgrid[0:SIZE, 0:SIZE].astype(float)
    y, x = (line - CENTRE[0]) / RADIUS, (samp - CENTRE[1]) / RADIUS
    inside = 1 - x * x - y * y
    height = np.sqrt(np.clip(inside, 0, None))
    slope_y, slope_x = _terrain(rng, y, x)
    normal = np.stack([y - slope_y, x - slope_x, height])
    normal /= np.sqrt((normal**2).sum(axis=0)) + 1e-12
    sun = SUN / np.sqrt((SUN**2).sum())
    light = np.clip(np.tensordot(sun, normal, 1), 0, None)
    albedo = 0.45 + 0.12 * _clouds(rng, 7) + 0.06 * _clouds(rng, 19) + 0.04 * _clouds(rng, 57)
    edge = np.clip(inside * RADIUS / 2, 0, 1)  # a soft limb, a pixel wide
    return np.clip(albedo, 0.1, 0.75) * light**0.8 * edge


def _terrain(rng: np.random.Generator, y: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Slopes of a surface with craters of all sizes: bowls with a raised rim."""
    slope_y, slope_x = np.zeros_like(y), np.zeros_like(x)
    for radius in np.clip(0.011 * rng.random(CRATERS) ** -0.62, 0.012, 0.17):
        cy, cx = rng.uniform(-1, 1, 2)
        reach = 1.8 * radius
        first_l, first_s = (int(np.clip((c - reach) * RADIUS + o, 0, SIZE)) for c, o in zip((cy, cx), CENTRE, strict=True))
        last_l, last_s = (int(np.clip((c + reach) * RADIUS + o + 1, 0, SIZE)) for c, o in zip((cy, cx), CENTRE, strict=True))
        part = slice(first_l, last_l), slice(first_s, last_s)
        dy, dx = y[part] - cy, x[part] - cx
        distance = np.hypot(dy, dx) / radius + 1e-9
        # profile: rising wall inside, falling apron outside
        slope = np.where(distance < 1, 0.75 * distance**2, -0.9 * np.exp(-3.2 * (distance - 1)))
        slope *= np.clip((1.8 - distance) / 0.8, 0, 1)
        slope_y[part] += slope * dy / (distance * radius)
        slope_x[part] += slope * dx / (distance * radius)
    return 0.55 * slope_y, 0.55 * slope_x


def _clouds(rng: np.random.Generator, cells: int) -> np.ndarray:
    """Smooth random field, about -1 to 1: bilinear between random values on a coarse grid."""
    grid = rng.uniform(-1, 1, (cells + 2, cells + 2))
    place = np.arange(SIZE) * cells / SIZE
    whole = place.astype(int)
    part = place - whole
    part = part * part * (3 - 2 * part)
    rows = grid[whole] * (1 - part)[:, None] + grid[whole + 1] * part[:, None]
    return rows[:, whole] * (1 - part) + rows[:, whole + 1] * part
