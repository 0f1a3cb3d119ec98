"""GRID: a grid of lines and ticks drawn into an image. Source: ``vos/p2/prog/grid`` (Fortran, 10-Jan-2013).

Kept: products and sums are taken modulo 255.
known: nothing. accepted: ticks that begin before the first sample do not reach into memory before it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vicar.image.sweep import line_blocks
from vicar.numerics.rounding import nint

FORTRAN = True


@dataclass
class Pattern:
    """Spacing of the lines (``box``), of long and short ticks, and half the lengths of the ticks."""

    box: int
    long_spacing: int
    short_spacing: int
    long_length: int
    short_length: int


def main(task):
    run(task, "GRID version 10-Jan-2013")


def run(task, version: str) -> None:
    """The program; the p3 library has the same with another date."""
    task.if_message(version)
    source = task.open("INP", u_format="HALF")
    if source.pix_size != 1:
        task.abend("Image must be in byte format.")
    window = task.size_field()
    check_window(task, window)
    change = drawing(task)
    pattern = spacing(task, window)
    with source, task.create("OUT", nl=window.nl, ns=window.ns, u_format="HALF") as result:
        for start, block in line_blocks(source, window.sl, window.ss, window.nl, window.ns):
            marks = np.array([line_marks(pattern, start + n + 1, window.ns) for n in range(len(block))])
            result.write_window(np.where(marks, change(block), block), start + 1)


def check_window(task, window) -> None:
    if window.ns > 20000:
        task.abend("MAXIMUM NUMBER OF SAMPLES IS 20000.")
    if window.sl > window.nli:
        task.abend("SL greater than image NL")
    if window.ss > window.nsi:
        task.abend("SS greater than image NS")
    if window.sl + window.nl - 1 > window.nli:
        task.abend("NL too large")
    if window.ss + window.ns - 1 > window.nsi:
        task.abend("NS too large")


def chosen(task, group: str, names: tuple[str, ...]) -> list[int]:
    """Values of a group parameter, each replaced by the single parameter if that was given."""
    values = task.integers(group)
    return [value if task.defaulted(name) else task.integer(name) for name, value in zip(names, values)]


def drawing(task):
    """Function of pixels: replaced, multiplied or added to."""
    replace, multiply, add, limit = chosen(task, "INT", ("REP", "MUL", "ADD", "LIM"))
    if sum(value != 0 for value in (replace, multiply, add)) > 1:
        task.abend("REPLACE, MULTIPLY, and ADD may not be used together.")
    if not (replace or multiply or add):
        replace = 255
    if replace and not 1 <= replace <= 255:
        task.abend("REPLACE value must be a legal DN value.")
    if not multiply and limit:
        task.abend("LIMIT may be used only with MULTIPLY option. ")
    if replace:
        return lambda dn: np.full_like(dn, replace)
    if add:
        return lambda dn: np.fmod(dn.astype(np.int32) + add, 255).astype(np.int16)
    limit = limit or 64
    factor = np.float32(multiply) / np.float32(100)
    return lambda dn: np.minimum(
        255 - limit, np.maximum(limit, np.fmod(nint(dn.astype(np.float32) * factor), 255))
    ).astype(np.int16)


def spacing(task, window) -> Pattern:
    box, long_spacing, short_spacing, long_length, short_length = chosen(
        task, "GEO", ("BLI", "LFS", "SFS", "LFL", "SFL")
    )
    box = box or 100
    if box >= window.nl:
        task.abend("BLI must be less than NL.")
    long_spacing = long_spacing or box
    return Pattern(box, long_spacing, short_spacing or long_spacing, long_length, short_length)


def line_marks(p: Pattern, line: int, ns: int) -> np.ndarray:
    """Which samples of a line belong to the grid."""
    marks = np.zeros(ns, bool)
    in_box = abs(line) % abs(p.box)
    if in_box == 0:
        marks[:] = True
    elif line % p.long_spacing == 0:
        across(marks, p.box, p.long_length)
    elif line % p.short_spacing == 0:
        across(marks, p.box, p.short_length)
    elif p.box > 0:
        marks[p.box - 1 :: p.box] = True
    if p.box - p.short_length <= in_box <= p.box - 1 or 1 <= in_box <= p.short_length:
        every(marks, p.short_spacing)
        if abs(p.long_spacing) % abs(p.short_spacing):
            every(marks, p.long_spacing)
    elif p.box - p.long_length <= in_box < p.box - p.short_length or p.short_length < in_box <= p.long_length:
        every(marks, p.long_spacing)
    return marks


def every(marks: np.ndarray, step: int) -> None:
    if step > 0:
        marks[step - 1 :: step] = True


def across(marks: np.ndarray, box: int, length: int) -> None:
    """Ticks that cross the lines down the image, and the half one at its left edge."""
    marks[: max(length, 0)] = True
    if box > 0:
        for sample in range(box, len(marks) + 1, box):
            marks[max(sample - length, 1) - 1 : max(sample + length, 0)] = True
