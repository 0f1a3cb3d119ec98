"""SIZE: enlarge or reduce an image, with or without interpolation.

Source: ``vos/p2/prog/size`` (Fortran). Pixels are handled in double precision, places in the input in single precision.
An enlarged line or column interpolates between the two nearest pixels, a reduced one is the mean of the pixels it covers.

Kept as they are: bands keep their numbers in the output, so that bands beyond its own number are lost; without
interpolation real data and HALF to BYTE are cut, not rounded, and FULL to REAL with SCALE or LIMITS is limited to 0.

known: map labels (a property MAP in the input) are not brought up to date; an output one sample wide of a wider area that is
changed in height reads overlapping lines in the original.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from programs.geometry import _size_blocks
from vicar.image.sweep import read_line
from vicar.numerics.fortran import edit
from vicar.numerics.rounding import nint, truncate

FORTRAN = True
FORMATS = ("BYTE", "HALF", "FULL", "REAL", "DOUB")
OLD_NAMES = {"WORD": "HALF"}
LOWEST = {"BYTE": 0, "HALF": -32768, "FULL": -(2**31)}
HIGHEST = {"BYTE": 255, "HALF": 32767, "FULL": 2**31 - 1}
EPS = np.float32(1e-6)
SAMPLE_LIMIT = 100000
LINES_AT_ONCE = 64
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


@dataclass
class Values:
    """What becomes of the values: output format, scale and limits."""

    source: str
    result: str
    scale: float
    low: int
    high: int
    limited: bool


def main(task):
    task.message("*** SIZE version 2017-11-21 ***")
    source = task.open("INP")
    bands = read_bands(task, source)
    fmt = OLD_NAMES.get(source.format, source.format)
    if fmt not in FORMATS:
        task.message("??E - Unknown data format for input image")
        task.abend()
    lines, samps, interpolate = read_sizes(task, source)
    new = next((name for name in reversed(FORMATS) if task.keyword(name)), fmt)
    result = create_output(task, lines, samps, bands, new)
    values = read_values(task, fmt, new)
    source.close()
    source = task.open("INP", u_format="DOUB")
    say_map_labels(task, source, lines, samps)
    with source, task.open("INP") as stored, result:
        blocks = _size_blocks.fitting(stored, lines, samps, values) if interpolate else None
        for band in bands:
            if blocks is not None:
                write_blocks(task, result, lines, samps, band, blocks(stored, lines, samps, values, band))
                continue
            rows = Rows(source, lines, samps, band)
            make = interpolated(rows, lines, samps, values) if interpolate else replicated(rows, lines, samps, values)
            write_band(task, result, lines, samps, band, make)
    task.message(" SIZE task completed")


# -- parameters -------------------------------------------------------------------------------------------------------


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


def create_output(task, lines: Axis, samps: Axis, bands: range, fmt: str):
    result = task.create("OUT", nl=lines.out_size, ns=samps.out_size, nb=len(bands), format=fmt, u_format=fmt)
    if lines.whole == 0 or samps.whole == 0:
        pair, form = (lines.zoom, samps.zoom), "F12.5"
    elif lines.whole < 0 and samps.whole < 0:
        pair, form = (F32(-1.0) / F32(lines.whole), F32(-1.0) / F32(samps.whole)), "F12.5"
    else:
        pair, form = (lines.whole, samps.whole), "I6"
    text = edit(f"(' PICTURE SIZE SCALED BY ',{form},'*NL, ',{form},'*NS')", *pair)
    task.message(text)
    same = lines.whole == samps.whole if form == "I6" else lines.zoom == samps.zoom
    if same:
        text = text[: text.index("*")]
    result.label.add("COMMENT", text[1:], task="", format="STRING")
    return result


def say_map_labels(task, source, lines: Axis, samps: Axis) -> None:
    """Messages about a map label that is not changed."""
    if not source.label.has("PROPERTY", property="MAP"):
        if task.keyword("DEBUG"):
            task.message("err reading MP labels or MP labels do not exist")
    elif lines.zoom != samps.zoom:
        task.message("ASPECT change: MAP labels NOT updated")
    elif not source.label.has("MAP_PROJECTION_TYPE", property="MAP"):
        task.message("error getting projection type")


def read_values(task, fmt: str, new: str) -> Values:
    limited = FORMATS.index(fmt) > FORMATS.index(new)
    low, high = LOWEST.get(new, 0), HIGHEST.get(new, 0)
    limits = task.integers("LIMITS")
    if len(limits) == 2 and not task.defaulted("LIMITS"):
        low, high, limited = max(limits[0], low), min(limits[1], high), True
    scale = task.double("SCALE")
    if not task.defaulted("SCALE"):
        if scale == 0.0:
            task.message("??E - Zero is an invalid SCALE value")
            task.abend()
        limited = True
    return Values(fmt, new, scale, low, high, limited)


# -- lines ------------------------------------------------------------------------------------------------------------


class Rows:
    """Lines of the input area, in double precision, changed in width by ``widen``; some lines are kept."""

    def __init__(self, source, lines: Axis, samps: Axis, band: int):
        self.source, self.lines, self.samps, self.band = source, lines, samps, band
        self.widen = lambda dn: dn
        self.first = 0
        self.kept = np.zeros((0, 0))

    def __getitem__(self, line: int) -> np.ndarray:
        if not self.first <= line < self.first + len(self.kept):
            last = self.lines.start + self.lines.count - 1
            if line > last:
                return self.widen(read_line(self.source, line, self.samps.start, self.samps.count, self.band)[np.newaxis])[0]
            count = min(LINES_AT_ONCE, last - line + 1)
            dn = self.source.read_window(line, self.samps.start, count, self.samps.count, self.band)
            self.first, self.kept = line, self.widen(dn)
        return self.kept[line - self.first]


def write_band(task, result, lines: Axis, samps: Axis, band: int, make) -> None:
    """Lay the lines that ``make`` gives into the output, with zeros around them."""
    if band > result.nb:
        return
    if lines.out_start < 1:
        result.write(np.zeros(samps.out_size), line=lines.out_start, band=band)  # the error the original gets
    left = samps.out_start - 1
    skip = max(0, -left)
    used = max(0, min(samps.out_count - skip, samps.out_size - left - skip))
    block = np.zeros((LINES_AT_ONCE, samps.out_size))
    filled, first = 0, lines.out_start
    for number, dn in enumerate(make, lines.out_start):
        if number > lines.out_size:
            break
        block[filled, left + skip : left + skip + used] = dn[skip : skip + used]
        filled += 1
        if filled == len(block):
            result.write_window(block, first, 1, band)
            first, filled = first + filled, 0
        task.progress(number, lines.out_size)
    if filled:
        result.write_window(block[:filled], first, 1, band)


def write_blocks(task, result, lines: Axis, samps: Axis, band: int, blocks) -> None:
    """Lay blocks of lines into the output from its first line and sample on, zeros right of them."""
    if band > result.nb:
        return
    done = 0
    for block in blocks:
        block = block[: lines.out_size - done, : samps.out_size]
        if not len(block):
            break
        if block.shape[1] < samps.out_size:
            block = np.pad(block, ((0, 0), (0, samps.out_size - block.shape[1])))
        result.write_window(block, done + 1, 1, band)
        done += len(block)
        task.progress(done, lines.out_size)


# -- with interpolation -----------------------------------------------------------------------------------------------


def interpolated(rows: Rows, lines: Axis, samps: Axis, values: Values):
    rows.widen = horizontal(samps)
    scale = (1.0 if samps.zoom > 1.0 else samps.zoom) * values.scale
    if lines.count == 1:
        line = scaled(rows[lines.start], scale, values)
        for _ in range(lines.out_count):
            yield line
    elif lines.whole == 1:
        for line in range(lines.out_count):
            yield scaled(rows[lines.start + line], scale, values)
    elif lines.zoom > 1.0:
        yield from enlarged(rows, lines, scale, values)
    elif lines.whole < 0:
        step = -lines.whole
        for line in range(lines.start, lines.start + step * lines.out_count, step):
            total = rows[line].copy()
            for more in range(1, step):
                total = rows[line + more] + total
            yield scaled(total, lines.zoom * scale, values)
    else:
        yield from reduced(rows, lines, lines.zoom * scale, values)


def enlarged(rows: Rows, lines: Axis, scale: float, values: Values):
    """Each line between the two input lines around its centre."""
    step, start = F32(1.0 / lines.zoom), F32(lines.start - 0.5)
    last = lines.start + lines.count - 1
    for number in range(1, lines.out_count + 1):
        place = step * F32(number - 0.5) + start
        above = min(max(int(place), lines.start), last - 1)
        weight = float(place - F32(above))
        yield blended(rows[above], rows[above + 1], (1.0 - weight) * scale, weight * scale, values)


def reduced(rows: Rows, lines: Axis, scale: float, values: Values):
    """Each line the sum of the input lines it covers, the first and the last in part."""
    step = F32(1.0 / lines.zoom)
    last = lines.start + lines.count - 1
    at, weight = lines.start, 0.0
    for number in range(1, lines.out_count + 1):
        total = (1.0 - weight) * rows[at]
        edge = F32(number) * step + F32(lines.start)
        end = min(int(edge), last)
        weight = float(edge - F32(end))
        at = min(at + 1, last)
        while at < end:
            total = total + rows[at]
            at = min(at + 1, last)
        yield blended(total, rows[at], scale, scale * weight, values)


def blended(one: np.ndarray, other: np.ndarray, weight: float, other_weight: float, values: Values) -> np.ndarray:
    dn = one * weight + other * other_weight
    if values.result in LOWEST:
        return limit(nint(dn), values).astype(np.float32)
    return dn


def scaled(dn: np.ndarray, scale: float, values: Values) -> np.ndarray:
    dn = scale * dn
    return limit(nint(dn), values) if values.result in LOWEST else dn


def limit(dn: np.ndarray, values: Values) -> np.ndarray:
    return np.where(dn > values.high, values.high, np.where(dn < values.low, values.low, dn))


def horizontal(samps: Axis):
    """The function that changes lines (rows of an array) in width by interpolation."""
    if samps.whole == 1:
        return lambda dn: dn
    if samps.count == 1:
        return lambda dn: np.repeat(dn, samps.out_count, axis=1)
    numbers = np.arange(1, samps.out_count + 1)
    step = F32(1.0 / samps.zoom)
    if samps.zoom > 1.0:
        places = step * (numbers - 0.5).astype(F32) + F32(0.5)
        right = np.minimum(np.maximum(places.astype(np.int32), 1) + 1, samps.count)
        weights = (right.astype(F32) - places).astype(np.float64)
        return lambda dn: weights * dn[:, right - 2] + (1.0 - weights) * dn[:, right - 1]
    if samps.whole < 0:
        return lambda dn: sums(dn, -samps.whole, samps.out_count)
    places = step * numbers.astype(F32)
    right = np.minimum(places.astype(np.int32) + 1, samps.count)
    weights = (F32(1.0) - (right.astype(F32) - places)).astype(np.float64)
    return lambda dn: covered(dn, right, weights)


def sums(dn: np.ndarray, step: int, count: int) -> np.ndarray:
    """Sums of ``step`` samples, from left to right."""
    total = np.zeros((len(dn), count))
    for more in range(step):
        total = total + dn[:, more : more + step * (count - 1) + 1 : step]
    return total


def covered(dn: np.ndarray, right: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Sums of the samples each output sample covers: the rest of the one before, those between, a part of the last."""
    before = np.concatenate(([1], right[:-1]))
    ends = dn[:, right - 1]
    parts = weights * ends
    total = dn[:, before - 1] - np.concatenate((np.zeros((len(dn), 1)), parts[:, :-1]), axis=1)
    between = right - before - 1
    inner = np.zeros_like(total)
    for more in range(int(between.max(initial=0))):
        there = between > more
        inner[:, there] = inner[:, there] + dn[:, (before + more)[there]]
    return np.where(between > 0, total + inner, total) + parts


# -- without interpolation --------------------------------------------------------------------------------------------


def replicated(rows: Rows, lines: Axis, samps: Axis, values: Values):
    """Each output pixel is one input pixel, perhaps with another value."""
    change = value_change(values)
    step = F32(1.0 / samps.zoom)
    offset = F32(1.0 if samps.zoom < 1.0 else 0.5)
    places = step * (np.arange(1, samps.out_count + 1).astype(F32) - offset) + F32(1.00002)
    columns = np.clip(places.astype(np.int32), 1, samps.count) - 1
    step = F32(1.0 / lines.zoom)
    offset = F32(1.0 if lines.zoom < 1.0 else 0.5)
    start = F32(lines.start) + F32(0.000002)
    shown, dn = 0, None
    for number in range(1, lines.out_count + 1):
        line = int(step * (F32(number) - offset) + start)
        if line != shown:
            dn = change(rows[line][columns])
        shown = line
        yield dn


def value_change(values: Values):
    """The function applied to the values of a line."""
    old, new, scale = values.source, values.result, values.scale
    if old in ("BYTE", "HALF") and (old, new) in (
        ("BYTE", "BYTE"), ("BYTE", "HALF"), ("BYTE", "FULL"), ("HALF", "HALF")):
        return (lambda dn: table_values(dn, values)) if values.limited else (lambda dn: dn)
    if old == "FULL" or (old, new) == ("HALF", "FULL"):
        return (lambda dn: limit(nint(scale * dn), values)) if values.limited else (lambda dn: truncate(dn))
    return (lambda dn: scale * dn) if scale != 1.0 else (lambda dn: dn)


def table_values(dn: np.ndarray, values: Values) -> np.ndarray:
    """Scaled and rounded in single precision, as in a look-up table of bytes or halfwords."""
    product = (values.scale * dn).astype(F32)
    half = F32(0.5)
    product = np.where(product < 0, product - half, np.where(product > 0, product + half, product))
    limited = np.minimum(np.maximum(truncate(product), values.low), values.high)
    return limited if values.result == "BYTE" else limited.astype(np.int16)
