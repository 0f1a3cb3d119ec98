"""MAXMIN: the smallest and the largest value of an image, and where they are first met.

Source: ``vos/p2/prog/maxmin``, ``vos/p2/sub/minmax`` (Fortran). Records are looked at one after the other in the order of
the file; a later one counts only if its value is beyond the one before. Magnitudes are compared of complex values.

Kept as they are: EXCLUDE has no effect on DOUB images, and of BIP records as many values are looked at as the window has
samples, zeros where there are fewer bands.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vicar.image.sweep import line_blocks
from vicar.numerics import libm
from vicar.numerics.fortran import exponent, integer
from vicar.numerics.rounding import nint

FORTRAN = True
INTEGERS = ("BYTE", "HALF", "FULL")
OLD_NAMES = {"COMPLEX": "COMP"}


@dataclass
class Extreme:
    """A value and its place."""

    value: float | int | np.floating
    line: int
    samp: int
    band: int


def main(task):
    task.message("*** maxmin - 06-Jul-2012")
    with task.open("INP") as image:
        fmt = OLD_NAMES.get(image.format, image.format)
        if fmt not in (*INTEGERS, "REAL", "DOUB", "COMP"):
            task.abend("??E - INVALID DATA FORMAT FROM XVGET")
        bands = task.band_field(image)
        low, high = search(task, image, fmt, task.size_field(image), bands)
    if low is None:  # the original shows what its memory held
        task.abend("??E - THE IMAGE HAS NO SAMPLES")
    task.message(" ")
    for name, extreme in (("Min", low), ("Max", high)):
        value = integer(extreme.value, 13) if fmt in INTEGERS else exponent(extreme.value, 13, 6, scale=1)
        band = f" of band{extreme.band:6d}" if bands.nb > 1 else ""
        task.message(f"{name}. value:{value}   at  ({extreme.line:6d},{extreme.samp:6d}){band}")
    task.message(" ")
    kind = np.float64 if fmt == "DOUB" else np.float32
    task.output("MINIVAL", kind(low.value))
    task.output("MAXIVAL", kind(high.value))
    task.output("MAXLINE", high.line)
    task.output("MAXSAMP", high.samp)
    task.output("MINLINE", low.line)
    task.output("MINSAMP", low.samp)


def excluded_value(task, fmt: str):
    """EXCLUDE in the type of the comparison; None without effect."""
    if fmt == "DOUB" or not task.count("EXCLUDE"):
        return None
    value = task.real("EXCLUDE")
    return int(nint(value)) if fmt in INTEGERS else value


def search(task, image, fmt: str, window, bands) -> tuple[Extreme, Extreme]:
    excluded = excluded_value(task, fmt)
    low = high = None
    for place, values in records(task, image, window, bands):
        if fmt == "COMP":
            values = libm.hypot(values.real, values.imag)
        for number, (least, at_least, most, at_most) in enumerate(record_extremes(values, excluded)):
            if low is None:
                low, high = Extreme(least, *place(number, at_least)), Extreme(most, *place(number, at_most))
                continue
            if excluded is not None and least == excluded:
                continue
            if low.value > least or (excluded is not None and low.value == excluded):
                low = Extreme(least, *place(number, at_least))
            if high.value < most or (excluded is not None and high.value == excluded):
                high = Extreme(most, *place(number, at_most))
    return low, high


def records(task, image, window, bands):
    """Blocks of records in the order the original reads them, each with a function from (record, position) to a place."""
    step = task.integer("LINC")
    if image.org == "BSQ":
        for band in range(bands.sb, bands.sb + bands.nb):
            for first, block in line_blocks(image, window.sl, window.ss, window.nl, window.ns, band, step):
                yield (lambda n, at, first=first, band=band: (window.sl + first + n * step, window.ss + at, band)), block
        return
    for line in range(window.sl, window.sl + window.nl, step):
        planes = [
            block
            for band in range(bands.sb, bands.sb + bands.nb)
            for _, block in line_blocks(image, line, window.ss, 1, window.ns, band)
        ]
        block = np.concatenate(planes)
        if image.org == "BIL":
            yield (lambda n, at, line=line: (line, window.ss + at, bands.sb + n)), block
            continue
        pixels = np.zeros((window.ns, max(bands.nb, window.ns)), block.dtype)
        pixels[:, : bands.nb] = block.T
        yield (lambda n, at, line=line: (line, window.ss + n, bands.sb + at)), pixels[:, : window.ns]


def record_extremes(values: np.ndarray, excluded) -> list[tuple]:
    """(least, where, most, where) of each row, first occurrences; NaNs lose every comparison."""
    if excluded is not None or np.isnan(values).any():
        return [one_record(row, excluded) for row in values]
    least, most = values.argmin(axis=1), values.argmax(axis=1)
    rows = np.arange(len(values))
    return list(zip(values[rows, least].tolist(), least.tolist(), values[rows, most].tolist(), most.tolist()))


def one_record(row: np.ndarray, excluded) -> tuple:
    kept = np.arange(len(row)) if excluded is None else np.flatnonzero(row != excluded)
    if not len(kept):
        return row[0].item(), 0, row[0].item(), 0
    first = row[kept[0]].item()
    if first != first:
        return first, int(kept[0]), first, int(kept[0])
    kept = kept[~np.isnan(row[kept])]
    least, most = kept[row[kept].argmin()], kept[row[kept].argmax()]
    return row[least].item(), int(least), row[most].item(), int(most)
