"""Variables: parameters, locals and globals, with the checks an assignment goes through.

Source of the facts: ``include/symtab.inc``, ``tm/symbol.c``, ``tm/setcheck.c``, ``tm/valid.c``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from tae.values import INTEGER, NAME, STRING, Value, substituted_text

MAXIMUM_VALUES = 600
NAME_SIZE = 15
QUALIFIED_NAME_SIZE = 76
STRING_SIZE = 250

PARM = "PARM"
LOCAL = "LOCAL"
GLOBAL = "GLOBAL"

# what an assignment can fail for, in the order the original checks (chk_vector)
BAD_TYPE = "type"
BAD_COUNT = "count"
BAD_SIZE = "size"
BAD_VALID = "valid"
BAD_AMBIGUOUS = "ambiguous"
BAD_FILE = "file"


class BadValue(Exception):
    """A value that a variable does not take; ``reason`` is one of the names above. The caller words the message."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


FileCheck = Callable[["Variable", Sequence[Value]], bool]


@dataclass(eq=False)
class Variable:
    """One variable.

    Attributes
    ----------
    name : as declared
    kind : PARM, LOCAL or GLOBAL
    type : INTEGER, REAL, STRING or NAME
    values : None = no value; () = null; else the values
    minimum, maximum : count range of a value that is not null
    nullable : whether ``--`` is allowed
    size : longest string
    valid : ranges (low, high) of a number, strings of a string; None = anything goes
    keyword : TYPE=KEYWORD parameter (its ``valid`` strings can be given as ``'key``)
    file : TYPE=FILE; ``access`` is then NOCHECK, IN, INOUT or OUT
    default : values the parameter started with, None if it has none
    defaulted : True until the parameter is given a value
    reference : the variable a NAME parameter stands for
    default_name : name as written in a NAME parameter's DEFAULT
    qualifiers : the parameter's own qualifiers
    page : PARM-PAGE
    void : TYPE=VOID
    implicit : a global every procedure sees without REFGBL
    protected : a global or local that cannot be deleted
    defined_in : for a global, the GLOBALS procedure that made it; "" for one that DEFGBL made
    references : how many procedures refer to a global
    """

    name: str
    kind: str = LOCAL
    type: str = STRING
    values: tuple[Value, ...] | None = None
    minimum: int = 1
    maximum: int = 1
    nullable: bool = False
    size: int = STRING_SIZE
    valid: tuple | None = None
    keyword: bool = False
    file: bool = False
    access: str = "NOCHECK"
    event: bool = False
    default: tuple[Value, ...] | None = None
    defaulted: bool = False
    reference: Variable | None = None
    default_name: str = ""
    qualifiers: SymbolTable | None = None
    page: bool = False
    void: bool = False
    implicit: bool = False
    protected: bool = False
    defined_in: str = ""
    references: int = 0

    @property
    def count(self) -> int:
        """Number of values; 0 for null, -1 for no value."""
        return -1 if self.values is None else len(self.values)

    @property
    def resolved(self) -> Variable | None:
        """The variable meant: itself, or what a NAME parameter refers to (None when it refers to nothing)."""
        return self.reference if self.type == NAME else self

    @property
    def missing(self) -> bool:
        """Whether a required parameter has not got its value."""
        return self.reference is None if self.type == NAME else self.values is None

    @property
    def text(self) -> str:
        """First value of a string variable, "" when there is none (for the monitor's own variables)."""
        return str(self.values[0]) if self.values else ""

    def check(
        self, type_: str, values: Sequence[Value] | None, *, files: FileCheck | None = None, validate: bool = True
    ) -> None:
        """Raise ``BadValue`` when a whole value does not fit (source: chk_vector).

        ``validate`` is False while $SWITCH has NO_VALIDATE: string sizes and VALID are then not looked at.
        ``files`` answers whether FILE values are fine; None means that nobody looks. "No value" (None) always fits.
        """
        if type_ != self.type:
            raise BadValue(BAD_TYPE)
        if values is None:
            return
        if not values:
            if not self.nullable:
                raise BadValue(BAD_COUNT)
        elif not self.minimum <= len(values) <= self.maximum:
            raise BadValue(BAD_COUNT)
        self._check_components(values, files, validate)

    def check_component(self, type_: str, value: Value, *, files: FileCheck | None = None, validate: bool = True) -> None:
        """Raise ``BadValue`` when one component does not fit (source: chk_component)."""
        if type_ != self.type:
            raise BadValue(BAD_TYPE)
        self._check_components((value,), files, validate)

    def _check_components(self, values: Sequence[Value], files: FileCheck | None, validate: bool) -> None:
        if validate:
            if self.type == STRING and any(len(str(value)) > self.size for value in values):
                raise BadValue(BAD_SIZE)
            self._check_valid(values)
        if files is not None and self.file and not files(self, values):
            raise BadValue(BAD_FILE)

    def _check_valid(self, values: Sequence[Value]) -> None:
        if self.valid is None:
            return
        if self.type == STRING:
            for value in values:
                matches = valid_matches(str(value), self.valid)
                if matches != 1:
                    raise BadValue(BAD_AMBIGUOUS if matches else BAD_VALID)
        elif not all(any(low <= value <= high for low, high in self.valid) for value in values):
            raise BadValue(BAD_VALID)

    def set(self, values: Sequence[Value] | None, *, validate: bool = True) -> None:
        """Store values that have been checked; strings get the spelling of the VALID list (source: set_value)."""
        if values is not None and self.valid is not None and self.type == STRING and validate:
            values = tuple(valid_spelling(str(value), self.valid) for value in values)
        self.values = None if values is None else tuple(values)

    def set_component(self, index: int, value: Value, *, validate: bool = True) -> None:
        """Store one checked component; ``index`` counts from 1 and may be one past the last (source: set_component)."""
        values = list(self.values or ())
        if index == len(values) + 1:
            values.append(value)
        else:
            values[index - 1] = value
        self.set(values, validate=validate)

    def substituted(self) -> str:
        """Text that ``&name`` inserts."""
        return substituted_text(self.values or ())

    def copy(self) -> Variable:
        """An independent variable with the same value (qualifiers are copied too)."""
        qualifiers = self.qualifiers.copy() if self.qualifiers is not None else None
        return replace(self, qualifiers=qualifiers)


def is_abbreviation(short: str, full: str) -> bool:
    """Whether ``short`` is a left part of ``full``, letter case aside; the empty string is of everything (s_lseq)."""
    return fold(full).startswith(fold(short))


def fold(text: str) -> str:
    """Upper case as the original folds: the letters a-z only."""
    return text.upper() if text.isascii() else "".join(c.upper() if "a" <= c <= "z" else c for c in text)


def valid_matches(value: str, valid: Iterable[str]) -> int:
    """How many VALID strings a value abbreviates; 1 as soon as one is equal to it (source: chk_valid)."""
    matches = 0
    folded = fold(value)
    for candidate in valid:
        upper = fold(candidate)
        if upper == folded:
            return 1
        matches += upper.startswith(folded)
    return matches


def valid_spelling(value: str, valid: Iterable[str]) -> str:
    """The VALID string meant by a value: the equal one, else the last that it abbreviates (source: trans_valid)."""
    spelling = value
    folded = fold(value)
    for candidate in valid:
        upper = fold(candidate)
        if upper == folded:
            return candidate
        if upper.startswith(folded):
            spelling = candidate
    return spelling


class Ambiguous(LookupError):
    """A name or keyword abbreviates several."""


class SymbolTable:
    """Variables in the order of their declaration, found by name without regard to letter case."""

    __slots__ = ("_by_name",)

    def __init__(self, variables: Iterable[Variable] = ()) -> None:
        self._by_name: dict[str, Variable] = {}
        for variable in variables:
            self.add(variable)

    def __iter__(self) -> Iterator[Variable]:
        return iter(self._by_name.values())

    def __len__(self) -> int:
        return len(self._by_name)

    def __bool__(self) -> bool:
        return True

    def __contains__(self, name: str) -> bool:
        return fold(name) in self._by_name

    def add(self, variable: Variable) -> Variable:
        """Append a variable."""
        self._by_name[fold(variable.name)] = variable
        return variable

    def remove(self, variable: Variable) -> None:
        """Take a variable out."""
        del self._by_name[fold(variable.name)]

    def copy(self) -> SymbolTable:
        """A table with copies of the variables."""
        return SymbolTable(variable.copy() for variable in self)

    def exact(self, name: str) -> Variable | None:
        """The variable of that full name, or of ``parameter.qualifier``; None if there is none (source: lookex)."""
        variable = self._by_name.get(fold(name))
        if variable is not None or "." not in name:
            return variable
        head, _, tail = name.partition(".")
        variable = self._by_name.get(fold(head))
        variable = variable.resolved if variable is not None else None
        if variable is None or not tail:
            return variable
        return variable.qualifiers.exact(tail) if variable.qualifiers is not None else None

    def abbreviated(self, name: str) -> Variable | None:
        """The variable a name or its abbreviation means; an equal name wins (source: lookab).

        Returns None when there is none, raises ``Ambiguous`` when there are several.
        """
        head, period, tail = name.partition(".")
        if not head:
            head, tail = name, ""
        folded = fold(head)
        variable = self._by_name.get(folded)
        if variable is None:
            matches = [candidate for key, candidate in self._by_name.items() if key.startswith(folded)]
            if len(matches) > 1:
                raise Ambiguous(name)
            variable = matches[0] if matches else None
        if variable is None or not (period and tail):
            return variable
        variable = variable.resolved
        if variable is None or variable.qualifiers is None:
            return None
        return variable.qualifiers.abbreviated(tail)

    def keyword(self, key: str) -> Variable | None:
        """The KEYWORD parameter that a ``'key`` belongs to (source: key_trans).

        An equal keyword wins, else an abbreviation that is unique over all keyword parameters. Returns None when there
        is none, raises ``Ambiguous`` when there are several.
        """
        folded = fold(key)
        found = None
        matches = 0
        for variable in self:
            if not variable.keyword or variable.valid is None:
                continue
            for candidate in variable.valid:
                upper = fold(candidate)
                if upper == folded:
                    return variable
                if upper.startswith(folded):
                    found = variable
                    matches += 1
        if matches > 1:
            raise Ambiguous(key)
        return found

    def missing(self) -> list[str]:
        """Names of parameters without a value, qualifiers as ``parameter.qualifier`` (source: misprm)."""
        names = []
        for variable in self:
            if variable.missing:
                names.append(variable.name)
            if variable.qualifiers is not None:
                names += [f"{variable.name}.{item.name}" for item in variable.qualifiers if item.missing]
        return names


def integer(name: str, *values: int, kind: str = LOCAL, maximum: int = 1, **attributes: object) -> Variable:
    """An INTEGER variable for the monitor's own use."""
    return Variable(name, kind, INTEGER, tuple(values), maximum=maximum, **attributes)  # type: ignore[arg-type]


def string(name: str, *values: str, kind: str = LOCAL, maximum: int = 1, **attributes: object) -> Variable:
    """A STRING variable for the monitor's own use."""
    return Variable(name, kind, STRING, tuple(values), maximum=maximum, **attributes)  # type: ignore[arg-type]


@dataclass(frozen=True)
class IntrinsicParameter:
    """One parameter of a built-in command (source: RESIDVAR tables).

    ``default`` None means that the parameter must be given; () that it is null by default.
    """

    name: str
    type: str = STRING
    minimum: int = 1
    maximum: int = 1
    size: int = STRING_SIZE
    default: tuple[Value, ...] | None = None
    valid: tuple[str, ...] | None = None
    keyword: bool = False

    def variable(self) -> Variable:
        """A fresh variable for one call of the command."""
        return Variable(
            self.name,
            PARM,
            self.type,
            self.default,
            minimum=self.minimum or 1,
            maximum=self.maximum,
            nullable=self.minimum == 0,
            size=self.size,
            valid=self.valid,
            keyword=self.keyword,
            default=self.default,
            defaulted=self.default is not None,
        )


def intrinsic_table(parameters: Sequence[IntrinsicParameter]) -> SymbolTable:
    """Fresh parameters for one call of a built-in command."""
    return SymbolTable(parameter.variable() for parameter in parameters)


