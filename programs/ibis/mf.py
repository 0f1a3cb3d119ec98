"""MF: arithmetic on the columns of a table by expressions of the kind F2 takes, and column statistics.

Source: ``vos/p2/prog/mf`` (C) over ``vos/p1/sub/knuth``. Everything is single precision; sums run down the rows.

known: a table with text columns and POLY or 'SKIP counts the cells it did not read as zero (the original looks at whatever
its memory holds there); an expression of more than about 100 operations, which overruns the original's buffer, works.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vicar.ibis.errors import IbisError
from vicar.ibis.formats import is_text
from vicar.numerics import knuth
from vicar.numerics.cformat import atoi

OPERATIONS = ("mean", "sigma", "min", "max", "first", "sum", "rsum", "rdiff")


def main(task):
    task.if_message("MF version 2019-09-06")
    table = task.open_table("INP", mode="UPDATE", nc=task.integer("GR1DIM"))
    if table.nr == 0 and not table.stated_rows:
        task.abend("??E Input file has 0 rows")
    if table.nc == 0:
        task.abend("??E Input file has 0 columns")
    graphics = Graphics(task, table, task.keyword("SKIP"))
    for text in task.strings("FUNCTION"):
        function = read_function(task, text, table.nc)
        check_number(table, function.output, "IBISColumnSet")
        if function.operation:
            column_operation(table, function)
        else:
            evaluate(task, table, function, graphics)
    table.close()


# ---------------------------------------------------------------- the function string


@dataclass
class Function:
    """``output = expression`` or ``output = #operation(column)``."""

    output: int
    operation: str
    expression: str
    inputs: list[int]
    index_cell: int
    polygon_cell: int


def read_function(task, text: str, columns: int) -> Function:
    text = text.lower()
    found = next_column(task, text, columns)
    if found is None:
        task.abend("??E *** Bad Function String - Non-existent column ***")
    output, _, stop = found
    text = text[stop:].lstrip(" \t\n\v\f\r")
    if not text.startswith("="):
        task.abend("??E *** Bad Function String - No equals sign ***")
    text = text[1:].lstrip(" \t\n\v\f\r")
    operation = ""
    if "#" in text:
        command = text.split("#", 1)[1]
        operation = next((name for name in OPERATIONS if command.startswith(name)), None)
        if operation is None:
            task.abend("??E *** Bad Function String - Non-existent opnum ***")
    expression, inputs = renumber(task, text, columns)
    expression, index_cell = replace_word(expression, "index", len(inputs) + 1)
    expression, polygon_cell = replace_word(expression, "poly", len(inputs) + 2)
    return Function(output, operation, expression, inputs, index_cell, polygon_cell)


def next_column(task, text: str, columns: int) -> tuple[int, int, int] | None:
    """Number, start and end of the digits of the next ``cN`` or ``xN`` that begins a word; None with a message if bad."""
    place = 0
    while place < len(text):
        if not text[place].isalpha():
            place += 1
            continue
        letter = text[place]
        place += 1
        if letter in "cx" and text[place : place + 1].isdigit():
            break
        while place < len(text) and text[place].isalpha():
            place += 1
    else:
        return None
    stop = place
    while stop < len(text) and text[stop].isdigit():
        stop += 1
    number = atoi(text[place:stop])
    if number == 0:
        task.message("??E Column value = 0")
        return None
    if number > columns:
        task.message(f"??E Col value = {number} greater than file value = {columns}")
        return None
    return number, place, stop


def renumber(task, text: str, columns: int) -> tuple[str, list[int]]:
    """Number the columns in the order they occur, as the cells of the expression."""
    result, inputs = "", []
    while (found := next_column(task, text, columns)) is not None:
        number, start, stop = found
        if number not in inputs:
            inputs.append(number)
        result += text[:start] + str(inputs.index(number) + 1)
        text = text[stop:]
    return result + text, inputs


def replace_word(text: str, word: str, cell: int) -> tuple[str, int]:
    """Put a cell's name over ``word`` wherever it occurs; the cell, or 0 if it does not."""
    if word not in text:
        return text, 0
    return text.replace(word, f"c{cell}".ljust(len(word))[: len(word)]), cell


# ---------------------------------------------------------------- expressions


def evaluate(task, table, function: Function, graphics: Graphics) -> None:
    ends = graphics.ends() if graphics.wanted or function.polygon_cell else None
    try:
        program = knuth.compile_expression(function.expression)
    except knuth.KnuthError:
        task.abend("??E Bad Function:", function.expression)
    if program.uses_position:
        task.abend("??E LINE,SAMP, or BAND in Function string:", function.expression)
    if task.integer("CODE"):
        task.messages(*program.dump())
    variables = {}
    for cell, column in enumerate(function.inputs, 1):
        variables[cell] = real_column(table, column, "IBISRecordOpen")
    if function.index_cell:
        variables[function.index_cell] = np.arange(1, table.nr + 1, dtype=np.float32)
    if function.polygon_cell:
        variables[function.polygon_cell] = graphics.polygons(ends)
    values = np.broadcast_to(program.evaluate(variables), table.nr)
    table.write(function.output, values if ends is None else np.where(ends, np.float32(0), values))


def check_number(table, column: int, routine: str) -> None:
    """Refuse a column that does not exist or holds text."""
    if not 0 < column <= table.nc:
        raise IbisError("NOSUCHCOL", routine, table.name)
    if is_text(table.formats[column - 1]):
        raise IbisError("CANTTRANS", routine, table.name)


def real_column(table, column: int, routine: str) -> np.ndarray:
    check_number(table, column, routine)
    return table.read(column, "REAL")


class Graphics:
    """Rows of zeros that end the polygons of a graphics file."""

    def __init__(self, task, table, wanted: bool):
        self.task, self.table, self.wanted = task, table, wanted
        self._ends: np.ndarray | None = None
        if wanted:
            self.ends()

    def ends(self) -> np.ndarray:
        """True for each row that ends a polygon; looked for once, before anything is computed."""
        if self._ends is None:
            table = self.table
            columns = table.find("C_POSITION & C_ROOT")
            if not columns:
                columns = [n for n, form in enumerate(table.formats, 1) if not is_text(form)]
            if not columns:
                self.task.abend("??E Failed to find any non-ASCII columns in file")
            self._ends = np.all([table.read(column, "REAL") == 0 for column in columns], axis=0)
        return self._ends

    def polygons(self, ends: np.ndarray) -> np.ndarray:
        """Number of the polygon of each row, from 1."""
        starts = ~ends & np.concatenate(([True], ends[:-1]))
        return np.cumsum(starts).astype(np.float32)


# ---------------------------------------------------------------- column operations


def column_operation(table, function: Function) -> None:
    values = real_column(table, function.inputs[0] if function.inputs else 0, "IBISColumnSet")
    rows = np.float32(len(values))
    operation = function.operation
    if operation in ("mean", "sigma", "sum"):
        mean = running_sum(values)[-1] / rows
        result = mean * rows if operation == "sum" else mean
        if operation == "sigma":
            difference = values - mean
            squares = running_sum(difference * difference)[-1]
            result = np.sqrt(squares / np.float32(max(len(values) - 1, 1)))
    elif operation in ("min", "max"):
        result = values.min() if operation == "min" else values.max()
    elif operation == "first":
        result = values[0]
    elif operation == "rsum":
        result = running_sum(values)
    else:
        result = np.diff(values, prepend=np.float32(0))
    table.write(function.output, np.broadcast_to(result, len(values)).astype(np.float32))


def running_sum(values: np.ndarray) -> np.ndarray:
    return np.add.accumulate(values, dtype=np.float32)
