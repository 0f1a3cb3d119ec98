"""HIST: histogram, mean and standard deviation of an image.

Source: ``vos/p2/prog/hist`` (Fortran). Bins 1 and last collect what lies outside the limits. The bin of a value is computed
in double precision, for HALF in single; sums are double precision in pixel order (squares of FULL and REAL values are
single precision products).

known: with MODE=SPLOT the plot for a ReGIS terminal, which never was part of a log, is not drawn; with PAUSE nothing waits.
accepted: a value so far above narrow LIMITS that its bin number overflows crashes the original; here it counts as high.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from programs.statistics._hist_kernel import tally_wide
from vicar.image.sweep import line_blocks
from vicar.numerics import libm
from vicar.numerics.bytetables import count_bytes, count_halfwords
from vicar.numerics.compiled import as_input
from vicar.numerics.fortran import edit, exponent, fixed, integer
from vicar.numerics.realcon import realcon
from vicar.numerics.rounding import accumulate, nint, truncate, wrap_int32

FORTRAN = True
SIZES = {"BYTE": 1, "HALF": 2, "WORD": 2, "FULL": 4, "REAL": 4, "DOUB": 8}
DTYPES = {"BYTE": "u1", "HALF": "i2", "FULL": "i4", "REAL": "f4", "DOUB": "f8"}
OLD_NAMES = {"WORD": "HALF"}
NOHIST, NORMAL, WIDE, SCREEN, SPLOT = -1, 0, 1, 2, 3


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


def main(task):
    task.message("*** HIST version 2017-08-08 ***")
    with task.open("INP") as image:
        if image.org == "BIP":
            task.abend(" BIP files not supported, use program TRAN to convert to BSQ")
        window, bands = task.size_field(image), task.band_field(image)
        sb, nb = checked_bands(task, bands)
        fmt, ns = checked_format(task, image, window.ns)
        mode, bins = read_mode(task, fmt), read_bins(task, fmt)
        linc, sinc = task.integer("LINC"), task.integer("SINC")
        if task.count("INC"):
            linc = sinc = task.integer("INC")
        numbers = task.integers("AREA") or [1, 1, window.nl, ns]
        if len(numbers) % 4:
            task.abend("??E - Invalid count for AREA parameter")
        for at in range(0, len(numbers), 4):
            area = clipped_area(task, window, numbers[at : at + 4], (sb, nb), (linc, sinc))
            table = TABLES[fmt](Pixels(task, image, fmt, area), bins)
            statistics = compute_statistics(table, area, task.keyword("EXCLUDE"))
            task.message(" ")
            if mode <= WIDE:
                print_histogram(task, table, bins, statistics, fmt, mode, area)
                task.message(" ")
            elif mode == SCREEN:
                print_screen(task, table, bins, statistics)
            else:
                print_plot_line(task, table, bins, statistics)
    task.output("MEAN", np.float32(statistics.mean))
    task.output("SIGMA", np.float32(statistics.deviation))
    task.output("COUNT", statistics.pixels)
    task.output("SUM", np.float32(statistics.total))


# -- parameters -----------------------------------------------------------------------------------------------------


def checked_bands(task, bands) -> tuple[int, int]:
    if bands.sb > bands.nbi:
        task.abend("??E - SB is greater than the total number of bands")
    if bands.sb + bands.nb - 1 > bands.nbi:
        task.message("??W - Number of bands truncated")
        return bands.sb, bands.nbi + 1 - bands.sb
    return bands.sb, bands.nb


def checked_format(task, image, ns: int) -> tuple[str, int]:
    """Format the pixels are taken for, and the samples of a line that exist in it."""
    fmt = task.string("FORMAT") or image.format
    if fmt not in SIZES:
        task.message(f"??E - FORMAT {fmt:<8} NOT SUPPORTED **")
        task.abend()
    if ns * SIZES[fmt] > image.ns * image.pix_size:
        task.message("??E -  LINE LENGTH EXCEEDED, SAMPLES TRUNCATED ***")
        ns = image.ns * image.pix_size // SIZES[fmt]
    return OLD_NAMES.get(fmt, fmt), ns


def read_mode(task, fmt: str) -> int:
    mode = NORMAL
    for word, number in (("NOHIST", NOHIST), ("WIDE", WIDE), ("SCREEN", SCREEN), ("SPLOT", SPLOT)):
        if task.keyword(word):
            mode = number
    if mode == SCREEN and fmt != "BYTE":
        task.abend(" Screen oriented histogram not supported for non-byte data")
    return mode


def read_bins(task, fmt: str) -> Bins:
    count = task.integer("NLINES")
    limits = task.reals("LIMITS")
    bins = Bins(count, bool(len(limits)))
    if bins.given:
        bins.low, bins.high = (float(v) for v in np.append(limits, np.float32(0))[:2])
        bins.width = (bins.high - bins.low) / (count - 1)
        if fmt in ("BYTE", "HALF", "FULL"):
            bins.width = max(bins.width, 1.0)
        if fmt == "BYTE":
            bins.count = min(count, int(bins.high - bins.low + 1))
    elif fmt == "BYTE":
        bins.low, bins.high = 0.0, 255.0
        bins.count = min(256, count)
        bins.width = 1.0 if bins.count == 256 else 255.0 / (bins.count - 1)
    bins.count += 2
    return bins


def clipped_area(task, window, numbers: list[int], bands: tuple[int, int], steps: tuple[int, int]) -> Area:
    sl, ss, nl, ns = numbers
    area = Area(sl + window.sl - 1, ss + window.ss - 1, nl, ns, *bands, *steps)
    if area.sl + nl - 1 > window.nli:
        task.message(" Specified area crosses image boundary, lines truncated")
        area.nl = window.nli - area.sl + 1
    if area.ss + ns - 1 > window.nsi:
        task.message(" Specified area crosses image boundary, samples truncated")
        area.ns = window.nsi - area.ss + 1
    return area


# -- tables ---------------------------------------------------------------------------------------------------------


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


def quotient(number: int, divisor: int) -> int:
    return int(truncate(number / divisor))


def compute_statistics(table: Table, area: Area, exclude: bool) -> Statistics:
    """Mean and deviation; zeros are left out of the number of pixels if EXCLUDE says so."""
    pixels = (1 + quotient(area.nl - 1, area.linc)) * (1 + quotient(area.ns - 1, area.sinc)) * area.nb
    if exclude:
        pixels -= table.zeroes
    if not pixels:
        return Statistics(0, table.total, 0.0, 0.0)
    spread = float(pixels) * table.squares - table.total * table.total
    deviation = float(np.sqrt(spread)) / float(pixels) if not spread <= 0.0 else 0.0
    return Statistics(pixels, table.total, table.total / float(pixels), deviation)


# -- printing -------------------------------------------------------------------------------------------------------


def rank_spikes(counts: np.ndarray, number: int) -> tuple[dict[int, int], int]:
    """Ranks (from 1) of the fullest bins by index, and the count a full bar stands for: that of the last of them."""
    left = counts.copy()
    ranks: dict[int, int] = {}
    top = 0
    for rank in range(1, number + 1):
        fullest = int(left.argmax())
        if left[fullest] <= 0:
            break
        top = int(left[fullest])
        ranks[fullest] = rank
        left[fullest] = 0
    return ranks, top


def print_histogram(task, table: Table, bins: Bins, statistics: Statistics, fmt: str, mode: int, area: Area) -> None:
    if mode != NOHIST:
        counts = table.counts[: bins.count]
        ranks, top = rank_spikes(counts, task.integer("SPIKES"))
        task.message(edit("('Bin Width = ',F10.1)", bins.width))
        names = BinNames(bins, fmt)
        if mode == WIDE:
            print_wide(task, counts, ranks, top, names, statistics.pixels, area)
        else:
            print_normal(task, counts, ranks, top, names)
    mean, deviation = (realcon(np.float32(v), 8) for v in (statistics.mean, statistics.deviation))
    parts = [
        f"AVERAGE GRAY LEVEL={mean}       ",
        f"STANDARD DEVIATION={deviation}       ",
        f"NUMBER ELEMENTS={statistics.pixels:10d}",
    ]
    task.message(" ")
    if task.keyword("EXCLUDE"):
        task.message("NOTE - EXCLUDING PIXELS OF DN=0")
    task.messages(*parts) if mode == NORMAL else task.message("".join(parts))
    if fmt in ("REAL", "DOUB"):
        low, high = realcon(table.low, 8) + "  ", realcon(table.high, 8) + "  "
    else:
        low, high = f"{table.low:10d}", f"{table.high:10d}"
    if mode == WIDE:
        task.message(f"MIN. DN={low}    MAX. DN={high}  ")
    else:
        task.message(f"MIN. DN={low}  ")
        task.message(f"MAX. DN={high}  ")


class BinNames:
    """The eleven characters that stand for a bin."""

    def __init__(self, bins: Bins, fmt: str):
        self.bins = bins
        self.decimals = decimals(bins, fmt)
        self.levels = np.add.accumulate(np.append(bins.low - bins.width, np.full(bins.count - 1, bins.width)))
        self.whole = nint(self.levels).tolist() if self.decimals == 0 else []

    def __getitem__(self, place: int) -> str:
        if place == 0:
            return "< LOW LIMIT"
        if place == self.bins.count - 1:
            return ">HIGH LIMIT"
        level = self.levels[place]
        if self.decimals == 0:
            return integer(self.whole[place], 11)
        if self.decimals < 0:
            return exponent(level, 11, 4 if level < 0 else 5, scale=1)
        return fixed(level, 11, min(10, self.decimals))


def decimals(bins: Bins, fmt: str) -> int:
    """Digits after the point that gray levels need; -1 for exponent form."""
    real = fmt in ("REAL", "DOUB")
    largest = max(abs(np.float32(bins.low)), abs(np.float32(bins.high)))
    left = int(truncate(libm.log10(np.float32(largest)) + np.float32(1)))
    first = bins.low - bins.width
    if not real and first == int(first) and bins.width == int(bins.width):
        digits = 0
    else:
        digits = int(truncate(np.float32(1.5) - libm.log10(np.float32(bins.width))))
    if left > 7 and real:
        return -1
    if digits < 0 and left <= 11:
        return 0
    if digits > 10 or left > 10 or wrap_int32(digits + left) > 10:
        return -1
    return digits


def bar(count: int, top: int, length: int) -> str:
    if not top:
        return ""
    product = wrap_int32(min(count, top) * length)
    return "*" * max(0, int(product / top))


def print_normal(task, counts, ranks: dict[int, int], top: int, names: BinNames) -> None:
    for place in np.flatnonzero(counts).tolist():
        count = int(counts[place])
        number = integer(count, 9)
        if place > 1 and counts[place - 1] == 0:
            number = "*" + number[1:]
        text = f"{names[place]}{number}   {bar(count, top, 50)}"
        if place in ranks:
            text = f"{text:<75}{ranks[place]}"
        task.message(text.rstrip())


def print_wide(task, counts, ranks: dict[int, int], top: int, names: BinNames, pixels: int, area: Area) -> None:
    percent_each = task.keyword("NOCUM")
    task.message(edit("('FREQUENCY DISTRIBUTION     SL=',I5,'     SS=',I5,'     NL=',I5,'     NS=',I5,'     LINC=',I3,"
                      "'    SINC=',I3)", area.sl, area.ss, area.nl, area.ns, area.linc, area.sinc))
    task.message(" ")
    scale = "".join(f"{n:10d}" for n in range(10, 101, 10))
    task.message(f"       GRAY    FREQ  {'PCTILE' if percent_each else '   CDF'}   {scale}")
    ruler = "".join("+" if column >= 30 and column % 10 == 0 else " " for column in range(1, 131))
    task.message(ruler)
    seen = np.float32(0)
    for place in range(len(counts)):
        count = int(counts[place])
        if not count:
            if place and counts[place - 1]:
                task.message(" ")
            continue
        seen = seen + np.float32(count)
        share = np.float32(100.0) * (np.float32(count) if percent_each else seen) / np.float32(pixels)
        text = names[place] + integer(count, 9)[:8] + fixed(share, 8, 3)
        stars = bar(count, top, 100)
        text += "  " + stars + ruler[29 + len(stars) :]
        if place in ranks:
            text = f"{text:<130}{ranks[place]}"
        task.message(text.rstrip())


def print_screen(task, table: Table, bins: Bins, statistics: Statistics) -> None:
    """A picture of 22 lines of 80 columns and a line of statistics (BYTE only)."""
    low, high = (table.low, table.high) if (bins.low, bins.high) == (0.0, 255.0) else (int(bins.low), int(bins.high))
    width = 1 + (high - low) // 80
    columns = 1 + (high - low) // width
    values = np.zeros(low + columns * width, np.int64)
    values[: min(256, len(values))] = table.by_value[: len(values)]
    counts = values[low:].reshape(columns, width).sum(axis=1)
    ranks, top = rank_spikes(counts, task.integer("SPIKES"))
    screen = np.full((22, 80), " ")
    divisor = np.float32(top) / np.float32(19.0)
    level = low + width // 2
    for column, count in enumerate(counts.tolist()):
        if column % 5 == 0:
            screen[19:22, column] = list(edit("(I3)", level))
            level += 5 * width
        if not count:
            continue
        row = int(np.float32(20.5) - np.float32(count) / divisor)
        if column in ranks:
            screen[0, column] = str(ranks[column])
            row = 2
        screen[row - 1 : 19, column] = "*"
    for line in screen:
        task.message("".join(line).rstrip() or " ")
    task.message(edit("(I10,'PIXELS   RANGE',I4,'-',I3,'     MEAN',F8.3,'     STD DEV',F8.3)", statistics.pixels, table.low,
                      table.high, statistics.mean, statistics.deviation)[:70])


def print_plot_line(task, table: Table, bins: Bins, statistics: Statistics) -> None:
    """What a terminal plot leaves in the log: a warning, and the statistics squeezed into one line."""
    start, stop = max(np.float32(bins.low), np.float32(table.low)), min(np.float32(bins.high), np.float32(table.high))
    inner = np.sort(table.counts[1 : bins.count - 1])
    if start != stop and (len(inner) < 2 or inner[-2] == 0):
        task.message("??W - only 1 bin occupied, no plotting done.")
    text = edit("('_',I9,'_PIXELS___RANGE_',F12.1,'_TO_',F12.1,'___MEAN_',F12.3,'___STD_DEV_',F12.3)", statistics.pixels,
                np.float32(table.low), np.float32(table.high), statistics.mean, statistics.deviation)
    task.message(text[:97].replace(" ", "").replace("_", " "))
