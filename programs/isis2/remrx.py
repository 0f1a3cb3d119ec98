"""REMRX: cosmetic removal of the reseau marks that FINDRX put into the label.

Ours, since only the names of the parameters survive: a square of 9 by 9 pixels around each valid mark is filled from the
pixels just outside, mean of the straight lines across and down; special pixels are not used and stay.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from programs.isis2._program import Isis, isis_program
from programs.isis2.findrx import marks_of
from vicar.isis2.writer import saturated

BANNER = False
HALF = 4


@isis_program("2026-11-21", "Remove reseau marks from an image")
def main(isis: Isis) -> None:
    """Run REMRX."""
    cube = isis.open("FROM")
    marks = marks_of(cube)
    options: dict[str, Any] = dict(base=cube.base, multiplier=cube.multiplier, special=cube.special)
    items = (cube.samples, cube.lines, cube.bands)
    with isis.create(items, cube.number.name, cube.number.dtype.itemsize, like=cube, **options) as result:
        for band in range(1, cube.bands + 1):
            pixels = cube.read(band)
            value = pixels.native.astype(np.float64)
            value[~pixels.valid()] = np.nan
            stored = pixels.stored.copy()
            for line, sample in marks:
                fill(value, stored, round(line) - 1, round(sample) - 1, cube)
            result.write(stored, 1, band)
    isis.line(f"  {len(marks)} reseau marks removed")


def fill(value: np.ndarray, stored: np.ndarray, line: int, sample: int, cube) -> None:
    """Replace the square around a mark."""
    top, bottom, left, right = line - HALF - 1, line + HALF + 1, sample - HALF - 1, sample + HALF + 1
    rows = np.arange(max(top + 1, 0), min(bottom, value.shape[0]))
    columns = np.arange(max(left + 1, 0), min(right, value.shape[1]))
    if not len(rows) or not len(columns):
        return
    down = between(edge(value, top, columns), edge(value, bottom, columns), (rows - top) / (bottom - top)).T
    across = between(edge(value.T, left, rows), edge(value.T, right, rows), (columns - left) / (right - left))
    known = np.isfinite(down).astype(int) + np.isfinite(across)
    with np.errstate(all="ignore"):
        new = (np.nan_to_num(down) + np.nan_to_num(across)) / known
    place = np.ix_(rows, columns)
    good = (known > 0) & np.isfinite(value[place])
    block = stored[place]
    form = cube.number
    numbers = form.stored(new.astype(np.float32)) if form.real else saturated(new, cube.special, form.dtype)
    block[good] = numbers[good]
    stored[place] = block


def edge(value: np.ndarray, row: int, columns: np.ndarray) -> np.ndarray:
    """Pixels of a row, NaN outside of the image."""
    return value[row, columns] if 0 <= row < value.shape[0] else np.full(len(columns), np.nan)


def between(first: np.ndarray, last: np.ndarray, part: np.ndarray) -> np.ndarray:
    """Straight lines between two edges; where one edge is missing, the other. (edge items, parts)."""
    first, last = np.where(np.isnan(first), last, first), np.where(np.isnan(last), first, last)
    return first[:, np.newaxis] * (1 - part) + last[:, np.newaxis] * part
