"""HIST: histogram, mean and standard deviation of an image.

Source: ``vos/p2/prog/hist`` (Fortran). Bins 1 and last collect what lies outside the limits. The bin of a value is computed
in double precision, for HALF in single; sums are double precision in pixel order (squares of FULL and REAL values are
single precision products).

known: with MODE=SPLOT the plot for a ReGIS terminal, which never was part of a log, is not drawn; with PAUSE nothing waits.
accepted: a value so far above narrow LIMITS that its bin number overflows crashes the original; here it counts as high.
"""

from __future__ import annotations

import numpy as np

from programs.statistics import _hist_print as printed
from programs.statistics._hist_print import NOHIST, NORMAL, SCREEN, SPLOT, WIDE
from programs.statistics._hist_tables import SIZES, TABLES, Area, Bins, Pixels, Statistics, Table
from vicar.numerics.rounding import truncate

FORTRAN = True
OLD_NAMES = {"WORD": "HALF"}


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
                printed.print_histogram(task, table, bins, statistics, fmt, mode, area)
                task.message(" ")
            elif mode == SCREEN:
                printed.print_screen(task, table, bins, statistics)
            else:
                printed.print_plot_line(task, table, bins, statistics)
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
