"""MEDFILL: fills pixels that are not numbers, zero or out of range with a median of good ones around them.

Source: ``vos/p2/prog/medfill`` (C++, version 1). Of ``n`` good pixels in the window the one of rank ``n // 2`` from below is
taken (the second of four, the first of three); at the edges of the image the window is cut.

Kept: numbers from 1e30 up count, and come out, as 1e30.
accepted: the original's parameter file misspells DEFAULT and lacks its END-PROC, so that no procedure can run it; ours is right.
"""

from __future__ import annotations

import numpy as np

from vicar.image.sweep import line_blocks, line_spans

HIGHEST = 1e30
VALUES_AT_ONCE = 400_000


def main(task):
    task.message("MEDFILL version 1")
    with task.open("INP", u_format="DOUB") as source:
        nlw, nsw = task.integer("NLW"), task.integer("NSW")
        if not (odd(nlw) and odd(nsw)):
            task.abend("NLW and NSW must be odd")
        step = 2 if task.keyword("BAYER") else 1
        offsets = np.array([(y, x) for y in steps(nlw, step) for x in steps(nsw, step)])
        nodata = task.double("NODATA")
        with task.create("OUT", u_format="DOUB") as result:
            task.label_parameters(result)
            for band in range(1, source.nb + 1):
                for done, count in line_spans(source.nl, source.ns):
                    image, own = with_neighbours(source, band, done, count, nlw // 2)
                    filled = fill(image, is_bad(task, image), own, offsets, nodata)
                    for line, dn in enumerate(filled, done + 1):
                        result.write(dn, line, band=band)


def with_neighbours(source, band: int, done: int, count: int, reach: int) -> tuple[np.ndarray, slice]:
    """``count`` lines after the first ``done`` and up to ``reach`` around them, float64; where in these they stand."""
    start, stop = max(0, done - reach), min(source.nl, done + count + reach)
    lines = np.concatenate([block for _, block in line_blocks(source, start + 1, 1, stop - start, source.ns, band)])
    return lines, slice(done - start, done - start + count)


def odd(size: int) -> bool:
    """Whether a size leaves 1 by the remainder of C, which has the sign of the size."""
    return size > 0 and size % 2 == 1


def steps(size: int, step: int) -> range:
    """Offsets of a window from its centre."""
    return range(-(size // 2), size // 2 + 1, step)


def is_bad(task, dn: np.ndarray) -> np.ndarray:
    """Which pixels are to be filled, and are of no use for filling."""
    low, high = task.double("MIN"), task.double("MAX")
    bad = np.zeros(dn.shape, bool)
    if task.keyword("ZERO"):
        bad |= dn == 0
    if not task.keyword("NONAN"):
        bad |= np.isnan(dn)
    if low is not None:
        bad |= dn < low
    if high is not None:
        bad |= dn > high
    return bad


def fill(image: np.ndarray, bad: np.ndarray, own: slice, offsets: np.ndarray, nodata: float | None) -> np.ndarray:
    """The ``own`` lines of the image with the bad pixels filled; ``nodata`` where there is nothing to fill them with."""
    result = image.copy()
    lines, samples = np.nonzero(bad[own])
    lines = lines + own.start
    at_once = max(1, VALUES_AT_ONCE // len(offsets))
    for first in range(0, len(lines), at_once):
        chosen = lines[first : first + at_once], samples[first : first + at_once]
        y, x = (place[:, None] + offsets[:, axis] for axis, place in enumerate(chosen))
        inside = (y >= 0) & (y < image.shape[0]) & (x >= 0) & (x < image.shape[1])
        y, x = np.where(inside, y, 0), np.where(inside, x, 0)
        good = inside & ~bad[y, x]
        count = good.sum(axis=1)
        values = image[y, x]
        # whatever does not count sorts behind the rest
        ranked = np.sort(np.where(good & (values < HIGHEST), values, HIGHEST), axis=1)
        median = ranked[np.arange(len(ranked)), np.maximum(count // 2 - 1, 0)]
        otherwise = image[chosen] if nodata is None else nodata
        result[chosen] = np.where(count > 0, median, otherwise)
    return result[own]
