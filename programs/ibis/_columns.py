"""Steps that many table programs share: columns as double precision, runs of equal control values, ordered sums.

Sources: ``vos/p1/sub/ibis2`` (which routine complains about what), ``vos/p2/sub/carto_subs/cartoSortUtils.c``.
"""

from __future__ import annotations

import numpy as np

from vicar.ibis.errors import IbisError, ReportedError
from vicar.ibis.formats import is_text, text_length


def open_strictly(task, name: str = "INP", instance: int = 1, mode: str = "READ", **options):
    """A table of a program that called XVEACTION('SA'): the run-time library itself stops it, without the table's line."""
    try:
        return task.open_table(name, instance, mode, **options)
    except ReportedError as error:
        raise (error.__cause__ or error) from None


def create_strictly(task, **options):
    """As `open_strictly`, for a new table."""
    try:
        return task.create_table(**options)
    except ReportedError as error:
        raise (error.__cause__ or error) from None


def format_of(table, column: int, routine: str = "IBISColumnGet") -> str:
    """Format of a column; NOSUCHCOL from ``routine`` if there is none."""
    if not 0 < column <= table.nc:
        raise IbisError("NOSUCHCOL", routine, table.name)
    return table.formats[column - 1]


def need_number(table, column: int, routine: str = "IBISColumnSet") -> None:
    """What asking for a numeric U_FORMAT says of a column that does not exist or holds text."""
    if is_text(format_of(table, column, routine)):
        raise IbisError("CANTTRANS", routine, table.name)


def need_record(table, columns, text: bool = False) -> None:
    """What IBIS_RECORD_OPEN of Fortran says of a list of columns: one that begins with 0 is none."""
    if columns and columns[0] == 0:
        raise IbisError("EMPTYGRP", "IBISRecordOpen", table.name)
    for column in columns:
        (need_text if text else need_number)(table, column, "IBISRecordOpen")


def need_text(table, column: int, routine: str = "IBISColumnSet") -> None:
    """What asking for a text U_FORMAT says of a column that does not exist or holds numbers."""
    if not is_text(format_of(table, column, routine)):
        raise IbisError("CANTTRANS", routine, table.name)


def numbers(table, column: int, format: str = "DOUB", routine: str = "IBISColumnSet") -> np.ndarray:
    """A column converted to ``format``; ``routine`` is who complains about text."""
    need_number(table, column, routine)
    return table.read(column, format)


def put_numbers(table, column: int, values, first: int = 1) -> None:
    """Write numbers after IBISColumnSet U_FORMAT."""
    need_number(table, column)
    table.write(column, values, first)


def open_like(task, table, rows: int, columns: int | None = None, org: str = "COLUMN"):
    """A new table OUT with the formats of ``table``."""
    return task.create_table(nr=rows, nc=columns or table.nc, formats=table.formats, org=org)


def group_sums(values: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Sums of the runs that begin at ``starts``, each added up in order from zero, in the type of ``values``."""
    lengths = np.diff(np.append(starts, len(values)))
    sums = np.zeros(len(starts), values.dtype)
    if len(starts) > (lengths.max() if len(lengths) else 0):
        for place in range(int(lengths.max())):
            there = lengths > place
            sums[there] += values[starts[there] + place]
        return sums
    for number, (start, length) in enumerate(zip(starts.tolist(), lengths.tolist(), strict=True)):
        run = values[start : start + length]
        sums[number] = np.add.accumulate(np.concatenate((sums[number : number + 1], run)))[-1]
    return sums


def raw_reals(table, column: int, routine: str = "IBISColumnRead") -> np.ndarray:
    """A column that is read without U_FORMAT into single precision: the first four bytes a row, whatever they are."""
    format_of(table, column, routine)
    data = table.read(column).tobytes()[: 4 * table.nr].ljust(4 * table.nr, b"\0")
    return np.frombuffer(data, np.float32, table.nr)


def put_bytes(table, column: int, values: np.ndarray) -> None:
    """Numbers into the cells of a column as they lie in memory: a write without U_FORMAT into whatever the format is."""
    kind = format_of(table, column, "IBISColumnWrite")
    if is_text(kind):
        step = text_length(kind) + 1
        data = values.tobytes()[: step * len(values)].ljust(step * len(values), b"\0")
        table.write_bytes(column, np.frombuffer(data, np.uint8).reshape(-1, step))
        return
    cell = table.read(column, first=1, count=1).dtype
    table.write(column, np.frombuffer(values.tobytes(), cell, len(values)))


def running_texts(table, column: int, first: int, count: int, together: int) -> list[str]:
    """Cells of a text column as a C program prints them that reads ``together`` rows at once: one without an end runs on."""
    cells = table.read_bytes(column, first, count)
    if table.old or not len(cells) or (cells == 0).any(axis=1).all():  # old tables' texts get an end when they are read
        return table.texts(column, first, count)
    size, found = cells.shape[1], []
    for start in range(0, count, together):
        block = cells[start : start + together].tobytes()
        ends = [block.find(b"\0", at) for at in range(0, len(block), size)]
        found += [block[at : end if end >= 0 else None].decode("latin-1") for at, end in zip(range(0, len(block), size), ends)]
    return found
