"""FFTMAGIC: find the image that has the amplitudes (or phases) of one transform and is nowhere negative, in passes.

Source: ``vos/p2/prog/fftmagic`` over ``rft2`` (Fortran, float32).

accepted: PSF (stars to be set to a point) makes the original read real numbers as integers, and die; here a sentence says so.
accepted: where a file is missing or too small, or the transform cannot do the size, the original goes on without transforms or
with an empty memory; here it is an error.
"""

from __future__ import annotations

import numpy as np

from vicar.numerics import fortran, realfft
from vicar.numerics.prnt import prnt
from vicar.numerics.singleton import PrimeTooLarge, TooManyFactors

FORTRAN = True
_F = np.float32
FORMATS = {"OUTREAL": "REAL", "OUTINTEG": "FULL", "OUTHALF": "HALF"}


def main(task):
    task.if_message("FFTMAGIC version 31-OCT-94")
    first = task.open("INP", 1, u_format="REAL")
    window = task.size_field(first)
    second = task.open("INP", 2, u_format="REAL")
    if not task.defaulted("PSF"):
        task.abend("PSF does not work")
    if window.nl % 2:
        task.abend("RFT2> dimension of the input matrix is not even!")
    # the lines run along the real direction of the transform
    estimate, reference = (
        image.read_window(window.sl, window.ss, window.nl, window.ns).T.copy() for image in (first, second)
    )
    with np.errstate(all="ignore"):
        try:
            values, passes = run(task, estimate, reference)
        except PrimeTooLarge:
            task.abend("RFT2> a dimension of the input matrix has too large a prime factor!")
        except TooManyFactors:
            task.abend("RFT2> product of one of the square-free factors of matrix dimensions is too large!")
    write(task, values.T)
    task.messages(*prnt("FULL", passes, " ITERATION ENDED ON PASS ."))


def run(task, estimate: np.ndarray, reference: np.ndarray) -> tuple[np.ndarray, int]:
    """Passes until nothing is negative or ITER of them are done; samples x lines."""
    transform, wanted = realfft.forward_plane(estimate), realfft.forward_plane(reference)
    task.message(" PIXELS CHANGED   SUM NEGATIVES   BETA")
    combine = with_phases if task.keyword("PHASE") else with_amplitudes
    passes, most = 0, task.integer("ITER")
    while True:
        passes += 1
        plane = realfft.inverse_plane(combine(transform, wanted))
        changed = without_negatives(task, plane, passes)
        if not changed or passes >= most:
            break
        transform = realfft.forward_plane(plane)
    return plane, passes


def with_amplitudes(transform: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    size, other = power(transform), power(wanted)
    factor = np.where(size > 0, np.sqrt(other / size), _F(1))
    return realfft.joined(transform.real * factor, transform.imag * factor)


def with_phases(transform: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    size, other = power(transform), power(wanted)
    factor = np.sqrt(size / other)
    used = other > 0
    result = realfft.joined(
        np.where(used, factor * wanted.real, _F(0)), np.where(used, factor * wanted.imag, _F(0))
    )
    result[0, 0] = wanted[0, 0]
    return result


def power(values: np.ndarray) -> np.ndarray:
    return values.real * values.real + values.imag * values.imag


def without_negatives(task, plane: np.ndarray, passes: int) -> int:
    """Scale in place; negative values become 0, in even passes -BETA times what they were. Gives how many there were."""
    beta = -task.real("BETA") if passes % 2 == 0 else _F(0)
    plane /= _F(plane.size * 2)
    lines = plane.T
    negative = lines < 0
    total = np.add.accumulate(np.concatenate((np.zeros(1, _F), lines[negative])))[-1]
    lines[negative] *= beta
    count = int(negative.sum())
    if task.keyword("PRINT"):
        numbers = fortran.integer(count, 5), fortran.fixed(total, 10, 1), fortran.fixed(beta, 6, 2)
        task.message("    {}          {}  {}".format(*numbers))
    return count


def write(task, values: np.ndarray) -> None:
    format = next((FORMATS[name] for name in FORMATS if task.keyword(name)), "BYTE")
    if format in ("HALF", "BYTE"):
        values = np.where(values > (highest := _F(32767 if format == "HALF" else 255)), highest, values)
    nl, ns = values.shape
    with task.create("OUT", nl=nl, ns=ns, format=format, u_format="REAL") as result:
        result.write_window(np.ascontiguousarray(values), 1, 1)
