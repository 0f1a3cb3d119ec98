"""Stray light of methane pictures: found from the overlaps of framelets and from the sky, taken off or cut out.

While the charge is shifted, each column of a framelet also gathers light from the rest of the detector: in one framelet it is the
same in all rows and changes smoothly along the samples, and it comes and goes with the disc (2 to 10 percent of it in pictures
of perijoves 43 and 44, up to 2 frames before and 6 after the disc itself is in the strip). Two framelets see the same
place where they overlap, so their difference is that of their stray light; framelets of sky show it alone.
"""

from __future__ import annotations

import numpy as np

from vicar.junocam.flatness import block_edges, overlaps
from vicar.junocam.metadata import Metadata

STRAY_FILTERS = ("METHANE",)  # in the others it is below 0.3 percent of the light
LIT = 0.15  # of the bright pixels: where a block shows the disc
SMOOTH = 0.15  # weight of the second differences from frame to frame


def stray_light(framelets: np.ndarray, there: np.ndarray, meta: Metadata, name: str) -> np.ndarray:
    """Stray light (frames, samples of the photoactive columns) in the unit of ``framelets`` (frames, rows, those samples)."""
    frames, _, samples = framelets.shape
    edges = block_edges(samples, meta.summing)
    profile = np.stack([np.median(framelets[:, :, a:b], axis=2) for a, b in zip(edges, edges[1:])], -1)  # frames, rows, blocks
    bright = float(np.percentile(framelets[there][:, ::4, ::4], 99)) if there.any() else 0.0
    seen = overlaps(framelets, there, meta, name)
    steps, levels = seen.step, seen.level
    groups = profile.reshape(frames, -1, 8, profile.shape[2]).mean(2)
    floor = np.sort(groups, axis=1)[:, 1]  # the second darkest group of rows: a speck of noise is not the sky
    brightest = np.percentile(groups, 90, axis=1)
    lit = brightest > LIT * bright
    any_lit = np.flatnonzero(lit.any(1) & there)

    # where it is dim (near the terminator) all frames that show the disc anywhere may do so
    spans = [np.flatnonzero(own & there) if light.max() > 0.5 * bright else any_lit for own, light in zip(lit.T, brightest.T)]

    def solved(rises: np.ndarray, hold: float) -> np.ndarray:
        return np.stack([solve_block(floor[:, b], spans[b], there, rises[:, b], levels[:, b], hold)
                         for b in range(len(edges) - 1)], 1)

    shares = solved(steps, 30.0)[-1]
    used = np.nanmax(np.where(np.isfinite(levels), levels, 0.0), axis=0) > 2 * LIT * bright
    share = running_median(np.where(used, shares, np.median(shares[used]))[None])[0] if used.any() else np.zeros(len(used))
    table = running_median(np.maximum(solved(steps - share * levels, 1e6)[:-1], 0.0))
    middles = (edges[1:] + edges[:-1] - 1) / 2
    found = np.stack([np.interp(np.arange(samples), middles, row) for row in table])
    return found.astype(np.float32)


def solve_block(floor: np.ndarray, span: np.ndarray, there: np.ndarray, steps: np.ndarray, levels: np.ndarray,
                hold: float) -> np.ndarray:
    """Stray light of the frames in one block of samples, and the share of the light that the flat field leaves between first and
    last rows (0 if ``hold`` is large): least squares on steps, sky and smoothness. ``span``: frames that show the disc."""
    frames = len(floor)
    sky = there.copy()
    if len(span):
        sky[span[0] : span[-1] + 1] = False
    rows, values = [], []

    def equation(places: dict[int, float], value: float, weight: float) -> None:
        row = np.zeros(frames + 1)
        for place, factor in places.items():
            row[place] = factor * weight
        rows.append(row)
        values.append(value * weight)

    for k in np.flatnonzero(sky):
        equation({int(k): 1.0}, float(floor[k]), 1.0)
    for k in range(1, frames):
        if np.isfinite(steps[k]):
            equation({k: 1.0, k - 1: -1.0, frames: float(levels[k])}, float(steps[k]), 1.0)
        if k + 1 < frames:
            equation({k - 1: 1.0, k: -2.0, k + 1: 1.0}, 0.0, SMOOTH)
    equation({frames: 1.0}, 0.0, hold)
    solution = np.linalg.lstsq(np.array(rows), np.array(values), rcond=None)[0]
    return solution if sky.any() else np.zeros(frames + 1)


def running_median(table: np.ndarray) -> np.ndarray:
    """Median of five neighbouring blocks in each frame."""
    padded = np.pad(table, ((0, 0), (2, 2)), mode="edge")
    return np.median(np.stack([padded[:, i : i + table.shape[1]] for i in range(5)]), axis=0)


def cut(framelets: np.ndarray, stray: np.ndarray, share: float) -> int:
    """Set to 0 the pixels of which more than ``share`` is stray light; gives how many. ``framelets`` still contain it."""
    spoilt = 0
    for pixels, column in zip(framelets, stray):
        bad = (column > share * np.maximum(pixels, 1.0)) & (column > 0.5)
        pixels[bad] = 0
        spoilt += int(bad.sum())
    return spoilt
