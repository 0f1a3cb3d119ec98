"""The common print routine: a title and values, in the columns users know.

Source: ``vos/p1/sub/prnt`` (zprnt). One value follows its title on the same line; several begin on a line of their own,
indented, a fixed number a line. One real number is printed with eight significant digits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from vicar.ctext import CText

LINE = 132
INDENT = " " * 10
_WIDE_TITLE = 110
_KINDS = {"HEX": 32, "BYTE": 30, "HALF": 20, "FULL": 10, "REAL": 10, "DOUB": 10, "COMP": 10, "ASCII": 120}  # values a line


def prnt(kind: str, values, title: str = "") -> list[CText]:
    """The messages that print ``values``.

    ``kind`` is HEX BYTE HALF FULL REAL DOUB COMP or ASCII (codes 0 1 2 4 7 8 10 99 of the original). ``values`` is a number,
    a sequence, or for HEX and ASCII bytes or text. A full stop at the end of the title is dropped.
    """
    one = _one(kind, values)
    if one is not None and len(title) <= _WIDE_TITLE:
        return [CText(_head(title) + _field(kind, one, True))]
    items = _items(kind, values)
    number = len(items) // 2 if kind == "COMP" else len(items)
    lines = []
    head = _head(title)
    if head.strip(" ") or title not in ("", " "):
        if number > 1 or len(head) > _WIDE_TITLE:
            lines.append(head)
            head = INDENT
    per_line = _KINDS[kind]
    alone = len(items) == 1
    for first in range(0, len(items), per_line):
        part = items[first : first + per_line]
        text = _dump(part) if kind == "HEX" else "".join(_field(kind, v, alone) for v in part)
        lines.append(head + text)
        head = INDENT
    return [CText(line) for line in lines]


def _one(kind: str, values) -> int | float | None:
    """A single number of the kinds that programs print by the hundred, None for all else."""
    if kind == "REAL" and type(values) is np.float32:
        return float(values)
    return values if kind == "FULL" and type(values) is int and abs(values) < 2**31 else None


def _items(kind: str, values) -> Sequence:
    if kind in ("HEX", "ASCII"):
        return values.encode("latin-1") if isinstance(values, str) else bytes(values)
    if kind == "COMP":
        pairs = np.atleast_1d(np.asarray(values, np.complex64))
        return pairs.view(np.float32).tolist()
    types = {"BYTE": np.uint8, "HALF": np.int16, "FULL": np.int32, "REAL": np.float32, "DOUB": np.float64}
    array = np.atleast_1d(np.asarray(values))
    return array.ravel().astype(types[kind]).tolist()


def _head(title: str) -> str:
    if title in ("", " "):
        return INDENT
    title = title[:LINE]
    return title[:-1] if title.endswith(".") else title


def _field(kind: str, value, alone: bool) -> str:
    if kind == "BYTE":
        return f" {value:3d}"
    if kind == "HALF":
        return f"{value:6d}"
    if kind == "FULL":
        text = f" {value:10d}"
        return text if alone or len(text) <= 11 else " " + "*" * 10
    if kind == "ASCII":
        return chr(value)
    return _real(value, alone and kind != "COMP")


def _real(value: float, alone: bool) -> str:
    if value != value:
        return f" {'NAN' if not np.signbit(value) else '-NAN':>10}"
    if alone and 0.0001 <= abs(value) <= 9999999.9:
        return f" {value:10.{8 - _digits_before_point(abs(value))}f}"
    return f" {value:10.3E}"


def _digits_before_point(value: float) -> int:
    """How many digits of the eight stand left of the point; careful about values that round up to a power of ten."""
    limits = (0.99999999, 9.9999999, 99.999999, 999.99999, 9999.9999, 99999.999, 999999.99)
    return next((digits for digits, limit in enumerate(limits) if value <= limit), 7)


def _dump(part: Iterable[int]) -> str:
    """Hexadecimal in groups of four bytes, then the same as characters."""
    data = bytes(part)
    groups = "".join(" " + data[i : i + 4].hex().upper() for i in range(0, len(data), 4))
    shown = "".join(chr(c) if 32 <= c < 127 else "#" if c >= 127 else "|" for c in data)
    return f"{groups}   {shown}"
