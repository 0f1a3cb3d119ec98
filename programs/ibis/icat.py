"""ICAT: join two IBIS tables below or beside each other. Source: ``vos/p2/prog/icat`` (C)."""

from __future__ import annotations

import numpy as np


def main(task):
    task.if_message("icat version 2015-11-05")
    below = not task.keyword("H")
    with task.open_table("INP", 1) as first, task.open_table("INP", 2) as second:
        formats = list(first.formats)
        if below:
            if first.nc != second.nc:
                task.abend("number of columns don't match")
            if formats != second.formats:
                task.abend("column types don't match")
            rows = first.nr + second.nr
        else:
            formats += second.formats
            rows = max(first.nr, second.nr)
        with task.create_table("OUT", nr=rows, nc=len(formats), formats=formats) as result:
            for column, format in enumerate(formats, start=1):
                if below:
                    values = np.concatenate([cells(first, column), cells(second, column)])
                elif column <= first.nc:
                    values = filled(cells(first, column), rows)
                else:
                    values = filled(cells(second, column - first.nc), rows)
                result.write(column, values)
                if format.startswith("A") and not below:
                    blank_rest(result, column, first.nr if column <= first.nc else second.nr, int(format[1:]) + 1)
        task.if_message(f"{first.nr} and {second.nr} records in, {rows} records out")


def cells(table, column: int) -> np.ndarray:
    """Numbers as double precision, text as it is."""
    return table.read(column) if table.formats[column - 1].startswith("A") else table.read(column, "DOUB")


def filled(values: np.ndarray, rows: int) -> np.ndarray:
    """Continued with zeros or empty strings."""
    rest = np.zeros(rows - len(values), values.dtype)
    return np.concatenate([values, rest])


def blank_rest(table, column: int, rows: int, size: int) -> None:
    """Text cells behind ``rows`` are blank to the last byte."""
    table.write_bytes(column, np.full((table.nr - rows, size), 32, np.uint8), rows + 1)
