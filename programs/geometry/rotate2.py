"""ROTATE2: tiepoints of a rotation, in a parameter file for LGEOM. Source: ``vos/p2/prog/rotate2`` (Fortran, 2015-12-16).

known: nothing. accepted: nothing.
"""

from __future__ import annotations

import numpy as np

from vicar.numerics import libm
from vicar.numerics.fortran import edit
from vicar.parmfile import ParameterFileWriter

FORTRAN = True

f32 = np.float32


def main(task):
    task.message("ROTATE2 version 2015-12-16")
    with task.open("INP") as source:
        kind = source.format
        if kind not in ("BYTE", "HALF"):
            task.abend("??E - ROTATE2 accepts BYTE and HALF data only")
        window = task.size_field()
    angle = task.real("ANGLE", f32(0))
    into, out_of = centres(task, window)
    announce(task, window, angle, into, out_of)
    nearest = task.keyword("NOINTERP")
    with ParameterFileWriter(task, task.string("PDS")) as file:
        file.put("NAH", 1, "INT")
        file.put("NAV", 1, "INT")
        file.put("TIEPOINT", tiepoints(window, angle, into, out_of), "REAL")
        if nearest:
            file.put("INTERP", "NOIN", "STRING")
        if kind == "HALF":
            file.put("FORMAT", "HALF", "STRING")


def centres(task, window) -> tuple[tuple, tuple]:
    """Line and sample of the centre of rotation in the input and in the output."""
    nli, nsi = input_size(window)
    line, sample, centre = task.real("LINE"), task.real("SAMPLE"), task.reals("CENTER")
    into = (f32(0.5) * f32(window.sl + nli) if line is None else line,
            f32(0.5) * f32(window.ss + nsi) if sample is None else sample)  # fmt: skip
    if len(centre):
        return into, (centre[0], centre[1] if len(centre) > 1 else f32(0))
    return into, (f32(0.5) * f32(1 + window.nl), f32(0.5) * f32(1 + window.ns))


def input_size(window) -> tuple[int, int]:
    return min(window.nli + 1 - window.sl, window.nl), min(window.nsi + 1 - window.ss, window.ns)


def announce(task, window, angle, into, out_of) -> None:
    region = (window.sl, window.ss, *input_size(window))
    text = "REGION (" + ", ".join(edit("(I4)", v, width=4) for v in region) + ") OF THE INPUT PICTURE IS ROTATED "
    task.message(
        text + edit("(F7.1)", angle, width=7) + " DEGREES ABOUT"
        + edit("(F6.1)", into[0], width=6) + " ," + edit("(F6.1)", into[1], width=6)
    )  # fmt: skip
    task.message(
        "THE CENTER OF ROTATION IN THE OUTPUT PICTURE IS LOCATED AT PIXEL     "
        + edit("(F6.1)", out_of[0], width=6) + ",  " + edit("(F6.1)", out_of[1], width=6)
    )  # fmt: skip


def tiepoints(window, angle, into, out_of) -> np.ndarray:
    """New and old line and sample of the four corners of the output, single precision."""
    turn = (-angle) * f32(3.14159) / f32(180)
    c, s = libm.cos(turn), libm.sin(turn)
    shift_l, shift_s = into[0] - out_of[0], into[1] - out_of[1]
    last = (max(window.nl, 2), max(window.ns, 2))
    corners = []
    for line in (1, last[0]):
        for sample in (1, last[1]):
            fl, fs = f32(line) - out_of[0], f32(sample) - out_of[1]
            corners += [f32(line), f32(sample), s * fs + c * fl - fl + shift_l + f32(line),
                        c * fs - s * fl - fs + shift_s + f32(sample)]  # fmt: skip
    return np.array(corners, np.float32)
