"""RATIO0: the function for F2 that shows the ratio or difference of two images best.

Source: ``vos/p2/prog/ratio0`` (Fortran). Every INC-th line is counted into 500 bins; bins below THRESHOL are left out; the bins
where PERCENT of the counts lie outside give DN 0 and 255.

Kept: with AREA the starting sample is not used (nor is SS); a log difference of nothing is counted nowhere.
accepted: where the limits cross the original dies while it writes the function; here a sentence says so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vicar.numerics import fortran, libm
from vicar.numerics.rounding import truncate

BINS = 500
_F = np.float32


def main(task):
    task.if_message("RATIO version 14-SEP-2011")
    first, second = (task.open("INP", i, u_format="REAL") for i in (1, 2))
    window = task.size_field(first)
    job = read_job(task, window)
    counts = job.smoothed(count(job, first, second))
    cut = int(truncate(_F(counts.max()) * job.threshold + _F(0.5)))
    largest = int(counts.max())
    counts[counts < cut] = 0
    low, mean, high = limits(task, job, counts)
    at_zero, at_full = (float(job.value(place)) for place in (low, high))
    if at_zero == at_full:
        delta = float(_F(at_zero * float(_F(0.01)))) or float(_F(0.01))
        at_zero, at_full = at_zero - delta, at_full + delta
    if job.display:
        display(task, job, counts, largest, low, mean, high)
    if at_full < at_zero:
        task.abend("The limits cross: there is no function for this saturation")
    gain = 255.0 / (at_full - at_zero)
    function = function_text(job, gain, -gain * at_zero)
    task.messages("The ratio function is: ", " ", function, " ")
    task.output("FUNC", function)


@dataclass
class Job:
    """What is asked for; reals are REAL."""

    log: bool
    difference: bool
    centre: bool
    smooth: bool
    display: bool
    bottom: np.float32
    scale: np.float32
    first_added: np.float32
    second_added: np.float32
    saturation: np.float32
    threshold: np.float32
    step: int
    line: int
    nl: int
    ns: int

    def value(self, place: int) -> np.float32:
        """What the lower edge of a bin (from 1) stands for."""
        return _F(place - 1) / self.scale + self.bottom

    def smoothed(self, counts: np.ndarray) -> np.ndarray:
        """Sums of five neighbouring bins; at the ends the outermost bins count twice."""
        if not self.smooth:
            return counts
        result = np.convolve(counts, np.ones(5, np.int64), "same")
        result[1] += counts[0]
        result[0] = result[1] - counts[3] + counts[1]
        result[-2] = result[-3] - counts[-5] + counts[-1]
        result[-1] = result[-2] - counts[-4] + counts[-2]
        return result


def read_job(task, window) -> Job:
    log, difference = task.keyword("LOG"), task.keyword("DIFFEREN")
    include = task.reals("INCLUDE")
    bottom, top = (_F(-249.5), _F(250.5)) if difference and task.defaulted("INCLUDE") else (include.min(), include.max())
    step = int(_F(1) / (_F(0.01) * task.real("SAMPLE")))
    if not task.defaulted("LINC"):
        step = task.integer("LINC")
    line, nl, ns = window.sl, window.nl, window.ns
    if not task.defaulted("AREA"):
        line, _, nl, ns = task.integers("AREA")
    added = task.real("ATM1")
    if log:
        top = _F(250.5) if top < 0 else top
        bottom = _F(-255.0) if bottom < -255 else bottom
        if difference:
            added = added + _F(256)
            bottom, top = libm.log(bottom + _F(256)), libm.log(top + _F(256))
        else:
            bottom = _F(0.2) if bottom <= 0 else bottom
            bottom, top = libm.log(bottom), libm.log(top)
    return Job(
        log, difference, task.keyword("CENTER"), not task.keyword("NOFILTER"), not task.keyword("NODISPLA"),
        bottom, _F(500) / (top - bottom), added, task.real("ATM2"), _F(0.01) * task.real("PERCENT"),
        _F(0.01) * task.real("THRESHOL"), max(step, 1), line, nl, ns,
    )  # fmt: skip


def count(job: Job, first, second) -> np.ndarray:
    """Counts of the bins over the lines that are looked at."""
    counts = np.zeros(BINS, np.int64)
    for line in range(job.line, job.line + job.nl, job.step):
        x, y = (image.read(line, nsamps=job.ns) for image in (first, second))
        with np.errstate(all="ignore"):
            places, used = bins(job, x, y)
            places = truncate(places + _F(1))
        used &= (places >= 1) & (places <= BINS)
        counts += np.bincount(places[used] - 1, minlength=BINS)
    return counts


def bins(job: Job, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Places on the scale of bins from 0, and which pixels have one."""
    if job.difference:
        everywhere = np.ones(x.shape, bool)
        if job.log:
            offset = job.first_added - job.second_added
            return job.scale * (libm.log(x - y + offset) - job.bottom), everywhere
        offset = job.first_added - job.second_added - job.bottom
        return job.scale * (x - y + offset), everywhere
    x, y = x + job.first_added, y + job.second_added
    if job.log:
        return job.scale * (libm.log(x / y) - job.bottom), (x > 0) & (y > 0)
    return job.scale * (x / y - job.bottom), y != 0


def limits(task, job: Job, counts: np.ndarray) -> tuple[int, int, int]:
    """Bins (from 1) of DN 0, of the mean and of DN 255."""
    total = int(counts.sum())
    weight = int((counts * np.arange(1, BINS + 1)).sum())
    weight = (weight + 0x80000000 & 0xFFFFFFFF) - 0x80000000
    with np.errstate(all="ignore"):
        mean = int(truncate(_F(weight) / _F(total) + _F(0.5)))
    wanted = int(truncate(np.maximum(_F(total) * job.saturation, _F(1))))
    if total < wanted:
        task.abend("SATURATION GREATER THAN 100 PERCENT")
    low = int(np.searchsorted(np.cumsum(counts), wanted)) + 1
    high = BINS - int(np.searchsorted(np.cumsum(counts[::-1]), wanted))
    if job.centre:
        below, above = mean - low, high - mean
        if above > below:
            low = mean - above
        if below > above:
            high = mean + below
    return low, mean, high


def function_text(job: Job, gain: float, offset: float) -> str:
    """The quoted expression, at most 50 characters."""
    decimals = int(7 - libm.log10(np.float64(gain)))
    text = '"' + fortran.fixed(gain, 10, decimals) + "*" + ("ALOG" if job.log else "") + "("
    text += operand("IN1", job.first_added) + ("-" if job.difference else "/")
    text += operand("IN2", job.second_added) + ")"
    width = int(libm.log10(np.float64(abs(offset) + 1)) + 4)
    number = fortran.fixed(offset, width, 1)
    if offset >= 0:
        number = "+" + number[1:]
    return (text + number + '"')[:50].rstrip(" ")


def operand(name: str, added: np.float32) -> str:
    if added == 0:
        return name
    number = fortran.fixed(added, 6, 1)
    if added > 0:
        number = "+" + number[1:]
    return f"({name}{number})"


def display(task, job: Job, counts: np.ndarray, largest: int, low: int, mean: int, high: int) -> None:
    """The histogram, one line for each bin that is not empty."""
    task.message(" ")
    title = "D I F F E R E N C E" if job.difference else "R A T I O"
    task.message("L O G   " + title if job.log else title)
    heading = " " * 19 + "".join(fortran.integer(percent, 3).ljust(10) for percent in range(0, 101, 10))
    task.messages(" ", " ", " ", heading[:122])
    middle = job.bottom + _F(0.5) / job.scale
    for index, number in enumerate(counts.tolist()):
        if not number:
            if index and counts[index - 1]:
                task.message(" ")
            continue
        label = bin_label(index + 1, low, mean, high)
        grid = ["+" if place % 10 == 0 else " " for place in range(101)]
        stars = 100 * number // largest + 1
        grid[:stars] = ["*"] * stars
        line = fortran.fixed(_F(index) / job.scale + middle, 12, 3) + "  " + label + "  " + "".join(grid)
        task.message(line[:122])
    task.message(" ")


def bin_label(place: int, low: int, mean: int, high: int) -> str:
    """Labels written over each other: 0DN, MEAN, 255DN in this order."""
    label = " " * 5
    if place == low:
        label = label[:2] + "0DN"
    if place == mean:
        label = label[:1] + "MEAN"
    return "255DN" if place == high else label
