"""Numbers and strings as the command language reads and writes them.

A number is read as a double by accumulating digits, and its *class* comes from how it is written: INTEGER unless it has a
fraction or a negative exponent; a signed zero exponent makes it INTEGER again, whatever its fraction (``1.5e+00``).

Source of the facts: ``lib/tae/getprim.c``, ``lib/tae/stringcnv.c``, ``lib/tae/fmtval.c``, ``lib/tae/taeutil.c``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

INTEGER = "INTEGER"
REAL = "REAL"
STRING = "STRING"
NAME = "NAME"

LARGEST_INTEGER = 0x7FFFFFFF
SMALLEST_INTEGER = -0x80000000

Value = int | float | str


class Unreadable(ValueError):
    """Text that is no number."""


# ---- reading ----------------------------------------------------------------------------------------------------------


def digits_value(digits: str) -> float:
    """Double of a digit string, accumulated digit by digit (source: s_s2r1)."""
    value = 0.0
    for digit in digits:
        value = value * 10.0 + (ord(digit) - 48)
    return value


def power_of_ten(exponent: int) -> float:
    """Ten to an integer power by repeated multiplication or division; 0.0 stands for "does not work" (source: power)."""
    value = 1.0
    for _ in range(min(abs(exponent), 1000)):
        value = value * 10.0 if exponent > 0 else value / 10.0
    return value


def fraction_value(start: float, digits: str) -> float:
    """``start`` plus ``0.digits``, summed as the original does it (source: fract)."""
    value = start
    for place, digit in enumerate(digits):
        scale = power_of_ten(-place)
        if scale == 0.0:
            raise Unreadable(digits)
        value += scale * (0.1 * (ord(digit) - 48))
    return value


def wrap_integer(value: float) -> int:
    """A double as a 32-bit integer: truncated; what does not fit becomes the smallest integer (source: int_fl2i)."""
    if math.isnan(value) or not -2147483649.0 < value < 2147483648.0:
        return SMALLEST_INTEGER
    return int(value)


@lru_cache(maxsize=8192)
def parse_integer(text: str) -> int:
    """An integer from a value field; raises ``Unreadable`` (source: s_s2i). ``1.0`` and ``1E3`` are integers."""
    number_class, value, negative = _signed_number(text)
    if number_class != INTEGER:
        raise Unreadable(text)
    value = -value if negative else value
    if (negative and value < SMALLEST_INTEGER) or (not negative and value > LARGEST_INTEGER):
        raise Unreadable(text)
    return int(value)


@lru_cache(maxsize=8192)
def parse_real(text: str) -> float:
    """A real from a value field; raises ``Unreadable`` (source: s_s2r)."""
    _, value, negative = _signed_number(text)
    return -value if negative else value


def _signed_number(text: str) -> tuple[str, float, bool]:
    """Class, magnitude and sign of a number that fills the text (source: s_s2i, s_s2r)."""
    from tae.primitives import NUMBER, Primitives

    primitives = Primitives(text)
    kind, item = primitives.next()
    negative = kind == "-"
    if kind in ("-", "+"):
        kind, item = primitives.next()
    if kind != NUMBER or primitives.next()[0] != "end":
        raise Unreadable(text)
    return *_number(item), negative


def _number(item: object) -> tuple[str, float]:
    """Class and magnitude of a number symbol."""
    assert isinstance(item, tuple)
    return item[0], item[1]


def parse_integer_range(text: str) -> tuple[int, int]:
    """``n`` or ``low:high`` (source: irange); the ends are put in order. Raises ``Unreadable``."""
    low, colon, high = text.partition(":")
    if not colon:
        value = parse_integer(text)
        return value, value
    top, bottom = parse_integer(high), parse_integer(low)
    return min(bottom, top), max(bottom, top)


def parse_real_range(text: str) -> tuple[float, float]:
    """``x`` or ``low:high`` (source: rrange); the ends are put in order. Raises ``Unreadable``."""
    low, colon, high = text.partition(":")
    if not colon:
        value = parse_real(text)
        return value, value
    top, bottom = parse_real(high), parse_real(low)
    return min(bottom, top), max(bottom, top)


def parse_values(type_: str, fields: Sequence[str]) -> tuple[Value, ...]:
    """Fields as values of a type; an empty field is 0, 0.0 or "". Raises ``Unreadable``."""
    if type_ == INTEGER:
        return tuple(parse_integer(field) if field else 0 for field in fields)
    if type_ == REAL:
        return tuple(parse_real(field) if field else 0.0 for field in fields)
    return tuple(fields)


# ---- writing ----------------------------------------------------------------------------------------------------------


def substituted_value(value: Value) -> str:
    """A value as ``&name`` inserts it: ``%d``, ``%.12e``, or the string as it is."""
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return c_real(value, "%.12e")
    return str(value)


def substituted_text(values: Sequence[Value]) -> str:
    """All values of a variable as ``&name`` inserts them."""
    text = ",".join(map(substituted_value, values))
    return f"({text})" if len(values) > 1 else text


def shown_real(value: float) -> str:
    """A real as DISPLAY and the tutor show it: ``%.12g``, with ``.0`` when nothing else says that it is real."""
    if value == 0.0:
        return "0.0"
    text = c_real(value, "%.12g")
    return text if "." in text or "e" in text else text + ".0"


def shown_value(value: Value) -> str:
    """A value as DISPLAY, the tutor and the logs show it; strings in quotes with inner quotes doubled."""
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"'
    if isinstance(value, float):
        return shown_real(value)
    return str(value)


def shown_components(values: Sequence[Value]) -> list[str]:
    """The pieces DISPLAY fits into lines: ``(v1,`` ``v2,`` ``v3)``, or the one value, or ``--`` for null."""
    if not values:
        return ["--"]
    shown = [shown_value(value) for value in values]
    if len(shown) == 1:
        return shown
    shown[0] = "(" + shown[0]
    return [item + "," for item in shown[:-1]] + [shown[-1] + ")"]


def c_real(value: float, form: str) -> str:
    """C's printf of a double: Python's, and the sign of NaN."""
    return ("-" if value != value and math.copysign(1.0, value) < 0 else "") + form % value
