"""Text files as Fortran reads them: list-directed, or by a format of I, F, A and X."""

from __future__ import annotations

import re

import numpy as np

from vicar.numerics import fortran

_ITEM = re.compile(r"[ \t]*(?:(\d+)\*)?([^\s,;/]*)[ \t]*([,;]?)")
_REAL = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[EDQedq][+-]?\d+|[+-]\d+)?")
_DESCRIPTOR = re.compile(r"(\d*)([IFAX])(\d*)(?:\.(\d+))?", re.IGNORECASE)


class FreeReader:
    """Rows of numbers; every row begins on a new line and may go on over several."""

    def __init__(self, text: str):
        self.lines = text.splitlines()
        self.at = 0

    def row(self, count: int) -> tuple[np.ndarray, bool] | None:
        """``count`` numbers (float64; 0 where none is given) and whether they could be read; None at the end of the file."""
        values = np.zeros(count)
        place = 0
        while place < count:
            if self.at >= len(self.lines):
                return None
            line, start = self.lines[self.at], 0
            self.at += 1
            while place < count and start < len(line):
                found = _ITEM.match(line, start)
                repeat, word, comma = found.groups()
                start = found.end()
                if not word and not comma:
                    if line[start : start + 1] == "/":
                        return values, True
                    if not repeat:
                        break
                times = int(repeat or 1)
                if word:
                    value = number(word)
                    if value is None:
                        return values, False
                    values[place : place + times] = value
                place += times
        return values, True


def number(word: str) -> float | None:
    """A real number, or None."""
    if re.fullmatch(r"[+-]?(inf(inity)?|nan(\(.*\))?)", word, re.IGNORECASE):
        return float(word.partition("(")[0])
    if not _REAL.fullmatch(word):
        return None
    return fortran.read_real(word)


class Format:
    """A format of I, F, A and X fields, each with a repeat count and a width.

    ``kinds``: FULL, REAL or A for every column.
    """

    def __init__(self, text: str):
        self.fields = []
        for repeat, letter, width, decimals in _DESCRIPTOR.findall(text):
            letter = letter.upper()
            for _ in range(int(repeat or 1)):
                self.fields.append((letter, 1 if letter == "X" else int(width or 0), int(decimals or 0)))
        self.kinds = [{"I": "FULL", "F": "REAL"}.get(letter, "A") for letter, _, _ in self.fields if letter != "X"]
        self.widest = max((width for letter, width, _ in self.fields if letter == "A"), default=0)

    def row(self, line: str) -> list:
        """Values of a line; raises ValueError where a number cannot be read."""
        values, at = [], 0
        for letter, width, decimals in self.fields:
            part = line[at : at + width]
            at += width
            if letter == "I":
                values.append(fortran.read_integer(part))
            elif letter == "F":
                values.append(np.float32(fortran.read_real(part, decimals)))
            elif letter == "A":
                values.append(part.rstrip(" "))
        return values
