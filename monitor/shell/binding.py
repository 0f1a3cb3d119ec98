"""Values of a shell line put into a program's parameters.

The rules are laxer than the monitor's: numbers are read as far as they go, too few values are accepted, names in messages are in
capitals. The first mistake ends the matter.
"""

from __future__ import annotations

import re

from monitor.shell.syntax import KEYWORD, NAME, VALUE, Word
from tae.values import INTEGER, REAL, STRING
from tae.values import NAME as NAME_TYPE
from tae.variables import Variable

STRING_LIMIT = 250
WHOLE = re.compile(r"\s*[+-]?\d+")
NUMBER = re.compile(r"\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")


class ShellError(Exception):
    """A mistake in the line; ``key`` and ``text`` are the message's."""

    def __init__(self, key: str, text: str):
        super().__init__(f"[TAE-{key}] {text}")
        self.key, self.text = key, text


def hidden_parameters(task: str, subcommand: str, switch: int) -> list[Variable]:
    """What every program has without showing it."""
    return [
        Variable("_PROC", type=STRING, values=(task,), default=(task,)),
        Variable("$RUNTYPE", type=STRING, values=("INTERACTIVE",), default=("INTERACTIVE",), valid=("INTERACTIVE",),
                 keyword=True),
        Variable("$SWITCH", type=INTEGER, values=(switch,), default=(switch,)),
        Variable("_SUBCMD", type=STRING, values=(subcommand,), default=(subcommand,)),
    ]


def split_subcommand(line: list[Word], names: list[tuple[str, bool]], program: str) -> tuple[str, list[Word]]:
    """The subcommand meant and the words behind it; "" for a program that has none.

    ``names`` are the subcommands with whether each is the default. Raises SUBREQ, UNDEFSUB.
    """
    if not names:
        return "", line
    if line and line[0].kind == KEYWORD:
        typed = line[0].name.upper()
        exact = [n for n, _ in names if n.upper() == typed]
        close = exact or [n for n, _ in names if n.upper().startswith(typed)]
        if len(close) != 1:
            raise ShellError("UNDEFSUB", f"Undefined or ambiguous subcommand '{typed}'.")
        return close[0], line[1:]
    default = [n for n, is_default in names if is_default]
    if not default:
        raise ShellError("SUBREQ", f"Subcommand is required for '{program}'.")
    return default[0], line


def bind(parameters: list[Variable], hidden: list[Variable], line: list[Word]) -> None:
    """Set the parameters. Raises `ShellError` at the first mistake, or for what is missing at the end."""
    position, by_position = 0, True
    for word in line:
        if word.kind == VALUE:
            if not by_position or position >= len(parameters):
                raise ShellError("POSERR", "Positional values may not follow values specified by name.")
            assign(parameters[position], word)
            position += 1
            continue
        by_position = False
        if word.kind == NAME:
            assign(find(parameters + hidden, word.name.upper()), word)
        else:
            set_keyword(parameters + hidden, word.name.upper())
    for variable in parameters:
        if variable.values is None and (variable.type != NAME_TYPE or not variable.default_name):
            raise ShellError("MISPAR", f"Missing parameter:  '{variable.name.upper()}'.")


def find(parameters: list[Variable], typed: str) -> Variable:
    exact = [v for v in parameters if v.name.upper() == typed]
    close = exact or [v for v in parameters if v.name.upper().startswith(typed)]
    if not close:
        raise ShellError("BADPAR", f"'{typed}' is an undefined parameter or unknown qualifier.")
    if len(close) > 1:
        raise ShellError("AMBIGPAR", f"Ambiguous parameter abbreviation '{typed}'.")
    return close[0]


def unknown_keyword(typed: str) -> ShellError:
    return ShellError("KEYWORD", f"Ambiguous or unknown keyword '{typed.upper()}'.")


def set_keyword(parameters: list[Variable], typed: str) -> None:
    """``-keyword``: looked for among the valid values of all string parameters."""
    lists = [(v, str(word)) for v in parameters if v.type == STRING and v.valid for word in v.valid]
    exact = [pair for pair in lists if pair[1].upper() == typed]
    close = exact[:1] or [pair for pair in lists if pair[1].upper().startswith(typed)]
    if len(close) != 1:
        raise unknown_keyword(typed)
    variable, word = close[0]
    variable.values, variable.defaulted = (word,), False


def assign(variable: Variable, word: Word) -> None:
    if variable.type == STRING and variable.valid:
        values: tuple = tuple(_valid_word(variable, text) for text in ((word.raw,) if word.null else word.values))
    elif word.null:
        variable.values, variable.defaulted = (), False
        return
    else:
        values = word.values
    if not values:
        if not variable.nullable:
            raise ShellError("NOTNULL", f"'{variable.name.upper()}' does not accept a null value.")
        variable.values, variable.defaulted = (), False
        return
    if len(values) > variable.maximum:
        raise ShellError("CNTERR", f"Invalid COUNT specification for '{variable.name.upper()}'.")
    if variable.type == INTEGER:
        values = tuple(whole_number(text) for text in values)
    elif variable.type == REAL:
        values = tuple(number(text) for text in values)
    else:
        values = tuple(text[: min(variable.size, STRING_LIMIT)] for text in values)
    if variable.type in (INTEGER, REAL) and variable.valid:
        for value in values:
            if not any(low <= value <= high for low, high in variable.valid):
                raise ShellError("RANGE", f"Value out of the defined range for '{variable.name.upper()}'.")
    variable.values, variable.defaulted = values, False
    if variable.type == NAME_TYPE:
        variable.default_name = values[0]


def _valid_word(variable: Variable, text: str) -> str:
    exact = [w for w in variable.valid if str(w).upper() == text.upper()]
    close = exact[:1] or [w for w in variable.valid if str(w).upper().startswith(text.upper())]
    if len(close) != 1:
        raise unknown_keyword(text)
    return str(close[0])


def whole_number(text: str) -> int:
    """C's atoi."""
    match = WHOLE.match(text)
    value = int(match[0]) if match else 0
    return (value + 2**31) % 2**32 - 2**31


def number(text: str) -> float:
    """C's atof."""
    match = NUMBER.match(text)
    return float(match[0]) if match else 0.0
