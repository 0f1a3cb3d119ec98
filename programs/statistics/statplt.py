"""STATPLT: centres and ellipses of class statistics as commands for gnuplot.

Source: ``vos/p2/prog/statplt`` (Fortran, 03 July 2012).

Three files: ``.gnuplot`` with line styles, NAME.gpi for the screen and, with PLOTNAME, a second one that makes
PostScript.
Kept as they are: the angles 1 to 180 of an ellipse are taken as radians; classes are labelled all with the same tag.

accepted: bands that the table does not have end the program; the original plots memory.
known: nothing.
"""

from __future__ import annotations

import numpy as np

from vicar.ibis import classstatistics
from vicar.ibis.errors import IbisError
from vicar.numerics import libm
from vicar.numerics.fortran import edit

FORTRAN = True
_F = np.float32
NAME_LENGTH = 63
STYLES = 50


def main(task):
    task.message("STATPLT - 03 July 2012")
    across, down = task.integers("BANDS")
    screen, paper, title = file_names(task)
    limits = np.array(task.integers("XSCALE") + task.integers("YSCALE"), np.float32)
    with task.open_table("INP") as table:
        classes = classstatistics.read(table)
    if classes and max(across, down) > len(classes[0].means):
        raise IbisError("NOSUCHCOL", "IBISRecordRead", task.file_name("INP"))
    write_lines(task, ".gnuplot", style_lines())
    task.printf(f" 98 = {screen}\n")
    heading = [f"set ylab 'BAND{down:2d}'", f"set xlab 'BAND{across:2d}'", "set clip one", "set clip points"]
    ranges = [
        f"set yrange [{edit('(F8.0)', limits[2])}:{edit('(F8.0)', limits[3])}]",
        f"set xrange [{edit('(F8.0)', limits[0])}:{edit('(F7.0)', limits[1])}]",
        "f(x) = 0.0",
    ]
    made_by = ["# Created by program statplt", "# Gnuplot commands for classes"]
    shown = [*made_by, "set term x11 font ariel 10 size  648,  648", "set output", *heading, "set title 'Classes from STATS'",
             *ranges, "set multiplot"]  # fmt: skip
    printed = [*made_by, "set terminal postscript eps enhanced", f"set output '{title}'", *heading, *ranges]
    sigma = task.real("SIGMA")
    for number, item in enumerate(classes, 1):
        centre = item.means[across - 1], item.means[down - 1]
        if not (limits[0] <= centre[0] <= limits[1] and limits[2] <= centre[1] <= limits[3]):
            continue
        arrows = [arrow_line(one, two, number) for one, two in steps(ellipse(item, across, down, sigma, limits))]
        shown += arrows
        printed += arrows
        shown += ["plot '-' t '' w linespoints ps 3", edit("(F7.1,F7.1)", *centre), "e"]
        place = edit("(F7.1,',',F7.1)", centre[0] - _F(1), centre[1] - _F(5))
        shown.append(f"set label 1 \"{item.name:80s}\" at {place} front")
    shown += ["plot f(x) t '' ls 1", "unset multiplot", "pause mouse any"]
    write_lines(task, screen, shown)
    if paper:
        write_lines(task, paper, [*printed, "plot f(x) t '' ls 1"])


def file_names(task) -> tuple[str, str, str]:
    """Files of commands for the screen and for PostScript ("" for none), and the PostScript file they name."""
    given = task.string("PLOTNAME", "none")[:NAME_LENGTH]
    if task.defaulted("PLOTNAME") or given in ("NONE", "none"):
        return "statplt.gpi", "", ""
    if given in ("YES", "yes"):
        return "statplt.gpi", "statplt.eps.gpi", "statplt"
    name = given.ljust(NAME_LENGTH)
    name = name[: max(name.find("   "), 0)]
    return f"{name}.gpi", f"{name}2.gpi", name


def write_lines(task, name: str, lines: list[str]) -> None:
    try:
        (task.directory / name).write_text("".join(f"{line}\n" for line in lines), "latin-1")
    except OSError:
        kind = "dot gnuplot" if name == ".gnuplot" else "gnuplot"
        task.abend(f"??E - Error opening/writing {kind} file")


def style_lines() -> list[str]:
    """Line styles 1 to 50: six line types in turn, shifted by one every six; points 1 to 6."""
    lines = [
        "# created by vicar program statplt", "# line = linedescriptor, lt = line type, lw = line width,",
        "# pt = point type, ps = point size , lc = line color",
        'set term tgif landscape color dashed font "Ariel" 10 500 400',
    ]  # fmt: skip
    return lines + [
        f"set style line {number + 1:3d}  lt {(number + number // 6) % 6 + 1:2d} lw 1 pt {number % 6 + 1:2d}"
        for number in range(STYLES)
    ]


def ellipse(item: classstatistics.ClassStatistics, across: int, down: int, sigma, limits) -> np.ndarray:
    """361 points, float32 (2, 361), of the ellipse of two bands, partly held within the limits."""
    tiny = _F(1e-9)
    at = {band: band * (band + 1) // 2 for band in (across, down)}
    mixed = max(at.values()) - abs(down - across)
    a2, b2, c2 = (item.covariance[place - 1] + tiny for place in (at[across], at[down], mixed))
    determinant = a2 * b2 - c2 * c2
    angle = np.arange(1, 181, dtype=np.float32)
    sine, cosine = libm.sin(angle), libm.cos(angle)
    quarter, half = angle == 90, angle == 180
    sinsq, cossq = np.where(half, _F(0), sine * sine), np.where(quarter, _F(0), cosine * cosine)
    product = np.where(quarter | half, _F(0), sine * cosine)
    with np.errstate(all="ignore"):
        r = b2 * cossq + a2 * sinsq - _F(2) * c2 * product + _F(1e-15)
        dx = np.where(cossq == 0, _F(0), np.sqrt(cossq * determinant / r))
        dy = np.where(sinsq == 0, _F(0), np.sqrt(sinsq * determinant / r))
    dx = np.where(angle > 90, -dx, dx)
    x, y = item.means[across - 1], item.means[down - 1]
    xlo, xhi, ylo, yhi = limits
    ex, ey = (np.concatenate((mean + d * sigma, mean - d * sigma)) for mean, d in ((x, dx), (y, dy)))
    ex = np.where(ex < xlo, xlo, ex)
    ex = np.where(ex > xhi, xhi, ex)
    ey[:180] = np.where(ey[:180] > yhi, yhi, ey[:180])
    ey[180:] = np.where(ey[180:] < ylo, ylo, ey[180:])
    return np.stack((np.append(ex, ex[0]), np.append(ey, ey[0])))


def steps(points: np.ndarray):
    return zip(points.T[:-1], points.T[1:])


def arrow_line(start, end, style: int) -> str:
    one, two, three, four = (edit("(F5.0)", value) for value in (*start, *end))
    return f"set arrow from {one},{two} to {three},{four} nohead linestyle {style:3d}"
