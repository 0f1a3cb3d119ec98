"""DERIV: first differences along lines or samples, and where they change sign. Source: ``vos/p2/prog/deriv`` (Fortran,
2015-11-19).

Kept: the vertical direction takes the number of lines for the number of samples and the other way round, so of an image
that is not square only a square is done, and lines below the image count as zero.
known: nothing. accepted: images of more than 10000 lines or samples work.
"""

from __future__ import annotations

import numpy as np

from vicar.image.sweep import line_spans

FORTRAN = True


def main(task):
    task.message("DERIV version 2015-11-19")
    with task.open("INP", u_format="REAL") as source:
        kind = {"WORD": "HALF"}.get(source.format, source.format)
        if kind not in ("BYTE", "HALF", "FULL", "REAL"):
            task.abend("??E - Unknown data format for input image")
        nl, ns, nb = source.nl, source.ns, source.nb
        across = task.string("ORIENT") == "HORIZ"
        with (
            task.create("OUT", 1, nl=nl, ns=ns, nb=nb, format=kind, u_format="REAL") as slopes_out,
            task.create("OUT", 2, nl=nl, ns=ns, nb=nb, format="FULL", u_format="FULL") as signs_out,
        ):
            rising = falling = 0
            for _, count in line_spans(nl, ns) if across else [(0, nl)]:
                lines = np.array([source.read() for _ in range(count)], np.float32).reshape(count, ns)
                slopes, signs = differences(lines) if across else differences_down(lines)
                for line in range(count):
                    slopes_out.write(sized(slopes, line, ns, np.float32))
                    signs_out.write(sized(signs, line, ns, np.int32))
                falling, rising = falling + int((signs == 1).sum()), rising + int((signs == -1).sum())
    task.output("POSINFL", falling)
    task.output("NEGINFL", rising)


def differences_down(lines: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The same as ``differences`` along samples, of a square of the image."""
    nl, ns = lines.shape
    square = np.zeros((max(ns, 2), nl), np.float32)
    part = lines[: len(square), :nl]
    square[: part.shape[0], : part.shape[1]] = part
    slopes, signs = differences(square.T)
    return slopes.T, signs.T


def differences(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Difference from the value before, of the first one to the second; 1 where it falls to zero, -1 where it rises."""
    slopes = np.empty_like(rows)
    slopes[:, 1:] = rows[:, 1:] - rows[:, :-1]
    slopes[:, 0] = (rows[:, 1] if rows.shape[1] > 1 else 0) - rows[:, 0]
    signs = np.zeros(rows.shape, np.int32)
    signs[:, 1:][(slopes[:, 1:] <= 0) & (slopes[:, :-1] > 0)] = 1
    signs[:, 1:][(slopes[:, 1:] >= 0) & (slopes[:, :-1] < 0)] = -1
    return slopes, signs


def sized(table: np.ndarray, line: int, ns: int, dtype) -> np.ndarray:
    """A line of a table that may be smaller than the image."""
    row = np.zeros(ns, dtype)
    if line < len(table):
        row[: table.shape[1]] = table[line, :ns]
    return row
