"""CONCOMP1: replaces pixels that too few of their eight neighbours equal.

Source: ``vos/p2/prog/concomp1`` (Fortran, 2017-05-31). The image is reflected about its edges; beyond the single sample of
a line lie zeros. Lines that cannot be read are those read three before, zeros at first (so images of many bands are all
zeros).

accepted: an image of one line is reflected onto itself, where the original never ends; values outside of 0..255 count
like others, where the original counts behind its table.
"""

from __future__ import annotations

import numpy as np

from vicar.errors import VicarError
from vicar.numerics.compiled import kernel

FORTRAN = True
ROWS_AT_ONCE = 256
NO_CHANGE = 255


def main(task):
    task.if_message("CONCOMP1 version 2017-05-31")
    try:
        source = task.open("INP", u_format="HALF")
        window = task.size_field()
        result = task.create("OUT", 1, nl=window.nl, ns=window.ns, u_format="HALF")
    except VicarError:  # nobody looks at the status before the label is written
        raise VicarError("NOTOPN", "XLADD", task.file_name("OUT")) from None
    mask = task.create("OUT", 2, nl=window.nl, ns=window.ns, u_format="HALF") if task.count("OUT") == 2 else None
    result.label.add("THRESHLD", f"{task.integer('THRESH'):69d}", task="", format="STRING")
    if mask:
        mask.label.add("MASK", "0 for changed; =255 for no change", task="", format="STRING")
    rows = framed(source, window)
    for first in range(0, window.nl, ROWS_AT_ONCE):
        part = rows[first : first + ROWS_AT_ONCE + 2]
        values, changed = checked(task, part)
        write_next(result, values, first + 1)
        if mask:
            write_next(mask, np.where(changed, 0, NO_CHANGE).astype(np.int16), first + 1)
        task.progress(first, window.nl)
    for image in (source, result, mask):
        if image:
            image.close()


def write_next(image, lines: np.ndarray, first: int) -> None:
    """Write the next records: in images of several bands they are not lines ``first`` and so on."""
    if image.nb == 1 and image.org != "BIP":
        image.write_window(lines, first)
        return
    for line in lines:
        image.write(line, nsamps=len(line))


def framed(source, window) -> np.ndarray:
    """The window with one more line and sample on each side, int16."""
    nl, ns = window.nl, window.ns
    rows = np.zeros((nl + 2, ns + 2), np.int16)
    for place in range(nl + 2):
        line = {0: min(2, nl), nl + 1: max(nl - 1, 1)}.get(place, place)
        try:
            rows[place, 1:-1] = source.read(window.sl + line - 1, window.ss, ns)
        except VicarError:
            rows[place] = rows[place - 3] if place >= 3 else 0
            continue
        if ns > 1:
            rows[place, 0], rows[place, -1] = rows[place, 2], rows[place, -3]
    return rows


def checked(task, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The lines between the first and the last with unlike pixels replaced, and where that was done."""
    mode, least, replace = task.keyword("MODE"), task.integer("THRESH"), task.integer("REPLACE")
    quick = _check.pick(rows.size)
    if quick is not None:
        values = rows[1:-1, 1:-1].copy()
        changed = np.zeros(values.shape, bool)
        quick(rows, mode, least, replace, *task.integers("RANGE"), values, changed)
        return values, changed
    around = np.stack([rows[y : len(rows) - 2 + y, x : rows.shape[1] - 2 + x] for y in range(3) for x in range(3)])
    centre = around[4]
    changed = (around == centre).sum(axis=0) - 1 < least
    if not mode:
        return np.where(changed, np.int16(replace), centre), changed
    values = centre.copy()
    near = around[:, changed]
    value = most_frequent(near, *task.integers("RANGE"))
    changed[changed] = value >= 0
    values[changed] = value[value >= 0]
    return values, changed


@kernel(above=100_000)
def _check(rows, mode, least, replace, low, high, values, changed):
    """`checked` into ``values``, which hold the pixels, and ``changed``."""
    near = np.empty(9, rows.dtype)
    for y in range(values.shape[0]):
        for x in range(values.shape[1]):
            centre, same = values[y, x], -1
            for i in range(3):
                for j in range(3):
                    same += rows[y + i, x + j] == centre
            if same >= least:
                continue
            if not mode:
                values[y, x], changed[y, x] = replace, True
                continue
            for i in range(9):
                near[i] = rows[y + i // 3, x + i % 3]
            best, most = -1, 0
            for i in range(9):
                value, count = near[i], 1
                if value < low or value > high:
                    continue
                for j in range(i + 1, 9):
                    count += near[j] == value
                if count > most or count == most and value < best:
                    best, most = value, count
            if best >= 0:
                values[y, x], changed[y, x] = best, True


def most_frequent(near: np.ndarray, low: int, high: int) -> np.ndarray:
    """The value in a range that occurs most often in each column, the least of equally frequent ones; -1 if there is none."""
    best, most = np.full(near.shape[1], -1, np.int16), np.zeros(near.shape[1], int)
    for value in near:
        count = np.where((value >= low) & (value <= high), (near == value).sum(axis=0), 0)
        better = (count > most) | (count == most) & (count > 0) & (value < best)
        best, most = np.where(better, value, best), np.where(better, count, most)
    return best
