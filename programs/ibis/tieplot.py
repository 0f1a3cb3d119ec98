"""TIEPLOT: displacements of tiepoints as a script and data for gnuplot. Source: ``vos/p2/prog/tieplot`` (Fortran).

One plot for each run of equal values in KEYCOL; KEY, NUMCOL, CHARCOL and ICHAR are not used. The columns are taken as they
lie in the file, so they have to be REAL.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from programs.ibis._columns import open_strictly, raw_reals
from vicar.numerics import fortran

FORTRAN = True
MOST_ROWS = 2000
COLORS = ("green", "magenta", "brown")
POINTS = (5, 9)
CURVES = ("old image ", "new image ")


def main(task):
    task.if_message("TIEPLOT version 02 Sep 2013 - rjb (64-bit) gnuplot")
    name = task.string("PLOTOUT", "").split("   ")[0].rstrip()
    with open_strictly(task) as table:
        if table.nr > MOST_ROWS:
            task.abend(f"??E More rows in ibis file {fortran.integer(table.nr, 4)} than {MOST_ROWS} can be stored")
        write_data(task, table, f"{name}.asc")
        control = raw_reals(table, task.integer("KEYCOL"))
        starts = np.flatnonzero(np.concatenate(([True], control[1:] != control[:-1])))
        plot = Plot(
            name, task.file_name(), task.integers("OLDCOLS"), task.integers("NEWCOLS"), task.integer("KEYCOL"),
            task.real("SCALE"), task.integer("NL"), task.integer("NS"),
        )  # fmt: skip
        old, new = (np.stack([raw_reals(table, column) for column in columns]) for columns in (plot.old, plot.new))
        parts = [(old[:, start:stop], new[:, start:stop]) for start, stop in zip(starts, [*starts[1:], table.nr], strict=True)]
    files = [(f"{name}.gpi", False, "gnuplot file")]
    if task.string("PLOTFMT", "") in ("eps", "EPS"):
        files.append((f"{name}.eps.gpi", True, "gnuplot eps file"))
    for path, postscript, what in files:
        lines = plot.header(postscript)
        for number, part in enumerate(parts, 1):
            lines += plot.frame(number, part, len(parts) > 1, postscript) + plot.curves(number, postscript)
        try:
            (task.directory / path).write_text("".join(line + "\n" for line in lines), encoding="latin-1")
        except OSError:
            task.abend(f"??E - main44: Error opening/writing {what}")


def write_data(task, table, name: str) -> None:
    """All columns as text, ten characters each."""
    columns = [raw_reals(table, column) for column in range(1, table.nc + 1)]
    rows = zip(*(fortran.edit_all("F10.3", values) for values in columns), strict=True)
    try:
        (task.directory / name).write_text("".join("".join(row) + "\n" for row in rows))
    except OSError as error:
        task.abend("??E - ibis2asc: Error writing gnuplot data file", f"iostat = {error.errno or 2:8d}")


@dataclass
class Plot:
    """The commands of the plots."""

    name: str
    table: str
    old: list[int]
    new: list[int]
    key: int
    scale: np.float32
    nl: int
    ns: int

    def header(self, postscript: bool) -> list[str]:
        lines = ["# Created by program tieplot", "# Gnuplot commands for tiepoints plot", f"# Data in {self.name}.asc"]
        if postscript:
            lines += ['set terminal postscript eps enhanced color "Ariel" 16  size 11 ,8', f"set output '{self.name}.eps'"]
        else:
            lines += ['set term x11 font "ariel,10" size  648,  648', "set output"]
        return [*lines, "set grid ", "set ylab 'LINE'", "set xlab 'SAMPLE'", "set clip one", "set clip points"]

    def frame(self, number: int, part, several: bool, postscript: bool) -> list[str]:
        old, new = part
        title = fortran.edit("('TIEPOINT PLOT - FRAME',I4,'  SCALE ',F6.1)", number, self.scale)
        bottom, top = old.min(), old.max()
        left, right = new.min(), new.max()
        top = np.float32(self.nl) if self.nl > top else top
        right = np.float32(self.ns) if self.ns > right else right
        lines = [
            f'set title "{title}" font "Ariel,{16 if postscript else 10}"',
            f"set yrange [{fortran.fixed(top, 10, 2)}:{fortran.fixed(bottom, 10, 2)}]",
            f"set xrange [{fortran.fixed(left, 8, 2)}:{fortran.fixed(right, 8, 2)}]",
        ]
        if several and number > 1:
            lines.append("unset label")
        label = f'set label {number:2d} "{self.table}" at graph .45,.98 font "courier,16" front nopoint tc rgb "red"'
        return [*lines, label]

    def curves(self, number: int, postscript: bool) -> list[str]:
        lines = []
        for curve, (line, sample) in enumerate((self.old, self.new)):
            wanted = f"{line:2d}"
            if number > 1:
                wanted = f"({self.field(self.key)} == {number:2d} ? {self.field(line)} : 1/0)"
            gap = "  " if number > 1 and curve == 1 else " "
            lines.append(
                f"{'' if curve else 'plot'} '{self.name}.asc' u {sample:2d}:{wanted}{gap}t '{CURVES[curve]}' w points lt  1"
                f" pt {POINTS[curve]:2d} ps 2  lc rgb '{COLORS[curve]}', \\"
            )
        down, across = (
            f"({self.field(old)} - {self.field(new)})*{fortran.fixed(self.scale, 7, 2)}"
            for old, new in zip(self.old, self.new, strict=True)
        )
        lines.append(
            f" '{self.name}.asc' u {self.old[1]:2d}:{self.old[0]:2d}: ({down}) : ({across}) notitle with vectors lt 1 lw 2"
            f" lc rgb '{COLORS[2]}' filled"
        )
        return lines if postscript else [*lines, "pause mouse any"]

    @staticmethod
    def field(column: int) -> str:
        return f"${column}".ljust(3)
