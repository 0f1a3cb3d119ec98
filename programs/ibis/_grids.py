"""Tie-point grids in tables, as the small grid programs read and write them. Double precision throughout."""

from __future__ import annotations

import numpy as np

from vicar.ibis.errors import IbisError


def read_columns(task, instance: int, columns: list[int]) -> list[np.ndarray]:
    """Columns of an input table as float64; a missing one is reported and taken as zeros."""
    with task.open_table("INP", instance) as table:
        return [read_column(task, table, column) for column in columns]


def read_column(task, table, column: int) -> np.ndarray:
    try:
        return table.read(column, format="DOUB")
    except IbisError as error:
        task.error(error)
        return np.zeros(table.nr)


def write_columns(task, columns: list[np.ndarray]) -> None:
    """A new table of DOUB columns."""
    with task.create_table("OUT", 1, nr=len(columns[0]), nc=len(columns), default_format="DOUB", org="COLUMN") as table:
        for number, values in enumerate(columns, 1):
            table.write(number, values)
