"""Tiepoints of geometric corrections, kept in IBIS tables. Source: ``vos/p2/sub/itiepoint``.

A table has a row for each point: line and sample in the output image, then in the input image. A property TIEPOINT gives
the grid: areas across and down, one fewer than points.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

ACROSS, DOWN = "NUMBER_OF_AREAS_HORIZONTAL", "NUMBER_OF_AREAS_VERTICAL"
PROPERTY = "TIEPOINT"
COLUMNS = 4


class TiepointError(ValueError):
    """The table does not hold what is asked for; the text is the original's."""


@dataclass
class Tiepoints:
    """points : float32 (n, 4); nah, nav : areas across and down, or 0 and the number of points if there is no grid."""

    points: np.ndarray
    nah: int
    nav: int


def read_tiepoints(table, most: int = 10000) -> Tiepoints:
    """Read the tiepoints of an open table (IREAD_TIEPOINTS). Raises `TiepointError`."""
    label = table.image.label
    nah, nav = (label.get(key, property=PROPERTY, format="INT", default=0) for key in (ACROSS, DOWN))
    if nah * nav:
        count = min((nah + 1) * (nav + 1), most)
    else:
        count, nah, nav = min(table.nr, most), 0, table.nr
    if table.nc < COLUMNS:
        raise TiepointError("ERROR: COLCOUNT > file's NCOL in IREAD_TIEPOINTS")
    if table.nr < count:
        raise TiepointError("ERROR: NUMPTS > file's CLEN in IREAD_TIEPOINTS")
    columns = [table.read(number, "REAL", 1, count) if count else np.zeros(0, np.float32) for number in range(1, COLUMNS + 1)]
    return Tiepoints(np.stack(columns, axis=1).astype(np.float32), nah, nav)


# Groups that say which columns are what, in the order the original makes them.
_GROUPS = (
    ("LINE", (3, 1)), ("SAMP", (4, 2)), ("C_POS_IMAGE", (3, 4, 1, 2)), ("INPUT", (3, 4)), ("POSITION", (1, 2, 3, 4)),
    ("C_POSITION", (3, 4, 1, 2)), ("PIXEL", (1, 2, 3, 4)), ("C_PIXEL", (1, 2, 3, 4)), ("OUTPUT", (1, 2)),
    ("C_POINT", (1, 2, 3, 4)), ("C_ROOT", (3, 4, 1, 2)),
)  # fmt: skip


def write_tiepoints(table, tiepoints: Tiepoints) -> None:
    """Fill a new table of four columns (IWRITE_TIEPOINTS)."""
    table.set_type(PROPERTY)
    for name, columns in _GROUPS:
        table.new_group(name, columns)
    if tiepoints.nah * tiepoints.nav:
        label = table.image.label
        label.add(ACROSS, tiepoints.nah, property=PROPERTY, format="INT")
        label.add(DOWN, tiepoints.nav, property=PROPERTY, format="INT")
    for number in range(1, COLUMNS + 1):
        table.write(number, tiepoints.points[:, number - 1])
