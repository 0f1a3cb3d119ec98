"""DIFNEAR: difference from the nearest value in a neighbourhood of another image. Source: ``vos/p2/prog/difnear`` (C,
2015-11-24).

known: nothing. accepted: lines of more than 12 samples overrun a buffer of the original, which mostly ends there.
"""

from __future__ import annotations

import numpy as np

from vicar.numerics.compiled import as_input, kernel

FAR = 999999
PIXELS_AT_ONCE = 1 << 19


def main(task):
    task.if_message("difnear version 2015-11-24")
    width = task.integer("WINDOW")
    if width % 2 == 0:
        task.abend("window size must be odd")
    between = task.keyword("HALFPIX")
    if between and width > 3:
        task.abend("halfpix only for window=3")
    first, second = open_image(task, 1), open_image(task, 2)
    if (first.nl, first.ns) != (second.nl, second.ns):
        task.abend("Input images must be the same size")
    if second.format not in ("BYTE", "HALF"):
        task.abend("Invalid input data format image 2.  Use BYTE or HALF.")
    nl, ns, side = first.nl, first.ns, width // 2
    add, absolute = task.keyword("ADD128"), task.keyword("ABSVAL")
    rows = max(256, PIXELS_AT_ONCE // max(ns, 1))
    quick = _search.pick(nl * ns * width * width)
    with first, second, task.create("OUT", nl=nl, ns=ns, u_format="HALF") as result:
        if width < 0:
            task.abend("malloc failed")
        if side > nl:  # as many lines are read before the first is written, whether they are there or not
            for line in range(max(nl, 1), nl + 2):
                second.read(line=line)
        for line in range(0, nl, rows):
            count = min(rows, nl - line)
            above, below = max(line - side, 0), min(line + count + side, nl)
            around = second.read_window(above + 1, 1, below - above, ns, None)
            here = first.read_window(line + 1, 1, count, ns, None)
            if quick is not None:
                nearest = np.empty(here.shape, np.int32)
                quick(as_input(here), as_input(around), line - above, side, between, nearest)
            else:
                nearest = search(here.astype(np.int32), around.astype(np.int32), line - above, side, between)
            if add:
                nearest = nearest + 128
            elif absolute:
                nearest = np.abs(nearest)
            result.write_window(nearest.astype(np.int16), line + 1)


def open_image(task, number: int):
    image = task.open("INP", number, u_format="HALF")
    if number == 1 and image.format not in ("BYTE", "HALF"):
        task.abend("Invalid input data format image 1.  Use BYTE or HALF.")
    return image


def search(here: np.ndarray, around: np.ndarray, offset: int, side: int, between: bool) -> np.ndarray:
    """Difference of least size, the first of equals; ``around`` begins ``offset`` lines above ``here``."""
    nl, ns = here.shape
    best, size = np.full(here.shape, 123, np.int32), np.full(here.shape, FAR, np.int32)
    for down in range(-side, side + 1):
        top, bottom = max(0, -offset - down), min(nl, len(around) - offset - down)
        for right in range(-side, side + 1):
            left, end = max(0, -right), min(ns, ns - right)
            if top >= bottom or left >= end:
                continue
            part = (slice(top, bottom), slice(left, end))
            values = around[top + offset + down : bottom + offset + down, left + right : end + right]
            candidates = [values]
            if between:
                centre = around[top + offset : bottom + offset, left:end]
                candidates.append(np.trunc((values + centre) / 2).astype(np.int32))
            for candidate in candidates:
                difference = here[part] - candidate
                closer = np.abs(difference) < size[part]
                best[part] = np.where(closer, difference, best[part])
                size[part] = np.where(closer, np.abs(difference), size[part])
    return best


@kernel()
def _search(here, around, offset, side, between, nearest):
    """`search` into ``nearest``, pixel by pixel."""
    nl, ns = here.shape
    for y in range(nl):
        top, bottom = max(y + offset - side, 0), min(y + offset + side + 1, around.shape[0])
        for x in range(ns):
            dn, centre = np.int32(here[y, x]), np.int32(around[y + offset, x])
            best, size = np.int32(123), np.int32(FAR)
            for i in range(top, bottom):
                for j in range(max(x - side, 0), min(x + side + 1, ns)):
                    value = np.int32(around[i, j])
                    difference = dn - value
                    if abs(difference) < size:
                        best, size = difference, abs(difference)
                    if between:
                        total = value + centre
                        difference = dn - (total // 2 if total >= 0 else -(-total // 2))
                        if abs(difference) < size:
                            best, size = difference, abs(difference)
            nearest[y, x] = best
