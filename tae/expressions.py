"""The value of an expression, with the original's rules of types.

The *target type* steers the arithmetic: LET gives the type of its variable, IF and subscripts INTEGER. Numbers carry where
they come from, because an INTEGER variable may not meet a REAL while an INTEGER constant may. A constant of class INTEGER
keeps its fraction until it is needed as an integer (``1.5e+00`` is one).

Source of the facts: ``tm/evalexp.c``, ``tm/tclfunc.c``, ``lib/tae/taearith.np.c``.

accepted: where the original reads the address of a string as a number (``$FLOAT("x")``) the smallest number stands here;
an overflow in the nesting of subscripts, which crashes the original, is an error message only.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from tae.messages import TaeError
from tae.syntax import Expression
from tae.values import INTEGER, NAME, REAL, SMALLEST_INTEGER, STRING, Value, wrap_integer
from tae.variables import Variable, fold

VARIABLE = "variable"
CONSTANT = "constant"
COMPUTED = "computed"

TINY = 5e-324
TYPE_DEPTH = 11  # target types stacked: ten subscripts and function calls within each other

Search = Callable[[str], "Variable | None"]

COMPARISONS = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
ARITHMETIC = {"+": operator.add, "-": operator.sub, "*": operator.mul}
OPERATION_NAMES = {"+": "Addition", "-": "Subtraction", "*": "Multiplication", "/": "Division"}


@dataclass(slots=True)
class Operand:
    """One value on the stack.

    ``marked`` says that it is a component of a list, ``closed`` that parentheses have closed around it; both together
    mean a finished list.
    """

    type: str
    value: Value
    origin: str = CONSTANT
    null: bool = False
    marked: bool = False
    closed: bool = False

    @property
    def whole_list(self) -> bool:
        return self.marked and self.closed

    def as_integer(self) -> int:
        """An INTEGER operand as an integer: constants are truncated now."""
        return wrap_integer(self.value) if self.origin == CONSTANT else self.value  # type: ignore[arg-type,return-value]

    def as_real(self) -> float:
        """A number as a double. The original reads the address of a string there, a tiny number."""
        return TINY if isinstance(self.value, str) else float(self.value)

    def as_number(self) -> Value:
        """What comparisons look at: integers as integers, reals as they are."""
        return self.as_integer() if self.type == INTEGER else self.value


Function = tuple[str, Callable[[Operand, Search], "int | float | str"]]


def wrap(value: int) -> int:
    """Integer arithmetic wraps around at 32 bits."""
    return (value + 0x80000000) % 0x100000000 - 0x80000000


# ---- functions --------------------------------------------------------------------------------------------------------


def _count(argument: Operand, search: Search) -> int:
    variable = search(str(argument.value))
    if variable is None:
        raise TaeError("UNDEFVAR", argument.value)
    return variable.count


def _string_length(argument: Operand, _search: Search) -> int:
    return len(str(argument.value))


def _fix(argument: Operand, _search: Search) -> int:
    if argument.type == REAL:
        return wrap_integer(argument.value)  # type: ignore[arg-type]
    if argument.type == INTEGER:
        return argument.as_integer()
    if argument.origin == CONSTANT:
        return 0  # a string constant is not refused
    raise TaeError("MIXVAR")


def _float(argument: Operand, _search: Search) -> float:
    if argument.type in (REAL, INTEGER) or argument.origin == CONSTANT:
        return argument.as_real()
    raise TaeError("MIXVAR")


# name -> (target type of the argument, function); a session adds $GLOBAL, $ASFI and $ASKEY
FUNCTIONS: Mapping[str, Function] = {
    "$COUNT": (NAME, _count),
    "$STRLEN": (STRING, _string_length),
    "$FIX": (INTEGER, _fix),
    "$FLOAT": (INTEGER, _float),
}


# ---- evaluation -------------------------------------------------------------------------------------------------------


class _Machine:
    """Carries out the reductions of one expression."""

    def __init__(self, target: str, search: Search, functions: Mapping[str, Function]) -> None:
        self.stack: list[Operand] = []
        self.types = [target]
        self.search = search
        self.functions = functions
        self.count = 1  # how many values the result has
        self.several = False  # whether a list or a variable with several values was met

    def run(self, expression: Expression) -> tuple[Value, ...]:
        for instruction in expression.code:
            ACTIONS[instruction[0]](self, *instruction[1:])
        return self.result()

    # ---- operands ----

    def number(self, number_class: str, value: float) -> None:
        self.stack.append(Operand(number_class, value))

    def string(self, text: str) -> None:
        self.stack.append(Operand(STRING, text))

    def null(self) -> None:
        self.stack.append(Operand(INTEGER, 0.0, null=True))

    def variable(self, name: str) -> None:
        """The values of a variable (its name where the target is a name)."""
        if self.types[-1] == NAME:
            self.stack.append(Operand(NAME, name))
            return
        variable = self.search(name)
        if variable is None:
            raise TaeError("UNDEFVAR", name)
        values = variable.values
        if values is None:
            raise TaeError("NOVAL", name)
        if len(values) == 1:
            self.stack.append(Operand(variable.type, values[0], VARIABLE))
        elif not values:
            self.stack.append(Operand(variable.type, 0, VARIABLE, null=True))
        else:
            self.count = len(values)
            self.several = True
            self.stack += [Operand(variable.type, value, VARIABLE, False, True, True) for value in values]

    def open(self) -> None:
        """A name followed by a parenthesis: what is in the parentheses gets a target type of its own."""
        name = str(self.stack[-1].value)
        if self.search(name) is not None:
            target = INTEGER
        elif fold(name) in self.functions:
            target = self.functions[fold(name)][0]
        else:
            raise TaeError("UNDEFVAR", name)
        if len(self.types) >= TYPE_DEPTH:
            raise TaeError("INTERR", 53)
        self.types.append(target)

    def index(self) -> None:
        """An element of a variable, or a function of an argument."""
        self.types.pop()
        argument = self.stack.pop()
        if argument.marked:
            raise TaeError("MULVAR")
        name = str(self.stack.pop().value)
        variable = self.search(name)
        self.stack.append(self.call(name, argument) if variable is None else element(variable, name, argument))

    def call(self, name: str, argument: Operand) -> Operand:
        if argument.null:
            raise TaeError("NULLARG", name)
        target, function = self.functions[fold(name)]
        if target == NAME and argument.type not in (STRING, NAME):
            raise TaeError("NOTNAME")
        if target == STRING and argument.type != STRING:
            raise TaeError("NOTSTR")
        value = function(argument, self.search)
        type_ = STRING if isinstance(value, str) else REAL if isinstance(value, float) else INTEGER
        return Operand(type_, value, COMPUTED)

    def group(self) -> None:
        self.stack[-1].closed = True

    def component(self) -> None:
        """The value after a comma within parentheses."""
        last = self.stack.pop()
        if last.marked:
            raise TaeError("NESTMUL")
        before = self.stack[-1]
        if last.null or before.null:
            raise TaeError("NULLELEM")
        if before.whole_list:
            raise TaeError("NESTMUL")
        self.count = self.count + 1 if self.several else 2
        self.several = True
        last.marked = True
        self.stack.append(last)

    # ---- operators ----

    def pair(self, null_error: str) -> tuple[Operand, Operand]:
        """Pop both sides, refuse nulls and lists."""
        right, left = self.stack.pop(), self.stack.pop()
        if right.null or left.null:
            raise TaeError(null_error)
        if right.whole_list or left.whole_list:
            raise TaeError("MULVAR")
        return left, right

    def push(self, operand: Operand, type_: str, value: Value) -> None:
        """Put a result back in place of an operand, whose list flags it keeps."""
        operand.type, operand.value, operand.origin, operand.null = type_, value, COMPUTED, False
        self.stack.append(operand)

    def push_truth(self, operand: Operand, truth: bool) -> None:
        """A logical result: 1 or 0 of the target's type."""
        if self.types[-1] == REAL:
            self.push(operand, REAL, 1.0 if truth else 0.0)
        else:
            self.push(operand, INTEGER, int(truth))

    def unsuitable(self, operation: str, type_: str = "") -> TaeError:
        return TaeError("BADOP", operation, (type_ or self.types[-1]).lower())

    def arithmetic(self, name: str, zero_fault: tuple = ()) -> None:
        left, right = self.pair("NUMNULL")
        if STRING in (left.type, right.type):
            raise TaeError("MIXVAR")
        target = self.types[-1]
        if REAL in (target, left.type, right.type):
            for side in (left, right):
                if side.type == INTEGER and side.origin == VARIABLE:
                    raise TaeError("MIXVAR")
            self.push(right, REAL, real_arithmetic(name, left.as_real(), right.as_real(), zero_fault))
        elif target == INTEGER:
            divisor = right.as_integer()
            if name == "/" and divisor == 0:
                raise TaeError("DIVZERO")
            self.push(right, INTEGER, integer_arithmetic(name, left.as_integer(), divisor))
        else:
            raise self.unsuitable(OPERATION_NAMES[name])

    def concatenate(self) -> None:
        left, right = self.pair("CONCNULL")
        if left.type != STRING or right.type != STRING:
            raise TaeError("MIXVAR")
        self.push(right, STRING, str(left.value) + str(right.value))

    def compare(self, name: str) -> None:
        if name in ("=", "<>"):
            self.compare_equal(name == "=")
            return
        left, right = self.pair("RELNULL")
        if self.types[-1] not in (REAL, INTEGER):
            raise self.unsuitable("Comparison")
        if left.type == STRING and right.type == STRING:
            raise self.unsuitable("Comparison", STRING)
        self.push_truth(right, compared(name, left, right))

    def compare_equal(self, equal: bool) -> None:
        """``=`` and ``<>``, the only relations for nulls and strings."""
        right, left = self.stack.pop(), self.stack.pop()
        if right.whole_list or left.whole_list:
            raise TaeError("MULVAR")
        if self.types[-1] not in (REAL, INTEGER):
            raise self.unsuitable("Comparison")
        if right.null or left.null:
            if right.origin == left.origin == VARIABLE and right.type != left.type:
                raise TaeError("MIXVAR")
            same = right.null and left.null
        elif right.type == STRING and left.type == STRING:
            same = fold(str(left.value)) == fold(str(right.value))
        else:
            same = compared("=", left, right)
        self.push_truth(right, same == equal)

    def logical(self, name: str, combine: Callable[[bool, bool], bool]) -> None:
        left, right = self.pair("LOGNULL")
        if self.types[-1] not in (REAL, INTEGER):
            raise self.unsuitable(f"Logical '{name}'")
        if left.type == STRING and right.type == STRING:
            raise self.unsuitable(f"Logical '{name}'", STRING)
        if not (is_number(left) and is_number(right)):
            raise TaeError("MIXVAR")
        self.push_truth(right, combine(bool(left.as_number()), bool(right.as_number())))

    def conjunction(self) -> None:
        self.logical("AND", lambda a, b: a and b)

    def disjunction(self) -> None:
        self.logical("OR", lambda a, b: a or b)

    def negation(self) -> None:
        """NOT."""
        operand = self.stack.pop()
        if operand.null:
            raise TaeError("LOGNULL")
        if operand.whole_list:
            raise TaeError("MULVAR")
        if self.types[-1] not in (REAL, INTEGER):
            raise self.unsuitable("'NOT' operation")
        if operand.type == STRING:
            raise TaeError("MIXVAR")
        self.push_truth(operand, not operand.as_number())

    def negate(self) -> None:
        """Unary minus."""
        operand = self.stack.pop()
        target = self.types[-1]
        if operand.null:
            raise TaeError("NUMNULL")
        if operand.whole_list:
            raise TaeError("MULVAR")
        if target == STRING or not is_number(operand):
            raise self.unsuitable("Negation")
        value = operand.value
        if operand.type == REAL or (target == REAL and operand.origin == CONSTANT):
            self.push(operand, REAL, -value)  # type: ignore[operator]
        elif target == REAL and operand.origin == VARIABLE:
            raise TaeError("MIXVAR")
        elif operand.origin == CONSTANT:
            self.push(operand, INTEGER, wrap_integer(-value))  # type: ignore[operator]
        else:
            self.push(operand, INTEGER, wrap(-value))  # type: ignore[operator,arg-type]

    def error(self, fault: tuple, *more: tuple) -> None:
        error = TaeError(*fault)
        error.follow = tuple(TaeError(*item) for item in more)
        raise error

    # ---- result ----

    def result(self) -> tuple[Value, ...]:
        """The values on top of the stack as the target's type (source: packout)."""
        target = self.types[-1]
        last = self.stack[-1]
        if last.null:
            return ()
        if self.count == 1 and last.type == target:
            return (last.as_integer() if target == INTEGER else last.value,)
        values: list[Value] = []
        for operand in reversed(self.stack[-self.count :]):
            if operand.type == target:
                values.append(operand.as_integer() if target == INTEGER else operand.value)
            elif target == REAL and operand.type == INTEGER and operand.origin == CONSTANT:
                values.append(operand.value)
            else:
                raise TaeError("MIXVAR")
        return tuple(reversed(values))


def _operator(action: Callable, name: str, machine: _Machine, *details: object) -> None:
    action(machine, name, *details)


ACTIONS: Mapping[str, Callable] = {
    "number": _Machine.number,
    "string": _Machine.string,
    "null": _Machine.null,
    "variable": _Machine.variable,
    "open": _Machine.open,
    "index": _Machine.index,
    "group": _Machine.group,
    "list": _Machine.component,
    "name": _Machine.string,
    "//": _Machine.concatenate,
    "AND": _Machine.conjunction,
    "OR": _Machine.disjunction,
    "NOT": _Machine.negation,
    "negate": _Machine.negate,
    "error": _Machine.error,
    **{name: partial(_operator, _Machine.compare, name) for name in COMPARISONS},
    **{name: partial(_operator, _Machine.arithmetic, name) for name in OPERATION_NAMES},
}


def is_number(operand: Operand) -> bool:
    return operand.type in (INTEGER, REAL)


def element(variable: Variable, name: str, argument: Operand) -> Operand:
    """One element of a variable; messages show the name as typed, but for a subscript that is too large."""
    index = argument.as_integer() if argument.type == INTEGER and not argument.null else 0
    if index <= 0:
        raise TaeError("INVSUBS", name)
    if variable.values is not None and not variable.values:
        raise TaeError("NOVAL", name)
    if variable.count < index:
        raise TaeError("BIGSUBS", variable.name)
    assert variable.values is not None
    return Operand(variable.type, variable.values[index - 1], VARIABLE, closed=argument.closed)


def compared(name: str, left: Operand, right: Operand) -> bool:
    """A relation of two numbers."""
    if not (is_number(left) and is_number(right)):
        raise TaeError("MIXVAR")
    return COMPARISONS[name](left.as_number(), right.as_number())


def real_arithmetic(name: str, left: float, right: float, zero_fault: tuple) -> float:
    """Double arithmetic; overflow gives an infinity as in C."""
    if name != "/":
        return ARITHMETIC[name](left, right)
    if right == 0:
        raise TaeError(*zero_fault)
    return left / right


def integer_arithmetic(name: str, left: int, right: int) -> int:
    """32-bit arithmetic; the quotient is cut towards zero."""
    if name != "/":
        return wrap(ARITHMETIC[name](left, right))
    if left == SMALLEST_INTEGER and right == -1:
        raise TaeError("ARIERR")
    quotient = abs(left) // abs(right)
    return quotient if (left < 0) == (right < 0) else -quotient


def evaluate(
    expression: Expression, target: str, search: Search, functions: Mapping[str, Function] = FUNCTIONS
) -> tuple[Value, ...]:
    """Values of an expression for a target type; () for null. Raises ``TaeError``.

    ``search(name)`` finds variables (exact, resolved); ``functions`` are the functions there are.
    """
    return _Machine(target, search, functions).run(expression)
