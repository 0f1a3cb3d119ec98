"""What HIST prints: lines with bars, a picture for a screen, or the line a terminal plot leaves."""

from __future__ import annotations

import numpy as np

from programs.statistics._hist_tables import Area, Bins, Statistics, Table
from vicar.numerics import libm
from vicar.numerics.fortran import edit, exponent, fixed, integer
from vicar.numerics.realcon import realcon
from vicar.numerics.rounding import nint, truncate, wrap_int32

NOHIST, NORMAL, WIDE, SCREEN, SPLOT = -1, 0, 1, 2, 3


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
    screen = np.full((22, 80), " ")
    draw(screen, np.append(table.by_value, np.zeros(80, np.int64))[low:], low, high, task.integer("SPIKES"))
    show_screen(task, screen, statistics, table)


def show_screen(task, screen: np.ndarray, statistics: Statistics, table: Table) -> None:
    for line in screen:
        task.message("".join(line).rstrip() or " ")
    task.message(edit("(I10,'PIXELS   RANGE',I4,'-',I3,'     MEAN',F8.3,'     STD DEV',F8.3)", statistics.pixels, table.low,
                      table.high, statistics.mean, statistics.deviation)[:70])


def draw(screen: np.ndarray, by_value: np.ndarray, low: int, high: int, spikes: int) -> None:
    """Bars of the numbers from level ``low`` to ``high``, several levels in a column if need be, over an axis."""
    width = 1 + (high - low) // 80
    columns = 1 + (high - low) // width
    values = np.zeros(columns * width, np.int64)
    there = by_value[: len(values)]
    values[: len(there)] = there
    counts = values.reshape(columns, width).sum(axis=1)
    ranks, top = rank_spikes(counts, spikes)
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


def print_plot_line(task, table: Table, bins: Bins, statistics: Statistics) -> None:
    """What a terminal plot leaves in the log: a warning, and the statistics squeezed into one line."""
    start, stop = max(np.float32(bins.low), np.float32(table.low)), min(np.float32(bins.high), np.float32(table.high))
    inner = np.sort(table.counts[1 : bins.count - 1])
    if start != stop and (len(inner) < 2 or inner[-2] == 0):
        task.message("??W - only 1 bin occupied, no plotting done.")
    text = edit("('_',I9,'_PIXELS___RANGE_',F12.1,'_TO_',F12.1,'___MEAN_',F12.3,'___STD_DEV_',F12.3)", statistics.pixels,
                np.float32(table.low), np.float32(table.high), statistics.mean, statistics.deviation)
    task.message(text[:97].replace(" ", "").replace("_", " "))
