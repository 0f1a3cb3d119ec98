"""CCOMP: complex images to pairs of real ones and back. Source: ``vos/p2/prog/ccomp`` (Fortran, 18 Dec 2012).

Pairs are amplitude and phase or real and imaginary part. The inverse of the first is the original's product of complex
numbers, part by part, so that zeros keep their signs.
known: nothing. accepted: nothing.
"""

from __future__ import annotations

import numpy as np

from vicar.image.sweep import line_blocks, together
from vicar.numerics import libm

FORTRAN = True


def main(task):
    task.if_message("CCOMP version 18 Dec 2012 (64-bit) - rjb")
    (join if task.keyword("INVERSE") else split)(task, task.keyword("POLAR"))


def split(task, polar: bool) -> None:
    """One complex image to two real ones."""
    source = task.open("INP", 1, u_format="COMP")
    window = task.size_field()
    if source.format != "COMP":
        task.abend(" Input must be complex ")
    first, second = (
        task.create("OUT", n, nl=window.nl, ns=window.ns, format="REAL", u_format="REAL") for n in (1, 2)
    )
    with source, first, second:
        for line, values in line_blocks(source, window.sl, window.ss, window.nl, window.ns, None):
            one, two = amplitude_phase(values) if polar else (values.real, values.imag)
            first.write_window(one, line + 1)
            second.write_window(two, line + 1)


def amplitude_phase(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """CABS and ATAN2 of complex64; the phase of zero is zero."""
    amplitude = libm.hypot(values.real, values.imag)
    return amplitude, np.where(amplitude == 0, np.float32(0), libm.atan2(values.imag, values.real))


def join(task, polar: bool) -> None:
    """Two real images to a complex one."""
    first = task.open("INP", 1, u_format="REAL")
    window = task.size_field()
    second = task.open("INP", 2, u_format="REAL")
    result = task.create("OUT", 1, nl=window.nl, ns=window.ns, format="COMP", u_format="COMP")
    with first, second, result:
        for line, (one, two) in together([first, second], window.sl, window.ss, window.nl, window.ns, None):
            result.write_window(from_polar(one, two) if polar else rectangular(one, two), line + 1)


def rectangular(real: np.ndarray, imaginary: np.ndarray) -> np.ndarray:
    values = np.empty(real.shape, np.complex64)
    values.real, values.imag = real, imaginary
    return values


def from_polar(amplitude: np.ndarray, phase: np.ndarray) -> np.ndarray:
    """amplitude * exp(i phase), single precision."""
    cosine, sine, zero = libm.cos(phase), libm.sin(phase), np.float32(0)
    return rectangular(amplitude * cosine - zero * sine, amplitude * sine + zero * cosine)
