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

from functools import lru_cache

from tae.messages import TaeError
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
SIGNED = frozenset(("+", "-"))
PLAIN = frozenset((NUMBER, NAME_SYMBOL, STRING_SYMBOL, "(", NOT, NULL))


class _Stop(Exception):
    """Reading cannot go on; the error is the last instruction."""


class _Reader:
    """Recursive descent with one symbol of look-ahead, as the automaton has."""

    def __init__(self, text: str, position: int) -> None:
        self.text = text
        self.primitives = Primitives(text, position)
        self.code: list[tuple] = []
        self.current: tuple = ("", None)
        self.after_current = position
        self.following: tuple = self.primitives.next()
        self.after_following = self.primitives.position

    # ---- symbols ----

    def advance(self) -> tuple:
        """Shift one symbol. What cannot be read stops the reading when it is looked at, before anything is reduced."""
        if self.following[0] in (BAD, OVERFLOW):  # only the very first symbol
            self.fail_reading(self.following, self.after_following)
        self.current = self.following
        self.after_current = self.after_following
        self.following = self.primitives.next()
        self.after_following = self.primitives.position
        if self.following[0] in (BAD, OVERFLOW):
            self.fail_reading(self.following, self.after_current)
        return self.current

    def fail_reading(self, symbol: tuple, position: int) -> None:
        if symbol[0] == OVERFLOW:
            self.stop(TaeError("ARIERR"))
        self.unexpected(position)

    def unexpected(self, position: int) -> None:
        self.stop(TaeError("EXPR", syntax_text("Unexpected characters in expression", self.text, position)))

    def stop(self, error: TaeError) -> None:
        self.code.append(("error", error))
        raise _Stop

    def expect(self, allowed: frozenset | set) -> tuple:
        """Shift a symbol that must be one of ``allowed``."""
        if self.following[0] in allowed:
            return self.advance()
        self.refuse()
        raise AssertionError

    def refuse(self) -> None:
        """The next symbol fits nowhere."""
        if self.following[0] == END_SYMBOL:
            self.stop(TaeError("UNEXEOL"))
        # the automaton looks one symbol further before it fails; an unreadable one fails with the same words
        position = self.after_following
        here = self.primitives.position
        beyond = self.primitives.next()[0]
        self.primitives.position = here
        if beyond == OVERFLOW:
            self.stop(TaeError("ARIERR"))
        self.unexpected(position)

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

    def logical(self) -> None:
        self.conjunction()
        while self.following[0] == OR:
            self.advance()
            self.conjunction()
            self.code.append((OR,))

    def conjunction(self) -> None:
        self.relation()
        while self.following[0] == AND:
            self.advance()
            self.relation()
            self.code.append((AND,))

    def relation(self) -> None:
        self.sum()
        while self.following[0] in RELATIONS:
            operator = self.advance()[0]
            self.sum()
            self.code.append((operator,))

    def sum(self) -> None:
        self.term()
        while self.following[0] in SIGNED:
            operator = self.advance()[0]
            self.term()
            self.code.append((operator,))

    def term(self) -> None:
        self.factor(PLAIN | SIGNED)
        while self.following[0] in ("*", "/"):
            operator = self.advance()[0]
            if operator == "/" and self.following[0] == "/":
                self.advance()
                operator = "//"
            self.factor(PLAIN | SIGNED)
            self.code.append((operator,))

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
        elif kind == NOT:
            self.factor((PLAIN | SIGNED) - {NOT, NULL})
            self.code.append((NOT,))
        else:
            self.factor(PLAIN)
            if kind == "-":
                self.code.append(("negate",))

    def operand(self) -> None:
        """After an operand: something that starts another one stops the reading before this one is reduced."""
        if self.following[0] in STARTS_OPERAND:
            self.refuse()


    def named(self, name: object) -> None:
        """A variable, an element of it, or a function call."""
        self.code.append((NAME_SYMBOL, name))
        if self.following[0] != "(":
            self.operand()
            self.code.append(("variable",))
            return
        self.advance()
        if self.following[0] == "(":
            self.refuse()
        self.code.append(("open",))
        if self.following[0] in (NOT, NULL):
            self.refuse()
        self.sum()
        self.expect({")"})
        self.operand()
        self.code.append(("index",))

    def parenthesis(self) -> None:
        """A grouped expression or a list."""
        self.logical()
        while self.following[0] == ",":
            self.advance()
            self.logical()
            self.code.append(("list",))
        self.expect({")"})
        self.operand()
        self.code.append(("group",))


@lru_cache(maxsize=8192)
def parse_expression(text: str, position: int = 0) -> Expression:
    """Reductions of the expression that starts at ``position`` and ends with the text or at a comma outside parentheses."""
    return _Reader(text, position).read()
