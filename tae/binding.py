"""Operands of a command line to values of its parameters: first error wins.

Values go to parameters by position until the first ``name=`` or ``'keyword``; each is converted, checked against type,
count, size and VALID list, and stored before the next one is looked at. What has been stored before an error stays stored
(the tutor shows it).

Source of the facts: ``tm/tm.c`` (updtab, repval, misprm), ``tm/tmsubs.c`` (upd_p_qlf, list_missing).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tae import variables as v
from tae.messages import TaeError
from tae.parser import parse_fields
from tae.syntax import Field, Operands
from tae.values import INTEGER, NAME, REAL, STRING, Unreadable, Value, parse_values
from tae.variables import Ambiguous, BadValue, FileCheck, SymbolTable, Variable

Search = Callable[[str], "Variable | None"]

MISSING_SIZE = 250


@dataclass(frozen=True)
class Rules:
    """What else binding needs to know.

    search : finds variables of the caller (exact name, resolved) for NAME parameters and ``@name``
    validate : False while $SWITCH has NO_VALIDATE
    files : check of FILE values, None when nobody looks
    """

    search: Search
    validate: bool = True
    files: FileCheck | None = None


def bind(
    table: SymbolTable, operands: Operands, search: Search, *, validate: bool = True, files: FileCheck | None = None
) -> None:
    """Give the parameters of ``table`` the values of a command line. Raises ``TaeError`` at the first error."""
    rules = Rules(search, validate, files)
    parameters = iter(table)
    for field in operands.positional:
        parameter = next(parameters, None)
        _raise(field.error)
        if parameter is None:
            raise TaeError("PARS")
        _give(parameter, field, rules)
    for field in operands.named:
        _raise_before_name(field)
        parameter = _named(table, field)
        _raise(field.error)
        _give(parameter, field, rules)


def bind_text(table: SymbolTable, text: str, search: Search, **options: object) -> None:
    """Bind a piece of text that holds nothing but operands (the qualifiers between bars)."""
    bind(table, parse_fields(text), search, **options)  # type: ignore[arg-type]


def require(table: SymbolTable) -> None:
    """Raise ``TaeError('MISPAR')`` when a parameter has neither value nor default."""
    if any(variable.missing or variable.qualifiers is not None for variable in table):
        missing = missing_list(table)
        if missing:
            raise TaeError("MISPAR", "s" if len(missing) > 1 else "", ", ".join(missing))


def missing_list(table: SymbolTable) -> list[str]:
    """Names of parameters without a value, as many as fit the original's text of 250 characters."""
    names: list[str] = []
    length = 0
    for name in table.missing():
        if len(name) + length + 2 > MISSING_SIZE:
            names.append("")  # the original leaves the comma standing and counts the one that does not fit
            break
        names.append(name)
        length += len(name) + 2
    return names


def _raise(fault: tuple | None) -> None:
    if fault is not None:
        raise TaeError(*fault)


def _raise_before_name(field: Field) -> None:
    """Errors noticed before a name or keyword is looked up."""
    if field.error is not None and (field.keyword or not field.name):
        raise TaeError(*field.error)


def _named(table: SymbolTable, field: Field) -> Variable:
    """The parameter of ``name=`` or ``'keyword``."""
    if field.keyword:
        assert field.values
        key = field.values[0]
        try:
            parameter = table.keyword(key)
        except Ambiguous:
            raise TaeError("KEYWORD.ambiguous", key) from None
        if parameter is None:
            raise TaeError("KEYWORD", key)
        return parameter
    try:
        parameter = table.abbreviated(field.name)
    except Ambiguous:
        raise TaeError("AMBIGPAR", field.name) from None
    if parameter is None:
        raise TaeError("BADPAR", field.name)
    return parameter


def _give(parameter: Variable, field: Field, rules: Rules) -> None:
    """Store the value of one field, then its qualifiers."""
    if field.values is None:
        return
    assign(parameter, field.values, field.reference, rules)
    _raise(field.qualifier_error)
    if field.qualifiers is not None:
        qualifiers = parameter.qualifiers if parameter.qualifiers is not None else SymbolTable()
        operands = parse_fields(field.qualifiers)
        bind(qualifiers, operands, rules.search, validate=rules.validate, files=rules.files)


def assign(parameter: Variable, fields: Sequence[str], reference: bool, rules: Rules) -> None:
    """Convert, check and store a value (source: repval). ``reference`` says that the field is ``@name``."""
    if parameter.type == NAME or reference:
        if len(fields) != 1:
            raise count_error(parameter, len(fields))
        source = rules.search(fields[0])
        if source is None:
            raise TaeError("UNDEFVAR", fields[0])
        if parameter.type == NAME:
            parameter.reference = source
            parameter.defaulted = False
            return
        type_, values = source.type, source.values
    else:
        source = parameter
        type_, values = parameter.type, _converted(parameter, fields)
    try:
        parameter.check(type_, values, files=rules.files, validate=rules.validate)
    except BadValue as bad:
        raise value_error(parameter, bad.reason, source, -1 if values is None else len(values)) from None
    parameter.set(values, validate=rules.validate)
    parameter.defaulted = False


def _converted(parameter: Variable, fields: Sequence[str]) -> tuple[Value, ...]:
    if parameter.type == STRING:
        return tuple(fields)
    try:
        return parse_values(parameter.type, fields)
    except Unreadable:
        raise TaeError("INVINT" if parameter.type == INTEGER else "INVREAL", parameter.name) from None


def value_error(parameter: Variable, reason: str, source: Variable, count: int) -> TaeError:
    """The message for a value that does not fit a parameter."""
    if reason == v.BAD_COUNT:
        return count_error(parameter, count)
    if reason == v.BAD_SIZE:
        return TaeError("LONGSTR", parameter.name, parameter.size)
    if reason == v.BAD_TYPE:
        return TaeError("BADTYPE", source.name, parameter.name)
    if reason == v.BAD_VALID:
        return TaeError("RANGE" if parameter.type in (INTEGER, REAL) else "INVSTR", parameter.name)
    if reason == v.BAD_AMBIGUOUS:
        return TaeError("AMBIGVAL", parameter.name)
    return TaeError("BADFILE", parameter.name)


def count_error(parameter: Variable, count: int) -> TaeError:
    """Too few or too many values. The original prints the minimum in both messages."""
    if count == 0:
        return TaeError("NOTNULL", parameter.name)
    name = "TOOFEW" if count < parameter.minimum else "TOOMANY"
    return TaeError(name, parameter.name, parameter.minimum)
