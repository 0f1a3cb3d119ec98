"""SIZE: enlarge or reduce an image, with or without interpolation.

Source: ``vos/p2/prog/size`` (Fortran). Pixels are handled in double precision, places in the input in single precision.
An enlarged line or column interpolates between the two nearest pixels, a reduced one is the mean of the pixels it covers.

Kept as they are: bands keep their numbers in the output, so that bands beyond its own number are lost; without
interpolation real data and HALF to BYTE are cut, not rounded, and FULL to REAL with SCALE or LIMITS is limited to 0.

An output one sample wide of a wider area takes samples of the second of two lines for the first (their buffers overlap).

accepted: 'NOIN with LIMITS or SCALE from BYTE to BYTE takes values above 127 through memory behind a table of the original.

known: map labels (a property MAP in the input) are not brought up to date.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from programs.geometry import _size_blocks
from programs.geometry._size_axes import Axis, read_bands, read_sizes
from vicar.image.sweep import read_line
from vicar.numerics.fortran import edit
from vicar.numerics.rounding import nint, truncate

FORTRAN = True
FORMATS = ("BYTE", "HALF", "FULL", "REAL", "DOUB")
OLD_NAMES = {"WORD": "HALF"}
LOWEST = {"BYTE": 0, "HALF": -32768, "FULL": -(2**31)}
HIGHEST = {"BYTE": 255, "HALF": 32767, "FULL": 2**31 - 1}
LINES_AT_ONCE = 64
F32 = np.float32


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


# -- output and values -------------------------------------------------------------------------------------------------


def create_output(task, lines: Axis, samps: Axis, bands: range, fmt: str):
    nb = bands.stop - bands.start  # a band behind the last makes it negative: an error
    result = task.create("OUT", nl=lines.out_size, ns=samps.out_size, nb=nb, format=fmt, u_format=fmt)
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
        self.first = self.asked = 0
        self.kept = np.zeros((0, 0))

    def __getitem__(self, line: int) -> np.ndarray:
        if not self.first <= line < self.first + len(self.kept):
            last = self.lines.start + self.lines.count - 1
            if line > last:
                if self.asked:  # the error tells which line was read last
                    read_line(self.source, self.asked, self.samps.start, self.samps.count, self.band)
                return self.widen(read_line(self.source, line, self.samps.start, self.samps.count, self.band)[np.newaxis])[0]
            count = min(LINES_AT_ONCE, last - line + 1)
            dn = self.source.read_window(line, self.samps.start, count, self.samps.count, self.band)
            self.first, self.kept = line, self.widen(dn)
        self.asked = line
        return self.kept[line - self.first]


def write_band(task, result, lines: Axis, samps: Axis, band: int, make) -> None:
    """Lay the lines that ``make`` gives into the output, with zeros around them; after an error it has those before."""
    if lines.out_start < 1:
        result.write(np.zeros(samps.out_size), line=lines.out_start, band=band)  # the error the original gets
    left = samps.out_start - 1
    skip = max(0, -left)
    used = max(0, min(samps.out_count - skip, samps.out_size - left - skip))
    block = np.zeros((LINES_AT_ONCE, samps.out_size))
    filled, first = 0, lines.out_start
    try:
        for number, dn in enumerate(make, lines.out_start):
            if number > lines.out_size:
                break
            block[filled, left + skip : left + skip + used] = dn[skip : skip + used]
            filled += 1
            if filled == len(block):
                put(result, block, first, band)
                first, filled = first + filled, 0
            task.progress(number, lines.out_size)
    finally:
        put(result, block[:filled], first, band)


def put(result, block: np.ndarray, first: int, band: int) -> None:
    """Write lines; those of a band the output does not have fall on the records that come from its number."""
    if band <= result.nb:
        if len(block):
            result.write_window(block, first, 1, band)
    elif result.org == "BIL":
        for line, dn in enumerate(block, first):
            more, where = divmod(band - 1, result.nb)
            if line + more <= result.nl:
                result.write_window(dn[np.newaxis], line + more, 1, where + 1)


def write_blocks(task, result, lines: Axis, samps: Axis, band: int, blocks) -> None:
    """Lay blocks of lines into the output from its first line and sample on, zeros right of them."""
    done = 0
    for block in blocks:
        block = block[: lines.out_size - done, : samps.out_size]
        if not len(block):
            break
        if block.shape[1] < samps.out_size:
            block = np.pad(block, ((0, 0), (0, samps.out_size - block.shape[1])))
        put(result, block, done + 1, band)
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
    elif samps.out_count == 1 < samps.count and (lines.zoom > 1.0 or lines.whole < 0):
        yield from (one_wide_enlarged if lines.zoom > 1.0 else one_wide_reduced)(rows, lines, samps, scale, values)
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


def one_wide_enlarged(rows: Rows, lines: Axis, samps: Axis, scale: float, values: Values):
    """`enlarged` for one sample: of a wider area whole lines are read, and those of two lines lie one sample apart."""
    step, start = F32(1.0 / lines.zoom), F32(lines.start - 0.5)
    memory, first, second = np.zeros(samps.count + 1), 0, 1
    shown = read = 0
    for number in range(1, lines.out_count + 1):
        place = step * F32(number - 0.5) + start
        above = min(max(int(place), lines.start), lines.start + lines.count - 2)
        if above != shown:
            first, second, shown = second, first, above
            if above > read:
                memory[first : first + samps.count] = rows[above]
            read = above + 1
            memory[second : second + samps.count] = rows[read]
        weight = float(place - F32(above))
        one, other = memory[first : first + 1], memory[second : second + 1]
        yield blended(one, other, (1.0 - weight) * scale, weight * scale, values)


def one_wide_reduced(rows: Rows, lines: Axis, samps: Axis, scale: float, values: Values):
    """Sums of lines for one sample: the sum lies where the second sample of the next line is read."""
    step = -lines.whole
    for line in range(lines.start, lines.start + step * lines.out_count, step):
        total = rows[line][:1]
        for more in range(1, step):
            total = rows[line + more][1:2] + rows[line + more][:1]
        yield scaled(total, lines.zoom * scale, values)


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
