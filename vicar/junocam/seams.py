"""Whether the borders of framelets show: the step in brightness across them, against steps anywhere else.

A seam is a step that many samples share. The measure: mean of 6 lines below a place less that of 6 lines above, both over 32
samples, less the same 12 lines further up and down (so that the slope of the scene does not count), as a share of the light.
Differences of single lines would tell about noise and its interpolation, not about seams.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vicar.junocam.camera import centre_angle
from vicar.junocam.cleaning import FULL_WELL
from vicar.junocam.spin import Grid

LINES, SAMPLES = 6, 32
BIN = 5  # lines taken together


@dataclass(frozen=True)
class Seam:
    """Median steps as shares of the light: at borders, elsewhere, and the largest found elsewhere."""

    border: float
    inside: float
    most: float

    @property
    def measured(self) -> bool:
        return bool(np.isfinite(self.border) and np.isfinite(self.inside))


def seam(channel: np.ndarray, grid: Grid, name: str, full: float = 0.9 * FULL_WELL) -> Seam:
    """Steps of an assembled channel (lines, samples; NaN = not seen); places brighter than ``full`` do not count."""
    size, places = step_sizes(channel, full)
    per_frame = grid.lines_per_frame
    after = (places - grid.line_of(centre_angle(name)) - per_frame / 2 + BIN / 2) % per_frame
    bins = (after / BIN).astype(int)
    medians = np.array([median(size[bins == b]) for b in range(per_frame // BIN)])
    elsewhere = medians[2:-2]
    if not np.isfinite(medians[0]) or not np.isfinite(elsewhere).any():
        return Seam(float("nan"), float("nan"), float("nan"))
    return Seam(float(medians[0]), float(np.nanmedian(elsewhere)), float(np.nanmax(elsewhere)))


def step_sizes(channel: np.ndarray, full: float) -> tuple[np.ndarray, np.ndarray]:
    """Relative steps (places, blocks of samples), NaN where dark, saturated or unseen, and the lines at which they are."""
    nl, ns = channel.shape[0], channel.shape[1] // SAMPLES * SAMPLES
    blocks = channel[:, :ns].reshape(nl, -1, SAMPLES).mean(2)
    unseen = np.isnan(blocks)
    run = rolling(np.where(unseen, 0, blocks)) / LINES
    run[rolling(unseen) > 0] = np.nan
    above, below = run[:-LINES], run[LINES:]
    level = (above + below) / 2
    with np.errstate(invalid="ignore"):
        lit = (level > 0.15 * np.nanpercentile(channel[::3, ::3], 98)) & (level < full)
        step = np.where(lit, (below - above) / level, np.nan)
    size = np.full_like(step, np.nan)
    far = 2 * LINES
    if len(step) > 2 * far:
        size[far:-far] = np.abs(step[far:-far] - (step[: -2 * far] + step[2 * far :]) / 2)
    return size, np.arange(len(step)) + LINES - 0.5


def rolling(table: np.ndarray) -> np.ndarray:
    """Sums of `LINES` lines from each line on."""
    total = np.vstack([np.zeros((1, table.shape[1])), np.cumsum(table, axis=0, dtype=np.float64)])
    return total[LINES:] - total[:-LINES]


def median(values: np.ndarray) -> float:
    values = values[np.isfinite(values)]
    return float(np.median(values)) if len(values) > 20 else float("nan")
