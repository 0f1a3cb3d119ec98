"""ZIPCOL: columns of one table come from the rows of another that have the same keys. Source: ``vos/p2/prog/zipcol`` (Fortran).

Both tables have to be in the order of their keys. Numbers are compared and moved in single precision, text by its first
four characters; longer text moves whole only if several NULSTR are given and one of the first columns is longer.

accepted: a table that cannot be opened is reported; the original stops on a null pointer. Missing NULSTR are blank.
"""

from __future__ import annotations

import numpy as np

from programs.ibis._columns import need_number, need_record, need_text
from vicar.ibis.errors import IbisError
from vicar.ibis.formats import is_text, text_length

FORTRAN = True
SHORT, LONG = 4, 256


def main(task):
    task.if_message("ZIPCOL version 6-MAR-95")
    with task.open_table(mode="UPDATE") as table, task.open_table(instance=2) as reference:
        task.message(f"UPDATE file is {table.version}")
        task.message(f"Reference  file is {reference.version}")
        alpha = task.keyword("ALPHA")
        keys, targets, others = task.integers("INCOL"), task.integers("OUTCOL"), task.integers("FILE")
        check_parameters(task, table, reference, alpha)
        length = SHORT
        if alpha:
            mark_text(reference, others)
            mark_text(table, targets + keys)
            length = text_room(table, len(targets), task.count("NULSTR"))
        if len(keys) + len(targets) != len(others):
            task.message("PARAMETER ERROR")
            return
        first = key_rows(table, keys, alpha)
        second = key_rows(reference, others[: len(keys)], alpha)
        rows = matches(first, second)
        sources = others[len(keys) :]
        for column, source in zip(targets, sources, strict=True):
            for which, number in ((table, column), (reference, source)):
                (need_text if alpha else need_number)(which, number)
        given = not task.defaulted("NULSTR" if alpha else "NULL")
        for at, (column, source) in enumerate(zip(targets, sources, strict=True)):
            merge(task, table, column, reference, source, rows, filler(task, alpha, at, length) if given else None, length)


def check_parameters(task, table, reference, alpha: bool) -> None:
    if alpha and not task.defaulted("NULL"):
        task.abend("*** Cant specify NULL for ALPHA ***")
    if not alpha and not task.defaulted("NULSTR"):
        task.abend("*** Cant specify NULSTR for Non-ALPHA ***")
    if alpha and table.old and not reference.old:
        task.abend("*** File types not compatable! ***")


def mark_text(table, columns) -> None:
    """Columns of a version 1 file are told that they hold text."""
    if table.old:
        for column in columns:
            table.set_format(column, "A4")


def text_room(table, count: int, fillers: int) -> int:
    """Characters that move; the original looks at the first columns, not at those it will write."""
    if table.old or fillers < 2:
        return SHORT
    for column in range(1, count + 1):
        if column > table.nc:
            raise IbisError("NOSUCHCOL", "IBISColumnGet", table.name)
        if is_text(table.formats[column - 1]) and text_length(table.formats[column - 1]) > SHORT:
            return LONG
        if table.formats[column - 1] in ("DOUB", "COMP"):
            return LONG
    return SHORT


def key_rows(table, columns, alpha: bool) -> list[tuple]:
    """The keys of each row, as a tuple."""
    need_record(table, columns, alpha)
    if alpha:
        values = [[cell[:SHORT].ljust(SHORT) for cell in table.read(column).tolist()] for column in columns]
    else:
        values = [table.read(column, "REAL").tolist() for column in columns]
    return list(zip(*values, strict=True))


def matches(first: list[tuple], second: list[tuple]) -> np.ndarray:
    """Row of ``second`` (from 0) that each row of ``first`` meets in one pass down both, -1 for none."""
    rows = np.full(len(first), -1)
    other = 0
    for row, key in enumerate(first):
        while other < len(second) and key > second[other]:
            other += 1
        if other == len(second):
            break
        if key == second[other]:
            rows[row] = other
    return rows


def filler(task, alpha: bool, at: int, length: int):
    if not alpha:
        values = task.reals("NULL")
        return values[at] if at < len(values) else np.float32(0)
    texts = task.strings("NULSTR")
    return texts[at][:length].rstrip(" ").encode("latin-1", "replace") if at < len(texts) else b""


def merge(task, table, column, reference, source, rows, empty, length) -> None:
    """Write the cells of one column that have a match, and the others if there is something to put."""
    found = rows >= 0
    if is_text(reference.formats[source - 1]):
        kind, cells = object, [c[:length].rstrip(b" ") for c in reference.read(source)[rows[found]].tolist()]
    else:
        kind, cells = np.float32, reference.read(source, "REAL")[rows[found]]
    if empty is not None:
        values = np.full(table.nr, empty, dtype=kind)
        values[found] = cells
        table.write(column, values)
        return
    for row, cell in zip(np.flatnonzero(found).tolist(), cells, strict=True):
        table.write(column, cell, row + 1)
