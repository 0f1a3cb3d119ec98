"""IMGSTAT: mean, extremes and deviations of square boxes, one output pixel a box.

Source: ``vos/p2/prog/imgstat`` (Fortran). Sums are double precision in the order of the box's lines; the mean is rounded to
single before the deviation is taken from it. SL and SS are not used, as in the original.

known: MSSD without slope images uses slopes 0; the original takes whatever its memory holds.
"""

from __future__ import annotations

import numpy as np

from programs._reading import next_lines, read_lines
from vicar.errors import VicarError

FORTRAN = True
FORMATS = {"BYTE": "BYTE", "HALF": "HALF", "WORD": "HALF", "FULL": "FULL", "REAL": "REAL"}
KINDS = ("MEAN", "MIN", "MAX", "SD", "MSSD")
PIXELS_AT_ONCE = 1 << 19


def main(task):
    task.message("IMGSTAT version 13-Apr-2011")
    inputs = task.count("INP")
    source = task.open("INP", 1, u_format="REAL")
    if source.format not in FORMATS:
        task.abend("??E - Unknown data format for input image")
    slopes = [task.open("INP", i, u_format="REAL") for i in (2, 3)] if inputs == 3 else []
    size = task.integer("WINDOW")
    if size == 0:  # the original divides by it
        task.abend("??E - WINDOW must not be 0.")
    window = task.size_field()
    if window.ns > 14000:
        task.abend("??E - Image has too many samples")
    lines, samps = window.nl // size, window.ns // size
    wanted = [kind for kind in KINDS if task.keyword(kind)]
    if len(wanted) != task.count("OUT"):
        task.abend("??E - Outputs requested do not match number of output data sets.")
    results = [
        task.create("OUT", i, nl=lines or None, ns=samps or None, format=FORMATS[source.format], u_format="REAL")
        for i in range(1, len(wanted) + 1)
    ]
    whole = window.nl <= source.nl and not source.short
    step = max(1, PIXELS_AT_ONCE // (window.ns * size)) if whole else 1  # boxes before an error are written
    for line in range(0, lines if samps else 0, step):
        count = min(step, lines - line)
        dn = read_lines(source, line * size + 1, 1, count * size, window.ns)
        tilt = [next_lines(image, count)[:, :samps] for image in slopes] or [np.float32(0)] * 2
        values = statistics(boxes(dn, size, samps), size, tilt, wanted)
        for kind, result in zip(wanted, results):
            result.write_window(values[kind], line + 1)
        task.progress(line + count, lines)
    for line in range(0 if samps else lines):  # not one box across: lines are read all the same
        read_lines(source, line * size + 1, 1, size, window.ns)
    if inputs == 2 and lines < 2:
        # the original closes what it did not open, and names another unit in its message
        raise VicarError("NOTOPN", "XVCLOSE", (results[1] if len(results) > 1 else source).name)
    for image in (source, *slopes, *results):
        image.close()


def boxes(dn: np.ndarray, size: int, samps: int) -> np.ndarray:
    """Pixels by their place in the box: (size*size) x box lines x box samples."""
    lines = len(dn) // size
    cut = dn[:, : samps * size].reshape(lines, size, samps, size)
    return cut.transpose(1, 3, 0, 2).reshape(size * size, lines, samps)


def statistics(pixels: np.ndarray, size: int, tilt: list, wanted: list[str]) -> dict[str, np.ndarray]:
    """The statistics of every box, float32."""
    count = len(pixels)
    total = np.zeros(pixels.shape[1:])
    for plane in pixels:
        total += plane
    values = {"MEAN": (total / count).astype(np.float32)}
    values["MIN"], values["MAX"] = pixels.min(axis=0), pixels.max(axis=0)
    mean = values["MEAN"].astype(np.float64)
    if "SD" in wanted:
        total = np.zeros(pixels.shape[1:])
        for plane in pixels:
            total += (plane - mean) ** 2
        values["SD"] = np.sqrt(total / count).astype(np.float32)
    if "MSSD" in wanted:
        values["MSSD"] = slope_deviation(pixels, mean, size, tilt)
    return values


def slope_deviation(pixels, mean, size: int, tilt) -> np.ndarray:
    """Deviation from the plane through the mean with the slopes ``tilt`` (rising to the right, rising upwards)."""
    centre = float(np.float32(1 + size)) / 2.0
    dx, dy = (np.asarray(t, np.float64) for t in tilt)
    total = np.zeros(pixels.shape[1:])
    for place, plane in enumerate(pixels):
        line, samp = place // size + 1, place % size + 1
        error = plane.astype(np.float64) - ((mean + dx * (samp - centre)) + dy * (centre - line))
        total += error * error
    with np.errstate(all="ignore"):
        return np.sqrt(total / np.float64(size * size - 1)).astype(np.float32)
