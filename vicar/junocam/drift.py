"""How the scene moves in an assembled picture beside the spin: the parallax of a close passage.

Within some 20000 km of the clouds the spacecraft moves by more than a pixel from frame to frame, differently for near and far
parts of the scene, and no rate of the spin takes that off. The same cloud is seen by blue, green and red at different times,
which are known line by line: shifts of clouds between channels tell the motion, and every framelet is then laid where the scene
was when green passed. Channels and overlaps of framelets agree at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from vicar.junocam.camera import centre_angle
from vicar.junocam.spin import Grid

POWERS = [(i, j) for i in range(5) for j in range(5 - i)]  # of line and sample
FEWEST = 60  # patches
LEAST = 0.15  # pixels a frame: less is not worth it


@dataclass(frozen=True)
class Drift:
    """Motion in lines and samples a second: coefficients of `POWERS` over a picture of ``shape``."""

    down: np.ndarray
    across: np.ndarray
    shape: tuple[int, int]

    def at(self, lines: np.ndarray, samples: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Motion on the lines and samples of a part of the picture, float32 (lines, samples) each."""
        y, x = (scaled(v, size) for v, size in zip((lines, samples), self.shape))
        return tuple(sum(c * np.outer(y**i, x**j) for c, (i, j) in zip(table, POWERS)).astype(np.float32)
                     for table in (self.down, self.across))


    @property
    def fastest(self) -> float:
        """Largest motion in the picture, pixels a second."""
        lines, samples = (np.linspace(0.1 * size, 0.9 * size, 20) for size in self.shape)
        return float(np.hypot(*self.at(lines, samples)).max())

    def motion(self, grid: Grid) -> Callable:
        """For `spin.assemble`: how far the scene has moved at lines of a frame since green passed them."""
        samples = np.arange(grid.ns)

        def moved(lines: np.ndarray, frame: int) -> tuple[np.ndarray, np.ndarray]:
            late = frame * grid.period - (grid.psi(lines) - centre_angle("GREEN")) / grid.spin
            return tuple(v * late[:, None].astype(np.float32) for v in self.at(lines, samples))

        return moved


def scaled(places: np.ndarray, size: int) -> np.ndarray:
    """Places as -1 to 1; beyond the picture nothing grows further."""
    return np.clip(np.asarray(places, float) * 2 / size - 1, -1, 1)


def patch_times(grid: Grid, name: str, lines: np.ndarray, patch: int) -> np.ndarray:
    """Seconds at which a filter saw patches about ``lines``: mean over their lines, weighed as in their correlation."""
    window = np.hanning(patch) ** 2
    places = lines[:, None] + np.arange(patch) - patch / 2
    return grid.time_of(places, name) @ (window / window.sum())


def find_drift(measured: dict[str, np.ndarray], grid: Grid, patch: int, fit: Callable,
               already: Drift | None = None) -> tuple[Drift, dict[str, tuple[float, float]]] | None:
    """Motion and constant shifts by filter from shifts of patches against green (line, sample, dline, dsample, ...); None where
    too few were found or nothing moves. ``fit``: a robust least-squares fit of design and values. Where motion has been taken
    off ``already``, what is found comes on top of it."""
    rows, values, owner = [], [], []
    for number, (name, found) in enumerate(measured.items()):
        late = patch_times(grid, name, found[:, 0], patch) - patch_times(grid, "GREEN", found[:, 0], patch)
        y, x = scaled(found[:, 0], grid.nl), scaled(found[:, 1], grid.ns)
        rows.append(np.stack([late * y**i * x**j for i, j in POWERS], 1))
        values.append(found[:, 2:4])
        owner.append(np.full(len(found), number))
    design, shifts, owner = np.concatenate(rows), np.concatenate(values), np.concatenate(owner)
    if len(design) < FEWEST:
        return None
    design = np.hstack([design, (owner[:, None] == np.arange(len(measured))).astype(float)])
    down, across = fit(design, shifts[:, 0]), fit(design, shifts[:, 1])
    moved = design[:, : len(POWERS)] @ np.stack([down, across], 1)[: len(POWERS)]
    if np.sqrt((moved**2).sum(1).mean()) < LEAST:
        return None
    count = len(POWERS)
    constant = {name: (float(down[count + k]), float(across[count + k])) for k, name in enumerate(measured)}
    before = (already.down, already.across) if already is not None else (0.0, 0.0)
    return Drift(down[:count] + before[0], across[:count] + before[1], (grid.nl, grid.ns)), constant

