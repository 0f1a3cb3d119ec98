"""ACOPIN: a text file in columns goes into the columns of an existing table, whose length it sets.

Source: ``vos/p2/prog/acopin`` (C). Fields are separated by white space. Accidents that are kept: a file whose last field
has no line end after it loses that field if it is the only one of its row; a row that lacks just its last field gets the
field before it once more; a number that cannot be read (``1d5`` is 1) leaves the number before.

accepted: files of more than 99 million bytes are read; the original keeps one row of them.
"""

from __future__ import annotations

import re

import numpy as np

from programs.ibis._columns import format_of
from vicar.ibis.formats import is_text, text_length
from vicar.numerics.cformat import sprintf

NUMBER = re.compile(rb"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
STRANGE = re.compile(rb"[^0-9.+\-eEdD]")


def main(task):
    task.if_message("acopin Fri Dec  5 2014 - wlb")
    name = task.string("INP")
    try:
        data = (task.directory / name).read_bytes()
    except OSError:
        task.abend(f"??E - Cannot find file = {name}\n")
    data = data[behind_lines(data, task.integer("LEAD_RM")) :]
    with task.open_table(instance=2, mode="UPDATE") as table:
        columns = list(range(1, table.nc + 1)) if task.defaulted("COLS") else task.integers("COLS")
        task.message(f"Number of input cols = {len(columns)}")
        widths = []
        for place, column in enumerate(columns, 1):
            form = format_of(table, column)
            widths.append(text_length(form) if is_text(form) else 0)
            if widths[-1]:
                task.message(f"    Col {place} is ASCII width = {widths[-1] + 1}")
        fields = rows_of(task, data, widths)
        task.message(sprintf("Output length is %d records\n\n", len(fields[0]) if fields else 0))
        table.set_length(len(fields[0]) if fields else 0)
        numbers = iter(all_numbers(fields, widths))
        values = [texts(task, cells, w) if w else next(numbers) for cells, w in zip(fields, widths, strict=True)]
        for column, cells in dict(zip(columns, values, strict=True)).items():
            if len(cells):
                table.write(column, cells)


def behind_lines(data: bytes, count: int) -> int:
    """Where the text begins after ``count`` line ends, each a line feed or a carriage return."""
    place = 0
    for _ in range(count):
        found = re.search(rb"[\r\n]", data[place : place + 10000])
        place += found.end() if found else 10000
    return min(place, len(data))


def rows_of(task, data: bytes, widths: list[int]) -> list[list[bytes]]:
    """The fields, column by column; complains about what the original complains about, in its order."""
    words, count = data.split(), len(widths)
    if not count:
        return []
    if words and data[-1:].isspace():
        at_end = len(words)
    else:
        at_end = max(len(words) - 1, 0)
    row, column = divmod(at_end, count)
    if column == count - 1 and at_end == len(words) and column:
        words.append(words[-1])
    rows = row + 1 if column == count - 1 and column else row
    fields = [words[place : rows * count : count] for place in range(count)]
    if 0 < column < count - 1:
        partial = words[row * count : row * count + column]
    else:
        partial = []
    check_numbers(task, fields, widths, rows, partial)
    if 0 < column < count - 1:
        kind = "Case 0 (ASCII)" if widths[column] else "Case 8 (DOUBLE)"
        task.abend(f"{kind}: record {row} col {column}", "??E Partial record at end")
    return fields


def check_numbers(task, fields, widths, rows: int, partial: list[bytes]) -> None:
    """Stop at the first field of a number column, row by row, that has a character no number has."""
    bad = []
    for column, (cells, width) in enumerate(zip(fields, widths, strict=True)):
        if not width:
            more = partial[column : column + 1]
            found = next((n for n, cell in enumerate([*cells, *more]) if STRANGE.search(cell)), None)
            if found is not None:
                bad.append((found, column, [*cells, *more][found]))
    if bad:
        row, column, cell = min(bad)
        rest = cell[STRANGE.search(cell).start() :].decode("latin-1")
        task.message(f"     ??E character = {rest} in numeric col {column}  record {row}")
        task.message("     ??E Are there blanks in ASCII field?")
        task.abend("??E Case 8 (DOUBLE): Non-numeric data in a numeric field")


def all_numbers(fields, widths) -> list[np.ndarray]:
    """Columns as double precision (text columns are left out); a field that is no number repeats the one read before it."""
    columns = [cells for cells, width in zip(fields, widths, strict=True) if not width]
    try:
        return [np.array([float(cell) for cell in cells]) for cells in columns]
    except ValueError:
        pass
    values, last = np.zeros((len(columns), len(columns[0]))), 0.0
    for row, cells in enumerate(zip(*columns, strict=True)):
        for place, cell in enumerate(cells):
            found = NUMBER.match(cell)
            last = float(found[0]) if found else last
            values[place, row] = last
    return list(values)


def texts(task, cells: list[bytes], width: int) -> np.ndarray:
    right = task.keyword("RTJUST")
    return np.array([(c.rjust if right else c.ljust)(width)[:width] for c in cells], dtype=f"S{width}")
