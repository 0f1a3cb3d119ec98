"""MF3: arithmetic, string functions and column operations on a table, in double precision.

Source: ``vos/p2/prog/mf3`` (C). Functions are separated by ``$``; each names its columns C1, C2 ... of which nine may occur.
One that begins with ``@`` works on a whole column (``_column_operations``).

known: an assignment with a blank before ``=``, a malformed expression or a column operation that does not exist ends with a
sentence of ours; the original goes on with whatever its memory holds, or dies.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from programs.ibis import _column_operations
from programs.ibis._cell_compiler import LETTERS, ExpressionError, column_number, compile_expression
from programs.ibis._cell_machine import evaluate, evaluate_rows
from vicar.ibis.errors import IbisError
from vicar.ibis.formats import is_text, text_length
from vicar.numerics.random import Drand48

MOST_COLUMNS = 9


def main(task):
    task.if_message("mf3 version Wed Oct 07 2008")
    run(task)


def run(task) -> None:
    text = "".join(task.strings("FUNCTION"))
    task.printf(f"function string = {text}\n")
    table = task.open_table("INP", mode="UPDATE")
    rows = table.nr
    if table.stated_rows:  # room for less than no rows
        task.abend("malloc failed")
    if rows == 0:
        return
    try:
        fields, targets = find_columns(text)
        columns = read_columns(table, fields)
        execute(task, text, columns, targets, rows)
    except ExpressionError as error:
        task.abend(str(error))
    for number in range(1, table.nc + 1):
        for column in columns:
            if column.number == number:
                table.write(number, column.stored())
    task.printf(f"{rows} records in\n")
    table.close()


# ---------------------------------------------------------------- columns


@dataclass
class Field:
    """A column name as it stands in the functions."""

    name: str
    code: int

    @property
    def number(self) -> int:
        from vicar.numerics.cformat import atoi

        return atoi(self.name[1:])


@dataclass
class Column:
    """A column in memory: float64, or a list of bytes for text of ``width`` characters."""

    field: Field
    values: np.ndarray | list[bytes]
    width: int

    @property
    def number(self) -> int:
        return self.field.number

    @property
    def is_text(self) -> bool:
        return isinstance(self.values, list)

    def stored(self):
        return np.array(self.values, f"S{self.width}") if self.is_text else self.values


def find_columns(text: str, watch=None) -> tuple[list[Field], list[int]]:
    """The column names in the order they occur, and which of them each assignment sets.

    ``watch`` is told the number of columns so far at the end of each name.
    """
    fields: list[Field] = []
    targets: list[int] = []
    name, code, named = "", 0, False
    place = 0
    text += "\0\0"
    while place < len(text) - 1:
        if text[place] == "@":
            place += 1
            while text[place].isalnum():
                place += 1
        if text[place] == "'":
            place = text.find("'", place + 1)
            if place < 0:
                raise ExpressionError("string without end")
        letter = text[place].lower()
        if letter in LETTERS:
            code = column_number(code, LETTERS.index(letter))
            named = named or (LETTERS.index(letter) > 10 and not name)
            name += letter
        else:
            if code and named:
                named = False
                if watch:
                    watch(len(fields))
                known = next((n for n, f in enumerate(fields) if f.code == code), None)
                if known is None:
                    if len(fields) == MOST_COLUMNS:
                        raise ExpressionError("too many columns")
                    known = len(fields)
                    fields.append(Field(name, code))
                if letter == "=" and text[place + 1] != "=":
                    targets.append(known)
            name, code = "", 0
        place += 1
    return fields, targets


def read_columns(table, fields: list[Field]) -> list[Column]:
    for field in fields:
        if not 0 < field.number <= table.nc:
            raise IbisError("NOSUCHCOL", "IBISColumnGet", table.name)
    columns = []
    for field in fields:
        form = table.formats[field.number - 1]
        if is_text(form):
            cells = [bytes(v).split(b"\0", 1)[0] for v in table.read(field.number).tolist()]
            columns.append(Column(field, cells, text_length(form)))
        else:
            columns.append(Column(field, table.read(field.number, "DOUB").astype(np.float64), 0))
    return columns


# ---------------------------------------------------------------- statements


def execute(task, text: str, columns: list[Column], targets: list[int], rows: int) -> None:
    numbers = Drand48(task.integer("SEED"))
    rest, next_target = text + "$", iter(targets)
    while rest:
        if rest.startswith("@"):
            _column_operations.run(rest, columns)
        else:
            _, equals, expression = rest.partition("=")
            target = next(next_target, None)
            if not equals or target is None:
                raise ExpressionError("function without a column to set")
            assign(columns, columns[target], expression, numbers.draws(rows), rows)
        rest = rest[rest.index("$") :].lstrip("$")


def assign(columns: list[Column], target: Column, expression: str, random, rows: int) -> None:
    compiled = compile_expression(expression, [column.field.code for column in columns])
    values = [column.values for column in columns]
    if not (compiled.uses_strings or any(column.is_text for column in columns)):
        target.values = evaluate(compiled, values, rows, random)
        return
    widths = [column.width + 1 for column in columns]
    result = evaluate_rows(compiled, values, widths, rows, random, target.is_text)
    set_column(target, result)


def set_column(column: Column, result: list) -> None:
    """Values made row by row; text is cut or filled with blanks."""
    if column.is_text:
        column.values = [text[: column.width].ljust(column.width) for text in result]
    else:
        column.values = np.array(result, np.float64)
