"""Fortran's edit descriptors as gfortran writes them: I F E D G ES A L X T Z O, literals, repeats, groups, scale factors.

``edit("('N =',I5,F8.2)", 3, 1.5)`` gives one record, ``write`` all of them, ``edit_all("F8.3", array)`` one field an element.
Decimal rounding is that of the exact binary value, ties to even; negative zero keeps its sign; what does not fit is stars.
"""

from __future__ import annotations

import functools
import math
import re
from decimal import ROUND_HALF_EVEN, Context, Decimal

_CONTEXT = Context(prec=800, rounding=ROUND_HALF_EVEN)


# ---------------------------------------------------------------- single fields


def integer(value, width: int = 0, digits: int = 1, plus: bool = False) -> str:
    """Iw.m; width 0 is as wide as needed; m = 0 writes a zero as blanks."""
    value = int(value)
    body = str(abs(value)).rjust(digits, "0") if value or digits else ""
    sign = "-" if value < 0 else "+" if plus and body else ""
    return _fit(sign + body, width)


def fixed(value, width: int, decimals: int, scale: int = 0, plus: bool = False) -> str:
    """Fw.d with an optional scale factor (kP)."""
    value = float(value)
    if not math.isfinite(value):
        return _not_finite(value, width, plus)
    if scale:
        number = Decimal(value).scaleb(scale, _CONTEXT).quantize(Decimal(1).scaleb(-decimals), context=_CONTEXT)
        body = format(abs(number), "f")
    else:
        body = f"{abs(value):.{decimals}f}"
    if decimals == 0:
        body += "."
    sign = "-" if math.copysign(1.0, value) < 0 else "+" if plus else ""
    if body[0] == "0" and len(body) > 2 and (width == 0 or len(sign) + len(body) > width):
        body = body[1:]  # the leading zero is optional
    return _fit(sign + body, width)


def exponent(
    value, width: int, decimals: int, digits: int | None = None, scale: int = 0, letter: str = "E", plus: bool = False
) -> str:
    """Ew.d, Ew.dEe and Dw.d with a scale factor; an exponent of three digits drops the letter."""
    value = float(value)
    if not math.isfinite(value):
        return _not_finite(value, width, plus)
    if not -decimals < scale <= decimals + 1:
        raise ValueError(f"scale factor {scale} does not fit E{width}.{decimals}")
    significant = decimals + 1 if scale > 0 else decimals + scale
    if value == 0:
        numerals, power = "0" * significant, 0
    else:
        mantissa, power_text = f"{abs(value):.{significant - 1}e}".split("e")
        numerals, power = mantissa.replace(".", ""), int(power_text) + 1 - scale
    if scale > 0:
        body = numerals[:scale] + "." + numerals[scale:]
    else:
        body = "0." + "0" * -scale + numerals
    ending = _exponent_text(power, digits, letter)
    if ending is None:
        return "*" * width
    sign = "-" if math.copysign(1.0, value) < 0 else "+" if plus else ""
    if scale <= 0 and len(sign) + len(body) + len(ending) > width:
        body = body[1:]
    return _fit(sign + body + ending, width)


def _exponent_text(power: int, digits: int | None, letter: str) -> str | None:
    """The exponent field, None if it does not fit."""
    sign = "-" if power < 0 else "+"
    if digits is None:
        if abs(power) > 999:
            return None
        return f"{sign}{abs(power):03d}" if abs(power) > 99 else f"{letter}{sign}{abs(power):02d}"
    body = str(abs(power)).rjust(digits, "0")
    return None if len(body) > digits else letter + sign + body


def general(value, width: int, decimals: int, digits: int | None = None, scale: int = 0, plus: bool = False) -> str:
    """Gw.d of a real: F with blanks for the exponent where d digits say it, E elsewhere.

    The magnitude is judged in the type of the value (float32 stays float32), as gfortran's library does.
    """
    kind = type(value) if hasattr(value, "dtype") else float
    value = float(value)
    if not math.isfinite(value):
        return _not_finite(value, width, plus)
    blanks = 4 if digits is None else digits + 2
    if value == 0:
        places = decimals - 1
    else:
        size = kind(abs(value))
        limit = kind(1) - kind(0.5) / kind(10.0**decimals)
        if size < kind(0.1) * limit or kind(0.5) >= kind(10.0**decimals) - size:
            return exponent(value, width, decimals, digits, scale, "E", plus)
        power = 0
        while power < decimals and size >= kind(10.0**power) * limit:
            power += 1
        places = decimals - power
    field = fixed(value, width - blanks, places, 0, plus)
    return "*" * width if "*" in field else field + " " * blanks


def scientific(value, width: int, decimals: int, digits: int | None = None, plus: bool = False) -> str:
    """ESw.d."""
    return exponent(value, width, decimals, digits, 1, "E", plus)


def text(value, width: int | None = None) -> str:
    """Aw: right-justified, or the leftmost w characters."""
    value = str(value)
    if width is None:
        return value
    return value[:width].rjust(width)


def logical(value, width: int) -> str:
    """Lw."""
    return ("T" if value else "F").rjust(width)


def radix(value, width: int, digits: int, kind: str) -> str:
    """Zw.m and Ow.m of a 32-bit integer."""
    value = int(value)
    if value < 0:
        value += 1 << 32
    return _fit(format(value, "X" if kind == "Z" else "o").rjust(digits, "0") if value or digits else "", width)


def _fit(body: str, width: int) -> str:
    if not width:
        return body
    return body.rjust(width) if len(body) <= width else "*" * width


def _not_finite(value: float, width: int, plus: bool) -> str:
    if math.isnan(value):
        return "NaN".rjust(width) if width >= 3 or not width else "*" * width
    sign = "-" if value < 0 else "+" if plus else ""
    for body in ("Infinity", "Inf"):
        if (width and len(sign) + len(body) <= width) or (not width and body == "Inf"):
            # a plus sign is written when there is room even without SP, only with the long form
            return (sign + body).rjust(width)
    return "*" * width


# ---------------------------------------------------------------- formats

_TOKEN = re.compile(
    r"\s*(?:(?P<lit>'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\")|(?P<holl>\d+)[Hh]|(?P<scale>[+-]?\d+)\s*[Pp]"
    r"|(?P<count>\d+)?\s*(?:(?P<open>\()|(?P<name>ES|EN|SP|SS|BN|BZ|TL|TR|[IFEDGALXTZOS])"
    r"\s*(?P<w>\d+)?(?:\.(?P<d>\d+))?(?:[Ee](?P<e>\d+))?)"
    r"|(?P<close>\))|(?P<slash>/)|(?P<colon>:)|(?P<comma>,))",
    re.IGNORECASE,
)


@functools.lru_cache(maxsize=2000)
def _parse(format_text: str) -> tuple:
    """A format as nested tuples: ('group', count, items), ('X', count), ('lit', text), ('scale', k), (name, count, w, d, e)."""
    stack: list[tuple[int, list]] = [(1, [])]
    place = 0
    source = format_text.strip()
    while place < len(source):
        match = _TOKEN.match(source, place)
        if match is None:
            if not source[place:].strip():
                break
            raise ValueError(f"format {format_text!r}: cannot read {source[place:]!r}")
        place = match.end()
        got = match.groupdict()
        items = stack[-1][1]
        if got["lit"]:
            quote = got["lit"][0]
            items.append(("lit", got["lit"][1:-1].replace(quote * 2, quote)))
        elif got["holl"]:
            length = int(got["holl"])
            items.append(("lit", source[place : place + length]))
            place += length
        elif got["scale"]:
            items.append(("scale", int(got["scale"])))
        elif got["open"]:
            stack.append((int(got["count"] or 1), []))
        elif got["close"]:
            count, group = stack.pop()
            stack[-1][1].append(("group", count, tuple(group)))
        elif got["slash"]:
            items.append(("slash",))
        elif got["colon"]:
            items.append(("colon",))
        elif got["name"]:
            sizes = [int(got[key]) if got[key] else None for key in ("w", "d", "e")]
            items.append((got["name"].upper(), int(got["count"] or 1), *sizes))
    if len(stack) != 1:
        raise ValueError(f"format {format_text!r}: parentheses do not match")
    items = stack[0][1]
    if len(items) == 1 and items[0][0] == "group" and source.startswith("("):
        return items[0][2]
    return tuple(items)


_DATA = {"I", "F", "E", "D", "G", "ES", "A", "L", "Z", "O"}


def _field(name, width, decimals, digits, value, scale, plus) -> str:
    """One value under one descriptor."""
    if name == "A" or (name == "G" and isinstance(value, str)):
        return text(value, width)
    if name == "L" or (name == "G" and isinstance(value, bool)):
        return logical(value, width or 1)
    if name in ("Z", "O"):
        return radix(value, width or 0, 1 if decimals is None else decimals, name)
    whole = name == "I" or (name == "G" and not hasattr(value, "is_integer") and not _is_float(value))
    if whole:
        return integer(value, width or 0, 1 if decimals is None or name == "G" else decimals, plus)
    if name == "F":
        return fixed(value, width or 0, decimals or 0, scale, plus)
    if name == "G":
        return general(value, width or 0, decimals or 0, digits, scale, plus)
    if name == "ES":
        return scientific(value, width or 0, decimals or 0, digits, plus)
    return exponent(value, width or 0, decimals or 0, digits, scale, name, plus)


def _is_float(value) -> bool:
    kind = getattr(getattr(value, "dtype", None), "kind", "")
    return kind == "f" or isinstance(value, float)


class _Writer:
    """Runs through a format with the values of one WRITE."""

    def __init__(self, values):
        self.values = list(values)
        self.next = 0
        self.records: list[str] = []
        self.record = ""
        self.place = 0
        self.scale = 0
        self.plus = False

    def put(self, piece: str) -> None:
        if self.place > len(self.record):
            self.record = self.record.ljust(self.place)
        self.record = self.record[: self.place] + piece + self.record[self.place + len(piece) :]
        self.place += len(piece)

    def end_record(self) -> None:
        self.records.append(self.record)
        self.record, self.place = "", 0

    def run(self, items) -> bool:
        """Write along ``items``; False when the values have run out at a descriptor that needs one."""
        for item in items:
            kind = item[0]
            if kind == "lit":
                self.put(item[1])
            elif kind == "scale":
                self.scale = item[1]
            elif kind == "slash":
                self.end_record()
            elif kind == "colon":
                if self.next >= len(self.values):
                    return False
            elif kind == "group":
                for _ in range(item[1]):
                    if not self.run(item[2]):
                        return False
            elif kind in _DATA:
                for _ in range(item[1]):
                    if self.next >= len(self.values):
                        return False
                    value = self.values[self.next]
                    self.next += 1
                    self.put(_field(kind, *item[2:], value, self.scale, self.plus))
            else:
                self.control(*item)
        return True

    def control(self, name, count, width, *_):
        """X, T, TL, TR and the sign modes."""
        if name == "X":
            self.place += count
        elif name == "T":
            self.place = width - 1
        elif name == "TL":
            self.place = max(0, self.place - width)
        elif name == "TR":
            self.place += width
        elif name in ("SP", "SS", "S"):
            self.plus = name == "SP"


def write(format_text: str, *values) -> list[str]:
    """The records of WRITE(.., format) values; arrays stand for their elements.

    Blanks that X leaves at the end of a record are not written, as in Fortran (an internal file is blank anyway).
    """
    items = _parse(format_text)
    writer = _Writer(_flatten(values))
    finished = writer.run(items)
    while finished and writer.next < len(writer.values):
        before = writer.next
        writer.end_record()
        finished = writer.run(_revert(items))
        if writer.next == before:
            raise ValueError(f"format {format_text!r} has no descriptor for the values")
    writer.end_record()
    return writer.records


def _revert(items):
    """Where format control goes back to when values are left: the last group, with its count, or the whole."""
    for index in range(len(items) - 1, -1, -1):
        if items[index][0] == "group":
            return items[index:]
    return items


def _flatten(values):
    for value in values:
        if isinstance(value, (list, tuple)) or getattr(value, "ndim", 0):
            yield from _flatten(value)
        else:
            yield value


def edit(format_text: str, *values, width: int | None = None) -> str:
    """The first record of ``write``, blank-filled or cut to ``width`` when given (an internal WRITE to CHARACTER*width)."""
    record = write(format_text, *values)[0]
    return record if width is None else record[:width].ljust(width)


def edit_all(descriptor: str, values) -> list[str]:
    """One field an element of ``values`` for a single descriptor such as ``"F8.3"``, ``"1PE11.4"``, ``"I6"``."""
    items = _parse(descriptor)
    scale = items[0][1] if items[0][0] == "scale" else 0
    name, _, width, decimals, digits = items[-1]
    numbers = values.ravel().tolist() if hasattr(values, "ravel") else list(values)
    if name == "I" and decimals is None and width:
        quick = [f"{v:{width}d}" for v in numbers]
        return [q if len(q) == width else "*" * width for q in quick]
    return [_field(name, width, decimals, digits, v, scale, False) for v in numbers]


# ---------------------------------------------------------------- reading


def read_integer(field: str) -> int:
    """Iw on input: blanks are ignored, an empty field is 0. Raises ValueError as a READ goes to its ERR label."""
    squeezed = field.replace(" ", "")
    if not squeezed:
        return 0
    if not re.fullmatch(r"[+-]?\d+", squeezed):
        raise ValueError(f"{field!r} is not an integer")
    return int(squeezed)


def read_real(field: str, decimals: int = 0) -> float:
    """Fw.d (also E, D, G) on input: blanks ignored; without a point the last ``decimals`` digits are the fraction."""
    squeezed = field.replace(" ", "")
    if not squeezed:
        return 0.0
    match = re.fullmatch(r"([+-]?)(\d*)(\.?)(\d*)(?:[EDQedq]?([+-]?\d+))?", squeezed)
    if match is None or not (match[2] or match[4]):
        raise ValueError(f"{field!r} is not a number")
    power = int(match[5] or 0) - (0 if match[3] else decimals)
    return float(f"{match[1]}{match[2] or '0'}.{match[4] or '0'}e{power}")
