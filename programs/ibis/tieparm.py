"""TIEPARM: tiepoints of a table as a parameter file, and back. Source: ``vos/p2/prog/tieparm`` (Fortran).

MINL, MAXL, MINS and MAXS are not used. To a table all REAL columns are written, whatever COLS says: those beyond the number
of COLS get the first coordinates of the points that follow.
"""

from __future__ import annotations

import numpy as np

from programs.ibis._columns import need_record
from vicar.errors import VicarError
from vicar.ibis.errors import IbisError
from vicar.parmfile import ParameterFileWriter

FORTRAN = True


def main(task):
    task.if_message("TIEPARM Version 8-May-95")
    (to_table if task.keyword("TOIBIS") else to_parameters)(task)


def to_parameters(task) -> None:
    columns = task.integers("COLS")
    if not task.count("INP"):
        task.abend("INPUT FILE NOT FOUND by XVUNIT")
    with task.open_table() as table:
        try:
            result = ParameterFileWriter(task, task.string("OUT", ""))
        except VicarError:
            task.abend("", "OUTPUT FILE CANNOT BE OPENED")  # the run-time library prints a message that was never given
        need_record(table, columns)
        points = np.stack([table.read(column, "REAL") for column in columns], axis=1).ravel()
    result.put("NAV", task.integer("NAV"), "INT")
    result.put("NAH", task.integer("NAH"), "INT")
    result.put("TIEPOINT", points.tolist(), "REAL")
    result.close()


def to_table(task) -> None:
    columns = task.integers("COLS")
    width = max(columns) if task.defaulted("NCOL") else task.integer("NCOL")
    points = task.reals("TIEPOINT")
    count = len(points) // len(columns)
    given = task.count("INP"), task.count("OUT")
    if given not in ((0, 1), (1, 0)):
        task.abend(" ERROR:INCORRECT NUMBER OF FILES SPECIFIED.")
    if given == (0, 1):
        # whether the file could be made is not asked: one of fewer than no columns is met when its columns are looked for
        table = task.create_table(nr=count, nc=max(width, 0), org="ROW")
    else:
        table = task.open_table(mode="UPDATE")
        if table.nc < max(columns) or table.nr != count:
            task.abend("  ERROR: PARAMS DO NOT AGREE WITH SIZE OF IBIS FILE")
    with table:
        targets = table.find("FORMAT:REAL")
        if not targets:
            raise IbisError("EMPTYGRP", "IBISColumnFind", table.name)
        points = np.concatenate((points, np.zeros(len(targets), np.float32)))
        for place, column in enumerate(targets):
            table.write(column, points[np.arange(count) * len(columns) + place])
