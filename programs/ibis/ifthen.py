"""IFTHEN: set a column by one of two expressions, as a third one holds.

Source: ``vos/p2/prog/ifthen`` (C), with MF4's expressions. The condition holds where it is 1 (as a whole number).

Kept: the column is the one the first single ``=`` follows, in all three expressions; what ELSE assigns goes there too. ELSE is
made up where it is not given, by writing over the word NOOP: a column name of two letters becomes ``c3op=c3``, a second name
for the same column, which is written last with its old values, so that nothing changes. CODE shows the lowest byte of the
first row's number as the output value.
known: ``@rand`` is 0 (the original uses what its memory holds). DEBUG shows the values only.
"""

from __future__ import annotations

import numpy as np

from programs.ibis._cell_compiler import ExpressionError, compile_expression
from programs.ibis._cell_machine import evaluate, evaluate_rows
from programs.ibis.mf3 import Column, find_columns
from programs.ibis.mf4 import INSTRUCTIONS, LONGEST_STRING, SENTENCES, needs_bracket
from vicar.ibis.errors import IbisError
from vicar.ibis.formats import is_text
from vicar.numerics.cformat import sprintf
from vicar.numerics.conversion import to_int32

NOOP = ("noop", "NOOP")
LINE = 131


def main(task):
    task.if_message("IFTHEN version 2019-07-31")
    texts = ["".join(task.strings(name)) for name in ("IF", "THEN", "ELSE")]
    for name, text in zip(("if  ", "then", "else"), texts, strict=True):
        task.message(f"{name} string = {text}"[:LINE])
    table = task.open_table("INP", mode="UPDATE")
    try:
        fields, targets = _find(task, texts)
        if fields is None:
            return
        for name, text in zip(("then", "else"), texts[1:], strict=True):
            if needs_bracket(text.partition("=")[2].split("$")[0]):
                task.message(f"parentheses required for {name} function")
                task.abend("??E bad statement")
        columns = _read(task, table, fields)
        if not targets:
            raise ExpressionError("function without a column to set")
        _execute(task, table.nr, columns, targets[0], texts)
    except ExpressionError as error:
        if error.symbol:
            task.message(f"??E stsget: illegal symbol [{error.symbol}]\n")
        task.abend(SENTENCES.get(str(error), str(error)))
    for number in range(1, table.nc + 1):
        for column in columns:
            if column.number == number and table.nr > 0:
                table.write(number, column.values)
    task.message(f"{table.nr} records out\n")
    table.close()


def _find(task, texts: list[str]):
    """Columns of all expressions, in order; changes ELSE where it does nothing. No columns: nothing is to be done."""
    for index, name in enumerate(("if", "then", "else")):
        if index == 1 and texts[1] in NOOP:
            task.message("No then operation given, exiting...")
            return None, []
        if index == 2 and texts[2] in NOOP:
            task.message("   OK, No else operation given")
            column, equals, _ = texts[1].partition("=")
            if not equals:
                raise ExpressionError("function without a column to set")
            texts[2] = f"{column}{texts[2][len(column) :]}={column}"
            task.message(f"   Use as elsefunction: {texts[2]}\n"[:LINE])
        try:
            found = find_columns("$".join(texts[: index + 1]))
        except ExpressionError as error:
            if str(error) == "too many columns":
                task.abend(f"??E too many columns in {name} function")
            raise
    return found


def _read(task, table, fields) -> list[Column]:
    for field in fields:
        if field.number > table.nc:
            task.message(f"Col {field.number} > number of cols {table.nc}")
            task.abend("??E illegal column number")
        if field.number < 1:
            raise IbisError("NOSUCHCOL", "IBISColumnGet", table.name)
        form = table.formats[field.number - 1]
        if is_text(form):
            task.message(f"Selected col {field.number} is ASCII format {form}")
            task.abend("??E bad column format")
    return [Column(field, table.read(field.number, "DOUB").astype(np.float64), 0) for field in fields]


def _execute(task, rows: int, columns: list[Column], target: int, texts: list[str]) -> None:
    shown = task.integer("CODE") != 0 or task.integer("DEBUG") != 0
    if shown:
        for row in range(rows):
            _show(task, columns, row)
        task.message(f"rcol = {target}\n")
    names = [column.field.code for column in columns]
    expressions = [text.lstrip("$") if n == 0 else text.partition("=")[2].lstrip("$") for n, text in enumerate(texts)]
    compiled: dict[int, object] = {}

    def program(which: int):
        if which not in compiled:
            compiled[which] = compile_expression(expressions[which] + "$", names, LONGEST_STRING)
        return compiled[which]

    if rows == 0:
        return
    if not shown and not program(0).uses_strings:
        values = [column.values for column in columns]
        random = np.zeros(rows)
        holds = to_int32(evaluate(program(0), values, rows, random) + 0.001) == 1
        first, second = (1, 2) if holds[0] else (2, 1)
        if holds.all() or not holds.any():
            second = first
        if not any(program(which).uses_strings for which in (first, second)):
            results = {which: evaluate(program(which), values, rows, random) for which in (first, second)}
            columns[target].values = np.where(holds, results.get(1, 0.0), results.get(2, 0.0))
            return
    _row_by_row(task, rows, columns, target, program, shown)


def _row_by_row(task, rows, columns, target, program, shown) -> None:
    watch = _Code(task) if task.integer("CODE") != 0 else None
    widths = [0] * len(columns)

    def run(which: int, row: int) -> float:
        values = [column.values[row : row + 1] for column in columns]
        return evaluate_rows(program(which), values, widths, 1, [0.0], False, LONGEST_STRING, watch, row)[0]

    for row in range(rows):
        if shown:
            _show(task, columns, row)
        holds = int(to_int32(np.float64(run(0, row) + 0.001))) == 1
        columns[target].values[row] = run(1 if holds else 2, row)
        if shown:
            lowest = float(columns[target].values[:1].view(np.int8)[0])
            text = ">>   output value in row %d col %d = %f"
            task.message(sprintf(text, row + 1, columns[target].number, lowest))


def _show(task, columns, row) -> None:
    for column in columns:
        text = "<<   original value in row %d col %d = %f"
        task.message(sprintf(text, row + 1, column.number, column.values[row])[:LINE])


class _Code:
    """Shows every instruction."""

    def __init__(self, task):
        self.message = task.message

    def row(self, row: int, cells: dict) -> None:
        pass

    def instruction(self, operation: int, cell: int, register: float) -> None:
        self.message(sprintf("%s %5d    reg = %f", INSTRUCTIONS[operation], cell, register)[:LINE])

    def result(self, row: int, value: float) -> None:
        pass
