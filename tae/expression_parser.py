"""Text of an expression to the list of reductions the original's automaton makes (see ``syntax.Expression``).

The original evaluates while it parses, so ``undefined + )`` complains about the variable and not about the parenthesis.
Writing down the reductions in their order, with the syntax error as the last instruction, keeps that and lets the tree be
cached. An operand is reduced only when the symbol after it can follow an operand; else the error comes first.

Grammar (``tae/grammar/expression.lark`` has it too)::

    lexp := lexp OR aexp | aexp         aexp := aexp AND rexp | rexp        rexp := rexp relop exp | exp
    exp := exp + trm | exp - trm | trm  trm := trm * fct | trm / fct | trm / / fct | fct
    fct := NUMBER | STRING | -- | NAME | NAME ( exp ) | ( lexp {, lexp} ) | + fct | - fct | NOT fct

with no sign after a sign, neither NOT nor ``--`` after NOT, and no parenthesis, NOT or ``--`` right after ``NAME (``.

Source of the facts: ``tm/evalexp.c`` (state tables), ``tm/parser.c``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from tae.primitives import (
    AND,
    AT_LEAST,
    AT_MOST,
    BAD,
    DIFFERENT,
    END_SYMBOL,
    NAME_SYMBOL,
    NOT,
    NULL,
    NUMBER,
    OR,
    OVERFLOW,
    STRING_SYMBOL,
    Primitives,
)
from tae.scanner import syntax_text
from tae.syntax import Expression

RELATIONS = frozenset(("=", "<", ">", AT_MOST, AT_LEAST, DIFFERENT))
STARTS_OPERAND = frozenset((NUMBER, NAME_SYMBOL, STRING_SYMBOL, "("))
SIGNS = frozenset(("+", "-"))
PLAIN = frozenset((NUMBER, NAME_SYMBOL, STRING_SYMBOL, "(", NOT, NULL))


AFTER_NOT = (PLAIN | SIGNS) - {NOT, NULL}
STACK_SIZE = 31  # states the automaton can stack: what limits how deep parentheses nest


class _Stop(Exception):
    """Reading cannot go on; the error is the last instruction."""


class _Reader:
    """Recursive descent with one symbol of look-ahead, as the automaton has."""

    def __init__(self, text: str, position: int) -> None:
        self.text = text
        self.primitives = Primitives(text, position)
        self.code: list[tuple] = []
        self.depth = 1  # states below what is being read
        self.current: tuple = ("", None)
        self.after_current = position
        self.following: tuple = self.primitives.next()
        self.after_following = self.primitives.position

    # ---- symbols ----

    def advance(self, stacked: int = 0) -> tuple:
        """Shift one symbol, with ``stacked`` states above ``depth`` already.

        What cannot be read stops the reading when it is looked at, before anything is reduced.
        """
        if self.following[0] in (BAD, OVERFLOW):  # only the very first symbol
            self.fail_reading(self.following, self.after_following)
        self.current = self.following
        self.after_current = self.after_following
        self.following = self.primitives.next()
        self.after_following = self.primitives.position
        if self.following[0] in (BAD, OVERFLOW):
            self.fail_reading(self.following, self.after_current)
        if self.depth + stacked >= STACK_SIZE:
            self.stop(("INTERR", 53), self.syntax_fault(self.after_current))
        return self.current

    def fail_reading(self, symbol: tuple, position: int) -> None:
        if symbol[0] == OVERFLOW:
            self.stop(("ARIERR",))
        self.stop(self.syntax_fault(position))

    def syntax_fault(self, position: int) -> tuple:
        return "EXPR", syntax_text("Unexpected characters in expression", self.text, position)

    def stop(self, *faults: tuple) -> None:
        self.code.append(("error", *faults))
        raise _Stop

    def expect(self, allowed: frozenset | set, stacked: int = 0) -> tuple:
        """Shift a symbol that must be one of ``allowed``."""
        if self.following[0] in allowed:
            return self.advance(stacked)
        self.refuse()
        raise AssertionError

    def refuse(self) -> None:
        """The next symbol fits nowhere."""
        if self.following[0] == END_SYMBOL:
            self.stop(("UNEXEOL",))
        # the automaton looks one symbol further before it fails; an unreadable one fails with the same words
        position = self.after_following
        here = self.primitives.position
        beyond = self.primitives.next()[0]
        self.primitives.position = here
        if beyond == OVERFLOW:
            self.stop(("ARIERR",))
        self.stop(self.syntax_fault(position))

    # ---- grammar ----

    def read(self) -> Expression:
        comma = False
        try:
            self.logical()
            if self.following[0] == ",":
                self.advance()
                comma = True
            elif self.following[0] != END_SYMBOL:
                self.refuse()
        except _Stop:
            pass
        return Expression(tuple(self.code), self.after_current if comma else self.after_following, comma)

    def right_side(self, operator: str, read: Callable[[], None], *details: object) -> None:
        """The right operand of a binary operator that has been shifted, and the reduction."""
        self.depth += 2
        read()
        self.depth -= 2
        self.code.append((operator, *details))

    def logical(self) -> None:
        self.conjunction()
        while self.following[0] == OR:
            self.advance(1)
            self.right_side(OR, self.conjunction)

    def conjunction(self) -> None:
        self.relation()
        while self.following[0] == AND:
            self.advance(1)
            self.right_side(AND, self.relation)

    def relation(self) -> None:
        self.sum()
        while self.following[0] in RELATIONS:
            self.right_side(self.advance(1)[0], self.sum)

    def sum(self) -> None:
        self.term()
        while self.following[0] in SIGNS:
            self.right_side(self.advance(1)[0], self.term)

    def term(self) -> None:
        self.signed_factor()
        while self.following[0] in ("*", "/"):
            operator = self.advance(1)[0]
            if operator == "*":
                self.right_side("*", self.signed_factor)
            elif self.following[0] == "/":
                self.advance(2)
                self.depth += 1
                self.right_side("//", self.signed_factor)
                self.depth -= 1
            else:
                self.right_side("/", self.signed_factor)
                # a real division by zero is reported as an error at this place
                self.code[-1] += (self.syntax_fault(self.after_current),)

    def signed_factor(self) -> None:
        self.factor(PLAIN | SIGNS)

    def factor(self, allowed: frozenset) -> None:
        """One factor; ``allowed`` are the symbols it may start with."""
        kind, item = self.expect(allowed)
        if kind == NUMBER:
            self.code.append((NUMBER, *item))
            self.operand()
        elif kind == STRING_SYMBOL:
            self.code.append((STRING_SYMBOL, item))
            self.operand()
        elif kind == NULL:
            self.code.append((NULL,))
            self.operand()
        elif kind == NAME_SYMBOL:
            self.named(item)
        elif kind == "(":
            self.parenthesis()
        else:
            self.depth += 1
            self.factor(AFTER_NOT if kind == NOT else PLAIN)
            self.depth -= 1
            if kind != "+":
                self.code.append((NOT if kind == NOT else "negate",))

    def operand(self) -> None:
        """After an operand: something that starts another one stops the reading before this one is reduced."""
        if self.following[0] in STARTS_OPERAND:
            self.refuse()

    def named(self, name: object) -> None:
        """A variable, an element of it, or a function call."""
        if self.following[0] != "(":
            self.operand()
            self.code.append(("variable", name))
            return
        self.code.append((NAME_SYMBOL, name))
        self.advance(1)
        if self.following[0] == "(":
            self.refuse()
        self.code.append(("open",))
        if self.following[0] in (NOT, NULL):
            self.refuse()
        self.depth += 2
        self.sum()
        self.expect({")"}, 1)
        self.depth -= 2
        self.operand()
        self.code.append(("index",))

    def parenthesis(self) -> None:
        """A grouped expression or a list."""
        self.depth += 1
        self.logical()
        while self.following[0] == ",":
            self.advance(1)
            self.right_side("list", self.logical)
        self.expect({")"}, 1)
        self.depth -= 1
        self.operand()
        self.code.append(("group",))


@lru_cache(maxsize=8192)
def parse_expression(text: str, position: int = 0) -> Expression:
    """Reductions of the expression that starts at ``position`` and ends with the text or at a comma outside parentheses."""
    return _Reader(text, position).read()
