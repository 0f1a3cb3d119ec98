"""PARM, LOCAL and DEFGBL: from the attributes of a declaration to variables.

Source of the facts: ``tm/declare.c`` (addvar, set_defaults, gbl_defaults), ``tm/valid.c`` (bld_valid, keyword_check).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tae.messages import RETURN, TaeError
from tae.values import (
    INTEGER,
    NAME,
    REAL,
    STRING,
    Unreadable,
    parse_integer,
    parse_integer_range,
    parse_real,
    parse_real_range,
)
from tae.variables import (
    GLOBAL,
    LOCAL,
    MAXIMUM_VALUES,
    PARM,
    STRING_SIZE,
    BadValue,
    FileCheck,
    SymbolTable,
    Variable,
    fold,
    is_abbreviation,
)

RESERVED = frozenset(("AND", "OR", "NOT"))
VALID_SIZE = 250

Bound = Mapping[str, Variable]


@dataclass(frozen=True)
class Context:
    """Where a declaration stands.

    exists : whether a name is taken (PARM, LOCAL: in this procedure; DEFGBL: as a local of level 0)
    search : finds variables by exact name, resolved (for ``DEFAULT=`` of a NAME parameter)
    globals_ : the table of globals
    in_globals : whether the declaration stands in a GLOBALS file
    qualifiers : fills a new variable's qualifiers from the PARMSET of that name (raises ``TaeError``)
    validate, files : as in ``Variable.check``
    """

    exists: Callable[[str], bool]
    search: Callable[[str], Variable | None]
    globals_: SymbolTable
    in_globals: bool = False
    qualifiers: Callable[[str, Variable], None] | None = None
    validate: bool = True
    files: FileCheck | None = None


def declare(kind: str, bound: Bound, destination: SymbolTable, context: Context, page: bool = False) -> list[Variable]:
    """Make the variables of one declaration and add them to ``destination``.

    ``bound`` holds the declaration's own parameters (NAME, TYPE, COUNT, DEFAULT or INITIAL, VALID, ACCESS, QUALS) with
    their values. Raises ``TaeError`` that ends the procedure; variables before the bad one stay.
    """
    made = []
    for name in bound["NAME"].values or ():
        name = str(name)
        _check_name(name, kind, context)
        if kind == GLOBAL and name in context.globals_:
            continue
        variable = Variable(name, kind)
        (destination.insert if kind == GLOBAL else destination.add)(variable)
        try:
            _fill(variable, bound, destination, context)
        except TaeError:
            destination.remove(variable)
            raise
        variable.page = page
        if kind == GLOBAL:  # one that DEFGBL gives a value is seen by all procedures: the original keeps both in one bit
            variable.implicit, variable.defaulted = variable.defaulted, False
        made.append(variable)
    return made


def _error(name: str, *arguments: object) -> TaeError:
    return TaeError(name, *arguments, ends=RETURN)


def is_name(text: str) -> bool:
    """Whether a text is made of the characters of names only."""
    return all((c.isascii() and c.isalnum()) or c in "$_" for c in text)


def _check_name(name: str, kind: str, context: Context) -> None:
    if not is_name(name):
        raise _error("INVNAME", name)
    if fold(name) in RESERVED:
        raise _error("RESERVED", name)
    if kind == GLOBAL and name in context.globals_:
        return
    if context.exists(name):
        raise _error("VARCNFLCT", name)


def _fill(variable: Variable, bound: Bound, table: SymbolTable, context: Context) -> None:
    _type(variable, bound["TYPE"].values or (), context)
    if variable.type == NAME:
        if not all(bound[attribute].defaulted for attribute in ("COUNT", "VALID", "ACCESS")):
            raise _error("NAMERR")
    else:
        _count(variable, bound["COUNT"].values or ())
        if variable.keyword and bound["VALID"].defaulted:
            raise _error("VALIDREQ", variable.name)
        if not bound["VALID"].defaulted:
            _valid(variable, bound["VALID"].values or (), table)
        _access(variable, bound["ACCESS"])
    _qualifiers(variable, bound["QUALS"], context)
    _default(variable, bound, context)
    if variable.void:
        variable.nullable, variable.minimum, variable.maximum, variable.values = True, 0, 1, ()


def _type(variable: Variable, given: tuple, context: Context) -> None:
    """TYPE: any left part of the type words, tried in a fixed order."""
    word, sized = str(given[0]), len(given) > 1
    variable.void = is_abbreviation(word, "VOID")
    if is_abbreviation(word, INTEGER) or variable.void:
        variable.type = INTEGER
    elif is_abbreviation(word, REAL):
        variable.type = REAL
    elif is_abbreviation(word, STRING):
        if sized:
            variable.size = _string_size(variable, str(given[1]))
        return
    elif is_abbreviation(word, "KEYWORD"):
        variable.keyword = variable.kind == PARM
        variable.size = VALID_SIZE
        return
    elif is_abbreviation(word, "FILE"):
        variable.file = True
    elif is_abbreviation(word, NAME):
        if variable.kind != PARM or context.in_globals:
            raise _error("TYPERRN", variable.name)
        variable.type = NAME
        return
    else:
        raise _error("TYPERR", variable.name)
    if sized:
        raise _error("TYPERR", variable.name)


def _string_size(variable: Variable, text: str) -> int:
    try:
        size = parse_integer(text)
    except Unreadable:
        size = 0
    if not 0 < size <= STRING_SIZE:
        raise _error("STRSIZ", variable.name)
    return size


def _count(variable: Variable, ranges: tuple) -> None:
    """COUNT: one real range; a zero anywhere makes the variable nullable."""
    maximum = 0
    for text in ranges:
        try:
            low, high = parse_integer_range(str(text))
        except Unreadable:
            raise _error("CNTERR", variable.name) from None
        if low == 0:
            low = 1
            variable.nullable = True
        if high != 0:
            if maximum or high > MAXIMUM_VALUES or low < 1:
                raise _error("CNTERR", variable.name)
            variable.minimum, maximum = low, high
    if not maximum:
        raise _error("CNTERR", variable.name)
    variable.maximum = maximum


def _valid(variable: Variable, given: tuple, table: SymbolTable) -> None:
    try:
        if variable.type == INTEGER:
            variable.valid = tuple(parse_integer_range(str(text)) for text in given)
        elif variable.type == REAL:
            variable.valid = tuple(parse_real_range(str(text)) for text in given)
        else:
            variable.valid = given
    except Unreadable:
        raise _error("VALIDERR", variable.name) from None
    if variable.type != STRING:
        return
    for text in given:
        if variable.keyword:
            _check_keyword(variable, text, table)
    variable.size = max([variable.size, *map(len, given)])


def _check_keyword(variable: Variable, keyword: str, table: SymbolTable) -> None:
    """A keyword may belong to one parameter only."""
    for other in table:
        if other is not variable and other.keyword and any(fold(keyword) == fold(item) for item in other.valid or ()):
            raise _error("KEYCONFLICT", other.name, variable.name)


def _access(variable: Variable, given: Variable) -> None:
    access = str((given.values or ("NOCHECK",))[0])
    if access == "EVENT":
        variable.event = True
    elif not given.defaulted and not variable.file:
        raise _error("ACCNOTALL", variable.name)
    else:
        variable.access = access


def _qualifiers(variable: Variable, given: Variable, context: Context) -> None:
    if not given.values:
        return
    if variable.kind == GLOBAL:
        raise _error("NOQUAL.defgbl")
    if context.qualifiers is not None:
        variable.qualifiers = SymbolTable()
        context.qualifiers(str(given.values[0]), variable)


# ---- initial values ---------------------------------------------------------------------------------------------------


def _default(variable: Variable, bound: Bound, context: Context) -> None:
    given = bound["DEFAULT" if variable.kind == PARM else "INITIAL"]
    existing = context.globals_.exact(variable.name) if context.in_globals and variable.kind == PARM else None
    if existing is not None:
        _take_global(variable, existing, context)
    elif not given.defaulted and variable.type == NAME:
        name = str(given.values[0]) if given.values else ""
        variable.reference = context.search(name)
        variable.default_name = name
        if variable.reference is None:
            raise _error("BADREF", name)
        variable.defaulted = True
    elif not given.defaulted:
        _set_default(variable, given.values or (), context)


def _set_default(variable: Variable, fields: tuple, context: Context) -> None:
    """DEFAULT or INITIAL; whatever is wrong with it, the message is the same."""
    failure = _error("DFTERR", variable.name)
    if not fields and not variable.nullable:
        raise failure
    if fields and not variable.minimum <= len(fields) <= variable.maximum:
        raise failure
    try:
        if variable.type == INTEGER:
            values: tuple = tuple(parse_integer(field) for field in fields)
        elif variable.type == REAL:
            values = tuple(parse_real(field) for field in fields)
        else:
            values = fields
        variable.check(variable.type, values, files=context.files, validate=context.validate)
    except (Unreadable, BadValue):
        raise failure from None
    variable.set(values, validate=context.validate)
    variable.default = variable.values
    variable.defaulted = True


def _take_global(variable: Variable, existing: Variable, context: Context) -> None:
    """A parameter of a GLOBALS file takes the value of the global that exists already."""
    consistent = (
        variable.type == existing.type
        and variable.size <= existing.size
        and variable.minimum >= existing.minimum
        and variable.maximum <= existing.maximum
        and variable.nullable == existing.nullable
    )
    if not consistent:
        raise _error("REDEF", existing.name)
    try:
        variable.check(existing.type, existing.values, files=context.files, validate=context.validate)
    except BadValue:
        raise _error("REDEF", existing.name) from None
    variable.set(existing.values, validate=context.validate)
    variable.default = variable.values
    variable.defaulted = True
    for qualifier in existing.qualifiers or ():
        own = variable.qualifiers.exact(qualifier.name) if variable.qualifiers is not None else None
        if own is None:
            raise _error("REDEF.qualifier", qualifier.name)
        _take_global(own, qualifier, context)


__all__ = ["GLOBAL", "LOCAL", "PARM", "Context", "declare", "is_name"]
