"""SPOT: a synthetic image of one spot with a chosen profile. Source: ``vos/p2/prog/spot`` (Fortran, 04-Nov-2010).

The height of the spot is DNMAX times the profile, truncated; all arithmetic is single precision.
known: nothing. accepted: nothing.
"""

from __future__ import annotations

import numpy as np

from vicar.errors import VicarError
from vicar.numerics import libm
from vicar.numerics.rounding import truncate

FORTRAN = True
ROWS_AT_ONCE = 256
EPSILON = np.float32(1e-5)
NAMES = {
    "GAUSSIAN": "****GAUSSIAN PATTERN GENERATED ",
    "CONICAL": "****CONICAL PATTERN GENERATED ",
    "RECPROCL": "****RECIPROCAL PATTERN GENERATED ",
    "RECPSQRE": "****RECP SQUARED PATTERN GENERATED",
    "EXPONENT": "****EXPONENTIAL PATTERN GENERATED",
    "DOME": "****DOME PATTERN GENERATED ",
    "DISK": "****UNIFORM DISK PATTERN GENERATED ",
}


def main(task):
    task.message("SPOT version 04-Nov-2010")
    size = task.integers("SIZE")
    nl, ns = size[2:4] if size[2] else (task.integer("NL"), task.integer("NS"))
    shape = task.string("SHAPE", "GAUSSIAN")
    try:
        result = task.create("OUT", nl=nl, ns=ns)
    except VicarError:  # nobody looks at the status
        task.message(NAMES[shape])
        return
    with result:
        top = task.integer("DNMAX")
        across = offsets(ns, given(task, "X0", ns // 2), given(task, "SIGMAX", ns // 8))
        down = offsets(nl, given(task, "Y0", nl // 2), given(task, "SIGMAY", nl // 8))
        limit = np.float32(255 // top if top else 0)
        for line in range(0, nl, ROWS_AT_ONCE):
            square = across * across + (down * down)[line : line + ROWS_AT_ONCE, None]
            heights = np.float32(top) * profile(shape, square, limit)
            result.write_window(truncate(heights, np.uint8), line + 1)
    task.message(NAMES[shape])


def given(task, name: str, otherwise: int) -> int:
    """A parameter, or what the size of the image gives if the user said nothing (the declared default never counts)."""
    return otherwise if task.defaulted(name) else task.integer(name)


def offsets(count: int, centre: int, sigma: int) -> np.ndarray:
    """Distance of each sample from the centre, in widths."""
    if not sigma:
        return np.zeros(count, np.float32)
    return (np.arange(1, count + 1) - centre).astype(np.float32) / np.float32(sigma)


def profile(shape: str, square: np.ndarray, limit: np.float32) -> np.ndarray:
    """Profile at squared distances ``square``; the reciprocal ones are cut off at ``limit``."""
    one, hundred, zero = np.float32(1), np.float32(100), np.float32(0)
    distance = np.sqrt(square)
    if shape == "GAUSSIAN":
        return libm.exp(np.float32(-0.5) * np.minimum(square, hundred))
    if shape == "CONICAL":
        return np.maximum(one - distance, zero)
    if shape in ("RECPROCL", "RECPSQRE"):
        base = distance if shape == "RECPROCL" else square
        with np.errstate(divide="ignore"):
            inverse = np.where(base > EPSILON, one / base, zero)
        return np.where((base == 0) | (inverse >= limit), limit, inverse)
    if shape == "EXPONENT":
        return libm.exp(-np.minimum(distance, hundred))
    if shape == "DOME":
        return np.sqrt(np.maximum(one - square, zero))
    return (one - distance > 0).astype(np.float32)
