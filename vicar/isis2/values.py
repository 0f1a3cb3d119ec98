"""Values of the label language, read and written as ISIS 2 writes them.

A value is an int, a float, a `Text` (a quoted string, or a bare word), `Based` (16#FF7FFFFB#), `Measure` (a number with
<UNIT>), None for the bare word NULL, or a tuple of such. Forms were taken from the labels and histories of five real cubes
(1996 to 2004): floats with seven decimals, quoted strings, ``(a,b)`` without blanks, lines of at most 80 columns that
break behind a comma (or after ``=``) and go on two columns further in.
"""

from __future__ import annotations

import re

from vicar.isis2.errors import IsisError

WIDTH = 80
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([EeDd][+-]?\d+)?$")
_INTEGER = re.compile(r"[+-]?\d+$")
_BASED = re.compile(r"(\d+)#([+-]?[0-9A-Fa-f]+)#$")
_TOKEN = re.compile(r"""\s+|/\*.*?\*/|"[^"]*"|'[^']*'|<[^>]*>|\d+\#[^#\s]*\#|[(){},]|[^\s(){},<>"']+""", re.S)


class Text(str):
    """A string of a label; ``quote`` is the character it stands between, "" for a bare word."""

    quote: str

    def __new__(cls, text: str, quote: str = '"'):
        self = super().__new__(cls, text)
        self.quote = quote
        return self


class Based(int):
    """A whole number written in another base; a bit pattern where it stands for a real number."""

    base: int

    def __new__(cls, number: int, base: int = 16):
        self = super().__new__(cls, number)
        self.base = base
        return self


class Measure(float):
    """A number with a unit."""

    unit: str

    def __new__(cls, number: float, unit: str):
        self = super().__new__(cls, number)
        self.unit = unit
        return self


def parse(text: str):
    """Value of the text behind an equals sign."""
    tokens = [t for t in _TOKEN.findall(text) if not t.isspace() and not t.startswith("/*")]
    value, place = _parse(tokens, 0, text)
    if place != len(tokens):
        return Text(text.strip(), "")  # several bare words: kept as they are
    return value


def _parse(tokens: list[str], place: int, text: str):
    if place >= len(tokens):
        return Text("", ""), place
    token = tokens[place]
    if token in "({":
        items, place = [], place + 1
        while place < len(tokens) and tokens[place] not in ")}":
            if tokens[place] == ",":
                place += 1
                continue
            item, place = _parse(tokens, place, text)
            items.append(item)
        if place >= len(tokens):
            raise IsisError("LABEL", f"a list is not closed: {text.strip()[:40]}")
        return tuple(items), place + 1
    value = scalar(token)
    if place + 1 < len(tokens) and tokens[place + 1].startswith("<"):
        unit = tokens[place + 1][1:-1].strip()
        return (Measure(value, unit) if isinstance(value, int | float) else value), place + 2
    return value, place + 1


def scalar(token: str):
    """Value of one word."""
    if token[:1] in "\"'" and token[-1:] == token[0] and len(token) > 1:
        return Text(re.sub(r"\s*\r?\n\s*", " ", token[1:-1]), token[0])
    based = _BASED.match(token)
    if based:
        try:
            return Based(int(based[2], int(based[1])), int(based[1]))
        except ValueError:  # digits that are none of that base
            return Text(token, "")
    if _INTEGER.match(token):
        return int(token)
    if _NUMBER.match(token):
        return float(token.replace("D", "E").replace("d", "e"))
    return None if token.upper() == "NULL" else Text(token, "")


def form(value) -> str:
    """One value as text, on one line."""
    if value is None:
        return "NULL"
    if isinstance(value, tuple | list):
        return "(" + ",".join(form(v) for v in value) + ")"
    if isinstance(value, Based):
        return f"{value.base}#{int(value):X}#"
    if isinstance(value, Measure):
        return f"{form(float(value) if value % 1 else int(value))} <{value.unit}>"
    if isinstance(value, Text):
        return f"{value.quote}{value}{value.quote}"
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, float):
        return real(value)
    return str(int(value))


def real(value: float) -> str:
    """Seven decimals; where they would lose digits (or there would be too many), as many as the number needs."""
    plain = f"{value:.7f}"
    return plain if abs(value) < 1e15 and float(plain) == value else repr(value)


def statement(keyword: str, value, indent: int, eol: str = "\r\n") -> str:
    """``KEYWORD = value`` on as many lines as it takes."""
    head = f"{' ' * indent}{keyword} = "
    text = form(value)
    if len(head) + len(text) <= WIDTH:
        return head + text + eol
    further = " " * (indent + 2)
    if not isinstance(value, tuple | list):
        if len(further) + len(text) <= WIDTH or " " not in text:
            return head + eol + further + text + eol
        return head + eol + eol.join(_words(text, further)) + eol
    lines, line = [], head + "("
    for number, item in enumerate(value):
        piece = form(item) + ("," if number < len(value) - 1 else ")")
        if len(line) + len(piece) > WIDTH and line.strip():
            lines.append(line)
            line = further
        line += piece
    return eol.join([*lines, line]) + eol


def _words(text: str, further: str) -> list[str]:
    lines, line = [], further
    for word in re.findall(r"\S+\s*", text):
        if len(line) + len(word.rstrip()) > WIDTH and line.strip():
            lines.append(line.rstrip())
            line = further
        line += word
    return [*lines, line]
