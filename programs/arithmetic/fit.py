"""FIT: stretches 16-bit images to a range that their histogram suggests. Source: ``vos/p2/prog/fit`` (Fortran, 5 August, 2003).

Kept: the number of pixels is worked out from the area, the lines counted may be one more; a message about samples gives lines.

known: limits of 100 percent, and SPIKES=0 with a printed histogram, for which the original looks outside its memory (here the
last value counts, and SPIKES=1 is taken).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vicar.numerics.bytetables import count_halfwords
from vicar.numerics.fortran import edit

FORTRAN = True

f32 = np.float32
LOWEST, HIGHEST = -32768, 32767
LEVELS = HIGHEST - LOWEST + 1
FORM_FEED = "\f"
LARGEST_COUNT = 2147000000
PIXELS_AT_ONCE = 1 << 19


@dataclass
class Field:
    """The part of the image that is stretched."""

    sl: int
    ss: int
    nl: int
    ns: int
    sb: int
    nb: int


def main(task) -> None:
    """Run FIT."""
    task.messages(" ", "FIT version 5 August, 2003")
    source = task.open("INP")
    if source.org == "BIP":
        task.abend("BIP files not supported, use program TRAN to convert to BSQ")
    field = read_field(task, source)
    if source.format != "HALF":
        task.abend("***Invalid input data format", "***Input image must be in halfword format", "***FIT task cancelled")
    histogram, number = count(task, source, field)
    if number == 0:
        task.abend("***Histogram contains zero elements", "***FIT task cancelled")
    number = report(task, histogram, number)
    if task.count("OUT"):
        format_ = "BYTE" if task.keyword("BYTE") else "HALF"
        with task.create("OUT", nb=field.nb, u_format=format_, format=format_) as result:
            table = stretch_table(task, result, histogram, number)
            for band in range(field.nb):
                stretch(source, result, field, band, table)
    task.message("FIT task completed")


def read_field(task, source) -> Field:
    window, bands = task.size_field(source), task.band_field(source)
    nb = bands.nb
    if bands.sb > bands.nbi:
        task.abend("SB is greater than the total number of bands")
    if bands.sb + nb - 1 > bands.nbi:
        task.message("***Number of bands truncated")
        nb = bands.nbi + 1 - bands.sb
    field = Field(window.sl, window.ss, window.nl, window.ns, bands.sb, nb)

    def mend(name: str, value: int) -> None:
        setattr(field, name.lower(), value)
        shown = field.nl if name == "NS" else value
        task.message(f"INVALID VALUE OF {name} SET TO {name}=" + edit("(i3)", shown))

    for first, length, most in (("SL", "NL", source.nl), ("SS", "NS", source.ns)):
        if getattr(field, first.lower()) < 1:
            mend(first, 1)
        if getattr(field, length.lower()) > most:
            mend(length, most)
    return field


def count(task, source, field: Field) -> tuple[np.ndarray, int]:
    """Histogram from -32768 on, and the number of pixels."""
    sl, ss, nl, ns = task.integers("AREA")
    if sl == 0:
        sl, ss, nl, ns = field.sl, field.ss, field.nl, field.ns
    step = task.integer("SPEED")
    histogram = np.zeros(LEVELS, np.int64)
    at_once = max(PIXELS_AT_ONCE // ns, 1) if ns > 0 else 1
    for band in range(field.sb, field.sb + field.nb):
        if step == 1:
            starts = range(sl, sl + nl, at_once)
            parts = (source.read_window(line, ss, min(at_once, sl + nl - line), ns, band, copy=False) for line in starts)
        else:
            parts = (source.read(line, ss, ns, band) for line in range(sl, sl + nl, step))
        for part in parts:
            histogram += count_halfwords(part)
    return histogram, nl // step * ns * field.nb


# -- histogram ------------------------------------------------------------------------------------------------------------


def report(task, histogram: np.ndarray, number: int) -> int:
    """Statistics before and after leaving values out (from ``histogram``, in place); gives the number of pixels left."""
    show(task, "     RAW", "PHIST", histogram, number)
    ranges = task.integers("EXCLUDE")
    if len(ranges) % 2:
        task.abend("***EXCLUDE must have pairs of numbers **")
    if not ranges and task.keyword("INCLUDE"):
        return number

    def leave_out(first: int, last: int) -> int:
        part = slice(max(first, LOWEST) - LOWEST, min(last, HIGHEST) - LOWEST + 1)
        if part.stop <= part.start:
            return 0
        left = int(histogram[part].sum())
        histogram[part] = 0
        return left

    for first, last in zip(ranges[::2], ranges[1::2], strict=True):
        number -= leave_out(first, last)
    if not task.keyword("INCLUDE"):
        lowest = LOWEST if histogram[:-LOWEST].any() else 0
        number -= leave_out(lowest, lowest)
    if number == 0:
        task.message("***All pixels have been excluded")
        return number
    show(task, "EXCLUDED", "EHIST", histogram, number)
    return number


def show(task, kind: str, keyword: str, histogram: np.ndarray, number: int) -> None:
    task.message(FORM_FEED if task.keyword(keyword) else " ")
    task.message(kind + " HISTOGRAM STATISTICS...")
    found = np.flatnonzero(histogram)
    level = (found + LOWEST).astype(float)
    with np.errstate(all="ignore"):
        first, second = histogram[found] * level, histogram[found] * level * level
        mean = _sum(first) / number
        sigma = np.sqrt(_sum(second) / number - mean * mean)
    form = "('AVERAGE GRAY LEVEL=',f10.3,' STANDARD DEVIATION=',f10.3,' NUMBER OF ELEMENTS=',i8)"
    task.message(edit(form, mean, sigma, number))
    if task.keyword(keyword) and task.integer("NLINES") != 0:
        print_bars(task, histogram, number)


def _sum(values: np.ndarray) -> np.float64:
    return np.add.accumulate(values)[-1] if len(values) else np.float64(0)


def print_bars(task, histogram: np.ndarray, number: int) -> None:
    """The histogram as bars, several values a line if there are more than NLINES."""
    room, logarithmic = task.integer("NLINES"), task.keyword("LOG")
    step = task.integer("HINC") or condensation(histogram, room)
    starts = np.arange(LOWEST, HIGHEST - step + 2, step)
    counts = np.add.reduceat(histogram[: len(starts) * step], starts - LOWEST)
    scale = float(max(highest(counts, task.integer("SPIKES") or 1), 1))
    if logarithmic:
        scale = np.log(scale)
        task.message("Horizontal scale is logarithmic")
    task.message(" ")
    task.message(heading())
    gap, lines = False, 0
    for start, frequency in zip(starts.tolist(), counts.tolist(), strict=True):
        if frequency == 0:
            if not gap:
                task.message(" ")
            gap = True
            continue
        if lines >= room:
            if (HIGHEST - start) // step > 0.5 * room:
                task.messages(" ", "***Maximum number of lines (NLIN) exceeded", "***Histogram listing truncated")
                return
            lines = 0
        gap = False
        with np.errstate(all="ignore"):
            value = np.log(np.float64(frequency)) if logarithmic else np.float64(frequency)
            length = 100.0 * value / scale + 1
        length = 101 if length > 101 else int(length) if np.isfinite(length) else 0
        task.message(bar(start, frequency, frequency * (100.0 / number), length))
        lines += 1


def heading() -> str:
    text = "GRAY".ljust(11) + "FREQ  PERCENT  "
    return text + "".join(f"{mark:2d}".ljust(10) for mark in range(0, 100, 10))[:-1] + "100"


def bar(start: int, frequency: int, percent: float, length: int) -> str:
    text = list(edit("(i6,2x,i7,1x,f8.3)", start, frequency, percent).ljust(138))
    for place in range(37, 138, 10):
        text[place] = "+"
    text[27 : 27 + length] = "*" * length
    return "".join(text)


def highest(counts: np.ndarray, spikes: int) -> int:
    """The frequency below that many higher ones; 0 if there are not so many."""
    below = LARGEST_COUNT
    for _ in range(spikes):
        left = counts[(counts < below) & (counts > 0)]
        if not len(left):
            return 0
        below = int(left.max())
    return below


def condensation(histogram: np.ndarray, room: int) -> int:
    """How many values to take together so that no more lines are needed than there is room for."""
    filled = histogram > 0
    needed = int(filled.sum())
    for step in (1, 2, 4, 8, 16, 32, 64, 128):
        filled = filled.reshape(-1, 2).any(axis=1)
        coarser = int(filled.sum())
        if coarser < needed <= room:
            return step
        needed = coarser
    return 512 if needed > room else 256


# -- stretch --------------------------------------------------------------------------------------------------------------


def stretch_table(task, result, histogram: np.ndarray, number: int) -> np.ndarray:
    """What each value becomes, from -32768 on; the limits go into the log and the label."""
    low = high = task.real("PERCENT") / f32(2)
    if task.defaulted("PERCENT"):
        low, high = task.real("LPERCENT"), task.real("HPERCENT")
    lowest, highest_ = task.integer("LVALUE"), task.integer("HVALUE")
    if result.format == "BYTE" and task.defaulted("HVALUE"):
        highest_ = 255
    first, last = limits(histogram, number, low, high)
    for name, dn, value in (("MINIMUM", first, lowest), ("MAXIMUM", last, highest_)):
        task.messages(" ", edit("(a,' DN OF ',i6,'   SCALED TO ',i5)", name, dn, value))
    text = edit("('STRETCH',i6,'  TO',i5,'X AND',i6,'  TO',i5)", first, lowest, last, highest_)
    result.label.add("LIMITS", text, task="", format="STRING")
    return table(result.format, first, last, lowest, highest_)


def limits(histogram: np.ndarray, number: int, low: np.float32, high: np.float32) -> tuple[int, int]:
    """Values beyond which the given percentages lie."""
    if number == 0:
        return LOWEST, HIGHEST

    def reach(counts: np.ndarray, percent: np.float32) -> int:
        wanted = int(f32(number) * f32(0.01) * percent + f32(1.5))
        return min(int(np.searchsorted(np.cumsum(counts), wanted)), LEVELS - 1)

    first, last = LOWEST + reach(histogram, low), HIGHEST - reach(histogram[::-1], high)
    last = max(last, LOWEST + 1)
    return (last - 1 if first >= last else first), last


def table(format_: str, first: int, last: int, lowest: int, highest_: int) -> np.ndarray:
    """Straight between the limits, constant beyond them."""
    dtype = np.dtype(np.uint8 if format_ == "BYTE" else np.int16)
    steps = np.full(last - first + 1, (f32(highest_) - f32(lowest)) / f32(last - first), f32)
    steps[0] = f32(lowest) + f32(0.5)
    between = np.add.accumulate(steps, dtype=f32)
    ends = np.iinfo(dtype)
    between = np.clip(between, f32(ends.min), f32(ends.max)).astype(np.int32)
    values = np.full(LEVELS, min(lowest, ends.max), dtype)
    values[first - LOWEST : last - LOWEST + 1] = between
    values[last - LOWEST :] = min(highest_, ends.max)
    return values


def stretch(source, result, field: Field, band: int, values: np.ndarray) -> None:
    at_once = max(PIXELS_AT_ONCE // field.ns, 1)
    unsigned = np.roll(values, LOWEST)  # from 0 on, then the negative ones
    for start in range(0, field.nl, at_once):
        lines = min(at_once, field.nl - start)
        dn = source.read_window(field.sl + start, field.ss, lines, field.ns, field.sb + band, copy=False)
        result.write_window(np.take(unsigned, dn.view(np.uint16)), line=start + 1, band=band + 1)
