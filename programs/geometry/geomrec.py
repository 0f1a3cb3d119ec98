"""GEOMREC: slant range to ground range, for radar images. Source: ``vos/p2/prog/geomrec`` (Fortran, 31-OCT-94).

Output sample ``n`` lies ``n`` ground steps beside the track; the two input samples around its slant range are interpolated, in
single precision. Samples for which there is no input take the first one of the line; behind the last output sample are zeros.
Kept: lines are read from the first one on, whatever SL says.
known: nothing. accepted: nothing.
"""

from __future__ import annotations

import numpy as np

from vicar.numerics import libm
from vicar.numerics.fortran import edit, integer
from vicar.numerics.rounding import truncate

FORTRAN = True

f32 = np.float32
LONGEST = 20000


def main(task):
    task.if_message("GEOMREC version 31-OCT-94")
    source = task.open("INP", u_format="HALF")
    window = task.size_field()
    result = task.create("OUT", format="BYTE", u_format="HALF")
    first, share = places(task, window.ns)
    with source, result:
        line = np.zeros(max(window.ns, len(first)), np.int16)
        for number in range(1, window.nl + 1):
            dn = source.read(number, window.ss, window.ns).astype(np.float32)
            left = np.where(first > 0, dn[np.maximum(first - 1, 0)], 0)  # what is in front has no share
            right = dn[first] if len(first) else left
            line[: len(first)] = truncate(f32(0.5) + (share * left + (f32(1) - share) * right)).astype(np.int16)
            result.write(line[: window.ns])


def places(task, ns: int) -> tuple[np.ndarray, np.ndarray]:
    """For each output sample the input sample in front of its place (from 1; 0: none) and its share; says what is done."""
    spacing, step = f32(task.integer("RSSPACE")), f32(task.integer("ASSPACE"))
    height, theta = f32(task.integer("HEIGHT")), task.real("THETA") * (f32(3.1415) / f32(180))
    range_step, ground_step = spacing * task.real("RSCALE"), step * task.real("ASCALE")
    with np.errstate(all="ignore"):
        per_range, per_ground = f32(1) / range_step, f32(1) / ground_step
        offset, slant = height * libm.tan(theta), height / libm.cos(theta)
        last = range_step * f32(ns - 1)
        count = per_ground * (np.sqrt((last + slant) * (last + slant) - height * height) - offset) + f32(1)
        count = int(truncate(count))
        task.messages(
            "   INPUT   HEIGHT(PIXEL AND FEET)  = " + edit("(4X,F7.1,3X,F10.1)", height * per_range, height * f32(3.28084)),
            "           RANGE SAMP SPACING(MIC) =  " + edit("(3X,F7.1)", spacing),
            "  OUTPUT NUMBER OF SAMPLES         =    " + integer(count, 7),
        )
        count = max(count, 0)
        number = np.arange(min(count, LONGEST), dtype=np.float32)
        ground = ground_step * number + offset
        place = per_range * (np.sqrt(ground * ground + height * height) - slant)
    first = truncate(place)
    if len(first) and first.min() < -1:  # the original looks before its line and dies
        task.abend("No samples of the input lie there")
    found = first + 2 <= ns
    return np.where(found, first + 1, 0), np.where(found, f32(1) - (place - first.astype(np.float32)), f32(0))
