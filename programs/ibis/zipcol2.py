"""ZIPCOL2: columns of one table come from the rows of another that have the same keys. Source: ``vos/p2/prog/zipcol2`` (C).

Each row of the second table takes a range of rows of the first, found by halving, one key column after the other. Only the
second table is asked to be in order; what halving finds in a first that is not is found here too. Numbers go through double
precision. Text that is too long for its column runs on into the next rows, where it stays if they are not written afterwards.

accepted: bytes behind the end of a text are NUL, NULL and NULSTR that are not given 0 and blank; the original takes what its
memory holds. A second table that is not named is reported in other words.
"""

from __future__ import annotations

import numpy as np

from programs.ibis._columns import need_number, numbers, put_numbers
from vicar.ibis.formats import is_text, text_length


def main(task):
    task.if_message("zipcol2 version 2016-06-09")
    keys, targets, others = task.integers("INCOL"), task.integers("OUTCOL"), task.integers("FILE")
    if len(others) != len(keys) + len(targets):
        task.abend("column counts incorrect")
    with task.open_table(mode="UPDATE") as table, task.open_table(instance=2) as reference:
        low, high = np.zeros(reference.nr, int), np.full(reference.nr, table.nr - 1)
        for column, other in zip(keys, others[: len(keys)], strict=True):
            kind = same_kind(task, table, column, reference, other, 1)
            cells = (numbers(table, column), numbers(reference, other)) if kind == "numeric" else (
                texts(table, column), texts(reference, other))  # fmt: skip
            check_order(task, cells[1], low, high, kind)
            narrow(*cells, low, high)
        found = np.flatnonzero(low <= high)
        fill = Fill(task, table, reference, np.stack([found, low[found], high[found]]))
        for column, source in zip(targets, others[len(keys) :], strict=True):
            if same_kind(task, table, column, reference, source, 3) == "numeric":
                fill.numbers(column, source)
            else:
                fill.text(column, source)


def texts(table, column: int) -> np.ndarray:
    """Texts of a column, none longer than its format says."""
    return table.read(column).astype(f"S{text_length(table.formats[column - 1])}")


def holds_text(table, column: int) -> bool:
    return 0 < column <= table.nc and is_text(table.formats[column - 1])


def same_kind(task, table, column: int, reference, other: int, number: int) -> str:
    """What both columns hold, "numeric" or "alpha"; ``number`` is of the message about text in the second only."""
    text = holds_text(table, column)
    if text != holds_text(reference, other):
        task.abend(f"error matching up alpha and numeric data columns-{number + text}")
    return "alpha" if text else "numeric"


def check_order(task, keys, low, high, kind: str) -> None:
    """Keys have to ascend among the rows that so far have the same, not empty, range."""
    together = (low[:-1] == low[1:]) & (high[:-1] == high[1:]) & (high[1:] >= low[1:])
    if np.any(together & (keys[:-1] > keys[1:])):
        task.abend(f"file 2 index column data ({kind}) not sorted ascending")


def narrow(cells, keys, low, high) -> None:
    """Narrow the ranges ``low`` to ``high`` (rows of the first table, from 0, in place) to the cells equal to each key."""
    rows = np.flatnonzero(low <= high)
    keys = keys[rows]
    ascending = bool(np.all(cells[:-1] <= cells[1:]) and np.all(keys == keys))
    search = between if ascending else halve
    below, above = search(cells, keys, low[rows], high[rows], False)
    first = np.where(cells[below] < keys, above, below)
    below, above = search(cells, keys, first, high[rows], True)
    last = np.where(cells[above] > keys, below, above)
    differs = (cells[last] < keys) | (cells[last] > keys)
    low[rows] = first
    high[rows] = np.where((first == last) & differs, last - 1, last)


def between(cells, keys, low, high, through: bool) -> tuple[np.ndarray, np.ndarray]:
    """What `halve` finds if no cell is less than the one before it."""
    place = np.searchsorted(cells, keys, "right" if through else "left")
    below = np.clip(place - 1, low, np.maximum(high - 1, low))
    return below, np.minimum(below + 1, high)


def halve(cells, keys, low, high, through: bool) -> tuple[np.ndarray, np.ndarray]:
    """Halve ranges until their ends are neighbours.

    The middle becomes the lower end where its cell is less than the key, or, if ``through``, not greater.
    """
    below, above = low.copy(), high.copy()
    while len(wide := np.flatnonzero(above - below > 1)):
        middle = (above[wide] + below[wide]) >> 1
        up = ~(cells[middle] > keys[wide]) if through else cells[middle] < keys[wide]
        below[wide[up]] = middle[up]
        above[wide[~up]] = middle[~up]
    return below, above


class Fill:
    """Moves data columns; ``ranges`` (3 x n) are a row of the second table and the first and last row it goes to, all from 0."""

    def __init__(self, task, table, reference, ranges):
        self.table, self.reference, self.ranges = table, reference, ranges
        self.keep = task.keyword("NONULL")
        self.nulls = iter(task.doubles("NULL"))
        self.texts = iter(task.strings("NULSTR"))

    def numbers(self, column: int, source: int) -> None:
        empty = next(self.nulls, 0.0)
        cells = numbers(self.table, column) if self.keep else np.full(self.table.nr, empty)
        data = numbers(self.reference, source)
        need_number(self.table, column)
        rows, first, last = self.ranges
        if np.all(first[1:] > last[:-1]):
            lengths = last - first + 1
            places = np.arange(lengths.sum()) + np.repeat(first - (np.cumsum(lengths) - lengths), lengths)
            cells[places] = np.repeat(data[rows], lengths)
        else:
            for row, there in self.steps():
                cells[there] = empty if row is None else data[row]
        put_numbers(self.table, column, cells)

    def text(self, column: int, source: int) -> None:
        empty = next(self.texts, "").encode("latin-1", "replace")
        width = text_length(self.table.formats[column - 1]) + 1
        data = texts(self.reference, source).tolist()
        longest = max(map(len, [*data, empty]), default=0)
        memory = bytearray(width * self.table.nr + longest + 1)
        if self.keep:
            for row, cell in enumerate(texts(self.table, column).tolist()):
                memory[row * width : row * width + len(cell)] = cell
        for row, rows in self.steps():
            text = (empty if row is None else data[row]) + b"\0"
            for at in range(rows.start * width, rows.stop * width, width):
                memory[at : at + len(text)] = text
        cells = np.frombuffer(bytes(memory[: width * self.table.nr]), np.uint8).reshape(-1, width)
        self.table.write_bytes(column, cells)

    def steps(self):
        """What to write, in order: a row of the second table, or None for the filler, and the rows it goes to."""
        done = 0
        for row, first, last in self.ranges.T.tolist():
            if not self.keep and done < first:
                yield None, slice(done, first)
            yield row, slice(first, last + 1)
            done = last + 1
        if not self.keep and done < self.table.nr:
            yield None, slice(done, self.table.nr)
