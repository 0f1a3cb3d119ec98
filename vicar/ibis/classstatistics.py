"""Tables of class statistics, as programs that train classifiers write them and classifiers read them.

Source: ``vos/p2/sub/istatfile`` over ``vos/p1/sub/ibisclass``. A row is a class: its name, how many pixels it was found in, the
number of bands, the mean of each band, and the lower triangle of the covariance matrix row by row.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from vicar.ibis.errors import IbisError
from vicar.ibis.table import Table

MOST_BANDS = 12
NAME_LENGTH = 8
_MEMBERS = ("CLASS_NAME", "NUM_PIX", "NUM_BAND", "MEAN", "COVARIANCE")


class ClassStatistics(NamedTuple):
    """One class; ``means`` float32 (bands), ``covariance`` float32 (bands * (bands + 1) / 2)."""

    name: str
    pixels: int
    bands: int
    means: np.ndarray
    covariance: np.ndarray


def layout(bands: int) -> list[str]:
    """Formats of the columns of a table of so many bands. Raises LIMEXCD."""
    if bands > MOST_BANDS:
        raise IbisError("LIMEXCD", "IBISFileOpen")
    return [f"A{NAME_LENGTH}", "FULL", "FULL"] + ["DOUB"] * bands + ["REAL"] * (bands * (bands + 1) // 2)


def create(task, classes: int, bands: int, name: str = "OUT", instance: int = 1) -> Table:
    """A new table (ISTAT_FILE_OPEN with WRITE)."""
    formats = layout(bands)
    return task.create_table(name, instance, nr=classes, nc=len(formats), org="ROW", formats=formats)


def close(table: Table, bands: int) -> None:
    """Say what the columns are and close the table; a program that ends before leaves it without."""
    means = list(range(4, 4 + bands))
    covariance = list(range(4 + bands, table.nc + 1))
    everything = [*covariance, *means, 3, 2, 1]
    for group, columns in (
        ("CLASS_NAME", [1]), ("NUM_PIX", [2]), ("NUM_BAND", [3]), ("MEAN", means), ("MATRIX", covariance),
        ("COVARIANCE", covariance), ("C_MATRIX", covariance), ("C_STATISTICS", everything), ("C_ROOT", everything),
    ):  # fmt: skip
        table.new_group(group, columns)
    table.set_type("STATISTICS")
    table.close()


def write(table: Table, row: int, item: ClassStatistics) -> None:
    """One class (ISTAT_RECORD_WRITE)."""
    values = [item.name.encode("latin-1"), item.pixels, item.bands, *item.means, *item.covariance]
    for column, value in enumerate(values, 1):
        table.write(column, value, row)


def read(table: Table) -> list[ClassStatistics]:
    """All classes (ISTAT_FILE_OPEN with READ, ISTAT_RECORD_READ). Raises EMPTYGRP in a table of another kind."""
    columns = {member: table.find(f"C_STATISTICS & {member}") for member in _MEMBERS}
    if not all(columns.values()):
        raise IbisError("EMPTYGRP", "IBISFileClose", table.name)
    names = table.texts(columns["CLASS_NAME"][0])
    pixels, bands = (table.read(columns[member][0], "FULL") for member in ("NUM_PIX", "NUM_BAND"))
    means, covariance = (
        np.stack([table.read(column, "REAL") for column in columns[member]], axis=1) for member in ("MEAN", "COVARIANCE")
    )
    return [
        ClassStatistics(name, int(count), int(width), *parts)
        for name, count, width, *parts in zip(names, pixels, bands, means, covariance)
    ]
