"""DETSTAT: how each pixel differs from its window. Source: ``vos/p2/prog/detstat`` (C).

The window is filled with zeros outside the image; its centre does not count. Sums are double precision, row after row.

accepted: an image that cannot be opened, or is smaller than the window, and a window of no pixels are reported; the original
aborts.
"""

from __future__ import annotations

import numpy as np

BLOCK = 2_000_000


def main(task):
    task.message("detstat version 2017-08-03")
    window, mode = task.integer("WIN"), task.integer("MODE")
    with task.open("INP", u_format="DOUB") as image:
        if window > min(image.nl, image.ns):
            task.abend("The window is larger than the image.")
        if window < 1:
            task.abend("The window must have at least one pixel.")
        if mode > 4:
            task.abend("??E - Mode must be < 5")
        with task.create("OUT", nl=image.nl, ns=image.ns, format="REAL", u_format="DOUB") as result:
            before = (window - 1) // 2
            step = max(1, BLOCK // image.ns)
            for first in range(0, image.nl, step):
                lines = min(step, image.nl - first)
                pixels = padded(image, first - before, lines + window - 1, before, window)
                result.write_window(measure(pixels, window, mode, lines, image.ns), first + 1)


def padded(image, first: int, count: int, before: int, window: int) -> np.ndarray:
    """Lines from ``first`` (counted from 0) on with zeros around the image."""
    pixels = np.zeros((count, image.ns + window))
    start, stop = max(first, 0), min(first + count, image.nl)
    pixels[start - first : stop - first, before : before + image.ns] = image.read_window(start + 1, 1, stop - start, image.ns)
    return pixels


def measure(pixels: np.ndarray, window: int, mode: int, nl: int, ns: int) -> np.ndarray:
    centre = window // 2

    def shifted(row, column):
        return pixels[row : row + nl, column : column + ns]

    def total(term):
        result = np.zeros((nl, ns))
        for row in range(window):
            for column in range(window):
                if (row, column) != (centre, centre):
                    result = result + term(shifted(row, column))
        with np.errstate(all="ignore"):
            return result / (window * window - 1)

    middle = shifted(centre, centre)
    if mode == 1:
        return total(lambda dn: np.abs(dn - middle))
    if mode == 4:
        return total(lambda dn: dn - middle)
    mean = total(lambda dn: dn)
    return total(lambda dn: dn - mean) if mode == 2 else total(lambda dn: (dn - mean) * (dn - mean))
