"""PLTGRAF: a graphics file as a script and data for gnuplot. Source: ``vos/p2/prog/pltgraf`` (Fortran, 13-Jul-2013).

Kept: without PLOT the data go to plotdata.asc and the script cannot be written; two rows of zeros end the data; texts end at
four blanks; NOBOX is NOAXIS; a range that is computed begins as far below the data as 1.5 times the largest value lies above.

Annotations come from a second file: the last row whose first two REAL columns lie between 0 and the ends of the ranges is
shown. Its height is the third REAL column, 0 where HEIGHCOL is given; its text the first ASCII column, if FORMAT of the
column DATACOLS says ASCI, else the fifth REAL column. XCOL, YCOL, ANGLECOL are not used.

known: nothing. accepted: an annotation table without a REAL column is refused; the original dies.
"""

from __future__ import annotations

import numpy as np

from programs.ibis._graphics import read_graphics
from vicar.ibis.errors import IbisError
from vicar.ibis.formats import is_text
from vicar.numerics.fortran import edit
from vicar.numerics.prnt import prnt

FORTRAN = True
f32 = np.float32
HALF_AS_MUCH_AGAIN = f32(1.5)
COMMENT = 70
MOST_FORMATS, TEXT_LENGTH = 5, 20
WIDEST = 999_999  # numbers below fill no more than F10.2
DATE = 18  # columns the date takes of the comment


def main(task):
    task.if_message("PLTGRAF version 13-Jul-2013 (64-bit) - rjb")
    name = None if task.defaulted("PLOT") or not task.count("PLOT") else until(task.string("PLOT"), 3, 80)
    points = data_rows(task)
    try:
        (task.directory / f"{name or 'plotdata'}.asc").write_text(data_text(points), "latin-1")
    except OSError as error:
        task.message("??E - Error opening data file")
        task.messages(*prnt("FULL", [error.errno or 2], " IOSTAT=."))
        return
    ranges = plotted_ranges(task, points)
    note = annotation(task, ranges) if task.count("INP") > 1 else None
    files = [(f"{name}.gpi", False, "gnuplot file")]
    if task.string("PLOTFMT", "") in ("eps", "EPS"):
        files.append((f"{name}.eps.gpi", True, "gnuplot eps file"))
    for path, postscript, what in files:
        lines = script(task, name, ranges, note, postscript)
        try:
            if name is None:
                raise OSError
            (task.directory / path).write_text("".join(line + "\n" for line in lines), "latin-1")
        except OSError:
            task.abend(f"??E - Error opening/writing {what}")


def until(text: str, blanks: int, room: int) -> str:
    """A text in its room up to a run of blanks; a text that fills it without one is lost."""
    padded = text[:room].ljust(room)
    return padded[: max(padded.find(" " * blanks), 0)]


def data_rows(task) -> np.ndarray:
    """Rows up to the first two of zeros; x, y, z in the order of DATAFORM."""
    dim = task.integer("DIM")
    cells = read_graphics(task, columns=dim)
    cells = np.pad(cells, ((0, 0), (0, 3 - dim)))
    empty = (cells == 0).all(axis=1)
    ends = np.flatnonzero(empty[1:] & empty[:-1])
    cells = cells[: ends[0] + 1] if len(ends) else cells
    return cells[:, [1, 0, 2]] if task.string("DATAFORM").upper() == "YX" else cells


def data_text(points: np.ndarray) -> str:
    """A line for each point, stretches of like points at once; an empty one for zeros only."""
    with np.errstate(invalid="ignore"):
        narrow = (np.abs(points) < WIDEST).all(axis=1)
    kinds = np.where(points.any(axis=1), 1 + narrow, 0)
    starts = np.flatnonzero(np.diff(kinds, prepend=-1)).tolist()
    parts = []
    for start, stop in zip(starts, [*starts[1:], len(points)]):
        some, kind = points[start:stop], kinds[start]
        if kind == 0:
            parts.append("  \n" * len(some))
        elif kind == 1:
            parts += [edit("(3F10.2)", *row) + "\n" for row in some.tolist()]
        else:
            parts.append("%10.2f%10.2f%10.2f\n" * len(some) % tuple(some.ravel().tolist()))
    return "".join(parts)


def plotted_ranges(task, points) -> list[tuple[f32, f32]]:
    """Ranges of x, y and z: given, or those of the data with room around them."""
    names, dim = ("XRANGE", "YRANGE", "ZRANGE"), task.integer("DIM")
    given = [None if task.defaulted(n) else tuple(task.reals(n)) for n in names]
    wanted = given[0] is None or given[1] is None or (dim == 3 and given[2] is None)
    ranges = [tuple(task.reals(n)) for n in names]
    limits = [(f32(0), f32(0))] * 3
    if wanted:
        real = points[points.any(axis=1)]
        limits = [(min(f32(1e30), column.min(initial=f32(1e30))), max(f32(-1e30), column.max(initial=f32(-1e30))))
                  for column in real.T]
        ranges = [(low - (high * HALF_AS_MUCH_AGAIN - high), high * HALF_AS_MUCH_AGAIN) for low, high in limits]
    ranges = [g or r for g, r in zip(given, ranges)]
    (xmin, xmax), (ymin, ymax) = (g or limit for g, limit in zip(given[:2], limits))
    if xmin == 0 and xmax == 0:
        task.abend("??E - xran cannot be (0,0)")
    if xmin == xmax:
        task.abend("??E - xrange must vary...")
    if ymin == ymax:
        task.abend("??E - yrange must vary...")
    return ranges


def annotation(task, ranges) -> str | None:
    """The label of a second file: its text, place and size as gnuplot wants them; None if no row lies inside."""
    formats = [*task.strings("FORMAT"), *[""] * 11]
    columns, given = task.integers("DATACOLS"), 2 + sum(not task.defaulted(n) for n in ("HEIGHCOL", "ANGLECOL"))
    written = formats[columns[0] - 1].upper() == "ASCI" if columns[0] <= MOST_FORMATS else False
    with task.open_table("INP", 2) as table:
        reals = [c for c, form in enumerate(table.formats, 1) if form == "REAL"]
        if not reals:
            raise IbisError("EMPTYGRP", "IBISColumnFind", table.name)
        values = np.zeros((table.nr, 5), f32)
        for n, column in enumerate(reals[:5]):
            values[:, n] = table.read(column, format="REAL")
        inside = np.flatnonzero(~((values[:, :2] < 0) | (values[:, :2] > [ranges[0][1], ranges[1][1]])).any(axis=1))
        texts = [c for c, form in enumerate(table.formats, 1) if is_text(form)]
        any_text = any(f.upper() == "ASCI" for f in formats[given : given + len(columns)])
        if not texts and (any_text or (written and len(inside))):
            raise IbisError("EMPTYGRP", "IBISColumnFind", table.name)
        if not len(inside):
            return None
        x, y, height, _, number = values[inside[-1]]
        text = until(table.texts(texts[0])[inside[-1]], 2, TEXT_LENGTH) if written else edit("(F10.3)", number)
    height = int(height if task.defaulted("HEIGHCOL") else task.real("TSIZE"))
    return edit(f"('\"{text}\" at ',F10.2,',',F10.2,' font \"ariel,',I3,'\" front nopoint tc def')", x, y, height)


def script(task, name, ranges, note, postscript) -> list[str]:
    """The lines of the gnuplot script."""
    size = 16 if postscript else 10
    lines = ["# Created by program pltgraf", "# Gnuplot commands for plotting ibis files", f"# Data in {name}.asc"]
    if task.count("INP") > 1:
        lines.append(f"# Annotations from  {until(task.strings('INP')[1], 5, 80)}")
    if postscript:
        lines += ['set terminal postscript eps enhanced color "Ariel" 16 size 11 ,8', f"set output '{name}.eps'"]
    else:
        width, height = (int(f32(100) * task.real(n)) for n in ("XLEN", "YLEN"))
        lines += [edit("('set term x11 font \"ariel,10\" size ',I4,', ',I4)", width, height), "set output"]
    lines.append("set grid ")
    if not task.keyword("AXIS"):
        lines.append("unset tics")
    form, direction = task.string("DATAFORM").upper(), task.string("DIRECT").upper()
    lines += [f'set title "{until(task.string("TITLE"), 4, 120)}" font "Ariel,{size}"',
              f"# This coord system is '{form}' - '{direction[0]}'"]
    x, y, z = ranges
    down, across = (y, x) if form == "YX" else (x, y)
    for axis, limits, upward in (("y", down, direction[0] == "T"), ("x", across, direction[1] == "R"), ("z", z, True)):
        lines.append(edit(f"('set {axis}range [',F10.2,':',F10.2,']')", *(limits if upward else limits[::-1])))
    lines += [f"set xlab '{until(task.string('XLABEL'), 4, 60)}'", f"set ylab '{until(task.string('YLABEL'), 4, 60)}'",
              f'set label  1 "{until(comment(task), 4, COMMENT)}" at graph .25 , 0.95 font "ariel,{size}" front nopoint tc def',
              *([f"set label  2 {note}"] if note else []),
              f"plot  '{name}.asc' u 1:2:3  w linespoints lt  1 pt  5 ps 2 lw 2 lc rgb 'green' "]
    return lines if postscript else [*lines, "pause mouse any"]


def comment(task) -> str:
    """COMMENT, behind the date (as in `` WED MAY 11, 1983``) if it is wanted."""
    text = task.string("COMMENT")
    if not task.keyword("DATE"):
        return text
    words = task.now().ctime().upper()
    return f" {words[:3]} {words[4:7]} {words[8:10]}, {words[20:]}".ljust(DATE) + text[: COMMENT - DATE]
