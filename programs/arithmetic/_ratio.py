"""Histogram of the ratio or difference of two images, and the stretch found in it: what both RATIO0 programs do.

Source: ``vos/p2/prog/ratio0`` and ``vos/p3/prog/ratio0`` (Fortran). Bins are numbered from 1 to 500, as their numbers enter
the results; all arithmetic on values is single precision.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vicar.numerics import libm
from vicar.numerics.rounding import truncate

BINS = 500
f32 = np.float32


@dataclass
class Choice:
    """What the parameters ask for."""

    log: bool
    difference: bool
    filtered: bool
    centred: bool
    display: bool
    bottom: np.float32
    top: np.float32
    atm1: np.float32
    atm2: np.float32
    saturation: np.float32
    threshold: np.float32
    step: int
    area: tuple[int, int, int, int]


@dataclass
class Stretch:
    """The histogram as printed, the bins that become 0, 128 and 255, and the scale of the bins."""

    counts: np.ndarray
    most: int
    low: int
    mean: int
    high: int
    scale: np.float32
    bottom: np.float32

    def value(self, bin_number: int) -> np.float32:
        return f32(bin_number - 1) / self.scale + self.bottom


def choice(task, window) -> Choice:
    """Parameters, brought to reasonable values."""
    log, difference = task.keyword("LOG"), task.keyword("DIFFEREN")
    limits = task.reals("INCLUDE")
    bottom, top = min(limits), max(limits)
    if difference and task.defaulted("INCLUDE"):
        bottom, top = f32(-249.5), f32(250.5)
    step = int(truncate(f32(1) / (f32(0.01) * task.real("SAMPLE"))))
    if not task.defaulted("LINC"):
        step = task.integer("LINC")
    area = (window.sl, window.ss, window.nl, window.ns) if task.defaulted("AREA") else tuple(task.integers("AREA"))
    if log and top < 0:
        top = f32(250.5)
    if log and bottom < -255:
        bottom = f32(-255)
    if log and not difference and bottom <= 0:
        bottom = f32(0.2)
    atm1 = task.real("ATM1")
    return Choice(
        log, difference, not task.keyword("NOFILTER"), task.keyword("CENTER"), not task.keyword("NODISPLA"),
        bottom, top, atm1 + f32(256) if log and difference else atm1, task.real("ATM2"),
        f32(0.01) * task.real("PERCENT"), f32(0.01) * task.real("THRESHOL"), max(step, 1), area,
    )  # fmt: skip


def scale_of(chosen: Choice) -> tuple[np.float32, np.float32]:
    """Bins a unit, and the value below the first bin."""
    bottom, top = chosen.bottom, chosen.top
    if chosen.log:
        shift = f32(256 if chosen.difference else 0)
        bottom, top = libm.log(bottom + shift), libm.log(top + shift)
    with np.errstate(all="ignore"):
        return f32(BINS) / (top - bottom), bottom


def histogram(chosen: Choice, first, second, start: int, scale, bottom) -> np.ndarray:
    """Counts of the bins over the sampled lines of the area; lines begin at sample ``start``."""
    sl, _, nl, ns = chosen.area
    counts = np.zeros(BINS, np.int64)
    for line in range(sl, sl + nl, chosen.step):
        one, two = (image.read(line=line, samp=start, nsamps=ns) for image in (first, second))
        bins = truncate(scale * measure(chosen, one, two, bottom) + f32(1))
        counts += np.bincount(bins[(bins >= 1) & (bins <= BINS)] - 1, minlength=BINS)
    return counts


def measure(chosen: Choice, one, two, bottom) -> np.ndarray:
    """Ratio, difference or logarithm of it, less ``bottom``; NaN (which is in no bin) where there is none."""
    with np.errstate(all="ignore"):
        if chosen.difference and not chosen.log:
            return one - two + (chosen.atm1 - chosen.atm2 - bottom)
        if chosen.difference:
            return libm.log(one - two + (chosen.atm1 - chosen.atm2)) - bottom
        x, y = one + chosen.atm1, two + chosen.atm2
        if chosen.log:
            return np.where((x > 0) & (y > 0), libm.log(x / y) - bottom, f32(np.nan))
        return np.where(y != 0, x / y - bottom, f32(np.nan))


def find(task, chosen: Choice, first, second, start: int, too_much: str) -> Stretch:
    """The whole search; ends the program with ``too_much`` if there are not enough pixels."""
    scale, bottom = scale_of(chosen)
    counts = histogram(chosen, first, second, start, scale, bottom)
    if chosen.filtered:
        padded = np.pad(counts, 2, mode="symmetric")
        counts = sum(padded[n : n + BINS] for n in range(5))
    most = int(counts.max())
    counts[counts < int(truncate(f32(most) * chosen.threshold + f32(0.5)))] = 0
    total = int(counts.sum())
    weight = int((counts * np.arange(1, BINS + 1)).astype(np.int32).sum(dtype=np.int32))
    with np.errstate(all="ignore"):
        mean = int(truncate(f32(weight) / f32(total) + f32(0.5)))
    wanted = int(truncate(max(f32(total) * chosen.saturation, f32(1))))
    if total < wanted:
        task.abend(too_much)
    low = 1 + int(np.searchsorted(np.cumsum(counts), max(wanted, 1)))
    high = BINS - int(np.searchsorted(np.cumsum(counts[::-1]), max(wanted, 1)))
    if chosen.centred:
        low, high = min(low, mean - (high - mean)), max(high, mean + (mean - low))
    return Stretch(counts, most, low, mean, high, scale, bottom)


def heading(chosen: Choice) -> str:
    return ("L O G   " if chosen.log else "") + ("D I F F E R E N C E" if chosen.difference else "R A T I O")


def rows(found: Stretch):
    """(bin number, value, label) of each filled bin, None once after a run of them."""
    middle = found.bottom + f32(0.5) / found.scale
    before = 0
    for number, count in enumerate(found.counts.tolist(), 1):
        if count:
            label = {found.low: "0DN"}.get(number, "")
            label = "MEAN" if number == found.mean else label
            label = "255DN" if number == found.high else label
            yield number, f32(number - 1) / found.scale + middle, label
        elif before:
            yield None
        before = count
