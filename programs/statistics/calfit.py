"""CALFIT: for every pixel a straight line, or a parabola, through several images and their calibration values.

Source: ``vos/p2/prog/calfit`` (C, 2019-08-22). Without FITONLY the lines become corrections that bring all pixels to one
response: that of the mean, or the median, at the first and the last calibration value.

Kept: the mean is the sum of the last line of the image, divided by the number of images.
known: nothing. accepted: nothing.
"""

from __future__ import annotations

import numpy as np

from programs.ibis._heapsort import heap_order
from vicar.image.sweep import abreast
from vicar.numerics.leastsquares import lsqfit
from vicar.numerics.lsqfit import fit_many

TOLERANCE = 1e-7
PIXELS_AT_ONCE = 1 << 14


def main(task):
    task.if_message("CALFIT version 2019-08-22")
    values = task.reals("CALVAL")
    if task.count("INP") != len(values):
        task.abend("number of files and calval must be equal")
    sl, ss, nl, ns = window(task)
    sources = []
    for number in range(len(values)):
        source = task.open("INP", number + 1, u_format="HALF")
        sources.append(source)
        if not number:
            nl, ns = nl or source.nl, ns or source.ns
        elif (nl, ns) != (source.nl, source.ns):
            task.abend("images must have identical size")
    degree = task.count("OUT") - 1
    results = [task.create("OUT", n, nl=nl, ns=ns, format="REAL", u_format="REAL") for n in range(1, degree + 2)]
    planes = np.zeros((degree + 1, nl, ns), np.float32)
    line, block = 0, max(1, PIXELS_AT_ONCE // max(ns, 1))
    for count, lines in abreast(sources, sl, ss, nl, [ns] * len(sources), block):
        dn = np.stack([part.ravel() for part in lines]).astype(np.float64)
        found = fitted(dn, values.astype(np.float64), degree, task.keyword("INVERSE"))
        planes[:, line : line + count] = found.reshape(degree + 1, count, ns)
        line += count
        task.progress(line, nl)
    if not task.keyword("FITONLY"):
        if degree == 2:
            task.abend("quadratic fit can only be used in FITONLY mode")
        if planes.size:
            planes = corrections(planes, values, task.keyword("CALIBMED"))
    for source in sources:
        source.close()
    for result, plane in zip(results, planes, strict=True):
        result.write_window(plane)
        result.close()


def window(task) -> list[int]:
    """Starting line and sample, lines and samples; 0 lines or samples: all."""
    size = task.integers("SIZE")
    usual = (1, 1, 0, 0)
    return [task.integer(name) if given == rest else given
            for name, given, rest in zip(("SL", "SS", "NL", "NS"), size, usual, strict=True)]  # fmt: skip


def fitted(dn: np.ndarray, values: np.ndarray, degree: int, inverse: bool) -> np.ndarray:
    """Slope, offset and perhaps the quadratic term for each pixel; dn: images x pixels."""
    if inverse:
        known, wanted = dn.T, np.broadcast_to(values, dn.T.shape)
        return fit_many(np.stack(powers(known)[: degree + 1], axis=1), wanted).T
    solution, error = lsqfit(np.stack(powers(values)[: degree + 1], axis=1), dn, TOLERANCE)
    return np.where((error == 0) & (solution != 0).any(axis=0), solution, 0.0)


def powers(known: np.ndarray) -> list[np.ndarray]:
    return [known, np.ones_like(known), known * known]


def corrections(planes: np.ndarray, values: np.ndarray, median: bool) -> np.ndarray:
    """Slopes and offsets that bring the lines of all pixels to one; float32, 2 x lines x samples."""
    with np.errstate(all="ignore"):
        first, last = (planes[0] * value + planes[1] for value in (values[0], values[-1]))
        if median:
            order = heap_order(last.ravel())
            middle = order[len(order) // 2]
            low, high = float(first.ravel()[middle]), float(last.ravel()[middle])
        else:
            low, high = (np.add.accumulate(ends[-1].astype(np.float64))[-1] / len(values) for ends in (first, last))
        first, last = first.astype(np.float64), last.astype(np.float64)
        same = first == last
        slope = np.where(same, 0.0, (low - high) / (first - last)).astype(np.float32)
        offset = np.where(same, 0.0, low - slope.astype(np.float64) * first).astype(np.float32)
        return np.stack([slope, offset])
