"""HIST of the p3 library: histogram, mean and deviation of an image. Source: ``vos/p3/prog/hist`` (Fortran, Sep 9 2015).

Bins are as wide in single precision as LIMITS and BINS say, and those at the ends collect what lies outside. Sums are double
precision, line by line, of all bands of a line; squares of FULL and REAL values are single precision products.

Kept: a screen's picture is drawn over that of the area before, and one level to the right.

known: PPLOT, WINDOW and WBAR print their line but draw nothing (there the original calls a printer, or a program of another
firm); with PAUSE nothing waits. accepted: pixels that FORMAT makes out of bytes behind the line are 0, levels of FORMAT=BYTE
beside 0..255 count as the nearest, and bars of more than 21 million pixels are left out; the original looks beside its arrays.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from programs.statistics import _hist_print as printed
from programs.statistics._hist_print import NOHIST, NORMAL, SCREEN, WIDE
from programs.statistics._hist_tables import DTYPES, Area, Statistics, Table
from vicar.image.sweep import read_line
from vicar.numerics.bytetables import count_bytes, count_halfwords
from vicar.numerics.fortran import edit
from vicar.numerics.rounding import accumulate, truncate

FORTRAN = True
f32 = np.float32
PLOT, WINDOW, BARS = 4, 6, 7
PIXELS_AT_ONCE = 1 << 20
EXACT = 2.0**52  # whole numbers up to here are added without rounding, in any order
FIRST_LEAST = {"HALF": (99999, -99999), "FULL": (999999999, -999999999), "REAL": (f32(1e30), f32(-1e30))}
PLUSES = "+         " * 10 + "+"


@dataclass
class Bins:
    """Width and number of the bins, and the value a bin and a half before the first."""

    count: int
    width: np.float32
    start: np.float32
    high: np.float32

    def places(self, values: np.ndarray) -> np.ndarray:
        """Bin of each value, from 0."""
        with np.errstate(all="ignore"):
            numbers = (values.astype(f32) - self.start) / self.width
        return np.fmin(np.fmax(numbers, f32(1)), f32(self.count)).astype(np.int64) - 1


@dataclass
class Run:
    """What holds for all areas."""

    task: object
    image: object
    fmt: str
    mode: int
    spikes: int
    bins: Bins
    screen: np.ndarray = field(default_factory=lambda: np.full((22, 81), " "))


def main(task):
    task.message("*** p3/HIST version Sep 9 2015 ***")
    with task.open("INP") as image:
        if image.org == "BIP":
            task.abend(" HIST does not accept BIP input")
        window, bands = task.size_field(image), task.band_field(image)
        fmt = task.string("FORMAT") or {"WORD": "HALF"}.get(image.format, image.format)
        if fmt not in ("BYTE", "HALF", "FULL", "REAL"):
            task.abend(f" ** FORMAT {fmt:<8} NOT SUPPORTED **")
        run = Run(task, image, fmt, read_mode(task, fmt), min(max(task.integer("SPIKES"), 1), 9), read_bins(task, fmt))
        each = range(bands.sb, bands.sb + bands.nb)
        groups = [(band, 1) for band in each] if task.keyword("BYCHAN") else [(bands.sb, bands.nb)]
        for sb, nb in groups:
            if task.keyword("BYCHAN"):
                task.messages(" ", " ", " ", edit("('---Channel',I4)", sb))
            for area in areas(task, window, sb, nb):
                table, statistics = measure(run, area)
            low, high = table.low, table.high
            for name, value in (("MIN", low), ("MAX", high), ("MEAN", statistics.mean), ("SIGMA", statistics.deviation)):
                task.output(name, f32(value))


def read_mode(task, fmt: str) -> int:
    mode = NORMAL
    words = (("NOHIST", NOHIST), ("WIDE", WIDE), ("SCREEN", SCREEN), ("WINDOW", WINDOW), ("WBAR", BARS))
    for word, number in words:
        if task.keyword(word):
            mode = number
    if task.keyword("PPLOT") and task.defaulted("MODE"):
        mode = PLOT
    if mode == SCREEN and fmt != "BYTE":
        task.abend(" Screen oriented histogram not supported for non-byte data")
    return mode


def read_bins(task, fmt: str) -> Bins:
    count = max(task.integer("BINS"), 2)
    low, high = task.reals("LIMITS")
    if task.defaulted("LIMITS") and fmt != "BYTE":
        low, high = f32(-32768), f32(32767)
    width = (high - low) / f32(count - 1)
    if fmt != "REAL" and width < 1:
        width = f32(1)
    return Bins(count + 2, width, low - f32(2.5) * width, high)


def areas(task, window, sb: int, nb: int):
    """The areas one after the other, cut off at the edges of the image."""
    linc, sinc = task.integer("LINC"), task.integer("SINC")
    if not task.defaulted("INC"):
        linc = sinc = task.integer("INC")
    numbers = task.integers("AREA")
    if task.defaulted("AREA"):
        numbers = [1, 1, window.nl, window.ns]
    for at in range(0, len(numbers) // 4 * 4, 4):
        sl, ss, nl, ns = numbers[at : at + 4]
        area = Area(sl + window.sl - 1, ss + window.ss - 1, nl, ns, sb, nb, linc, sinc)
        if area.sl + nl - 1 > window.nli:
            task.message(" DESIRED AREA EXCEEDS INPUT IMAGE SIZE, LINES TRUNCATED")
            area.nl = window.nli - area.sl + 1
        if area.ss + ns - 1 > window.nsi:
            task.message(" DESIRED AREA EXCEEDS INPUT IMAGE SIZE, SAMPLES TRUNCATED")
            area.ns = window.nsi - area.ss + 1
        yield area


def measure(run: Run, area: Area) -> tuple[Table, Statistics]:
    """Count an area and print what the mode asks for."""
    task = run.task
    if area.linc == 0 or area.sinc == 0:
        task.abend("??E - LINC and SINC must not be 0")
    table = {"BYTE": byte_table, "HALF": half_table}.get(run.fmt, wide_table)(run, area)
    pixels = area.nb * (1 + int((area.nl - 1) / area.linc)) * (1 + int((area.ns - 1) / area.sinc))
    number = f32(pixels) - f32(table.zeroes) if task.keyword("EXCLUDE") else f32(pixels)
    mean = deviation = f32(0)
    if number != 0:
        mean = f32(table.total / float(number))
        spread = float(number) * table.squares - table.total * table.total
        deviation = f32(np.sqrt(spread) / float(number)) if spread > 0 else deviation
    statistics = Statistics(int(number), table.total, mean, deviation)
    task.message(" ")
    if run.mode <= WIDE:
        print_histogram(run, area, table, statistics, number)
        task.message(" ")
    elif run.mode == SCREEN:
        print_screen(run, table, statistics)
    if run.mode > SCREEN:
        print_plot_line(run, table, statistics)
    return table, statistics


# -- tables -----------------------------------------------------------------------------------------------------------


def blocks(run: Run, area: Area):
    """Some lines at a time: lines x bands x samples."""
    image, dtype = run.image, np.dtype(DTYPES[run.fmt])
    lines, bands = range(area.sl, area.sl + area.nl, area.linc), range(area.sb, area.sb + area.nb)
    block = max(1, PIXELS_AT_ONCE // max(image.ns, 1))
    for start in range(0, len(lines), block):
        part = lines[start : start + block]
        if image.short or part[0] < 1 or part[-1] > image.nl or bands and not 1 <= bands[0] <= bands[-1] <= image.nb:
            raw = np.array([[read_line(image, line, 1, image.ns, band) for band in bands] for line in part])
        else:
            count = part[-1] - part[0] + 1
            whole = (image.read_window(part[0], 1, count, image.ns, band, copy=False) for band in bands)
            raw = np.stack([pixels[:: area.linc] for pixels in whole], axis=1)
        yield taken_for(raw, dtype)[:, :, max(area.ss - 1, 0) : max(area.ss - 1 + area.ns, 0) : area.sinc]


def taken_for(raw: np.ndarray, dtype: np.dtype) -> np.ndarray:
    """Whole lines as they are stored, as if they were of ``dtype``."""
    if dtype == np.uint8 and raw.dtype != dtype:
        return np.clip(truncate(raw, np.int16), 0, 255).astype(dtype)
    if raw.dtype == dtype:
        return raw
    stored, room = np.ascontiguousarray(raw).view(np.uint8), raw.shape[2] * dtype.itemsize
    return np.pad(stored, ((0, 0), (0, 0), (0, max(0, room - stored.shape[2]))))[:, :, :room].copy().view(dtype)


def byte_table(run: Run, area: Area) -> Table:
    by_value = np.zeros(256, np.int64)
    for block in blocks(run, area):
        by_value += count_bytes(block)
    values = np.arange(256.0)
    present = np.flatnonzero(by_value)
    low, high = (int(present[0]), int(present[-1])) if len(present) else (-1, 0)
    counts = np.bincount(run.bins.places(values), by_value, run.bins.count).astype(np.int64)
    return Table(counts, float(by_value @ values), float(by_value @ values**2), int(by_value[0]), low, high, by_value)


def half_table(run: Run, area: Area) -> Table:
    """By the values that occur, as long as all sums on the way are whole numbers that double precision holds."""
    by_value = np.zeros(65536, np.int64)
    for block in blocks(run, area):
        by_value += count_halfwords(block)
    values = np.arange(-32768.0, 32768.0)
    single = values.astype(f32)
    squares = float(by_value @ (single * single).astype(np.float64))
    if squares >= EXACT:
        return wide_table(run, area)
    present = np.flatnonzero(by_value)
    low, high = (int(values[present[0]]), int(values[present[-1]])) if len(present) else FIRST_LEAST["HALF"]
    counts = np.bincount(run.bins.places(values), by_value, run.bins.count).astype(np.int64)
    return Table(counts, float(by_value @ values), squares, int(by_value[32768]), low, high)


def wide_table(run: Run, area: Area) -> Table:
    counts, total, squares, zeroes = np.zeros(run.bins.count, np.int64), np.float64(0), np.float64(0), 0
    low, high = FIRST_LEAST[run.fmt]
    limit = f32 if run.fmt == "REAL" else int
    for block in blocks(run, area):
        dn = np.ascontiguousarray(block).ravel()
        if not dn.size:
            continue
        single = dn.astype(f32)
        with np.errstate(all="ignore"):
            total = accumulate(dn.astype(np.float64), total)
            squares = accumulate((single * single).astype(np.float64), squares)
            low, high = np.fmin(low, limit(np.fmin.reduce(dn))), np.fmax(high, limit(np.fmax.reduce(dn)))
        zeroes += int(np.count_nonzero(dn == 0))
        counts += np.bincount(run.bins.places(dn), minlength=run.bins.count)
    if run.fmt != "REAL":
        low, high = int(low), int(high)
    return Table(counts, float(total), float(squares), zeroes, low, high)


# -- printing -------------------------------------------------------------------------------------------------------


def print_histogram(run: Run, area: Area, table: Table, statistics: Statistics, number) -> None:
    task = run.task
    if run.mode != NOHIST:
        ranks, top = printed.rank_spikes(table.counts, run.spikes)
        levels = np.add.accumulate(np.append(run.bins.start + f32(0.5) * run.bins.width,
                                             np.full(run.bins.count, run.bins.width, f32)), dtype=f32)[1:]  # fmt: skip
        names = {place: edit("(G11.5)", levels[place]) for place in np.flatnonzero(table.counts).tolist()}
        names |= {0: "< LOW LIMIT", run.bins.count - 1: ">HIGH LIMIT"}
        (print_wide if run.mode == WIDE else print_normal)(task, table.counts, ranks, top, names, area, number)
        task.message(" ")
    if task.keyword("EXCLUDE"):
        task.message(" EXCLUDING PIXELS OF DN=0")
    kind = "G14.6" if run.fmt == "REAL" else "I10"
    for name, value, end, limit in (("Average Gray Level", statistics.mean, "Minimum", table.low),
                                    ("Standard Deviation", statistics.deviation, "Maximum", table.high)):  # fmt: skip
        task.message(edit(f"(' {name} = ',G14.6,10X,'{end} = ',{kind})", value, limit))
    task.message(edit("(' Number of Pixels =',I8)", statistics.pixels))


def print_normal(task, counts, ranks, top, names, area, number) -> None:
    for place in np.flatnonzero(counts).tolist():
        star = "*     " if place > 1 and counts[place - 1] == 0 else "      "
        bar = printed.bar(int(counts[place]), top, 50)
        text = names[place] + edit("(I8)", int(counts[place])) + star
        task.message((f"{text}{bar:<50}{ranks.get(place, 0) or '':>2}" if bar else text).rstrip())


def print_wide(task, counts, ranks, top, names, area: Area, number) -> None:
    each = task.keyword("NOCUM")
    task.message(edit("(' FREQUENCY DISTRIBUTION     SL=',I5,'     SS=',I5,'     NL=',I5,'     NS=',I5,'     LINC=',I3,"
                      "'    SINC=',I3)", area.sl, area.ss, area.nl, area.ns, area.linc, area.sinc))  # fmt: skip
    task.message(" ")
    task.message(f"        GRAY    FREQ  {'PERCNT' if each else '   CDF'}   " + "".join(f"{n:10d}" for n in range(10, 101, 10)))
    task.message(" " * 30 + PLUSES)
    share = f32(0)
    for place in range(len(counts)):
        count = int(counts[place])
        if not count:
            if place and counts[place - 1]:
                task.message(" ")
            continue
        with np.errstate(all="ignore"):
            part = f32(100.0) * f32(count) / number
        share = part if each else share + part
        bar = printed.bar(count, top, 100)
        text = names[place] + edit("(I8,F8.3)", count, share) + "  "
        if bar:
            text += " " + bar + PLUSES[len(bar) :] + f"{ranks.get(place, 0) or '':>2}"
        else:
            text += PLUSES
        task.message(text[:132].rstrip())


def print_screen(run: Run, table: Table, statistics: Statistics) -> None:
    bins = run.bins
    bins.start = bins.start + f32(2.5) * bins.width
    low, high = (table.low, table.high) if (bins.start, bins.high) == (0, 255) else (int(bins.start), int(bins.high))
    printed.draw(run.screen[:, 1:], table.counts[max(low, 0) :], low, high, run.spikes)
    printed.show_screen(run.task, run.screen[:, :80], statistics, table)


def print_plot_line(run: Run, table: Table, statistics: Statistics) -> None:
    """What a plot leaves in the log: perhaps a warning, and the statistics squeezed into one line."""
    bins = run.bins
    bins.start = bins.start + f32(2.5) * bins.width
    low, high = f32(table.low), f32(table.high)
    if max(bins.start, low) < min(bins.high, high) and np.count_nonzero(table.counts[1:-1]) < 2:
        run.task.message(" Only 1 bin occupied, no plotting done.")
    form = "F14.3" if run.fmt == "REAL" else "F12.1"
    text = edit(f"('_',I9,'_PIXELS___RANGE_',{form},'_TO_',{form},'___MEAN_',F12.3,'___STD_DEV_',F12.3)",
                statistics.pixels, low, high, statistics.mean, statistics.deviation)  # fmt: skip
    run.task.message(text[: 101 if run.fmt == "REAL" else 97].replace(" ", "").replace("_", " "))
