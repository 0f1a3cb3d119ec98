"""HIST's counting: how many pixels fall into each bin, and their sums, for each format of pixels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from programs.statistics._hist_kernel import tally_wide
from vicar.image.sweep import line_blocks
from vicar.numerics.bytetables import count_bytes, count_halfwords
from vicar.numerics.compiled import as_input
from vicar.numerics.rounding import accumulate

SIZES = {"BYTE": 1, "HALF": 2, "WORD": 2, "FULL": 4, "REAL": 4, "DOUB": 8}
DTYPES = {"BYTE": "u1", "HALF": "i2", "FULL": "i4", "REAL": "f4", "DOUB": "f8"}


@dataclass
class Bins:
    """Limits and number of the bins, the two outer ones included."""

    count: int
    given: bool
    low: float = 0.0
    high: float = 0.0
    width: float = 0.0


@dataclass
class Area:
    """Part of the image a histogram is made of."""

    sl: int
    ss: int
    nl: int
    ns: int
    sb: int
    nb: int
    linc: int
    sinc: int


@dataclass
class Table:
    """What one pass over the pixels gives."""

    counts: np.ndarray  # by bin
    total: float
    squares: float
    zeroes: int
    low: float
    high: float
    by_value: np.ndarray | None = None  # BYTE only


@dataclass
class Statistics:
    pixels: int
    total: float
    mean: float
    deviation: float


class Pixels:
    """The pixels of an area, some lines at a time, as often as needed."""

    def __init__(self, task, image, fmt: str, area: Area):
        self.task, self.image, self.area = task, image, area
        self.dtype = np.dtype(DTYPES[fmt])

    def __iter__(self):
        a, image = self.area, self.image
        as_stored = image.dtype == self.dtype
        first, count = (a.ss, a.ns) if as_stored and a.ns > 0 else (1, image.n1)
        for band in range(a.sb, a.sb + a.nb):
            for line, block in line_blocks(image, a.sl, first, a.nl, count, band, a.linc):
                if not as_stored:
                    raw = np.ascontiguousarray(block).view(np.uint8)
                    size = self.dtype.itemsize
                    block = raw[:, : raw.shape[1] // size * size].view(self.dtype)[:, a.ss - 1 : a.ss - 1 + a.ns]
                yield block[:, : max(a.ns, 0) : a.sinc]
                self.task.progress(line + len(block), a.nl)

    def limits(self):
        """Smallest and largest value; NaNs lose every comparison."""
        low = high = None
        for block in self:
            if low is None:
                low = high = block[0, 0] if block.size else block.dtype.type(0)
            if not block.size:
                continue
            low, high = np.fmin(low, np.fmin.reduce(block, None)), np.fmax(high, np.fmax.reduce(block, None))
        return low, high


def bin_numbers(distances: np.ndarray, bins: Bins) -> np.ndarray:
    """Bins, counted from 0, of ``(value - low) / width`` in its own precision."""
    if bins.width == 0:
        return np.zeros(distances.shape, np.int64)
    kind = distances.dtype.type
    places = np.fmax(distances + kind(2.5), kind(1.5))
    return np.fmin(places, kind(bins.count)).astype(np.int64) - 1


def occupied(by_value: np.ndarray) -> tuple[int, int]:
    """First and last place that is not zero; of nothing, the last and the first place there is."""
    present = np.flatnonzero(by_value)
    return (int(present[0]), int(present[-1])) if len(present) else (len(by_value) - 1, 0)


def byte_table(pixels: Pixels, bins: Bins) -> Table:
    by_value = np.zeros(256, np.int64)
    for block in pixels:
        by_value += count_bytes(block)
    values = np.arange(256.0)
    places = bin_numbers((values - bins.low) / bins.width if bins.width else values, bins)
    low, high = occupied(by_value)
    return Table(np.bincount(places, by_value, bins.count).astype(np.int64), float(by_value @ values),
                 float(by_value @ values**2), int(by_value[0]), low, high, by_value)


def half_table(pixels: Pixels, bins: Bins) -> Table:
    by_value = np.zeros(65536, np.int64)
    for block in pixels:
        by_value += count_halfwords(block)
    low, high = (value - 32768 for value in occupied(by_value))
    if not bins.given:
        step = half_step(by_value, bins.count)
        bins.low, bins.high, bins.width = float(low), float(high + (low == high)), float(step)
        bins.count = (high - low + step - 1) // step + 3
    values = np.arange(-32768.0, 32768.0)
    width = np.float32(bins.width)
    distances = values.astype(np.float32) - np.float32(bins.low)
    places = bin_numbers(distances / width if width else distances, bins)
    return Table(np.bincount(places, by_value, bins.count).astype(np.int64), float(by_value @ values),
                 float(by_value @ values**2), int(by_value[32768]), low, high)


def half_step(by_value: np.ndarray, lines: int) -> int:
    """Bin width for HALF data: the least power of two that needs at most ``lines`` bins and is not twice too fine."""
    occupied = []
    used = by_value > 0
    for _ in range(9):
        occupied.append(int(np.count_nonzero(used)))
        used = used.reshape(-1, 2).any(axis=1)
    for power in range(8):
        if occupied[power + 1] < occupied[power] <= lines:
            return 1 << power
    return 512 if occupied[8] > lines else 256


def wide_table(pixels: Pixels, bins: Bins, integers: bool) -> Table:
    """FULL, REAL and DOUB: the limits are those of the data unless given."""
    low, high = pixels.limits()
    if not bins.given:
        bins.low, bins.high = float(low), float(high)
        bins.width = (bins.high - bins.low) / (bins.count - 3)
        if integers and low == high:
            bins.width = 1.0
    counts = np.zeros(bins.count, np.int64)
    total = squares = np.float64(0)
    zeroes = 0
    compiled = tally_wide.pick(pixels.area.nl * pixels.area.ns)
    for block in pixels:
        dn = np.ascontiguousarray(block).ravel()
        if compiled is not None:
            single = dn.dtype != np.float64
            limits = (np.float64(bins.low), np.float64(bins.width), np.float64(bins.count))
            total, squares, more = compiled(as_input(dn), *limits, single, total, squares, counts)
            zeroes += more
            continue
        zeroes += int(np.count_nonzero(dn == 0))
        square = dn.astype(np.float32) if integers else dn
        total = accumulate(dn.astype(np.float64), total)
        squares = accumulate((square * square).astype(np.float64), squares)
        distances = dn.astype(np.float64) - bins.low
        counts += np.bincount(bin_numbers(distances / bins.width if bins.width else distances, bins), minlength=bins.count)
    if integers:
        return Table(counts, float(total), float(squares), zeroes, int(low), int(high))
    return Table(counts, float(total), float(squares), zeroes, np.float32(low), np.float32(high))


TABLES = {
    "BYTE": byte_table,
    "HALF": half_table,
    "FULL": lambda pixels, bins: wide_table(pixels, bins, True),
    "REAL": lambda pixels, bins: wide_table(pixels, bins, False),
    "DOUB": lambda pixels, bins: wide_table(pixels, bins, False),
}
