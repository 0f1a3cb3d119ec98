"""VQUIC: a table from a text file. Source: ``vos/p2/prog/vquic`` (Fortran, 2017-08-15).

Free text becomes real (or double) columns; what cannot be read in a row is zero from there on. With a FORMAT integers
make FULL columns, reals REAL ones, and all texts columns as wide as the widest needs, rounded up to 4, 8, 16 ... 128 or
255.

accepted: a file that does not exist, a format that cannot be read and numbers that are none end with a sentence on
the terminal; the original ends with the messages of its language's library there.
"""

from __future__ import annotations

import numpy as np

from programs.ibis._columns import create_strictly, need_record
from programs.ibis._reading import Format, FreeReader
from vicar.ibis.errors import IbisError

FORTRAN = True
WIDTHS = (4, 8, 16, 32, 64, 128, 255)


def main(task):
    task.if_message("*** VQUIC version 2017-08-15 ***")
    run(task, task.keyword("DOUB"), task.keyword("DEBUG"))


def run(task, double: bool, tell: bool = False) -> None:
    if tell:
        task.messages("start", "end parameter processing")
    columns = list(range(1, task.integer("NCOL") + 1)) if task.defaulted("COLS") else task.integers("COLS")
    width = max(task.integer("NCOL"), *columns)
    name = task.string("INPUT").rstrip(" ")
    try:
        text = (task.directory / name).read_text("latin-1")
    except OSError as error:
        task.printf(f"VQUIC: cannot read {name}: {error.strerror}\n")
        task.quit()
    rows = len(text.splitlines()) if task.defaulted("LCOL") else task.integer("LCOL")
    format = task.string("FORMAT")
    if tell:
        task.message("after xvopen")
    if format.startswith("*"):
        formats = ["DOUB" if double else "REAL"] * width
        with create_strictly(task, nr=rows, nc=width, org="ROW", formats=formats) as table:
            if double:
                columns = list(range(1, len(columns) + 1))  # the record has all columns there
            else:
                need_record(table, columns)
            if tell:
                task.message("after record open")
            free(task, table, FreeReader(text), columns)
    else:
        formatted(task, text, Format(format), width, rows)


def free(task, table, reader: FreeReader, columns: list[int]) -> None:
    """Fill the columns from free text."""
    values = np.zeros((max(table.nr, 0), len(columns)))
    for row in range(max(table.nr, 1)):
        found = reader.row(len(columns))
        if found is None:
            break
        numbers, good = found
        if not good:
            task.message(f"READ ERROR IN ROW : {row + 1:6d}")
        if row >= table.nr:
            raise IbisError("LASTROW", "IBISRecordWrite", table.name)
        values[row] = numbers
    for place, column in enumerate(columns):
        if column > table.nc:
            break
        table.write(column, values[:, place])


def formatted(task, text: str, format: Format, width: int, rows: int) -> None:
    """Fill the table by a format."""
    wide = next((w for w in WIDTHS if w >= format.widest), WIDTHS[-1])
    formats = [f"A{wide}" if kind == "A" else kind for kind in format.kinds]
    formats = (formats + ["REAL"] * width)[:width]
    with create_strictly(task, nr=rows, nc=width, org="ROW", formats=formats) as table:
        read = []
        for line in text.splitlines()[:rows]:
            try:
                read.append(format.row(line))
            except ValueError:
                task.printf(f"VQUIC: cannot read line {len(read) + 1}\n")
                task.quit()
        for column, values in enumerate(zip(*read, strict=True), 1):
            if column <= width:
                table.write(column, values)
