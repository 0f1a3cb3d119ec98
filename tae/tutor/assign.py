"""Giving parameters values in the tutor: ``parm=value``, ``parm(i)=value``, and values after RUN and SET.

The rules are those of a command line, the messages are not. Source of the facts: ``tm/tutcmd.c`` (tut_set_value, tut_updtab,
tutprmeq), ``tm/tutorport.c`` (gettpnam).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tae.messages import TaeError
from tae.parser import parse_fields
from tae.scanner import WORD, Scanner
from tae.syntax import Field, Operands
from tae.values import INTEGER, NAME, REAL, STRING, Unreadable, Value, parse_integer, parse_values
from tae.variables import (
    BAD_AMBIGUOUS,
    BAD_COUNT,
    BAD_FILE,
    BAD_SIZE,
    BAD_VALID,
    NAME_SIZE,
    Ambiguous,
    BadValue,
    SymbolTable,
    Variable,
)

Search = Callable[[str], "Variable | None"]


def find_parameter(table: SymbolTable, name: str) -> Variable:
    """A parameter by its name or an abbreviation."""
    try:
        variable = table.abbreviated(name)
    except Ambiguous:
        raise TaeError("AMBIGPAR.tutor", name) from None
    if variable is None:
        raise TaeError("TUNRECPAR", name)
    return variable


def parameter_name(text: str) -> tuple[str, int, int]:
    """``name=`` or ``name(i)=``: the name, the subscript (0 without one), and where the value starts."""
    scanner = Scanner(text)
    kind, name = scanner.solid()
    if kind != WORD or len(name) > NAME_SIZE:
        raise TaeError("TUNRECPAR", name)
    position = scanner.position
    kind, _ = scanner.solid()
    subscript = 0
    if kind == "(":
        end = text.find(")", scanner.position)
        inside = text[scanner.position : end].strip() if end >= 0 else ""
        if not inside or "," in inside:
            raise TaeError("TNISUBSC")
        try:
            subscript = parse_integer(inside)
        except Unreadable:
            raise TaeError("TNISUBSC.tutor") from None
        if subscript <= 0:
            raise TaeError("TNISUBSC")
        position = end + 1
    scanner.position = position
    if scanner.solid()[0] != "=":
        raise TaeError("TMEQASS")
    return name, subscript, scanner.position


def assign_line(table: SymbolTable, text: str, search: Search, validate: bool) -> tuple[Variable, int]:
    """One ``parm=value`` line (``tutprmeq``); the parameter and the subscript. Raises `TaeError`."""
    name, subscript, position = parameter_name(text)
    variable = find_parameter(table, name)
    value = text[position:].strip()
    if not value:
        set_value(variable, subscript, None, search, validate)
        return variable, subscript
    if value == "--":
        set_value(variable, subscript, (), search, validate)
        return variable, subscript
    bar = value.find("|")
    plain, qualifiers = (value, "") if bar < 0 else (value[:bar], value[bar:])
    if subscript == 0 and not plain.startswith("("):
        plain = f"({plain})"
    operands = parse_fields(f"{name}={plain}{qualifiers}")
    field = operands.named[0]
    if field.error is not None:
        raise TaeError("INVPVAL", field.error[1] if len(field.error) > 1 else "Invalid value format")
    most = 1 if variable.type == NAME or subscript else variable.maximum
    if field.values is not None and len(field.values) > most:
        raise TaeError("INVPVAL", "Maximum number of values exceeded")
    set_value(variable, subscript, field.values, search, validate)
    _qualify(variable, field, search, validate)
    if len(operands.named) > 1 or operands.positional:
        raise TaeError("TUNEXCH.tutor")
    return variable, subscript


def parenthesised(text: str) -> str:
    """A value as typed alone, made a list unless it is one."""
    text = text.strip()
    return text if text.startswith("(") else f"({text})"


def bind(table: SymbolTable, operands: Operands, search: Search, validate: bool) -> None:
    """Values after RUN or SET, as on a command line (``tut_updtab``). Raises `TaeError`."""
    parameters = iter(table)
    for field in operands.positional:
        parameter = next(parameters, None)
        if field.error is not None:
            raise TaeError(*field.error)
        if parameter is None:
            raise TaeError("PARS.tutor")
        _give(parameter, field, search, validate)
    for field in operands.named:
        if field.error is not None and (field.keyword or not field.name):
            raise TaeError(*field.error)
        parameter = _by_keyword(table, field.values[0]) if field.keyword else _by_name(table, field.name)
        if field.error is not None:
            raise TaeError(*field.error)
        _give(parameter, field, search, validate)


def _by_keyword(table: SymbolTable, key: str) -> Variable:
    try:
        parameter = table.keyword(key)
    except Ambiguous:
        raise TaeError("KEYWORD.ambiguous", key) from None
    if parameter is None:
        raise TaeError("KEYWORD", key)
    return parameter


def _by_name(table: SymbolTable, name: str) -> Variable:
    try:
        parameter = table.abbreviated(name)
    except Ambiguous:
        raise TaeError("AMBIGPAR", name) from None
    if parameter is None:
        raise TaeError("BADPAR.tutor", name)
    return parameter


def _give(parameter: Variable, field: Field, search: Search, validate: bool) -> None:
    if field.values is None:
        return
    if field.reference:
        source = search(field.values[0])
        if source is None:
            raise TaeError("UNDEFVAR", field.values[0])
        _store(parameter, source.type, source.values or (), 0, validate)
        return
    set_value(parameter, 0, field.values, search, validate)
    _qualify(parameter, field, search, validate)


def _qualify(parameter: Variable, field: Field, search: Search, validate: bool) -> None:
    if field.qualifier_error is not None:
        raise TaeError(*field.qualifier_error)
    if field.qualifiers is not None:
        bind(parameter.qualifiers or SymbolTable(), parse_fields(field.qualifiers), search, validate)


def set_value(
    variable: Variable, subscript: int, fields: Sequence[str] | None, search: Search, validate: bool = True
) -> None:
    """Give a parameter, or one component of it, a value (``tut_set_value``); None is its default, () null."""
    if variable.type == NAME:
        _set_name(variable, subscript, fields, search)
        return
    if subscript > variable.maximum:
        raise TaeError("BIGSUBS", variable.name)
    if fields is None:
        _set_default(variable, subscript)
        return
    if subscript and not fields:
        raise TaeError("COMPNULL")
    try:
        if subscript and fields[0] == "" and variable.type != STRING:
            raise Unreadable
        values = parse_values(variable.type, fields)
    except Unreadable:
        name = "INVINT.tutor" if variable.type == INTEGER else "INVREAL.tutor"
        raise TaeError(name, "s" if len(fields) > 1 else "", variable.name) from None
    _store(variable, variable.type, values, subscript, validate)


def _store(variable: Variable, type_: str, values: tuple[Value, ...], subscript: int, validate: bool) -> None:
    try:
        if subscript:
            variable.check_component(type_, values[0], validate=validate)
            filled = fill(variable, subscript)
            filled[subscript - 1] = values[0]
            variable.set(tuple(filled), validate=validate)
        else:
            variable.check(type_, values, validate=validate)
            variable.set(values, validate=validate)
    except BadValue as bad:
        raise _refused(variable, bad.reason, len(values)) from None
    variable.defaulted = False


def fill(variable: Variable, subscript: int) -> list[Value]:
    """The present values, with zeros, blanks or the last VALID string up to a component that is to be set."""
    values = list(variable.values or ())
    if subscript > len(values):
        nothing: Value = {INTEGER: 0, REAL: 0.0}.get(variable.type, "")
        if variable.type == STRING and variable.valid:
            nothing = variable.valid[-1]
        values += [nothing] * (max(variable.minimum, subscript) - len(values))
    return values


def _set_default(variable: Variable, subscript: int) -> None:
    default = variable.default
    if subscript:
        if default is None or subscript > len(default):
            raise TaeError("TNODEF.tutor", variable.name, subscript)
        values = fill(variable, subscript)
        values[subscript - 1] = default[subscript - 1]
        variable.set(tuple(values))
        return
    if default is None:
        raise TaeError("TNODEF", variable.name)
    variable.set(default)
    variable.defaulted = True


def _set_name(variable: Variable, subscript: int, fields: Sequence[str] | None, search: Search) -> None:
    if subscript > 1:
        raise TaeError("BIGSUBS", variable.name)
    if fields is None:
        reference = search(variable.default_name) if variable.default_name else None
        if reference is None:
            if subscript:
                raise TaeError("TNODEF.tutor", variable.name, subscript)
            raise TaeError("TNODEF", variable.name)
        variable.reference = reference
        return
    if len(fields) != 1:
        raise TaeError("TOOFEW.tutor2", variable.name)
    reference = search(fields[0])
    if reference is None:
        raise TaeError("UNDEFVAR", fields[0])
    variable.reference = reference
    variable.defaulted = False


def _refused(variable: Variable, reason: str, count: int) -> TaeError:
    if reason == BAD_COUNT:
        if count == 0:
            return TaeError("NOTNULL.tutor", variable.name)
        return TaeError("TOOFEW.tutor", variable.name, variable.minimum)
    if reason == BAD_SIZE:
        return TaeError("LONGSTR", variable.name, variable.size)
    if reason == BAD_VALID:
        return TaeError("INVSTR.tutor" if variable.type == STRING else "RANGE", variable.name)
    if reason == BAD_AMBIGUOUS:
        return TaeError("AMBIGVAL.tutor", variable.name)
    if reason == BAD_FILE:
        return TaeError("BADFILE", variable.name)
    return TaeError("BADTYPE", variable.name, variable.name)
