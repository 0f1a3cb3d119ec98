"""SIZE: the lines and samples of input and output, and how they are scaled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vicar.numerics.fortran import edit

EPS = np.float32(1e-6)
SAMPLE_LIMIT = 100000
F32 = np.float32


@dataclass
class Axis:
    """Lines or samples: start and number in the input and in the output, size of the output, and the zoom.

    ``whole`` is the zoom as an integer: n for n times, -n for 1/n, 0 if it is neither.
    """

    start: int = 1
    count: int = 0
    out_start: int = 1
    out_count: int = 0
    out_size: int = 0
    zoom: float = 0.0
    whole: int = 0
    given: bool = False


def read_bands(task, source) -> range:
    bands = task.band_field(source)
    nb = bands.nb
    if bands.nbi > 1:
        if source.org == "BIP":
            task.message("??E - BIP files not supported, use program TRAN to convert to BSQ")
            task.abend()
        if source.org == "BIL":
            task.message("??W - BIL format may cause performance degradation")
    if bands.sb + nb - 1 > bands.nbi:
        task.message(" ??W - NB too large, reduced to fit input")
        nb = bands.nbi - bands.sb + 1
    if nb <= 0:
        nb = bands.nbi - bands.sb + 1
    return range(bands.sb, bands.sb + nb)


def read_sizes(task, source) -> tuple[Axis, Axis, bool]:
    """The two axes, and whether to interpolate."""
    lines, samps = Axis(), Axis()
    size = task.integers("SIZE")
    size_given = not task.defaulted("SIZE") and len(size) == 4
    if size_given:
        lines.out_size, samps.out_size = size[2:]
    else:
        window = task.size_field(source)
        lines.out_size, samps.out_size = window.nl, window.ns
    offset = task.integers("IOFFSET")
    if len(offset) == 2:
        lines.out_start, samps.out_start = offset
    read_area(task, source, lines, samps)
    task.message(edit("('      INPUT AREA=(',I5,',',I5,',',I5,',',I5,')')", lines.start, samps.start, lines.count, samps.count))
    read_zooms(task, lines, samps)
    interpolate = not task.keyword("NOIN")
    defaulted = task.defaulted("SIZE")
    if not fit(task, samps, "NS", source.ns, defaulted, interpolate, samps.zoom):
        task.message("??E - Must specify either SZOOM or NS")
        task.abend()
    if not fit(task, lines, "NL", source.nl, defaulted, interpolate, samps.zoom):
        task.message("??E - Must specify either LZOOM or NL")
        task.abend()
    task.message(edit("('     OUTPUT SIZE= ',I6,' X ',I6)", lines.out_size, samps.out_size))
    if samps.out_size > SAMPLE_LIMIT:
        task.message("??E - Output sample size exceeds 100,000")
        task.abend()
    for axis in (lines, samps):
        if axis.out_count == 1:
            axis.whole, axis.zoom = 1, 1.0
    return lines, samps, interpolate and not (lines.whole == samps.whole == 1)


def read_area(task, source, lines: Axis, samps: Axis) -> None:
    area = task.integers("AREA")
    if len(area) != 4:
        lines.count, samps.count = source.nl, source.ns
        return
    lines.start, samps.start, lines.count, samps.count = area
    if min(area) < 1 or lines.count > source.nl - lines.start + 1 or samps.count > source.ns - samps.start + 1:
        task.message("??E - Invalid input picture area")
        task.abend()


def read_zooms(task, lines: Axis, samps: Axis) -> None:
    for name, axes in (("ZOOM", (lines, samps)), ("LZOOM", (lines,)), ("SZOOM", (samps,))):
        zoom = task.double(name)
        if zoom is None:
            continue
        if zoom == 0.0:
            task.message("??E - ZOOM cannot be zero" if name == "ZOOM" else "??E - LZOOM and SZOOM cannot be zero")
            task.abend()
        zoom, whole = whole_zoom(zoom)
        for axis in axes:
            axis.zoom, axis.whole, axis.given = zoom, 1 if whole == -1 else whole, True


def whole_zoom(zoom: float) -> tuple[float, int]:
    """The zoom, negative ones as fractions, and its integer if it is one (see `Axis`)."""
    if zoom >= 1.0:
        whole = int(zoom + float(EPS))
        return (float(whole), whole) if abs(F32(zoom - whole)) <= EPS else (zoom, 0)
    if zoom > 0.0:
        shrink = F32(1.0 / zoom)
    else:
        shrink = F32(-zoom)
        zoom = float(F32(1) / shrink)
    whole = int(shrink + EPS)
    return zoom, -whole if abs(shrink - F32(whole)) <= EPS else 0


def fit(task, axis: Axis, name: str, in_size: int, size_defaulted: bool, interpolate: bool, zoom_samps: float) -> bool:
    """Work out zoom from size or size from zoom. False if neither is known."""
    defaulted = task.defaulted(name)
    if not axis.given:
        if axis.out_size == in_size and size_defaulted and defaulted:
            return False
        axis.out_count = axis.out_size - axis.out_start + 1
        axis.zoom = float(axis.out_count) / axis.count
        if axis.out_count < axis.count:
            whole = int(axis.count / axis.out_count)
            if abs(F32(1.0 / axis.zoom - whole)) < EPS:
                axis.whole = -whole
        else:
            whole = axis.out_count // axis.count
            if abs(F32(axis.zoom - whole)) < EPS:
                axis.whole = whole
        return True
    if axis.whole > 0:
        axis.out_count = axis.count * axis.whole
    elif axis.whole < 0:
        axis.out_count = axis.count // -axis.whole if interpolate else (axis.count - 1) // -axis.whole + 1
    elif not interpolate and axis.zoom < 1.0:
        # the original takes the zoom of the samples for both
        axis.out_count = int((axis.count - 1) * zoom_samps + float(EPS) + 1.0)
    else:
        axis.out_count = int(axis.zoom * axis.count + float(EPS))
    if not defaulted:
        axis.out_size = task.integer(name, axis.out_size)
    elif size_defaulted:
        axis.out_size = axis.out_start + axis.out_count - 1
    return True
