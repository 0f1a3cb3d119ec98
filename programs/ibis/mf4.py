"""MF4: MF3 with checks, more column operations and a trace of what is computed.

Source: ``vos/p2/prog/mf4`` (C). Quoted strings have at most 30 characters. An expression with two operators must have a
bracket (each letter ``e`` takes one operator off the count).

known: as in MF3, what is malformed ends with a sentence of ours where the original runs on or dies. DEBUG does not show the
inner steps of column operations.
"""

from __future__ import annotations

from programs.ibis import _column_operations
from programs.ibis._cell_compiler import ExpressionError, compile_expression
from programs.ibis._cell_machine import evaluate, evaluate_rows
from programs.ibis.mf3 import Column, find_columns, read_columns, set_column
from vicar.numerics.cformat import sprintf
from vicar.numerics.random import Drand48

LONGEST_STRING = 30
_OPERATORS = "+-*/<>=!^&|"

SENTENCES = {
    "too many columns": "??E too many columns",
    "operator not found": "??E stsget: operator not found",
    "program terminating": "??E program terminating",
    "field name not found": "??E mtchfield: column number not found - Forget c?",
    "arith execution error": "??E sp_xknuth: arithmetic execution error",
    "no equals sign in replacement string": "??E sp_xknuth: no equals sign in replacement string",
}

INSTRUCTIONS = (
    "x", "ADD   ", "SUB   ", "MUL   ", "DIV   ", "x", "LOG10 ", "LOG   ", "INT   ", "x", "x", "x", "x", "LOAD  ", "STOR  ",
    "RETN  ", "SQRT  ", "SIN   ", "COS   ", "TAN   ", "MAX   ", "MIN   ", "MOD  ", "ABS   ", "LCMP  ", "ATAN2 ", "ASIN  ",
    "ACOS  ", "ATAN  ", "LT    ", "LE    ", "EQ    ", "NE    ", "GE    ", "GT    ", "OR    ", "AND   ", "POW   ", "NOT   ",
    "x", "x", "LSHF  ", "RSHF  ", "FSTR  ", "BSTR  ", "ADEL  ", "SDEL  ", "TRIM  ", "UCASE ", "LCASE ", "REPL  ", "STRLEN",
    "POS   ", "STREQ ", "STRSUB", "STRPAT", "LJUST ", "RJUST ", "NUM   ", "I2STR ", "F2STR ", "DMSSTR", "DMSNUM",
)  # fmt: skip


def main(task):
    task.if_message("MF4 version 2019-08-01")
    text = "".join(task.strings("FUNCTION"))
    task.message(f"function string = {text}\n"[:500])
    debug = task.integer("DEBUG") != 0
    table = task.open_table("INP", mode="UPDATE")
    rows = table.nr
    if rows == 0:
        task.abend("??E Input file has 0 rows")
    if table.nc == 0:
        task.abend("??E Input file has 0 columns")
    try:
        fields, targets = find_columns(text, (lambda n: task.message(f"cptr = {n}\n")) if debug else None)
        columns = read_columns(table, fields)
        if debug:
            _show_columns(task, table, columns)
        Functions(task, columns, rows).execute(text, targets)
    except ExpressionError as error:
        if error.symbol:
            task.message(f"??E stsget: illegal symbol = {error.symbol}\n")
        task.abend(SENTENCES.get(str(error), str(error)))
    for number in range(1, table.nc + 1):
        for column in columns:
            if column.number == number:
                table.write(number, column.stored())
    task.message(f"{rows} records in\n")
    table.close()


def _show_columns(task, table, columns: list[Column]) -> None:
    task.message(f"Num of columns: cptr = {len(columns)}")
    for n, column in enumerate(columns):
        task.message(f"cfield[{n}][1] = {column.field.name[1:]}  datcols[{n}] = {column.number}")
        task.message(f"   fmtstring = {table.formats[column.number - 1]}")


def needs_bracket(expression: str) -> bool:
    """More than one operator and no bracket."""
    operators = sum(letter in _OPERATORS for letter in expression) - expression.count("e")
    return operators > 1 and "(" not in expression


class Functions:
    """The functions of one run, one after the other."""

    def __init__(self, task, columns: list[Column], rows: int):
        self.task = task
        self.columns = columns
        self.rows = rows
        self.debug = task.integer("DEBUG") != 0
        self.code = task.integer("CODE") != 0
        self.numbers = Drand48(task.integer("SEED"))

    def execute(self, text: str, targets: list[int]) -> None:
        rest, next_target, loop = text + "$", iter(targets), 0
        while rest:
            if self.debug:
                self.task.message(f"loop {loop} ---------")
            if rest.startswith("@"):
                _column_operations.run(rest, self.columns, program=4)
            else:
                _, equals, expression = rest.partition("=")
                target = next(next_target, None)
                if not equals or target is None:
                    raise ExpressionError("function without a column to set")
                self._assign(target, expression)
            rest = rest[rest.index("$") :].lstrip("$")
            loop += 1

    def _assign(self, target: int, expression: str) -> None:
        if self.debug:
            self.task.message(f">{expression}"[:500])
        if needs_bracket(expression.split("$")[0]):
            self.task.if_message("parentheses required for function")
            self.task.abend("??E bad statement")
        columns, column = self.columns, self.columns[target]
        compiled = compile_expression(expression, [c.field.code for c in columns], LONGEST_STRING)
        if self.debug:
            self.task.if_message("\n")
        values, random = [c.values for c in columns], self.numbers.draws(self.rows)
        watch = _Watch(self, target) if self.debug or self.code else None
        if not (watch or compiled.uses_strings or any(c.is_text for c in columns)):
            column.values = evaluate(compiled, values, self.rows, random)
            return
        widths = [c.width + 1 for c in columns]
        is_text = column.is_text
        result = evaluate_rows(compiled, values, widths, self.rows, random, is_text, LONGEST_STRING, watch)
        set_column(column, result)


class _Watch:
    """Shows values and, with CODE, every instruction."""

    def __init__(self, functions: Functions, target: int):
        self.message = functions.task.message
        self.functions = functions
        self.target = target
        self.number = functions.columns[target].number

    def row(self, row: int, cells: dict) -> None:
        for cell, column in enumerate(self.functions.columns):
            if not column.is_text:
                text = "<<   original value in row %d col %d = %f"
                self.message(sprintf(text, row + 1, column.number, cells[cell]))

    def instruction(self, operation: int, cell: int, register: float) -> None:
        if self.functions.code:
            self.message(sprintf("%s %5d    reg = %f", INSTRUCTIONS[operation], cell, register))

    def result(self, row: int, value: float) -> None:
        if self.functions.debug:
            self.message(sprintf("   result = %f datcols[%d] = %d", value, self.target, self.number))
        self.message(sprintf(">>   output value in row %d col %d = %f", row + 1, self.number, value))
