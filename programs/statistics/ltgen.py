"""LTGEN: an empty light transfer file for MOMGEN. Source: ``vos/p2/prog/ltgen`` (Fortran).

The areas and exposures go into the history label; the file has a line of zeros for each exposure.
"""

from __future__ import annotations

import numpy as np

from programs.statistics._exposures import read_list
from vicar.numerics import fortran
from vicar.numerics.prnt import prnt

FORTRAN = True
MOST_AREAS, LONGEST = 400, 32768


def main(task):
    task.if_message("LTGEN Version 23-Nov-2012  (64-bit) - rjb")
    exposures, frames = read_list(task, task.string("LIST")) if task.count("LIST") else ([], 0)
    with task.open("INP", u_format="HALF") as image:
        window = task.size_field(image)
        areas = find_areas(task, window)
        task.message(fortran.edit("('NUMBER OF AREAS     = ',I6)", len(areas)))
        if task.count("EXPO"):
            exposures = task.reals("EXPO")
        if not len(exposures):
            cancel(task, "??E - No exposures from file list and ", "   no exposures specified",
                   "***Use LIST or EXPO parameters")
        task.message(fortran.edit("('NUMBER OF EXPOSURES = ',I6)", len(exposures)))
        task.messages(*prnt("REAL", exposures, "EXPOSURES = ."))
        if not frames and not task.count("NI"):
            cancel(task, "??E - No file list and no NI specified", "***Use LIST or NI parameters")
        frames = task.integer("NI") if task.count("NI") else frames
        task.messages(*prnt("FULL", frames, "MAX FRAMES/LEVEL = ."))
        samples = 3 * frames * len(areas) + 1
        if samples > LONGEST:
            cancel(task, "??E - Output file record size exceeds 32768", "*** Reduce number of areas (see HELP LTGEN)")
        task.message("WRITING HALFWORD LIGHT TRANSFER FILE WITH")
        task.messages(*prnt("FULL", len(exposures), " NL (NREC) = ."))
        task.messages(*prnt("FULL", samples, " NS        = ."))
        write_file(task, areas, exposures, samples)
    task.message("LTGEN task completed")


def cancel(task, *texts):
    task.messages(*texts)
    task.abend("***LTGEN task cancelled")


def find_areas(task, window) -> list[tuple[int, ...]]:
    """The areas that are listed, then those of the grid."""
    debug = task.keyword("DBUG")
    if debug:
        task.message("Area size fields...")
    areas = []

    def take(area):
        areas.append(area)
        if debug:
            task.message(fortran.edit("('  ',I6,I6,I6,I6)", *area))

    given = task.integers("AREA")
    for place in range(0, len(given) // 4 * 4, 4):
        sl, ss, nl, ns = given[place : place + 4]
        take((sl, ss, nl, ns))
        if min(sl, ss, nl, ns) < 1 or sl + nl - 1 > window.nl or ss + ns - 1 > window.ns:
            cancel(task, "??E - Illegal area")
    resolution = task.integers("GRES")
    resolution += (given + [0, 0, 0])[len(resolution) : 3]
    if min(resolution) <= 0:
        cancel(task, "??E - Grid resolution must be positive")
    if task.keyword("GRID") or not task.defaulted("GRES"):
        for area in grid(resolution, window):
            take(area)
    if not areas:
        cancel(task, "??E - No areas specified", "***Use AREA, GRID, or GRES parameter")
    if len(areas) > MOST_AREAS:
        cancel(task, "??E - Maximum of 400 areas exceeded")
    return areas


def grid(resolution, window):
    count, nl, ns = resolution
    down, across = window.nl // count, window.ns // count
    line, sample = (max(int((step - size) / 2), 1) for step, size in ((down, nl), (across, ns)))
    for row in range(count):
        for column in range(count):
            yield row * down + line, column * across + sample, nl, ns


def write_file(task, areas, exposures, samples: int) -> None:
    with task.create("OUT", nl=len(exposures), ns=samples, format="REAL", u_format="REAL") as result:
        label = result.label
        label.add("NUM_AREAS", len(areas), task="", format="INT")
        label.add("AREAS", [value for area in areas for value in area], task="", format="INT")
        label.add("NUM_EXPOS", len(exposures), task="", format="INT")
        label.add("EXPOSURES", [np.float32(value) for value in exposures], task="", format="REAL")
        result.write_window(np.zeros((len(exposures), samples), np.float32))
