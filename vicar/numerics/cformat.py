"""C's number texts: ``printf`` conversions and the ``ato*`` routines, as glibc does them."""

from __future__ import annotations

import math
import re

_CONVERSION = re.compile(r"%([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+)?)?(hh|h|ll|l|L|z|j)?([diouxXeEfFgGcsp%])")
_NUMBER = re.compile(r"[ \t\n\v\f\r]*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)")
_WHOLE = re.compile(r"[ \t\n\v\f\r]*([+-]?\d+)")


def sprintf(format_text: str, *values) -> str:
    """C's sprintf. Integers under %u %o %x wrap to 32 bits (64 with ``l``); NaN keeps its sign; reals are double."""
    rest = iter(values)

    def one(match) -> str:
        flags, width, precision, size, kind = match.groups()
        if kind == "%":
            return "%"
        width = str(int(next(rest))) if width == "*" else width or ""
        if width.startswith("-"):
            flags, width = flags + "-", width[1:]
        dot = "." in match[0]
        precision = str(int(next(rest))) if precision == "*" else precision or ""
        if precision.startswith("-"):
            dot, precision = False, ""
        value = next(rest)
        head = "%" + flags + width
        if kind in "diouxX":
            return _whole(head, dot, precision, size, kind, value)
        if kind in "eEfFgG":
            return _real(head, flags, width, dot, precision, kind, float(value))
        if kind == "c":
            return (head + "s") % (value if isinstance(value, str) else chr(int(value) & 255))
        return (head + ("." + precision if dot else "") + "s") % value

    return _CONVERSION.sub(one, format_text)


def _whole(head, dot, precision, size, kind, value) -> str:
    value = int(value)
    bits = 64 if size in ("l", "ll", "z", "j") else {"h": 16, "hh": 8}.get(size, 32)
    value &= (1 << bits) - 1
    if kind in "di":
        kind = "d"
        if value >> (bits - 1):
            value -= 1 << bits
    if dot and (precision or "0") == "0" and value == 0:
        return ("%" + head[1:].lstrip("0+ #") + "s") % ""
    if dot:
        head = head.replace("%0", "%", 1)
    kind = "d" if kind == "u" else kind
    return (head + ("." + precision if dot else "") + kind) % value


def _real(head, flags, width, dot, precision, kind, value) -> str:
    if math.isfinite(value):
        return (head + ("." + (precision or "0") if dot else "") + kind) % value
    negative = math.copysign(1.0, value) < 0
    body = "nan" if math.isnan(value) else "inf"
    body = ("-" if negative else "+" if "+" in flags else " " if " " in flags else "") + body
    body = body.upper() if kind.isupper() else body
    number = int(width or 0)
    return body.ljust(number) if "-" in flags else body.rjust(number)


def g(value, precision: int = 6) -> str:
    """``%.{precision}g``."""
    return sprintf(f"%.{precision}g", value)


def atof(text: str) -> float:
    """The number at the start of ``text``, 0.0 if there is none."""
    return scanned(text, 0.0)


def scanned(text: str, default: float) -> float:
    """What sscanf makes of a variable that holds ``default``: the number at the start of ``text`` if there is one."""
    match = _NUMBER.match(text)
    return float(match[1]) if match else default


def atoi(text: str) -> int:
    """The integer at the start of ``text``, wrapped to 32 bits; 0 if there is none."""
    match = _WHOLE.match(text)
    return ((int(match[1]) + 0x80000000) & 0xFFFFFFFF) - 0x80000000 if match else 0
