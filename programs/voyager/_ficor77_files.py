"""FICOR77's choice of the dark frame and the curves, and its listing of what it chose.

Every file after the first is looked at: one of 3000 samples a line and more holds curves, any other is a dark frame. Each
gets a mark for how well its label fits the frame: 31, less 16 for another camera, 8 for another filter (curves), 4 for
another scan rate, 1 for a dark frame of a wide-angle camera taken in a mode that does not compare. The best of each kind
is used if it is good enough. Source: ``vos/p2/prog/ficor77``, routines FSEARCH and PLABEL.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vicar.missions import voyager
from vicar.numerics import fortran
from vicar.numerics.prnt import prnt

CURVES_WIDTH = 3000
EQUAL_FILTERS = {4: 0, 6: 5}  # of the narrow-angle cameras: second clear, second green
FULL_MARK, CURVES_MARK = 31, 27
CAMERA, FILTER, SCAN, MODE = 16, 8, 4, 1
SIMULTANEOUS = (5, 7)  # modes that leave a wide-angle frame longer on the vidicon
MODE_UNKNOWN = "XXXXXXX"
MISMATCH = "***PARAMETERS DO NOT MATCH***"


class Refused(Exception):
    """No file fits; the text is the original's."""


@dataclass
class Candidate:
    """One file that may serve."""

    instance: int
    state: voyager.CameraState
    mark: int
    mode: int = 0


@dataclass
class Chosen:
    """The files to use, open, their pixels read as HALF."""

    dark: object
    curves: object
    dark_state: voyager.CameraState
    divisor: np.float32


def choose(task, frame: voyager.CameraState, mode: int, equate: bool) -> Chosen:
    """Find dark frame and curves among the inputs, list them, and refuse what does not fit.

    ``mode`` is the frame's operational mode (0 unknown); ``equate`` treats filters that are alike as one.
    """
    check = not task.keyword("NOCHECK")
    if not check:
        task.message("No label checking will be done")
    curves, dark = _search(task, frame, mode, equate, check)
    if dark is None:
        raise Refused("**No dark current input.")
    task.messages(*prnt("FULL", dark.instance, "Dark-Current File input=."))
    dark_image = task.open("INP", dark.instance, u_format="HALF")
    if curves is None:
        raise Refused("***No calibration file input.")
    task.messages(*prnt("FULL", curves.instance, "Calibration File input=."))
    curves_image = task.open("INP", curves.instance, u_format="HALF")

    divisor = _list_labels(task, dark_image, curves_image, dark, curves)
    _list_parameters(task, frame, mode, dark, curves)
    if curves.mark < CURVES_MARK:
        raise Refused("***No acceptable calibration file found")
    if dark.mark < FULL_MARK:
        raise Refused("***No acceptable dark-current frame found")
    return Chosen(dark_image, curves_image, dark.state, divisor)


def _search(task, frame, mode, equate, check) -> tuple[Candidate | None, Candidate | None]:
    """Best file of curves and best dark frame; the search ends when both fit."""
    curves = dark = None
    cards = voyager.Cards()
    for instance in range(2, task.count("INP") + 1):
        if curves and dark and curves.mark >= CURVES_MARK and dark.mark >= FULL_MARK:
            break
        image = task.open("INP", instance)
        cards.load(image.label, task.message)
        if image.ns >= CURVES_WIDTH:
            if curves is None or curves.mark < CURVES_MARK:
                found = _mark_curves(instance, cards, frame, equate, check)
                curves = found if curves is None or not check or found.mark >= curves.mark else curves
        elif dark is None or dark.mark < FULL_MARK:
            found = _mark_dark(task, instance, image.label, cards, frame, mode, check)
            dark = found if dark is None or found.mark >= dark.mark else dark
        image.close()
    return curves, dark


def _mark_curves(instance, cards, frame, equate, check) -> Candidate:
    state = voyager.CameraState(camera=cards.integer(109), filter=cards.integer(137))
    if equate and state.camera in voyager.NARROW:
        state.filter = EQUAL_FILTERS.get(state.filter, state.filter)
    state.scan_rate = cards.integer(227, 228)
    state.gain = cards.integer(238)
    mark = FULL_MARK
    if check:
        mark -= CAMERA * (state.camera != frame.camera)
        mark -= FILTER * (state.filter != frame.filter)
        mark -= SCAN * (state.scan_rate != frame.scan_rate)
    return Candidate(instance, state, mark)


def _mark_dark(task, instance, label, cards, frame, mode, check) -> Candidate:
    state = voyager.camera_state(label, task.message, items=8)
    dark_mode = cards.mode
    for name, attribute in (("DCSCAN", "scan_rate"), ("DCCAM", "camera"), ("DCGAIN", "gain")):
        if not task.defaulted(name) and task.integer(name):  # a zero cannot override
            setattr(state, attribute, task.integer(name))
    dark_mode = max(task.integer("DCMODE", 0), 0) or dark_mode
    mark = FULL_MARK
    if check:
        mark -= CAMERA * (state.camera != frame.camera)
        mark -= SCAN * (state.scan_rate != frame.scan_rate)
        wide = frame.camera in (voyager.WIDE_1, voyager.WIDE_2)
        if wide and dark_mode != mode and {dark_mode, mode} & set(SIMULTANEOUS):
            mark -= MODE
    return Candidate(instance, state, mark, dark_mode)


def _list_labels(task, dark_image, curves_image, dark: Candidate, curves: Candidate) -> np.float32:
    """Print both labels and what does not fit; gives the divisor of the curves."""
    cards = voyager.Cards()
    cards.load(dark_image.label, task.message)
    _list_cards(task, "DARK-CURRENT LABEL...", cards)
    if dark.mark < CAMERA:
        task.message("***CAMERA S/N DO NOT MATCH.")
    if dark.mark % 8 < SCAN:
        task.message("***SCAN RATES DO NOT MATCH")
    if dark.mark % 2 < MODE:
        task.message("***CONFLICT BETWEEN INPUT PICTURE AND DARK CURRENT MODE")

    cards.load(curves_image.label, task.message)
    _list_cards(task, "CALIBRATION FILE LABEL...", cards)
    if curves.mark < CAMERA:
        task.message("***CAMERA S/N DO NOT MATCH.")
    if curves.mark % 16 < FILTER:
        task.message("***FILTER POSITIONS DO NOT MATCH.")
    if not task.defaulted("DIV") and task.count("DIV"):
        task.message("Calibration file divisor overridden")
        divisor = task.real("DIV")
    else:
        divisor = voyager.read_real(cards.columns(203, 210), 3)
    task.messages(*prnt("REAL", divisor, "DIV=."))
    return divisor


def _list_cards(task, heading: str, cards: voyager.Cards) -> None:
    task.messages(heading, "")
    task.messages(*((" " * 10 + line).rstrip() for line in cards.lines()))


def _list_parameters(task, frame, mode, dark: Candidate, curves: Candidate) -> None:
    """The table of camera parameters of the three files."""
    task.message("  CAMERA PARAMETERS...")
    task.message(" " * 16 + "INPUT   DARK    CALIBRATION")
    task.message(" " * 16 + "FRAME   CURRENT FILE")
    for name, attribute, differs in (
        ("S/N", "camera", min(dark.mark, curves.mark) < CAMERA),
        ("FILTER", "filter", curves.mark % 16 < FILTER),
        ("SCANRATE", "scan_rate", dark.mark % 8 < SCAN),
        ("GAIN", "gain", False),
    ):
        numbers = (fortran.integer(getattr(s, attribute), 2) for s in (frame, dark.state, curves.state))
        row = f"     {name:8s}    " + "      ".join(numbers)
        task.message(f"{row}    {MISMATCH}" if differs else row)
    row = f"     MODE       {_mode_name(mode)}  {_mode_name(dark.mode)}   "
    task.message(f"{row}    {MISMATCH}" if dark.mark % 2 == 0 else row.rstrip())


def _mode_name(mode: int) -> str:
    return f"{voyager.MODES.get(mode, MODE_UNKNOWN):7s}"
