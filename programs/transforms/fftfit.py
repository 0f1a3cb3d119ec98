"""FFTFIT: gives a Fourier transform the amplitudes of another image. Source: ``vos/p2/prog/fftfit`` (Fortran, 31-OCT-94).

Kept: left of the origin of the second image a line ends at the first amplitude of zero.
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
    with first, second, result:
        for number in range(1, nl + 1):
            values = first.read(line=number, nsamps=ns)
            weights = np.roll(second.read(line=wrapped(line + number - 1, nl), nsamps=ns), 1 - sample)
            fitted = scaled(values, scale, weights) if multiply else replaced(values, scale, weights, ns - sample + 1)
            if number == 1:
                fitted[0] = values[0]
            result.write(fitted, nsamps=ns)


def wrapped(place: int, count: int) -> int:
    return place - count if place > count else place


def brightest(task, image, nl: int, ns: int) -> tuple[int, int]:
    """Mean place of the largest value."""
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
        parts = []
        for number, samples in corner(pair):
            row = first.read(line=number, nsamps=ns)[np.array(samples) - 1]
            parts.append(libm.hypot(row.real, row.imag))
        amplitudes = np.concatenate(parts)
        scale = accumulate(amplitudes) / f32(len(amplitudes))
    parts = []
    for number, samples in corner(pair):
        row = second.read(line=wrapped(line + number - 1, nl), nsamps=ns)
        parts.append(row[[wrapped(sample + j - 1, ns) - 1 for j in samples]].astype(np.float32))
    values = np.concatenate(parts)
    with np.errstate(all="ignore"):
        return scale / (accumulate(values) / f32(len(values)))


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
