"""FFTFIT: gives a Fourier transform the amplitudes of another image. Source: ``vos/p2/prog/fftfit`` (Fortran, 31-OCT-94).

Kept: left of the origin of the second image a line ends at the first amplitude of zero. A first input that is not complex is
taken as it lies in the file, its bytes standing for complex numbers; frequencies beyond a line are zero.
known: nothing. accepted: lines longer than 1024 samples work.
"""

from __future__ import annotations

import numpy as np

from programs.transforms._complex import over, times
from vicar.numerics import libm
from vicar.numerics.prnt import prnt
from vicar.numerics.rounding import accumulate, truncate

FORTRAN = True

f32 = np.float32
TINY = f32(1e-10)
ROOM = 1024  # numbers the line buffers hold at least


def main(task):
    task.if_message("FFTFIT version 31-OCT-94")
    first, second = task.open("INP", 1), task.open("INP", 2, u_format="HALF")
    if second.format not in ("BYTE", "HALF"):
        task.abend("SECOND INPUT MUST BE BYTE OR HALF")
    result = task.create("OUT", nl=max(first.nl, second.nl), ns=max(first.ns, second.ns))
    nl, ns = first.nl, first.ns
    line, sample = task.integer("LINE", nl // 2 + 1), task.integer("SAMPLE", ns // 2 + 1)
    multiply = task.keyword("MULT")
    pair = task.integers("SET") if task.count("SET") == 2 else [2, 3]
    if task.keyword("FIND"):
        line, sample = brightest(task, second, nl, ns)
    scale = task.real("SCALE", f32(-99))
    if scale == f32(-99):
        scale = match(first, second, nl, ns, line, sample, pair, multiply)
    task.messages(*prnt("REAL", scale, " SCALE=."))
    cells = Cells(first)
    with first, second, result:
        for number in range(1, nl + 1):
            values = cells.line(number, ns)[:ns]
            weights = np.roll(second.read(line=wrapped(line + number - 1, nl), nsamps=ns), 1 - sample)
            fitted = scaled(values, scale, weights) if multiply else replaced(values, scale, weights, ns - sample + 1)
            if number == 1:
                fitted[0] = values[0]
            result.write(cells.stored(fitted, ns), nsamps=ns)


class Cells:
    """The complex line buffer, filled with what a line of the file is, whatever its format."""

    def __init__(self, image):
        self.image = image
        self.buffer = np.zeros(max(ROOM, image.ns), np.complex64)
        self.bytes = self.buffer.view(np.uint8)

    def line(self, number: int, ns: int) -> np.ndarray:
        """The whole buffer after reading a line into it."""
        raw = np.ascontiguousarray(self.image.read(line=number, nsamps=ns)).view(np.uint8)
        self.bytes[: len(raw)] = raw
        return self.buffer

    def stored(self, values: np.ndarray, ns: int) -> np.ndarray:
        """A line of the file's format from complex numbers put back into the buffer."""
        self.buffer[: len(values)] = values
        return self.bytes[: ns * self.image.dtype.itemsize].view(self.image.dtype).copy()


def wrapped(place: int, count: int) -> int:
    return place - count if place > count else place


def brightest(task, image, nl: int, ns: int) -> tuple[int, int]:
    """Mean place of the largest value."""
    if not nl:
        task.messages(*prnt("FULL", 0, " LINE=."), *prnt("FULL", 0, " SAMPLE=."))
        return 0, 0
    values = np.stack([image.read(line=number, nsamps=ns) for number in range(1, nl + 1)])
    lines, samples = np.nonzero(values == values.max())
    places = [int(truncate(f32((part + 1).sum()) / f32(len(part)) + f32(0.5))) for part in (lines, samples)]
    task.messages(*prnt("FULL", places[0], " LINE=."), *prnt("FULL", places[1], " SAMPLE=."))
    return places[0], places[1]


def corner(pair: list[int]):
    """Lines and samples, from 1, of the low frequencies that are compared."""
    first, last = pair
    for line in range(1, last + 1):
        first = 1 if line >= first else first
        yield line, list(range(first, max(last, first) + 1))


def match(first, second, nl: int, ns: int, line: int, sample: int, pair: list[int], multiply: bool) -> np.float32:
    """Ratio of the mean amplitudes around the origins."""
    scale = f32(1)
    if not multiply:
        cells, parts = Cells(first), []
        for number, samples in corner(pair):
            row = chosen(cells.line(number, ns), [j - 1 for j in samples])
            parts.append(libm.hypot(row.real, row.imag))
        scale = mean(parts)
    parts = []
    for number, samples in corner(pair):
        row = second.read(line=wrapped(line + number - 1, nl), nsamps=ns)
        parts.append(chosen(row, [wrapped(sample + j - 1, ns) - 1 for j in samples]).astype(np.float32))
    return scale / mean(parts)


def chosen(row: np.ndarray, places: list[int]) -> np.ndarray:
    """Elements at places from 0; zeros where the row has none."""
    at = np.array(places, np.int64)
    inside = (at >= 0) & (at < len(row))
    return np.where(inside, row[np.where(inside, at, 0)], row.dtype.type(0))


def mean(parts: list[np.ndarray]) -> np.float32:
    """Mean of float32 values added up in their order."""
    values = np.concatenate([np.zeros(0, np.float32), *parts])
    return (accumulate(values) if len(values) else f32(0)) / f32(len(values))


def scaled(values: np.ndarray, scale, weights: np.ndarray) -> np.ndarray:
    """values * scale * weights."""
    return times(times(values, scale), weights.astype(np.float32))


def replaced(values: np.ndarray, scale, weights: np.ndarray, turn: int) -> np.ndarray:
    """The phases of ``values`` with the amplitudes ``weights``; from ``turn`` on only as far as there is no zero."""
    amplitude = libm.hypot(values.real, values.imag)
    usable = amplitude >= TINY
    zeros = np.flatnonzero(~usable[turn:])
    if len(zeros):
        usable[turn + zeros[0] :] = False
    return np.where(usable, over(scaled(values, scale, weights), amplitude), values)
