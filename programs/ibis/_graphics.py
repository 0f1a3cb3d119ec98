"""Graphics files (GRAPHICS-1) as programs write them point by point. Source: ``vos/p1/sub/ibisgr`` (WRGR, PUTGR, CLGR)."""

from __future__ import annotations

import numpy as np

from programs.ibis._columns import open_strictly
from vicar.errors import VicarError
from vicar.ibis.errors import IbisError
from vicar.ibis.formats import is_text

START = 128  # rows of the file before the first point; shows in N2 of the label


def write_graphics(task, cells: np.ndarray, name: str = "OUT", instance: int = 1, told: bool = True) -> None:
    """A new graphics file of single-precision rows (rows, dimension). Not ``told``: nothing is said if it cannot be made."""
    try:
        created = create_graphics(task, cells.shape[1], name, instance)
    except VicarError:
        if told:
            raise
        return
    fill_graphics(created, cells)


def create_graphics(task, columns: int, name: str = "OUT", instance: int = 1):
    """A new graphics file without points (WRGR)."""
    try:
        return task.create_table(name, instance, nr=START, nc=columns, org="ROW", version=1)
    except VicarError as error:
        if task.count("INP"):  # the message is about the first unit of the program (SIGNALGR)
            error.file = task.strings("INP")[0]
        raise


def fill_graphics(created, cells: np.ndarray) -> None:
    """The points of a new graphics file (rows, dimension), and its end."""
    rows, columns = cells.shape
    with created as table:
        label = table.image.label
        table.flush()
        label.delete("TYPE")
        label.add("TYPE", "GRAPH1", format="STRING")
        table.set_length(rows)
        for column in range(columns):
            table.write(column + 1, cells[:, column])


def read_graphics(task, name: str = "INP", instance: int = 1, columns: int = 3, strictly: bool = False) -> np.ndarray:
    """All rows of a graphics file, float32 (rows, columns). ``strictly`` after XVEACTION('SA'). Source: RDGR, GETGR."""
    opened = open_strictly if strictly else type(task).open_table
    with opened(task, name, instance, nc=columns) as table:
        wanted = coordinates(table)[:columns]
        if len(wanted) < columns:
            raise IbisError("NOSUCHCOL", "IBISColumnFind", table.name)
        try:
            return np.stack([table.read(column, format="REAL") for column in wanted], axis=1)
        except IbisError as error:
            raise IbisError(error.key, "IBISRecordOpen", table.name) from error


def coordinates(table) -> list[int]:
    """The columns that hold coordinates: those marked as such, else the first ones, as many as are no text."""
    try:
        marked = table.find("group:C_POSITION & group:C_ROOT")
    except IbisError:
        marked = []
    return marked or list(range(1, 1 + sum(not is_text(form) for form in table.formats)))


def lines_of(cells: np.ndarray) -> list[np.ndarray]:
    """The sets of rows between rows of zeros (NEXTGR)."""
    filled = np.flatnonzero((cells != 0).any(axis=1))
    if not len(filled):
        return []
    breaks = np.flatnonzero(np.diff(filled) > 1) + 1
    return [cells[part[0] : part[-1] + 1] for part in np.split(filled, breaks)]
