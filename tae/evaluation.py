"""IF, LET and FOR: the commands whose operands are expressions.

Source of the facts: ``tm/if.c``, ``tm/let.c``, ``tm/loops.c`` (getfval).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from tae import variables as v
from tae.expression_parser import parse_expression
from tae.expressions import FUNCTIONS, Function, evaluate
from tae.messages import RETURN, TaeError
from tae.scanner import COMMA, QUALIFIED, TOKEN_SIZE, WORD, Scanner
from tae.values import INTEGER, Value
from tae.variables import QUALIFIED_NAME_SIZE, BadValue, FileCheck, Variable

MAXIMUM_FOR_VALUES = 50


@lru_cache(maxsize=8192)
def _target(text: str, position: int) -> tuple[str, int, bool]:
    """Name on the left of a LET, where the text goes on after it, and whether a comma stood between."""
    scanner = Scanner(text, position)
    kind, name = scanner.solid()
    if kind not in (WORD, QUALIFIED):
        raise TaeError("BADLET")
    if len(name) > QUALIFIED_NAME_SIZE:
        raise TaeError("LONGNAME", QUALIFIED_NAME_SIZE)
    comma = scanner.skip_separator() == COMMA
    return name, scanner.position, comma


class Evaluator:
    """Evaluates the free-form commands in a scope (anything with ``search(name) -> Variable | None``).

    Parameters
    ----------
    functions : functions of expressions beside the built-in ones (``$GLOBAL``, ``$ASFI`` ...), see ``expressions``
    validate : answers whether VALID lists and string sizes count ($SWITCH without NO_VALIDATE)
    files : check of FILE values, None when nobody looks
    """

    def __init__(
        self,
        functions: Mapping[str, Function] | None = None,
        validate: Callable[[], bool] = lambda: True,
        files: FileCheck | None = None,
    ) -> None:
        self.functions = {**FUNCTIONS, **(functions or {})}
        self.validate = validate
        self.files = files

    def condition(self, text: str, scope: Any, position: int = 0) -> bool:
        """Whether the condition of an IF holds; its errors end the procedure.

        ``text`` is the whole command up to the end of the condition, which starts at ``position`` (messages quote what is
        around an error, and that can be the command word).
        """
        try:
            expression = parse_expression(text, position)
            values = evaluate(expression, INTEGER, scope.search, self.functions)
            if expression.comma:
                raise TaeError("UNEXCH")
        except TaeError as error:
            raise ending(error) from None
        return bool(values and values[0])

    def integers(self, text: str, scope: Any) -> tuple[Value, ...]:
        """An expression in integer context (a subscript)."""
        return evaluate(parse_expression(text), INTEGER, scope.search, self.functions)

    # ---- LET ----

    def let(self, text: str, scope: Any, position: int = 0) -> Variable:
        """LET: ``text`` is the whole command, its operands start at ``position``. Returns the variable that was set."""
        name, after, comma = _target(text, position)
        variable = scope.search(name)
        if variable is None:
            raise TaeError("UNDEFVAR", name)
        if comma:
            raise TaeError("BADLET")
        index = None
        if text[after : after + 1] != "=":
            after, index = self._subscript(text, after, variable, scope)
        expression = parse_expression(text, after + 1)
        values = evaluate(expression, variable.type, scope.search, self.functions)
        if expression.comma:
            raise TaeError("UNEXCH", ends="check")
        if index is None:
            self._check(variable, values)
            variable.set(values, validate=self.validate())
        else:
            if len(values) != 1:
                raise TaeError("BADIVAL")
            self._check(variable, values, component=True)
            variable.set_component(index, values[0], validate=self.validate())
        return variable

    def _subscript(self, text: str, start: int, variable: Variable, scope: Any) -> tuple[int, int]:
        """Where the equal sign is, and the value of the subscript before it."""
        if text[start : start + 1] != "(":
            raise TaeError("MISEQ", ends="check")
        end = text.find("=", start)
        length = (end if end >= 0 else len(text)) - start
        if length > TOKEN_SIZE:
            raise TaeError("LONGINDX", TOKEN_SIZE)
        if end < 0:
            raise TaeError("NOLETVAL")
        values = self.integers(text[start:end], scope)
        self._check_subscript(variable, values)
        return end, int(values[0])

    @staticmethod
    def _check_subscript(variable: Variable, values: tuple[Value, ...]) -> None:
        if len(values) != 1:
            raise TaeError("BADLETSUBS")
        index = values[0]
        if variable.count == -1:
            if index != 1:
                raise TaeError("BADLETSUBS")
            if variable.minimum > 1:
                raise TaeError("TOOFEWVAL", variable.name)
        elif index > variable.count + 1:  # type: ignore[operator]
            raise TaeError("BADLETSUBS")
        if not 1 <= index <= variable.maximum:  # type: ignore[operator]
            raise TaeError("BADLETSUBS")

    def _check(self, variable: Variable, values: tuple[Value, ...], component: bool = False) -> None:
        try:
            if component:
                variable.check_component(variable.type, values[0], files=self.files, validate=self.validate())
            else:
                variable.check(variable.type, values, files=self.files, validate=self.validate())
        except BadValue as bad:
            raise _let_error(variable, bad.reason) from None

    # ---- FOR ----

    def for_values(self, text: str, scope: Any, position: int = 0) -> tuple[Variable, list[tuple[Value, ...]]]:
        """FOR: its variable and the values it takes one after the other; errors end the procedure."""
        try:
            return self._for_values(Scanner(text, position), scope)
        except TaeError as error:
            raise ending(error) from None

    def _for_values(self, scanner: Scanner, scope: Any) -> tuple[Variable, list[tuple[Value, ...]]]:
        _, name = scanner.solid()
        if len(name) > QUALIFIED_NAME_SIZE:
            raise TaeError("FORVARBAD", QUALIFIED_NAME_SIZE)
        variable = scope.search(name)
        if variable is None:
            raise TaeError("UNDEFVAR", name)
        if scanner.solid()[0] != "=":
            raise TaeError("MISEQ")
        found: list[tuple[Value, ...]] = []
        position = scanner.position
        while len(found) < MAXIMUM_FOR_VALUES:
            expression = parse_expression(scanner.text, position)
            values = evaluate(expression, variable.type, scope.search, self.functions)
            try:
                variable.check(variable.type, values, files=self.files, validate=self.validate())
            except BadValue as bad:
                raise _for_error(variable, bad.reason, len(found) + 1) from None
            found.append(values)
            if not expression.comma:
                return variable, found
            position = expression.end
        raise TaeError("TOOMNYFOR", MAXIMUM_FOR_VALUES)


def ending(error: TaeError) -> TaeError:
    """The error as one that ends the procedure."""
    error.ends = RETURN
    for item in error.follow:
        item.ends = RETURN
    return error


def _let_error(variable: Variable, reason: str) -> TaeError:
    if reason == v.BAD_TYPE:
        return TaeError("MIXTYPE")
    if reason == v.BAD_COUNT:
        return TaeError("BADVALCT", variable.name)
    if reason == v.BAD_SIZE:
        return TaeError("LONGSTR", variable.name, variable.size)
    if reason == v.BAD_VALID:
        return TaeError("INVVAL", variable.name)
    if reason == v.BAD_AMBIGUOUS:
        return TaeError("AMBIGVAL.let", variable.name)
    return TaeError("BADFILE.let")


def _for_error(variable: Variable, reason: str, number: int) -> TaeError:
    if reason == v.BAD_TYPE:
        return TaeError("MIXTYPE.for", number)
    if reason == v.BAD_COUNT:
        return TaeError("BADVALCT.for", number)
    if reason == v.BAD_SIZE:
        return TaeError("LONGSTR.for", number)
    if reason == v.BAD_VALID:
        return TaeError("INVVAL.for", number, variable.name)
    if reason == v.BAD_AMBIGUOUS:
        return TaeError("AMBIGVAL.for", number, variable.name)
    return TaeError("BADFILE.for", number)
