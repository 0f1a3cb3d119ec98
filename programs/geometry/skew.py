"""SKEW: shift, turn and scale the locations of a grid (as of GRIDGEN).

Source: ``vos/p2/prog/skew`` (Fortran). The first line of the file holds pairs of line and sample, REAL. The factors are
printed to the terminal. Of several parameters the last of OFFSET, ROTOFF, SCALEOFF, SRO, UNC counts. Other formats than REAL
are taken byte by byte for REAL. A file that does not exist ends the program without a word.

accepted: with none of them the original works with whatever its memory holds; here a sentence says what is missing.
known: lines of more than 900 pairs run over the original's buffer.
"""

from __future__ import annotations

import numpy as np

from vicar.errors import VicarError
from vicar.numerics import fortran, libm

FORTRAN = True
_F = np.float32
_PI = _F(3.1415926)


def main(task):
    a, b, c, d, e, f = read_factors(task)
    for row in ((a, b, e), (c, d, f)):
        task.printf("".join(" " * 5 + fortran.fixed(value, 12, 4) for value in row) + "\n")
    try:
        source = task.open("INP")
    except VicarError:
        return
    record = source.read_window(1, 1, 1, source.ns)[0]
    values = np.zeros(-(-record.nbytes // 8) * 2, _F)
    values.view(np.uint8)[: record.nbytes] = record.view(np.uint8)
    with np.errstate(all="ignore"):
        lines, samples = values[0::2], values[1::2]
        moved = np.stack((a * lines + b * samples + e, c * lines + d * samples + f), axis=1)
    with task.create("OUT") as output:
        output.write(moved.ravel().view(record.dtype)[: len(record)])


def read_factors(task) -> tuple[np.float32, ...]:
    """Line = A line + B sample + E, sample = C line + D sample + F."""
    one, zero = _F(1), _F(0)
    factors = None
    if len(p := task.reals("OFFSET")) == 2:
        factors = (one, zero, zero, one, p[0], p[1])
    if len(p := task.reals("ROTOFF")) == 3:
        factors = (*turned(one, p[2]), p[0], p[1])
    if len(p := task.reals("SCALEOFF")) == 3:
        factors = (p[2], zero, zero, p[2], p[0], p[1])
    if len(p := task.reals("SRO")) == 4:
        factors = (*turned(p[3], p[2]), p[0], p[1])
    if len(p := task.reals("UNC")) == 6:
        factors = tuple(p)
    if factors is None:
        task.abend("One of OFFSET, ROTOFF, SCALEOFF, SRO and UNC must be given in full")
    return factors


def turned(scale: np.float32, degrees: np.float32):
    angle = _PI * degrees / _F(180)
    sine, cosine = libm.sin(angle), libm.cos(angle)
    return scale * cosine, -scale * sine, scale * sine, scale * cosine
