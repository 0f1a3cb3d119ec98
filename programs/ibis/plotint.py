"""PLOTINT: columns of a table plotted against another, as commands and data for gnuplot.

Source: ``vos/p2/prog/plotint`` (Fortran, 2013-08-19).

A plot for each run of equal values in the control column; the first shows all rows. The columns are taken as they lie
in the file, so they have to be REAL.

Kept as they are: the ranges of a run reach one row beyond it; of YCOLSTR the first characters make the name of the
first curve, and the others have none; of three curves or more the colour of the last is spoilt in all plots but the
first when it is drawn with lines.
known: nothing. accepted: the row behind the last is zero, and curves without SYMTYPE are points, where the original
takes memory.
"""

from __future__ import annotations

import numpy as np

from programs.ibis._columns import raw_reals
from vicar.numerics.fortran import edit_all, fixed, integer
from vicar.numerics.rounding import truncate

FORTRAN = True
MOST_ROWS, MOST_COLUMNS = 2000, 20
LONGEST_AXIS = 12
INCH = 72
POINTS = (5, 9, 7, 13, 11, 1, 2, 3, 5, 9, 7, 13, 11, 1, 2, 3, 5, 9, 7, 13)
COLORS = ("green", "magenta", "brown", "blue", "purple", "red", "cyan", "orange", "green", "purple", "magenta", "blue", "brown",
          "red", "cyan", "orange", "green", "purple", "magenta", "blue")  # fmt: skip
SYMBOLS = ("points", "linespoints", "lines")
SCREEN_SIZE, PAPER_SIZE, COLUMN_SIZE = 10, 16, 10


def main(task):
    task.message("PLOTINT - 2013-08-19")
    for name, texts in (
        ("XLEN", ("??E -X-AXIS length must be greater than zero...", "??E - X-AXIS length cannot exceed 5 inches (default)...")),
        ("YLEN", ("??E - Y-AXIS length must be greater than zero...", "??E - Y-AXIS length cannot exceed 12 inches ...")),
    ):
        if task.real(name) == 0:
            task.abend(texts[0])
    if task.real("XLEN") > LONGEST_AXIS:
        task.abend("??E - X-AXIS length cannot exceed 5 inches (default)...")
    if task.real("YLEN") > LONGEST_AXIS:
        task.abend("??E - Y-AXIS length cannot exceed 12 inches ...")
    ranges = [given_range(task, axis) for axis in "XY"]
    for axis, (low, high) in zip("XY", ranges):
        if low == high:
            task.abend(f"??E - {axis}RANGE must vary...")
    plot = Plot(task, ranges)
    with task.open_table() as table:
        if table.nc > MOST_COLUMNS:
            task.abend(f"??E More columns in ibis file {integer(table.nc, 4)} than {MOST_COLUMNS:4d} can be stored")
        if table.nr > MOST_ROWS:
            task.abend(f"??E More rows in ibis file {integer(table.nr, 4)} than {MOST_ROWS:4d} can be stored")
        write_data(task, table, plot.data)
        control = raw_reals(table, plot.control)
        x = raw_reals(table, plot.x)
        curves = [raw_reals(table, column) for column in plot.y]
    starts = np.flatnonzero(np.concatenate(([True], control[1:] != control[:-1])))
    runs = list(zip(starts, [*starts[1:], len(x)], strict=True))
    files = [(f"{plot.name}.gpi", False)]
    if task.string("PLOTFMT", "") in ("eps", "EPS"):
        files.append((f"{plot.name}.eps.gpi", True))
    for path, printed in files:
        lines = plot.header(printed)
        for number, (start, stop) in enumerate(runs, 1):
            part = slice(start, stop + 1)
            lines += plot.frame(number, len(runs), span(x, part), [span(curve, part) for curve in curves], printed)
            several = len(curves) > 1 and number == 1
            lines += ["set multiplot"] * several + plot.curves(number) + ["unset multiplot"] * several
            lines += [] if printed else ["pause mouse any"]
        try:
            (task.directory / path).write_text("".join(line + "\n" for line in lines), "latin-1")
        except OSError:
            task.abend(f"??E - main44: Error opening/writing gnuplot {'eps ' if printed else ''}file")


def given_range(task, axis: str):
    values = task.reals(f"{axis}RANGE")
    return tuple([*values, np.float32(0), np.float32(0)][:2])


def span(values: np.ndarray, part: slice):
    """Least and largest value of a run and the row behind it."""
    values = np.append(values, np.float32(0))[part]
    return np.fmin.reduce(values), np.fmax.reduce(values)


def write_data(task, table, name: str) -> None:
    """All columns as text, ten characters each."""
    columns = [raw_reals(table, column) for column in range(1, table.nc + 1)]
    rows = zip(*(edit_all("F10.3", values) for values in columns), strict=True)
    try:
        (task.directory / name).write_text("".join("".join(row) + "\n" for row in rows))
    except OSError as error:
        task.abend("??E - ibis2asc: Error writing gnuplot data file", f"iostat = {error.errno or 2:8d}")


def until(text: str, blanks: int, room: int) -> str:
    """A text in its room up to a run of blanks; a text that fills it without one is lost."""
    padded = text[:room].ljust(room)
    return padded[: max(padded.find(" " * blanks), 0)]


class Plot:
    """Names, sizes and styles, and the commands made of them."""

    def __init__(self, task, ranges):
        self.x, self.y, self.control = task.integer("XCOL"), task.integers("YCOL"), task.integer("CONTROL")
        self.ranges = [None if task.defaulted(f"{axis}RANGE") else values for axis, values in zip("XY", ranges)]
        self.size = tuple(int(truncate(task.real(name) * np.float32(INCH))) for name in ("XLEN", "YLEN"))
        self.title = until(task.string("TITLE"), 3, 100)
        self.labels = until(task.string("YLABEL"), 2, 60), until(task.string("XLABEL"), 2, 100)
        self.label_size = SCREEN_SIZE if task.defaulted("LABELSIZ") else task.integer("LABELSIZ")
        self.name = until(task.string("PLOTOUT"), 3, 80)
        self.data = f"{self.name}.asc"
        self.table = until(task.file_name(), 3, 255)[:100]
        self.comments = [
            None if task.defaulted(f"COMMENT{n}") else until(task.string(f"COMMENT{n}"), 4, 64) for n in (1, 2, 3)
        ]  # fmt: skip
        self.names = [f"col{number + 2}" for number in range(MOST_COLUMNS)]
        given = task.strings("YCOLSTR")
        self.names[: len(given)] = ["".join(f"{text:1s}"[0] for text in given)] + [""] * (len(given) - 1) if given else []
        every, symbols = task.integers("FREQ"), task.integers("SYMTYPE")
        self.every = [value or 1 for value in every] + [1] * MOST_COLUMNS
        self.symbols = [1] * MOST_COLUMNS if task.defaulted("SYMTYPE") else symbols + [1] * MOST_COLUMNS

    def header(self, printed: bool) -> list[str]:
        lines = ["# Created by program plotint", "# Gnuplot commands for ibis file plot", f"# Data in {self.data}"]
        if printed:
            lines += [
                f'set terminal postscript eps enhanced color "Ariel" {PAPER_SIZE} size 11 ,8', f"set output '{self.name}.eps'",
            ]  # fmt: skip
        else:
            width, height = (integer(value, 4) for value in self.size)
            lines += [f'set term x11 font "ariel,{integer(self.label_size, 2)}" size {width}, {height}', "set output"]
        return [*lines, "set grid ", f"set ylab '{self.labels[0]}'", f"set xlab '{self.labels[1]}'", "set clip one",
                "set clip points"]  # fmt: skip

    def frame(self, number: int, count: int, across, curves, printed: bool) -> list[str]:
        """Title, ranges and labels of one plot; ``across`` and ``curves`` are least and largest values."""
        big = integer(PAPER_SIZE if printed else self.label_size, 2)
        small = integer(PAPER_SIZE if printed else COLUMN_SIZE, 2)
        limit = np.float32(1e10)
        left, right = self.ranges[0] or (min(limit, across[0]), max(-limit, across[1]))
        low, high = self.ranges[1] or (min(limit, *(c[0] for c in curves)), max(-limit, *(c[1] for c in curves)))
        lines = [
            f'set title "{self.title}" font "Ariel,{big}"',
            f"set yrange [{fixed(low, 10, 2)}:{fixed(high, 10, 2)}]",
            f"set xrange [{fixed(left, 10, 2)}:{fixed(right, 10, 2)}]",
        ]
        red = 'front nopoint tc rgb "red"'
        if count > 1:
            place = integer(number, 2)
            lines += ["unset label"] * (number > 1)
            lines.append(f'set label {place} "PLOT {place}" at graph .01,.98 font "courier,{big}" {red}')
            lines.append(
                f'set label {integer(100 - number, 2)} "Col {integer(self.control, 2)} = {place}" at graph .01,.95'
                f' font "courier,{small}" {red}'
            )
        else:
            lines.append(f'set label {number:2d} "File: {self.table}" at graph .01,.98 font "courier,{big}" {red}')
        for line, (comment, height) in enumerate(zip(self.comments, (".90", ".86", ".82")), 1):
            if comment is not None:
                lines.append(
                    f'set label {integer(count + line, 2)}" {comment}" at graph .36,{height} font "ariel,{big}"'
                    ' front nopoint tc rgb "blue"'
                )
        return lines

    def curves(self, number: int) -> list[str]:
        """The plot command: all rows in the first plot, those with the plot's number in the control column in others."""
        lines, last = [], len(self.y) - 1
        for place, column in enumerate(self.y):
            wanted = integer(column, 2)
            if number > 1:
                wanted = f"({field(self.control)} == {integer(number, 2)} ? {field(column)} : 1/0)"
            symbol = SYMBOLS[self.symbols[place] - 1]
            start = f"{'' if place else 'plot'} '{self.data}' u {integer(self.x, 2)}:"
            style = f"w {symbol} lt  1"
            if symbol != "lines":
                style += f" pt {POINTS[place]:2d} ps 2 pi {integer(self.every[place], 2)}"
            color = COLORS[place]
            spoilt = number > 1 and symbol == "lines" and place == last > 1
            if spoilt:
                color = chr(POINTS[place]) + "\0\0\0"
            more = "" if place == last else ", \\"
            lines.append(f"{start}{wanted} t '{self.names[place]}' {style} lc rgb '{color}'{more}")
            if spoilt:
                lines.append(f" '{COLORS[place]}' u ")
        return lines


def field(column: int) -> str:
    """A column in a condition of gnuplot, as wide as the original has it."""
    return f"${integer(column, 1 if column < 10 else 2)}".ljust(3)
