"""CAMPARAM: tells a procedure about a Voyager frame. Source: ``vos/p2/prog/camparam`` (Fortran, 02-Jan-95).

Kept: without a camera the line ends before its name, where the original finds zero bytes outside its tables.
known: a label without filter, for which the original looks outside its tables too; here the name is blank.
"""

from __future__ import annotations

import numpy as np

from vicar.ctext import CText
from vicar.errors import VicarError
from vicar.missions import voyager
from vicar.numerics.fortran import edit
from vicar.numerics.rounding import truncate

FORTRAN = True
NARROW = ("CLR", "VIO", "BLU", "ORG", "CLR", "GRN", "GRN", "UV")
WIDE = ("CHJ", "BLU", "CLR", "VIO", "NAD", "GRN", "CH4", "ORG")
CAMERAS = {1: ("NA", NARROW), 2: ("WA", WIDE)}
NOT_OPEN = -25
ITEMS = 19
BEFORE_CAMERA = 17
SHORT, MEDIUM = np.float32(23000), np.float32(62000)  # milliseconds


def main(task) -> None:
    """Run CAMPARAM."""
    task.if_message("CAMPARAM version 02-Jan-95")
    try:
        state = voyager.camera_state(read_label(task), task.message, ITEMS)
    except voyager.CardError as fault:
        task.printf(f"{task.name.lower()}: {fault}")
        task.quit()
    camera, filters = CAMERAS.get(state.angle, ("", ()))
    filter_ = filters[state.filter] if 0 <= state.filter < len(filters) else ""
    exposures = exposure_range(state.exposure)
    task.messages(" ", "From the Voyager Label:", "   FDS    SC   CAMERA    FILTER    EXP(SEC)/RANGE  SCAN")
    text = edit(
        "(1x,i7,t12,i1,t18,a2,t27,a3,t36,f8.3,'/',a4,t53,i2)",
        state.fds, state.spacecraft, camera.ljust(2), filter_.ljust(3), state.exposure / np.float32(1000),
        exposures.ljust(4), state.scan_rate,
    )  # fmt: skip
    task.message(text.rstrip() if camera else CText(text[:BEFORE_CAMERA]))
    for name, value in (
        ("SC", state.spacecraft), ("SCAN", state.scan_rate), ("CAMERA", camera), ("FILTER", filter_), ("FDS", state.fds),
        ("EXPRNG", exposures),
    ):  # fmt: skip
        task.output(name, value)


def read_label(task):
    """Label of the input; the original sees only afterwards whether there is one."""
    try:
        image = task.open("INP")
    except VicarError:
        image = None
    if image is None or not image.labelled:
        task.abend(" ABLE77V2  ERR, ISTAT=", edit("(i12)", NOT_OPEN), edit("(' Status =',i11)", NOT_OPEN))
    return image.label


def exposure_range(exposure: np.float32) -> str:
    """A below 23 seconds, B below 62, then the whole seconds: what names of calibration files end in."""
    if exposure < SHORT:
        return "A"
    if exposure < MEDIUM:
        return "B"
    seconds = int(truncate(exposure / np.float32(1000)))
    return edit("(i2)" if seconds < 100 else "(i3)" if seconds < 1000 else "(i4)", seconds)
