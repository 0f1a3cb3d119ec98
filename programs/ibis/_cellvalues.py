"""Values, positions and formats as EDIBIS reads and shows them. Source: ``vos/p2/prog/edibis`` (Fortran)."""

from __future__ import annotations

import re

import numpy as np

from vicar.numerics import fortran

TEXTS = (4, 16, 32, 64)
DEFAULT_FORMAT = "(F11.3)"
WHOLE = ("BYTE", "HALF", "FULL")
TRIALS = {"REAL": 7.0, "FULL": 7, "A4": "XXXX"}  # written once to see whether a format given fits
LONGEST_ARGUMENT = 64
_TOKEN = re.compile(r"\s*([^\s,;/]*)")


class CommandError(Exception):
    """A command that cannot be done, with what to say; ``fatal`` ends a batch run."""

    def __init__(self, *lines: str, fatal: bool = True):
        super().__init__(*lines)
        self.lines, self.fatal = lines, fatal


class ReadError(Exception):
    """Text that is no number where one is read."""


def unknown(line: str) -> tuple[str, str]:
    return f"Unknown Command:{line}"[:LONGEST_ARGUMENT].rstrip(), "??E - BATCH_MODE abend"


def read_position(text: str) -> tuple[int, int]:
    """Row and column of ``(row,column``; 0 where they are left out."""
    first, _, second = (text[1:] + ",").partition(",")
    try:
        row = int(read_value(first, "FULL", 0)) if first.strip() else 0
    except ReadError:
        raise CommandError("??E - Error reading row in (row,col)") from None
    try:
        return row, int(read_value(second, "FULL", 0)) if second.strip(" ,") else 0
    except ReadError:
        raise CommandError("??E - Error reading column in (row,col)") from None


def read_value(text: str, kind: str, old):
    """A number as list-directed input reads it: the first item; ``old`` if it is empty. Raises `ReadError`."""
    text = text.lstrip()
    if kind == "COMP":
        found = re.match(r"\(\s*([^,\s]*)\s*,\s*([^)\s]*)\s*\)", text)
        if not found:
            if not text or text[0] in ",/":
                return old
            raise ReadError
        return complex(read_value(found[1], "DOUB", 0.0), read_value(found[2], "DOUB", 0.0))
    word = _TOKEN.match(text)[1]
    repeat = re.match(r"(\d+)\*(.*)", word)
    word = repeat[2] if repeat else word
    if not word:
        return old
    if kind == "FULL":
        if not re.fullmatch(r"[+-]?\d+", word) or not -(2**31) <= int(word) < 2**31:
            raise ReadError
        return int(word)
    found = re.fullmatch(r"([+-]?(?:\d+\.?\d*|\.\d+))(?:([edqEDQ]?)([+-]?\d+))?", word)
    if not found or (found[3] and not found[2] and found[3][0] not in "+-"):
        special = re.fullmatch(r"([+-]?)(inf(?:inity)?|nan(?:\(.*\))?)", word, re.IGNORECASE)
        if special:
            return float(special[1] + special[2][:3])
        raise ReadError
    return np.float32(f"{found[1]}e{found[3] or 0}") if kind == "REAL" else float(f"{found[1]}e{found[3] or 0}")


def kind_of_format(given: str) -> tuple[str, str]:
    """Kind of cells and display format that FORMAT asks for; real numbers if it is no format."""
    kind = None
    for letter in given[:16].upper():
        kind = {"F": "REAL", "E": "REAL", "I": "FULL", "A": "A4"}.get(letter, kind)
    try:
        if kind:
            fortran.edit(given.rstrip(), TRIALS[kind])
            return kind, given.rstrip()
    except (ValueError, TypeError):
        pass
    return "REAL", DEFAULT_FORMAT


def display_width(format: str, kind: str) -> int:
    """Characters a value takes in a display format."""
    if kind == "COMP":
        return 20
    return len(fortran.edit(format, "X" * int(kind[1:]) if kind[0] == "A" else TRIALS.get(kind, 7.0)).rstrip()) or 1


def shown_as(format: str) -> tuple[str, str]:
    """Kind of cells and display format of a column of an IBIS-2 table."""
    if format[:1] == "A":
        length = 7 if format == "ASCII" else int(format[1:])
        size = next((size for size in TEXTS if length <= size), TEXTS[-1])
        return f"A{size}", "(2X,A4)" if size == TEXTS[0] else f"(1X,A{size})"
    if format in WHOLE:
        return "FULL", {"BYTE": "(I8.3)", "HALF": "(I8.5)", "FULL": "(I12.10)"}[format]
    if format == "COMP":
        return "COMP", "(1X,'(',F8.3,',',F8.3,')')"
    return format if format == "DOUB" else "REAL", DEFAULT_FORMAT
