"""How label text is read and written: items, elements, values.

A label is one line of text, ``KEY=VALUE`` items with blanks between them. Every rule here, odd ones included, is the
original's (``parse_label``, ``get_label_item``, ``dequoted``, ``determine_format``, ``convert_from_text``,
``convert_to_text``); the file on disk has to come out the same.
"""

from __future__ import annotations

import math
import re
import struct
from bisect import bisect_left
from operator import itemgetter
from typing import NamedTuple

MAX_VALUE = 250  # an element longer than this is cut, silently
MAX_KEY = 32

# key, separators, then a value in one of five shapes; possessive, so that a malformed label costs linear time
_ITEM = re.compile(
    r"[ \t]*+([^ \t=]*+)[ \t=]*+"
    r"(\[[^\]]*+\]|\{[^}]*+\}|\((?:[^)']++|'[^']*+')*+\)|'(?:[^']++|'')*+'|[^ \t=\[({'][^ \t]*+)",
    re.DOTALL,
)
_SIMPLE = re.compile(r"'([^']{1,249})'\Z|([+-]?[0-9]{1,9})\Z|([^ ,)(\[']+)\Z")  # text, integer, one element of any sort
_FLOAT = struct.Struct("<f")
_INTEGER = re.compile(r"[ \t\n\v\f\r]*([+-]?\d+)")
_REAL = re.compile(
    r"[ \t\n\v\f\r]*([+-]?)(?:(0[xX](?:[0-9a-fA-F]+\.?[0-9a-fA-F]*|\.[0-9a-fA-F]+)(?:[pP][+-]?\d+)?)"
    r"|((?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(inf(?:inity)?)|(nan))",
    re.IGNORECASE,
)
_END = itemgetter(4)
_INT_CHARS = frozenset("0123456789 \t\n\v\f\r+-")
_REAL_CHARS = _INT_CHARS | frozenset("eEdD.")


class Item(NamedTuple):
    """One ``KEY=VALUE`` of a label and where it lies in the text."""

    key: str
    value: str  # raw text of the value, quotes and parentheses included
    start: int  # first character of the key
    value_start: int
    end: int  # one past the last character of the value


def scan(text: str, position: int = 0) -> list[Item]:
    """Items of ``text`` from ``position`` on; a malformed item ends the scan, as it does in the original."""
    items = []
    match, new = _ITEM.match, tuple.__new__  # Item(...) by the short way: labels are read more than anything else
    while found := match(text, position):
        key, value = found.groups()
        position = found.end()
        items.append(new(Item, (key, value, found.start(1), position - len(value), position)))
    return items


def rescan(text: str, items: list[Item], start: int, stop: int, growth: int) -> list[Item]:
    """Items of ``text``, which had ``items`` before its part from ``start`` to ``stop`` became ``growth`` characters longer.

    An item that ends before ``start`` is what it was: where it ends shows in the next character. Behind the change all is
    as it was, moved, from the first place on where an item ended before and one ends now.
    """
    kept = items[: bisect_left(items, start, key=_END)]
    position = kept[-1].end if kept else 0
    new = tuple.__new__
    while found := _ITEM.match(text, position):
        key, value = found.groups()
        position = found.end()
        kept.append(new(Item, (key, value, found.start(1), position - len(value), position)))
        before = position - growth
        same = bisect_left(items, before, key=_END)
        if before >= stop and same < len(items) and items[same].end == before:
            kept += [new(Item, (key, value, at + growth, value_at + growth, end + growth))
                     for key, value, at, value_at, end in items[same + 1 :]]  # fmt: skip
            break
    return kept


def dequoted(text: str) -> str:
    """Strip quotes: a pair (doubled ones inside become single), or a lone one at either end."""
    if text[:1] == "'" and text[-1:] == "'":
        if "'" not in text[1:-1]:
            return text[1:-1][:MAX_VALUE]
        out: list[str] = []
        i = 1
        while i < len(text) - 1 and len(out) < MAX_VALUE:
            out.append(text[i])
            # the doubled quote is looked for one character too far, so a quote before the closing one is dropped with it
            i += 2 if text[i] == "'" and text[i + 1] == "'" else 1
        return "".join(out)
    if text[-1:] == "'":
        text = text[:-1]
    if text[:1] == "'":
        text = text[1:]
    return text[:MAX_VALUE]


def elements(value: str) -> list[str]:
    """Element texts of a value: a quoted element comes without its opening quote but with its closing one."""
    if _SIMPLE.match(value):
        return [value[value[0] == "'" :][:MAX_VALUE]]
    found = []
    position, end = 0, len(value)
    while position < end:
        c = value[position]
        if c in "[(,":
            position += 1
            continue
        if c == ")":
            break
        if c == "'":
            start = position + 1
            stop = start
            while stop < end and not (value[stop] == "'" and value[stop + 1 : stop + 2] != "'"):
                stop += 2 if value[stop] == "'" else 1
            stop = min(stop, end - 1) + 1
        else:
            start = position
            stop = start
            # the first character is taken whatever it is
            while stop < end and (stop == start or value[stop] not in ",) "):
                stop += 1
        element = value[start:stop][:MAX_VALUE]
        if not element:
            break
        found.append(element)
        position = stop
    return found


def guess_format(element: str) -> str:
    """``INT``, ``REAL`` or ``STRING``, from the characters of one element (``DOUB`` is never guessed)."""
    if _INT_CHARS.issuperset(element):
        return "INT"
    return "REAL" if _REAL_CHARS.issuperset(element) else "STRING"


def to_integer(text: str) -> int:
    """C's ``atoi``: leading digits, 0 without any, wrapped to 32 bits."""
    found = _INTEGER.match(text)
    if not found:
        return 0
    number = max(-(2**63), min(2**63 - 1, int(found[1])))
    return (number + 2**31) % 2**32 - 2**31


def to_double(text: str) -> float:
    """C's ``atof``; a FORTRAN ``D`` exponent ends the number."""
    found = _REAL.match(text)
    if not found:
        return 0.0
    sign, hexadecimal, decimal, infinity, _ = found.groups()
    if hexadecimal:
        number = float.fromhex(hexadecimal)
    elif decimal:
        number = float(decimal)
    else:
        number = math.inf if infinity else math.nan
    return -number if sign == "-" else number


def to_real(number: float) -> float:
    """Round to float32 (kept in a Python float)."""
    try:
        return _FLOAT.unpack(_FLOAT.pack(number))[0]
    except OverflowError:
        return math.copysign(math.inf, number)


def value_from_text(element: str, form: str, room: int = MAX_VALUE) -> int | float | str:
    """Value of an element as INT, REAL, DOUB or STRING; ``room`` is the length strings are cut at before dequoting."""
    if form == "STRING":
        return dequoted(element[:room])
    text = dequoted(element)
    if form == "INT":
        return to_integer(text)
    return to_real(to_double(text)) if form == "REAL" else to_double(text)


def values_from_text(texts: list[str], form: str, room: int | None = None) -> list:
    """Values of all elements of an item; strings share the length of the longest, as the original's table does."""
    if form == "STRING" and room is None:
        room = 1 + max((len(dequoted(t)) for t in texts), default=0)
    return [value_from_text(t, form, room or 0) for t in texts]


def guessed_values(value: str) -> list:
    """Values of an item's text in the format its first element seems to have; the usual forms take a short way."""
    simple = _SIMPLE.match(value)
    if simple is not None:
        if simple.lastindex == 1:
            return [simple[1]]
        if simple.lastindex == 2:
            return [int(value)]
        if len(value) <= MAX_VALUE and guess_format(value) == "REAL":
            try:
                return [to_real(float(value))]
            except ValueError:
                pass  # a number that C reads and Python does not
    texts = elements(value)
    return values_from_text(texts, guess_format(texts[0]) if texts else "")


def text_from_value(value, form: str) -> str:
    """Label text of one value: ``%d``, ``%g`` of a float, ``%.16g`` of a double, or a quoted string."""
    if form == "INT":
        return f"{(int(value) + 2**31) % 2**32 - 2**31:d}"
    if form == "STRING":
        return "'" + _quoted(str(value)) + "'"
    number = float(value)
    text = "%g" % to_real(number) if form == "REAL" else "%.16g" % number
    if math.isnan(number) and math.copysign(1.0, number) < 0:
        text = "-nan"
    return text if any(c in ".eEdD" for c in text) else text + ".0"


def _quoted(string: str) -> str:
    """Double the quotes, stopping where the original's buffer is full."""
    string = string.split("\0", 1)[0]
    if "'" not in string:
        return string[: MAX_VALUE - 3]
    out: list[str] = []
    used = 1
    for c in string:
        if used >= MAX_VALUE - 2:
            break
        out.append("''" if c == "'" else c)
        used += len(out[-1])
    return "".join(out)


def item_text(key: str, values: list, form: str) -> str:
    """``KEY=value`` or ``KEY=(a,b,c)``."""
    texts = ",".join(text_from_value(v, form) for v in values)
    return f"{key}=({texts})" if len(values) > 1 else f"{key}={texts}"
