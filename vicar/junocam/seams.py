"""Whether the borders of framelets show: the step in brightness across them, against steps anywhere else.

A seam is a step that many samples share. The measure: mean of 6 lines below a place less that of 6 lines above, both over 32
samples, less the same 12 lines further up and down (so that the slope of the scene does not count), as a share of the light.
Differences of single lines would tell about noise and its interpolation, not about seams.

The median of such steps differs from place to place by what clouds happen to lie there; its spread over all other places in the
period of the framelets says by how much. Other filters have their borders elsewhere: what they do not show at the same place
(`apart`) is free of most clouds and shows a seam of 0.5 percent, where plain steps show one of 1.5.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vicar.junocam.camera import centre_angle
from vicar.junocam.cleaning import FULL_WELL
from vicar.junocam.spin import Grid

LINES, SAMPLES = 6, 32
BIN = 5  # lines taken together
NEAR = 3 * LINES  # lines from a border at which a step there still counts in
SIGMAS = 2.0
FEWEST = 20  # steps a median is taken of
STRONGEST = 0.05  # steps that others are not weighed by: the limb


@dataclass(frozen=True)
class Steps:
    """Median steps as shares of the light: at borders, elsewhere, and the latter's standard deviation from place to place."""

    border: float
    inside: float
    spread: float

    @property
    def measured(self) -> bool:
        return bool(np.isfinite(self.border) and np.isfinite(self.inside) and np.isfinite(self.spread))

    @property
    def stands_out(self) -> bool:
        """Whether the borders have larger steps than the scene would have there by chance."""
        return self.measured and self.border > self.inside + SIGMAS * self.spread


@dataclass(frozen=True)
class Seam:
    """Steps of a channel as they are, and of what the other channels do not show at the same places (None if there are none)."""

    plain: Steps
    apart: Steps | None = None

    @property
    def visible(self) -> bool:
        return self.apart.stands_out if self.apart is not None and self.apart.measured else self.plain.stands_out


def seams(channels: dict[str, np.ndarray], grid: Grid, full: float = 0.9 * FULL_WELL) -> dict[str, Seam]:
    """Steps of assembled channels (lines, samples; NaN = not seen); places brighter than ``full`` do not count."""
    signed = {name: steps(channel, full) for name, channel in channels.items()}
    result = {}
    for name, own in signed.items():
        plain = compare(np.abs(own), grid, [name])
        others = [other for other in signed if other != name]
        apart = compare(np.abs(unlike(own, [signed[o] for o in others])), grid, [name, *others]) if others else None
        result[name] = Seam(plain, apart)
    return result


def unlike(own: np.ndarray, others: list[np.ndarray]) -> np.ndarray:
    """Steps less those of other channels, weighed so that least is left."""
    table = np.stack(others, -1)
    usable = np.isfinite(own) & np.isfinite(table).all(-1)
    calm = usable & (np.abs(own) < STRONGEST) & (np.abs(table) < STRONGEST).all(-1)
    if calm.sum() < FEWEST:
        return np.full_like(own, np.nan)
    factors = np.linalg.lstsq(table[calm], own[calm], rcond=None)[0]
    return np.where(usable, own - table @ factors, np.nan)


def compare(size: np.ndarray, grid: Grid, names: list[str]) -> Steps:
    """Median steps at the borders of the first filter, and at lines away from the borders of all of them."""
    line, period = np.arange(len(size)) + LINES - 0.5, grid.lines_per_frame
    after = {n: (line - grid.line_of(centre_angle(n)) - period / 2) % period for n in names}
    reach = {n: NEAR if n == names[0] else LINES for n in names}
    away = np.logical_and.reduce([(a > reach[n]) & (a < period - reach[n]) for n, a in after.items()])
    phase = ((after[names[0]] + BIN / 2) % period // BIN).astype(int)
    border = median(size[phase == 0])
    inside = np.array([median(size[(phase == p) & away]) for p in range(1, period // BIN)])
    inside = inside[np.isfinite(inside)]
    if len(inside) < 4:
        return Steps(border, float("nan"), float("nan"))
    return Steps(border, float(np.median(inside)), float(inside.std(ddof=1)))


def steps(channel: np.ndarray, full: float) -> np.ndarray:
    """Relative steps (places, blocks of samples), NaN where dark, saturated or unseen; the first place is between lines
    `LINES` - 1 and `LINES`."""
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
    found = np.full_like(step, np.nan)
    far = 2 * LINES
    if len(step) > 2 * far:
        found[far:-far] = step[far:-far] - (step[: -2 * far] + step[2 * far :]) / 2
    return found


def rolling(table: np.ndarray) -> np.ndarray:
    """Sums of `LINES` lines from each line on."""
    total = np.vstack([np.zeros((1, table.shape[1])), np.cumsum(table, axis=0, dtype=np.float64)])
    return total[LINES:] - total[:-LINES]


def median(values: np.ndarray) -> float:
    values = values[np.isfinite(values)]
    return float(np.median(values)) if len(values) > FEWEST else float("nan")
