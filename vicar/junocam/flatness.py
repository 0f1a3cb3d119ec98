"""What the flat field leaves between the first and the last rows of a framelet, found from the overlaps of framelets.

Where two framelets see the same place, one does so with its first rows and the other with its last. The share by which they
differ depends on the sample and on nothing else (pictures of perijoves 43 and 44 agree on it: up to 1 percent in the colours,
2 in methane, while frames of one picture scatter by 0.2): the flat field is that much off. A slope along the rows for each
sample makes the overlaps agree; what overlaps cannot tell (the same in first and last rows) stays as the flat field has it.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np

from vicar.junocam.camera import LIGHT, PIXEL, ROWS, direction_of, pixel_of
from vicar.junocam.cleaning import FULL_WELL
from vicar.junocam.metadata import Metadata
from vicar.junocam.spin import Cubic, usual_spin

BLOCK = 24  # samples that are taken together
FIRST_ROWS = (1, 13)  # of a framelet, that overlap the one before
LIT = 0.15  # of the bright pixels: less says nothing
SATURATED = 0.85 * FULL_WELL
CONTRAST = 0.35  # of the light: blocks that vary more lie at the limb
USUAL, RISE, BEND = 0.01, 0.01, 0.004  # what shares, and first and second differences from block to block, usually are
FEWEST = 10  # blocks
LEAST_NOISE = 0.001


@dataclass(frozen=True)
class Overlaps:
    """What each framelet and the one before see where both do: (frames, blocks of samples), NaN where one does not see."""

    step: np.ndarray  # by how much the later one is brighter
    level: np.ndarray  # mean light of both
    varies: np.ndarray  # by how much the light varies along the rows


def block_edges(samples: int, summing: int) -> np.ndarray:
    """Borders of the blocks of samples."""
    return np.linspace(0, samples, max(2, samples * summing // BLOCK) + 1).astype(int)


def overlaps(framelets: np.ndarray, there: np.ndarray, meta: Metadata, name: str) -> Overlaps:
    """Overlaps of ``framelets`` (frames, rows, samples of the photoactive columns). Rows weigh as in the blending: most in the
    middle of the overlap."""
    turn, scale = usual_spin(meta) * meta.period, meta.summing
    half, first_sample = (scale - 1) / 2, LIGHT.start // scale
    rows, last = slice(FIRST_ROWS[0], FIRST_ROWS[1] // scale), ROWS // scale - 1
    x, y = np.meshgrid(first_sample + np.arange(framelets.shape[2]), np.arange(rows.start, rows.stop))
    psi, beta = direction_of(x * scale + half, y * scale + half, name)
    before_x, before_y = ((v - half) / scale for v in pixel_of(psi + turn, beta, name))
    sampler = Cubic((before_x - first_sample).astype(np.float32), before_y.astype(np.float32), framelets.shape[1:])
    weight = np.maximum(np.minimum(y, last - before_y), 0).astype(np.float32)
    edges = block_edges(framelets.shape[2], scale)[:-1]
    total = np.add.reduceat(weight, edges, axis=1)  # rows, blocks
    result = [np.full((len(framelets), len(edges)), np.nan, np.float32) for _ in range(3)]
    for k in range(1, len(framelets)):
        if there[k] and there[k - 1]:
            later, earlier = (np.add.reduceat(weight * v, edges, axis=1) for v in (framelets[k][rows], sampler(framelets[k - 1])))
            light = np.where(total > 0, (later + earlier) / 2 / np.maximum(total, 1e-6), np.nan)
            result[0][k] = (later - earlier).sum(0) / total.sum(0)
            result[1][k] = (later + earlier).sum(0) / 2 / total.sum(0)
            result[2][k] = np.nanmax(light, axis=0) - np.nanmin(light, axis=0)
    return Overlaps(*result)


def row_shares(framelets: np.ndarray, there: np.ndarray, meta: Metadata, name: str) -> np.ndarray:
    """Share of the light by which the first rows see the same place brighter than the last ones, float32 (samples,); 0 where too
    little is lit to tell."""
    samples = framelets.shape[2]
    found = overlaps(framelets, there, meta, name)
    bright = float(np.percentile(framelets[there][:, ::4, ::4], 99)) if there.any() else 0.0
    with np.errstate(invalid="ignore", divide="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # blocks without any light
        usable = (found.level > max(LIT * bright, 1.0)) & (found.level < SATURATED) & (found.varies < CONTRAST * found.level)
        shares = np.where(usable, found.step / found.level, np.nan)
        typical = np.nan_to_num(np.nanmedian(shares, axis=0))
    if usable.sum() < FEWEST:
        return np.zeros(samples, np.float32)
    noise = max(1.4826 * float(np.median(np.abs((shares - typical)[usable]))), LEAST_NOISE)
    course = smoothed(typical, usable.sum(0) / (1.5 * noise**2))  # a median scatters 1.25 times as a mean does
    edges = block_edges(samples, meta.summing)
    return np.interp(np.arange(samples), (edges[1:] + edges[:-1] - 1) / 2, course).astype(np.float32)


def smoothed(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The smooth course most likely behind values of given weights (inverse variances; 0 where nothing was measured)."""
    unit = np.eye(len(values))
    second, first = np.diff(unit, 2, axis=0) / BEND, np.diff(unit, axis=0) / RISE
    normal = np.diag(weights) + second.T @ second + first.T @ first + unit / USUAL**2
    return np.linalg.solve(normal, weights * values)


def take_slopes(framelets: np.ndarray, shares: np.ndarray, meta: Metadata) -> None:
    """Take off, in place, slopes along the rows that make rows one frame apart differ by ``shares`` (samples,)."""
    rows = framelets.shape[1]
    per_frame = usual_spin(meta) * meta.period / PIXEL / meta.summing
    away = (np.arange(rows) - (rows - 1) / 2) / per_frame
    framelets /= (1 - away[:, None] * shares).astype(np.float32)
