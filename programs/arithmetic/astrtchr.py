"""ASTRTCHR: linear stretch of REAL or FULL images to BYTE or HALF, its range taken from a sample of the pixels.

Source: ``vos/p2/prog/astrtchr`` (Fortran, 2017-05-31). Pixels are sampled at even steps of an area, sorted, and cut at both
ends by the given percentages. Kept: samples are counted on from line to line and band to band; IFORMAT takes the bits of
the file for the other type; LIMITS clip unless NOCLIP, also when the first is the larger; REPLACE is rounded and wrapped,
not clipped; with all pixels cut from above the upper bound is 0.

accepted: where the original looks at memory it never set (lines of files with smaller pixels read under IFORMAT or too short,
a bound behind the last sample), zeros stand here. Samples with NaN, on which its sort goes astray or dies, are sorted with
the NaN behind the others.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from vicar.errors import VicarError
from vicar.image.sweep import line_blocks
from vicar.numerics import fortran
from vicar.numerics.prnt import prnt
from vicar.numerics.rounding import nint, truncate, wrap_int32

FORTRAN = True

PIXELS_AT_ONCE = 1 << 15
_F = np.float32
_RANGES = {"BYTE": (0, 255), "HALF": (-32768, 32767)}
_TYPES = {"REAL": np.float32, "FULL": np.int32}


def main(task):
    task.if_message("** ASTRTCHR version 2017-05-31")
    source = task.open("INP")
    if source.org == "BIP":
        task.abend("??E - BIP files not supported, use program TRAN to convert to BSQ")
    kind = source.format if task.defaulted("IFORMAT") else task.string("IFORMAT")
    if kind not in _TYPES:
        task.message("??E - Input must be FULLWORD or REAL*4 data")
        task.abend()
    window = task.size_field(source)
    bands = chosen_bands(task, source)
    exclusion = Exclusion(task, kind)
    limits, span = output_limits(task)
    task.message(" ")
    for name, limit in zip(("LOWER", "UPPER"), limits, strict=True):
        task.message(fortran.edit(f"('{name} OUTPUT LIMIT = ',E10.4)", _F(limit)))
    lines = Lines(source, _TYPES[kind])
    bounds = input_bounds(task, lines, bands, kind, exclusion)
    stretch(task, lines, window, bands, Mapping(task, bounds, limits, span, exclusion))


def chosen_bands(task, source) -> range:
    """Bands to sample and to stretch, cut at the last of the image."""
    bands = task.band_field(source)
    if bands.sb > bands.nbi:
        task.abend("??E - SB is greater than the total number of bands")
    if bands.sb + bands.nb - 1 <= bands.nbi:
        return range(bands.sb, bands.sb + bands.nb)
    task.message("??W - Number of bands truncated")
    return range(bands.sb, bands.nbi + 1)


def output_limits(task) -> tuple[tuple[int, int], tuple[int, int]]:
    """What the bounds are mapped to, and the range that clips."""
    kind = task.string("OFORMAT")
    span = _RANGES[kind]
    limits = (0, 10000 if kind == "HALF" else 255) if task.defaulted("LIMITS") else tuple(task.integers("LIMITS"))
    if not all(span[0] <= limit <= span[1] for limit in limits):
        task.message("??E - LIMIT parameter value out of range")
        task.abend()
    return limits, span if task.keyword("NOCLIP") else limits


class Lines:
    """Lines of the file as they are in memory, taken for ``dtype``; a short line leaves what was there behind it."""

    def __init__(self, source, dtype):
        self.source, self.dtype = source, dtype
        self.memory = np.zeros(0, np.uint8)

    def read(self, line: int, samp: int, nsamps: int, band: int) -> np.ndarray:
        """``nsamps`` values, valid until the next call."""
        raw = self.source.read(line, samp, nsamps, band).view(np.uint8)
        size = self.dtype().itemsize * nsamps
        there = raw[: min(size, max(0, self.source.ns - samp + 1) * self.source.dtype.itemsize)]
        if len(self.memory) < size:
            self.memory = np.concatenate((self.memory, np.zeros(size - len(self.memory), np.uint8)))
        self.memory[: len(there)] = there
        return self.memory[:size].view(self.dtype)

    def blocks(self, window, band: int, step: int) -> Iterator[tuple[int, np.ndarray]]:
        """Every ``step``-th line of a window: number of the first line of a block, from 0, and lines x samples."""
        inside = window.ss + window.ns - 1 <= self.source.ns
        if inside and self.source.dtype.itemsize == self.dtype().itemsize:
            for done, dn in line_blocks(self.source, window.sl, window.ss, window.nl, window.ns, band, step):
                yield done, dn.view(self.dtype)
            return
        for done in range(0, window.nl, step):
            yield done, self.read(window.sl + done, window.ss, window.ns, band)[np.newaxis]


class Exclusion:
    """The intervals EXCL, both ends inclusive; for FULL images rounded."""

    def __init__(self, task, kind: str):
        ends = np.zeros(0, _F) if task.defaulted("EXCL") else task.reals("EXCL")
        if len(ends) % 2:
            task.message("??E - Odd number of EXCL parameter values entered")
            task.abend()
        self.intervals = (nint(ends) if kind == "FULL" else np.asarray(ends, _F)).reshape(-1, 2)

    def __bool__(self) -> bool:
        return len(self.intervals) > 0

    def holds(self, dn: np.ndarray) -> np.ndarray:
        """Whether each of ``dn`` is in one of the intervals."""
        inside = np.zeros(dn.shape, bool)
        for low, high in self.intervals:
            inside |= (low <= dn) & (dn <= high)
        return inside


def input_bounds(task, lines: Lines, bands: range, kind: str, exclusion: Exclusion) -> tuple[np.float32, np.float32]:
    """Lower and upper bound of the sorted sample."""
    area = [1, 1, lines.source.nl, lines.source.ns] if task.defaulted("AREA") else task.integers("AREA")
    room, across = task.integer("SORT"), task.integer("SINC")
    with np.errstate(invalid="ignore"):
        pixels = wrap_int32(area[2] * area[3])
        step = max(int(truncate(np.sqrt(_F(pixels) / _F(room)) / _F(across) + _F(0.5))), 1)
    sample = np.zeros(room + 2, lines.dtype)
    taken = sample_pixels(lines, area, bands, across, step, room)
    sample[: len(taken)] = taken
    count = len(taken)
    if exclusion:
        good = taken[~exclusion.holds(taken)]
        count = len(good)
        sample[:count] = good
        if count < 2:
            task.message("??E - Entire range excluded - abort")
            task.error(VicarError("NOTOPN", "XVCLOSE", lines.source.name))  # of the output, which is not open yet
            task.abend()
    task.message(" ")
    task.message(f"NUMBER OF SORTED PIXELS = {count:11d}")
    task.message(" ")
    task.message(f"LINE INTERVAL =   {across * step:11d}")
    task.message(f"SAMPLE INTERVAL = {across * step:11d}")
    sample[:count] = np.sort(sample[:count])
    if task.keyword("PRINT"):
        task.message(" ")
        for text in prnt(kind, sample[:count], "SORTED INTENSITIES ."):
            task.message(text)
        task.message(" ")
    low, high = cut_places(task, count)
    bounds = _F(sample[low - 1]), _F(sample[high - 1] if high > 0 else 0)
    task.message(" ")
    for name, bound in zip(("LOWER", "UPPER"), bounds, strict=True):
        task.message(fortran.edit(f"('{name} HISTOGRAM BOUND = ',E10.4)", bound))
    return bounds


def sample_pixels(lines: Lines, area: list[int], bands: range, across: int, step: int, room: int) -> np.ndarray:
    """Every ``step``-th of every ``across``-th pixel of the sampled lines, counted through, until ``room`` are found."""
    parts, found, ahead = [], 0, step - 1
    for band in bands:
        for line in range(area[0], area[0] + area[2], across * step):
            dn = lines.read(line, area[1], area[3], band)[::across]
            parts.append(dn[ahead::step].copy())
            found += len(parts[-1])
            ahead = (ahead - len(dn)) % step
            if found >= room:
                return np.concatenate(parts)[:room]
    return np.concatenate(parts) if parts else np.zeros(0, lines.dtype)


def cut_places(task, count: int) -> tuple[int, int]:
    """Places, from 1, of the two bounds among ``count`` sorted values."""
    both = task.real("PERCENT") / _F(200)
    high = both if task.defaulted("HPERCENT") else task.real("HPERCENT") / _F(100)
    low = both if task.defaulted("LPERCENT") else task.real("LPERCENT") / _F(100)
    first = int(truncate(low * _F(count) + _F(1.5)))
    last = int(truncate((_F(1) - high) * _F(count) + _F(0.5)))
    return first, min(last, count)


class Mapping:
    """The linear function and what replaces excluded values."""

    def __init__(self, task, bounds, limits, span, exclusion: Exclusion):
        self.bounds, self.limits = bounds, limits
        self.least, self.most = _F(span[0]), _F(span[1])
        low, high = bounds
        self.slope, self.offset = _F(1), _F(0)
        with np.errstate(all="ignore"):
            if low != high:
                self.slope = _F(limits[1] - limits[0]) / (high - low)
                self.offset = _F(limits[1]) - self.slope * high
            else:
                task.message("NO TRANSFORMATION PERFORMED")
        self.exclusion = exclusion if task.keyword("STREXCL") and exclusion else None
        self.replacement = task.real("REPLACE")

    def apply(self, dn: np.ndarray) -> np.ndarray:
        """Stretched values, int16."""
        with np.errstate(all="ignore"):
            values = dn.astype(_F, copy=False) * self.slope
            values += self.offset
            np.maximum(values, self.least, out=values)
            np.minimum(values, self.most, out=values)
        if self.exclusion:
            return nint(np.where(self.exclusion.holds(dn), self.replacement, values), np.int16)
        return nearest(values)

    def describe(self, label) -> None:
        """The history of the output."""
        low, high = (_F(limit) for limit in self.limits)
        label.add("COMMENT", fortran.edit(
            "('INPUT LIMITS ',E10.4,' ',E10.4,'  MAP TO OUTPUT LIMITS',F8.1,' ',F8.1)", *self.bounds, low, high),
            task="", format="STRING")
        label.add("STRETCH_MINIMUM", [self.bounds[0], low], task="", format="REAL")
        label.add("STRETCH_MAXIMUM", [self.bounds[1], high], task="", format="REAL")


def nearest(values: np.ndarray) -> np.ndarray:
    """NINT to int16 of numbers that are clipped to 16 bits, or no numbers, which become 0."""
    with np.errstate(invalid="ignore"):
        whole = values.astype(np.int32)
        rest = values - whole.astype(_F)
    result = whole.astype(np.int16)
    result += rest >= _F(0.5)
    result -= rest <= _F(-0.5)
    return result


def stretch(task, lines: Lines, window, bands: range, mapping: Mapping) -> None:
    """Write the stretched lines and samples of the window, thinned out by LINC and SINC."""
    down, across = task.integer("LINC"), task.integer("SINC")
    size = {"nl": -(-window.nl // down), "ns": -(-window.ns // across), "nb": len(bands)}
    with lines.source, task.create("OUT", **size, format=task.string("OFORMAT"), u_format="HALF") as result:
        mapping.describe(result.label)
        for number, band in enumerate(bands, 1):
            for done, dn in lines.blocks(window, band, down):
                dn = dn[:, ::across]
                rows = max(1, PIXELS_AT_ONCE // max(dn.shape[1], 1))
                for row in range(0, len(dn), rows):
                    result.write_window(mapping.apply(dn[row : row + rows]), done // down + row + 1, band=number)
