"""STRETCH from the histogram of the image.

Source: ``hist_params.f``, ``get_histogram.f``, ``exclude_histogram.f``, ``histogram_stretch.f``, ``astretch.f``, ``hpeak.f``,
``print_histogram.f``, ``stati.f`` of ``vos/p2/prog/stretch``; ``vos/p2/sub/astrch``.

known: a histogram from a second input (an IBIS file of HISTGEN) has not been compared with the original.
"""

from __future__ import annotations

import numpy as np

from programs.arithmetic._saturation import saturation_limits
from vicar.ctext import CText
from vicar.image.sweep import line_blocks
from vicar.numerics import libm
from vicar.numerics.bytetables import count_bytes, count_halfwords
from vicar.numerics.fortran import edit, fixed, integer
from vicar.numerics.rounding import nint, wrap_int32

F32 = np.float32
ZERO = 32768


class Wishes:
    """What is wanted of the histogram: prints, and the kind of stretch."""

    def __init__(self, task, fmt: str, chosen):
        self.input_histogram = self._print(task, "IHIST", fmt, "Histogram available only for byte data")
        self.output_histogram = self._print(task, "OHIST", fmt, "Histogram available only for byte data")
        self.input_cdf = self._print(task, "ICDF", fmt, "CDF available only for byte data")
        self.output_cdf = self._print(task, "OCDF", fmt, "CDF AVAILABLE ONLY FOR BYTE DATA")
        self.mode = None
        for mode in ("SMOOTH", "GAUSS", "ELLIPSE", "POWER", "BIMODAL", "PEAK", "MEAN"):
            wanted = task.count(mode) if mode in ("POWER", "BIMODAL") else task.keyword(mode)
            if wanted:
                chosen.one_more()
                self.mode = mode
        if task.keyword("ASTRETCH") or not chosen.number:
            chosen.one_more()
            self.mode = "ASTRETCH"
        prints = self.input_histogram or self.output_histogram or self.input_cdf or self.output_cdf
        self.needed = bool(self.mode or prints)

    @staticmethod
    def _print(task, word: str, fmt: str, refusal: str) -> bool:
        if task.keyword(word) and fmt != "BYTE":
            task.message(refusal)
        return task.keyword(word) and fmt == "BYTE"


class Histogram:
    """Counts by halfword value (index + 32768), their number, mean and deviation."""

    def __init__(self, task, source, stretch, window, bands):
        self.task, self.stretch = task, stretch
        self.counts = np.zeros(65536, np.int64)
        if task.count("INP") == 2:
            self._read()
        else:
            self._compute(source, window, bands)
            self.update()
        if not self.points:
            task.message("***Histogram is empty")
            task.abend()

    def _compute(self, source, window, bands) -> None:
        task = self.task
        area = task.integers("AREA")
        sl, ss, nl, ns = window.sl, window.ss, window.nl, window.ns
        if len(area) == 4:
            sl, ss, nl, ns = area
            if sl + nl - 1 > window.nli or ss + ns - 1 > window.nsi:
                task.message("Specified area exceeds size of input")
                task.message("Area reduced")
                nl, ns = min(nl, window.nli - sl + 1), min(ns, window.nsi - ss + 1)
            task.message("Histogram computed from sub-area")
            task.message(edit("('(SL,SS,NL,NS) = (',I5,',',I5,',',I5,',',I5,')')", sl, ss, nl, ns))
        for band in range(bands.sb, bands.sb + bands.nb):
            for _, dn in line_blocks(source, sl, ss, nl, ns, band, task.integer("LINC", 1)):
                if dn.itemsize == 1:
                    self.counts[ZERO : ZERO + 256] += count_bytes(dn)
                else:
                    self.counts += count_halfwords(dn)

    def _read(self) -> None:
        """The histogram a second input brings, with its statistics."""
        from vicar.ibis import open_table

        name = self.task.file_name("INP", 2)
        with self.task.open("INP", 2) as image:
            levels, mean, deviation = (
                image.label.get(key, property="STATISTICS", format=form, default=0)
                for key, form in (("NUMBER_OF_LEVELS_IN_HISTOGRAM", "INT"), ("MEAN_VALUE", "REAL"),
                                  ("STANDARD_DEVIATION_VALUE", "REAL"))
            )
        self.mean, self.deviation = F32(mean), F32(deviation)
        with open_table(self.task.path(name), name=name) as table:
            for column in range(1, table.nc + 1):
                at = ZERO + (column - 1) * table.nr - 3
                room = self.counts[at : at + table.nr]
                room[:] = table.read(column, "FULL")[: len(room)]
        self.counts[ZERO - 3 : ZERO] = 0
        self.points = int(self.counts[ZERO : ZERO + levels].sum())

    def range(self) -> slice:
        return slice(self.stretch.in_low + ZERO, self.stretch.in_high + ZERO + 1)

    def update(self) -> None:
        """Number, mean and deviation of the counts."""
        counts = self.counts[self.range()]
        values = self.stretch.inputs().astype(np.float64)
        self.points = wrap_int32(int(counts.sum()))
        if self.points > 0:
            mean = float(counts @ values) / self.points
            self.mean = F32(mean)
            self.deviation = F32(np.sqrt(abs(float(counts @ values**2) / self.points - mean * mean)))

    # -- values that do not count -----------------------------------------------------------------------------------

    def exclude(self) -> None:
        task, stretch = self.task, self.stretch
        if not task.keyword("INCLUDE"):
            task.message(edit("('DN values',I7,' and',I7,' excluded')", stretch.low, stretch.high))
            self.counts[[stretch.low + ZERO, stretch.high + ZERO]] = 0
        ranges = task.integers("REXCLUDE")
        if ranges:
            if len(ranges) % 2:
                task.message("***Invalid count for parameter REXCLUDE")
                task.abend()
            task.message(" ")
            for first, last in zip(ranges[::2], ranges[1::2]):
                first, last = max(first, stretch.in_low), min(last, stretch.in_high)
                if first > last:
                    task.message("***Error in rexclude range ***")
                    task.abend()
                task.message(edit("('DN values',I7,' thru',I7,' excluded')", first, last))
                self.counts[first + ZERO : last + ZERO + 1] = 0
        single = task.integers("IEXCLUDE")
        if single:
            task.message(" ")
            self.counts[np.clip(single, stretch.in_low, stretch.in_high) + ZERO] = 0
        self._recount("***No pixels remain after exclusion")
        self._cut()

    def _recount(self, complaint: str) -> None:
        self.update()
        if self.points <= 0:
            self.task.message(complaint)
            self.task.abend()
        self.task.message(" ")
        self.task.message(edit("('Histogram after exclusion: Mean=',F11.4,' Sigma=',F11.4)", self.mean, self.deviation))

    def _cut(self) -> None:
        if not self.task.count("CUT"):
            return
        percent = self.task.real("CUT")
        if not 0 <= percent <= 100:
            self.task.message("INVALID CUT VALUE - RESET TO 5.0")
            percent = F32(5)
        counts = self.counts[self.range()]
        least = F32(counts.max()) * (percent / F32(100))
        counts[counts.astype(F32) < least] = 0
        self._recount("***No pixels remain after cutting")


# -- stretches ----------------------------------------------------------------------------------------------------------


def apply(task, stretch, histogram: Histogram, mode: str | None) -> None:
    if mode == "BIMODAL":
        from programs.arithmetic._stretch_bimodal import bimodal

        mode = None if bimodal(task, stretch, histogram) else "ASTRETCH"
    if mode in DISTRIBUTIONS:
        match_distribution(task, stretch, histogram, mode)
    elif mode in ("PEAK", "MEAN"):
        centred(task, stretch, histogram, mode)
    elif mode == "ASTRETCH":
        task.message("*** AUTO-STRETCH OPTION ***")
        first, last = linear_limits(task, stretch, histogram)
        scale = F32(stretch.high - stretch.low) / F32(last - first)
        offset = -scale * F32(first) + F32(stretch.low)
        stretch.set(stretch.in_low, stretch.rounded(scale * stretch.inputs().astype(F32) + offset))
        describe_limits(task, stretch, "AUTO-STRETCH:", first, last)


def describe_limits(task, stretch, name: str, first: int, last: int) -> None:
    text = name + edit("(I7,' to',I7,' and',I7,' to',I7)", first, stretch.low, last, stretch.high)
    stretch.describe(text, 52)
    task.message(text)


def linear_limits(task, stretch, histogram: Histogram) -> tuple[int, int]:
    """Values between which a linear stretch leaves the wanted percentages beyond its ends."""
    low = high = task.real("PERCENT", F32(0)) / F32(2)
    if not task.defaulted("LPERCENT"):
        low = task.real("LPERCENT", low)
    if not task.defaulted("HPERCENT"):
        high = task.real("HPERCENT", high)
    task.message(edit("('Percent saturation at low end=',F6.2,' at high end=',F6.2)", low, high))
    first, last = saturation_limits(histogram.counts[histogram.range()], low, high)
    first, last = first + stretch.in_low, last + stretch.in_low
    return first, last + 1 if first == last else last


def centred(task, stretch, histogram: Histogram, mode: str) -> None:
    """Two straight lines that meet at the most frequent value, or at the mean."""
    counts = histogram.counts[histogram.range()]
    if mode == "PEAK":
        task.message("*** PEAK OPTION ***")
        inner = counts[1:-1]
        centre = stretch.in_low + 1 + int(inner.argmax()) if inner.max() > 0 else 0
    else:
        task.message("*** MEAN OPTION ***")
        products = (stretch.inputs() * counts).astype(np.int32).astype(F32)
        centre = int(nint(np.add.accumulate(products)[-1] / F32(histogram.points)))
    if task.count("RANGE"):
        first, last = centre - task.integer("RANGE"), centre + task.integer("RANGE")
    else:
        first, last = linear_limits(task, stretch, histogram)
    middle = int(0.5 * (stretch.low + stretch.high))
    factor = task.real("FACTOR")
    scale = F32(middle - stretch.low) / F32(centre - first) if factor is None else factor
    inputs = np.arange(stretch.in_low, centre + 1).astype(F32)
    stretch.set(stretch.in_low, stretch.rounded(scale * inputs + (-scale * F32(first) + F32(stretch.low))))
    scale = F32(stretch.high - middle) / F32(last - centre) if factor is None else factor
    inputs = np.arange(centre, stretch.in_high + 1).astype(F32)
    stretch.set(centre, stretch.rounded(scale * inputs + (-scale * F32(centre) + F32(middle))))
    describe_limits(task, stretch, f"{mode.capitalize()} Stretch: ", first, last)


# -- distributions ------------------------------------------------------------------------------------------------------


def match_distribution(task, stretch, histogram: Histogram, mode: str) -> None:
    """A table that gives the image a histogram of the wanted shape."""
    title, shape = DISTRIBUTIONS[mode]
    task.message(title)
    wanted, text, length, shown = shape(task, stretch, histogram.points)
    reached = np.cumsum(histogram.counts[histogram.range()])
    outputs = np.searchsorted(np.maximum.accumulate(wanted), reached, side="left")
    stretch.set(stretch.in_low, np.minimum(stretch.low + outputs, stretch.high))
    if shown:
        task.message(text)
    stretch.describe(text, length)


def output_values(stretch) -> range:
    return range(stretch.low, stretch.high + 1)


def ramp(task, stretch, points: int):
    slope = F32(points) / F32(stretch.high - stretch.low)
    values = (np.arange(stretch.high - stretch.low + 1).astype(F32) * slope).astype(np.int64)
    return values, "Ramp CDF Stretch", 17, True


def gauss(task, stretch, points: int):
    sigma_number = task.real("GSIGMA")
    mean = task.real("GMEAN", F32(stretch.low + stretch.high) / F32(2))
    sigma = F32(stretch.high - stretch.low + 1) / (F32(2) * sigma_number)
    height = F32(1) / (np.sqrt(F32(2) * F32(3.14159)) * sigma)
    power = F32(-1) / (F32(2) * (sigma * sigma))
    low = F32(stretch.low)
    squares = np.empty(stretch.high - stretch.low + 1, F32)
    square, twice = low * low - F32(2) * low * mean + mean * mean, F32(2) * mean
    for place, value in enumerate(output_values(stretch)):
        squares[place] = square
        square = square - twice + F32(2 * value) + F32(1)
    curve = libm.exp(power * squares)
    norm = height * F32(points) / np.add.accumulate(height * curve)[-1]
    text = edit("('Gaussian Stretch: GSIGMA =',F7.2,'  GMEAN =',F9.2)", sigma_number, mean)
    return nint(np.add.accumulate(norm * curve), np.int64), text, 52, True


def ellipse(task, stretch, points: int):
    half = F32(stretch.high - stretch.low + 1) / F32(2)
    places = (np.arange(stretch.low, stretch.high + 1) - int(nint(half))).astype(F32)
    heights = np.sqrt(np.maximum(half * half - places * places, F32(0)))
    norm = F32(points) / np.add.accumulate(heights)[-1]
    return nint(np.add.accumulate(norm * heights), np.int64), "Elliptical Stretch", 19, False


def power_law(task, stretch, points: int):
    power = F32(task.integer("POWER"))
    places = np.arange(stretch.high - stretch.low + 1).astype(F32)
    distances = np.abs(F32(2) * (places / F32(stretch.high - stretch.low)) - F32(1))
    heights = F32(1) - libm.pow(distances, power)
    norm = F32(points) / np.add.accumulate(heights)[-1]
    text = edit("('Power Law Stretch: POWER =',F8.2)", power)
    return nint(np.add.accumulate(norm * heights), np.int64), text, 35, True


DISTRIBUTIONS = {
    "SMOOTH": ("*** SMOOTH OPTION ***", ramp),
    "GAUSS": ("*** GAUSS OPTION ***", gauss),
    "ELLIPSE": ("*** ELLIPSE OPTION ***", ellipse),
    "POWER": ("*** POWER LAW OPTION ***", power_law),
}


# -- printing -----------------------------------------------------------------------------------------------------------


def print_input(task, histogram: Histogram, wishes: Wishes) -> None:
    counts = histogram.counts[ZERO : ZERO + 256]
    if wishes.input_histogram:
        task.message(" ")
        task.message("INPUT HISTOGRAM")
        print_bars(task, counts, histogram.points, task.integer("SPIKES", 3))
        task.message(edit("('Histogram of input image: Mean  =',F11.4,' Sigma =',F11.4)", histogram.mean, histogram.deviation))
    if wishes.input_cdf:
        task.message(" ")
        task.message("CUMULATIVE DISTRIBUTION FUNCTION")
        print_cdf(task, counts, histogram.points)


def print_output(task, stretch, before: np.ndarray, points: int, wishes: Wishes) -> None:
    table = stretch.table[ZERO : ZERO + 256].astype(int)
    counts = np.bincount(table, before, 256).astype(np.int64)
    if wishes.output_histogram:
        task.message(" ")
        task.message("OUTPUT HISTOGRAM")
        print_bars(task, counts[: stretch.high + 1], points, task.integer("SPIKES", 3))
        values = np.arange(256.0)
        points = int(counts.sum())
        mean = float(counts @ values) / points
        deviation = np.sqrt(abs(float(counts @ values**2) / points - mean * mean))
        task.message(edit("('Histogram of output image: Mean=',F11.4,' Sigma=',F11.4)", F32(mean), F32(deviation)))
    if wishes.output_cdf:
        task.message(" ")
        task.message("OUTPUT CUMULATIVE DISTRIBUTION FUNCTION")
        print_cdf(task, counts, points)


def print_cdf(task, counts: np.ndarray, points: int) -> None:
    filled = np.flatnonzero(counts[1:] > 0)
    print_bars(task, np.cumsum(counts)[: int(filled[-1]) + 2 if len(filled) else 1], points, 0)


def print_bars(task, counts: np.ndarray, points: int, spikes: int) -> None:
    """Counts, percentages and bars to the scale of the fullest bin that is no spike."""
    levels = len(counts)
    if levels < 1 or points < 1:
        task.message("ERROR IN PHIST ARGUMENT LIST")
        task.message("NO HISTOGRAM PRINTED")
        return
    ranks = spikes + 1 if 1 <= spikes + 1 < levels else 1
    task.message("GRAY      FREQ  PERCENT   0        " + "        ".join(str(n) for n in range(10, 100, 10)) + "    100")
    task.message(" ")
    kinds = np.unique(counts[counts > 0])[::-1]
    top = max(int(kinds[ranks - 1]) if len(kinds) >= ranks else 0, 1)
    plus = "".join("+" if place % 10 == 1 and place < 100 or place == 100 else " " for place in range(1, 106))
    for level, count in enumerate(counts.tolist()):
        if level and not count:
            if counts[level - 1]:
                task.message(" ")
            continue
        percent = F32(100) * F32(count) / F32(points)
        length = int(wrap_int32(100 * count) / top) + 1
        length = 103 if length > 101 else length
        stars = ("*" * 100 + " * ")[:length]
        if length <= 101:
            stars = ("*" * 100 + " ")[:length]
        head = integer(level, 4) + integer(count, 10) + fixed(percent, 8, 3)
        # the original's string is two characters longer than its pattern: a zero byte behind it keeps the blanks
        task.message(CText(f"{head:<27}" + stars + plus[length:103]))
