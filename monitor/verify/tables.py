"""IBIS tables compared cell by cell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

TABLE_TYPES = ("TABULAR", "GRAPH1", "GRAPH2", "GRAPH3")
MOST_CELLS = 20


def is_table(image: Any) -> bool:
    """Whether an open file is an IBIS table."""
    return image.type.strip() in TABLE_TYPES


def compare_tables(a: Path, b: Path) -> tuple[list[str], int] | None:
    """Lines that say how two tables differ, and the number of differences; None when one is no table after all.

    A GRAPHICS-1 file does not say how many columns it has; such files are compared as pixels.
    """
    from vicar.ibis import IbisError, open_table

    try:
        with open_table(a) as one, open_table(b) as other:
            return _compare(one, other)
    except IbisError:
        return None


def _compare(one: Any, other: Any) -> tuple[list[str], int]:
    lines = [
        f"table {what}: {values[0]} | {values[1]}"
        for what, values in (
            ("rows", (one.nr, other.nr)),
            ("columns", (one.nc, other.nc)),
            ("version", (one.version, other.version)),
        )
        if values[0] != values[1]
    ]
    count = len(lines)
    for column in range(1, min(one.nc, other.nc) + 1):
        formats = one.formats[column - 1], other.formats[column - 1]
        if formats[0] != formats[1]:
            lines.append(f"column {column}: format {formats[0]} | {formats[1]}")
            count += 1
        found = _cells(one, other, column)
        count += len(found)
        lines += [
            f"column {column}, row {row + 1}: {_shown(left)} | {_shown(right)}"
            for row, left, right in found[:MOST_CELLS]
        ]
        if len(found) > MOST_CELLS:
            lines.append(f"column {column}: {len(found) - MOST_CELLS} more cells differ")
    return lines, count


def _cells(one: Any, other: Any, column: int) -> list[tuple[int, Any, Any]]:
    """(row, value, value) of the cells that differ in their bits; in value, when the columns have different formats."""
    rows = min(one.nr, other.nr)
    left, right = (table.read(column)[:rows] for table in (one, other))
    if left.dtype == right.dtype and left.dtype.kind in "fc":
        width = left.dtype.itemsize
        bits = [np.ascontiguousarray(side).view(np.uint8).reshape(rows, width) for side in (left, right)]
        where = (bits[0] != bits[1]).any(axis=1)
    elif (left.dtype.kind in "SO") != (right.dtype.kind in "SO"):
        where = np.ones(rows, bool)
    else:
        where = left != right
    return [(int(row), left[row], right[row]) for row in np.flatnonzero(where)]


def _shown(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)
