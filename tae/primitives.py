"""Symbols of an expression: numbers, names, strings and operators.

Numbers are put together from tokens (a word token stops at a period, and ``E+5`` is three tokens), which is where the odd
corners of number syntax come from.

Source of the facts: ``lib/tae/getprim.c``.
"""

from __future__ import annotations

import re

from tae.scanner import COMMA, END, QUALIFIED, QUOTED, WHITE, WORD, Scanner, strip_quotes
from tae.values import INTEGER, REAL, Unreadable, digits_value, fraction_value, power_of_ten

NUMBER = "number"  # item: (class, magnitude)
NAME_SYMBOL = "name"  # item: the name
STRING_SYMBOL = "string"  # item: the text without quotes
NULL = "null"  # --
AND, OR, NOT = "AND", "OR", "NOT"
AT_MOST, AT_LEAST, DIFFERENT = "<=", ">=", "<>"
END_SYMBOL = "end"
BAD = "bad"  # cannot be read
OVERFLOW = "overflow"  # a number too large or too small

QUALIFIED_NAME_SIZE = 76
LITERAL_SIZE = 250

_INTEGER_WORD = re.compile(r"([0-9]+)(?:([eE])([0-9eE]*))?\Z")
_AFTER_NUMBER = frozenset(("+", "-", "=", ">", "<", "/", "*", ",", ")", END))
_AFTER_OPERATOR = frozenset((*_AFTER_NUMBER, "(", "word", QUOTED))

Symbol = tuple[str, object]


class Primitives:
    """Reads the symbols of ``text`` one after the other; ``position`` is where reading stopped."""

    __slots__ = ("scanner",)

    def __init__(self, text: str, position: int = 0) -> None:
        self.scanner = Scanner(text, position)

    @property
    def position(self) -> int:
        return self.scanner.position

    @position.setter
    def position(self, value: int) -> None:
        self.scanner.position = value

    def next(self) -> Symbol:
        """The next symbol and its item (None for operators)."""
        kind, token = self.scanner.solid()
        if kind == WORD:
            return self._number(token) if token[0].isdigit() else _name(token)
        if kind == QUALIFIED:
            return _name(token)
        if kind == QUOTED:
            return self._literal(token)
        if kind == ".":
            return self._fraction_only()
        if kind == COMMA:
            return ",", None
        if kind == "-":
            return self._operator("-", {"-": NULL}, also=(".",))
        if kind == ">":
            return self._operator(">", {"=": AT_LEAST}, unless=("=",))
        if kind == "<":
            return self._operator("<", {"=": AT_MOST, ">": DIFFERENT}, unless=("=", ">"))
        if kind in ("+", "=", "/", "*", "(", ")", END):
            return (END_SYMBOL if kind == END else kind), None
        return BAD, None

    # ---- pieces ----

    def _peek(self, allowed: frozenset) -> bool:
        """Look at the token after an item: white space is swallowed, anything allowed stays for the next symbol."""
        before = self.scanner.position
        kind, token = self.scanner.token()
        if kind == WHITE:
            return True
        if kind == COMMA:
            kind = ","
        elif kind in (WORD, QUALIFIED):
            kind = "word" if _known_word(token) else BAD
        if kind in allowed:
            self.scanner.position = before
            return True
        return False

    def _literal(self, token: str) -> Symbol:
        if len(token) > LITERAL_SIZE:
            return BAD, None
        return (STRING_SYMBOL, strip_quotes(token)) if self._peek(_AFTER_NUMBER) else (BAD, None)

    def _operator(self, single: str, doubles: dict[str, str], also: tuple = (), unless: tuple = ()) -> Symbol:
        """A character that may join with the next one."""
        before = self.scanner.position
        kind, _ = self.scanner.token()
        if kind in doubles:
            return doubles[kind], None
        self.scanner.position = before
        allowed = (_AFTER_OPERATOR | frozenset(also)) - frozenset(unless)
        return (single, None) if self._peek(allowed) else (BAD, None)

    def _number(self, word: str) -> Symbol:
        """A number that starts with a digit."""
        match = _INTEGER_WORD.match(word)
        if match is None:
            return BAD, None
        digits, mark, exponent = match.groups()
        value = digits_value(digits)
        if not mark:
            return self._after_integer(value)
        if not exponent or exponent[-1] in "eE":
            return self._signed_exponent(INTEGER, value)
        if exponent.isdigit():
            scaled = _scaled(value, _wrapped(exponent))
            if scaled is None:
                return OVERFLOW, None
            value = scaled
        return self._finish(INTEGER, value)

    def _after_integer(self, value: float) -> Symbol:
        before = self.scanner.position
        kind, _ = self.scanner.token()
        if kind != ".":
            self.scanner.position = before
            return self._finish(INTEGER, value)
        before = self.scanner.position
        kind, token = self.scanner.token()
        if kind in (WORD, QUALIFIED):
            return self._fraction(value, token, INTEGER)
        self.scanner.position = before
        return self._finish(INTEGER, value)

    def _fraction_only(self) -> Symbol:
        """A number that starts with a period."""
        kind, token = self.scanner.token()
        if kind != WORD or not token[0].isdigit():
            return BAD, None
        return self._fraction(0.0, token, INTEGER)

    def _fraction(self, value: float, token: str, number_class: str) -> Symbol:
        """What follows the period of a number: digits, an exponent, or both."""
        if token in ("E", "e"):
            return self._signed_exponent(number_class, value)
        if token[0] in "eE":
            if not re.fullmatch(r"[eE0-9]+", token) or token.strip("eE") == "":
                return BAD, None
            digits, mark, exponent = "", token[0], token[1:]
        else:
            match = _INTEGER_WORD.match(token)
            if match is None:
                return BAD, None
            digits, mark, exponent = match.groups()
        try:
            total = fraction_value(value, digits)
        except Unreadable:
            return BAD, None
        number_class = INTEGER if total == value else REAL
        if mark and digits and not exponent:
            return self._signed_exponent(number_class, total)
        if not mark:
            return self._finish(number_class, total)
        if not exponent.isdigit():
            return BAD, None
        scaled = _scaled(total, _wrapped(exponent))
        return (OVERFLOW, None) if scaled is None else self._finish(number_class, scaled)

    def _signed_exponent(self, number_class: str, value: float) -> Symbol:
        """The sign and digits after a bare E. A zero exponent makes the number an integer, a minus a real."""
        sign, _ = self.scanner.token()
        if sign not in ("+", "-"):
            return BAD, None
        if sign == "-":
            number_class = REAL
        kind, digits = self.scanner.token()
        if kind != WORD or not (digits.isascii() and digits.isdigit()):
            return BAD, None
        exponent = _wrapped(digits)
        if exponent == 0:
            number_class = INTEGER
        scaled = _scaled(value, -exponent if sign == "-" else exponent)
        return (OVERFLOW, None) if scaled is None else self._finish(number_class, scaled)

    def _finish(self, number_class: str, value: float) -> Symbol:
        return (NUMBER, (number_class, value)) if self._peek(_AFTER_NUMBER) else (BAD, None)


def _wrapped(digits: str) -> int:
    """Digits as a 32-bit integer; more digits than fit wrap around."""
    return (int(digits) + 0x80000000) % 0x100000000 - 0x80000000


def _scaled(value: float, exponent: int) -> float | None:
    scale = power_of_ten(exponent)
    return None if scale == 0.0 else value * scale


def _known_word(token: str) -> bool:
    """Whether a word token is a symbol at all: a name, or digits with exponents."""
    return not token[0].isdigit() or _INTEGER_WORD.match(token) is not None


def _name(token: str) -> Symbol:
    if len(token) > QUALIFIED_NAME_SIZE:
        return BAD, None
    upper = token.upper()
    if upper in (AND, OR, NOT):
        return upper, None
    return NAME_SYMBOL, token


