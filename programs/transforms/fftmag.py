"""FFTMAG: enlarges a Fourier transform by zeros in its middle. Source: ``vos/p2/prog/fftmag`` (Fortran, 27-APR-98).

Kept: pixels are taken for complex numbers as they come; those of another format fill the first part of the line's memory, byte by
byte, and the result is stored in that format.
known: nothing. accepted: nothing.
"""

from __future__ import annotations

import numpy as np

from programs.transforms._complex import times
from vicar.numerics import libm
from vicar.numerics.prnt import prnt

FORTRAN = True

f32 = np.float32


def main(task):
    task.if_message("FFTMAG version 27-APR-98")
    source = task.open("INP")
    window = task.size_field()
    by_line, by_sample = task.integer("BYL"), task.integer("BYS")
    if not task.defaulted("BY"):
        by_line = by_sample = task.integer("BY")
    by_line, by_sample = power(by_line or window.nl // window.nli), power(by_sample or window.ns // window.nsi)
    nl, ns = by_line * window.nli, by_sample * window.nsi
    task.message(" ")
    task.messages(
        *prnt("FULL", by_line, " LINE EXPANSION FACTOR ="), *prnt("FULL", by_sample, " SAMPLE EXPANSION FACTOR ="),
        *prnt("FULL", nl, " OUTPUT LINES ="), *prnt("FULL", ns, " OUTPUT SAMPLES ="),
    )  # fmt: skip
    result = task.create("OUT", nl=nl, ns=ns, u_format="COMP")
    with source, result:
        enlarge(source, result, window, nl, ns, f32(by_line * by_sample))
        for key, value, kind in (("NL", nl, "INT"), ("FORMAT", "COMP", "STRING"), ("NS", ns, "INT")):
            result.label.delete(key)
            result.label.add(key, value, format=kind)


def power(factor: int) -> int:
    """The power of two below a factor."""
    with np.errstate(all="ignore"):
        exponent = libm.log(f32(factor)) / libm.log(f32(2)) + f32(1e-5)
    return int(max(f32(1), f32(2) ** int(exponent))) if factor > 0 else 1


def enlarge(source, result, window, nl: int, ns: int, scale) -> None:
    """Upper lines, empty ones, lower lines; each line is parted the same way."""
    upper, lower, right = window.nli // 2 + 1, window.nli // 2 - 1, window.nsi // 2 - 1
    values = np.zeros(ns, np.complex64)
    for line in range(1, nl + 1):
        if line <= upper or line > nl - lower:
            pixels = source.read(nsamps=window.nsi).view(np.uint8)
            values.view(np.uint8)[: len(pixels)] = pixels
            if ns > window.nsi and right > 0:
                values[ns - right :] = values[window.nsi - right : window.nsi]
                values[window.nsi - right : window.nsi] = 0
        elif line == upper + 1:
            values[:] = 0
        values = times(values, scale)
        result.write(values)
