"""The string functions of MF3 and MF4 over its store of zero-ended strings.

Source: ``vos/p2/prog/mf3``, ``mf4`` (``sp_xknuth``), ``vos/p2/sub/carto_subs/cartoStrUtils.c``. A string is its place
in the store; a function appends its result and gives the place. Most loops stop at 100 characters, as the original's
do.
"""

from __future__ import annotations

import math

from programs.ibis._cell_compiler import ExpressionError

LONGEST = 100
SIZE = 120000


class Strings:
    """The store: ``top`` is where the next string goes. ``trimmed``: characters TRIM looks at in its second string."""

    def __init__(self, constants: bytes = b"", trimmed: int = LONGEST):
        self.trimmed = trimmed
        self.memory = bytearray(SIZE)
        self.memory[: len(constants)] = constants
        self.top = len(constants)

    def add(self, value: bytes, width: int | None = None) -> int:
        """Append a string (in a field of ``width`` and its end), gives its place."""
        place, size = self.top, (len(value) if width is None else width) + 1
        self.memory[place : place + size] = value[: size - 1].ljust(size, b"\0")
        self.top += size
        return place

    def at(self, place: int) -> bytes:
        end = self.memory.find(b"\0", place)
        return bytes(self.memory[place:end])

    def upto(self, place: int, longest: int = LONGEST) -> bytes:
        """At most ``longest`` characters of the string."""
        return self.at(place)[:longest]

    def put(self, character: int) -> None:
        self.memory[self.top] = character & 255
        self.top += 1


def place_of(value) -> int:
    return int(float(value) + 0.001)


def _made(strings: Strings, value: bytes) -> float:
    return float(strings.add(value))


def cat(strings, a, b):
    return _made(strings, strings.upto(place_of(a)) + strings.upto(place_of(b)))


def break_(strings, a, b):
    """The part before the first of some characters."""
    text, ends = strings.upto(place_of(a)), strings.upto(place_of(b))
    stop = next((i for i, c in enumerate(text) if c in ends), len(text))
    return _made(strings, text[:stop])


def fstr(strings, a, b):
    return _made(strings, strings.at(place_of(a))[: max(place_of(b), 0)])


def bstr(strings, a, b):
    return _made(strings, strings.upto(place_of(a), 60)[max(place_of(b), 0) :])


def adelete(strings, a, b):
    """Without some characters."""
    unwanted = strings.upto(place_of(b))
    return _made(strings, bytes(c for c in strings.upto(place_of(a)) if c not in unwanted))


def replaced(strings: Strings, source: int, wanted: bytes, new: bytes) -> float:
    """Copy with every ``wanted`` exchanged, backing up after a partial match as the original does."""
    place = strings.top
    memory, matched, at = strings.memory, 0, 0
    while at < LONGEST:
        character = memory[source + at]
        if not character:
            break
        if matched < len(wanted) and wanted[matched] == character:
            matched += 1
        elif matched > 0:
            at += 1 - matched
            strings.top += 1 - matched
            matched = 0
            continue
        if matched >= len(wanted):
            strings.top -= len(wanted) - 1
            matched = 0
            for letter in new:
                strings.put(letter)
        else:
            strings.put(character)
        at += 1
    strings.put(0)
    return float(place)


def sdelete(strings, a, b):
    return replaced(strings, place_of(a), strings.upto(place_of(b)), b"")


def replace(strings, a, b):
    rule = strings.upto(place_of(b))
    if b"=" not in rule:
        raise ExpressionError("no equals sign in replacement string")
    wanted = rule[: rule.index(b"=")]
    new = strings.at(place_of(b))[len(wanted) + 1 :][:LONGEST]
    return replaced(strings, place_of(a), wanted, new)


def trim(strings, a, b):
    """Without some characters at the end."""
    text, unwanted = strings.upto(place_of(a)), strings.upto(place_of(b), strings.trimmed)
    stop = len(text)
    while stop and text[stop - 1] in unwanted:
        stop -= max(unwanted.count(text[stop - 1]), 1)
    return _made(strings, text[: max(stop, 0)])


def ucase(strings, a, b):
    return _made(strings, strings.upto(place_of(b)).upper())


def lcase(strings, a, b):
    return _made(strings, strings.upto(place_of(b)).lower())


def strlen(strings, a, b):
    return float(len(strings.upto(place_of(b))))


def streq(strings, a, b):
    left, right = strings.at(place_of(a)), strings.at(place_of(b))
    return 1.0 if left == right and len(left) < LONGEST else 0.0


def strsub(strings, a, b):
    """1 if the second string occurs in the first; moves the store as the original's search does."""
    text, wanted = strings.at(place_of(a)), strings.upto(place_of(b))
    matched = at = 0
    while at < LONGEST and at < len(text):
        if matched < len(wanted) and wanted[matched] == text[at]:
            matched += 1
        elif matched > 0:
            at += 1 - matched
            strings.top += 1 - matched
            matched = 0
            continue
        if matched >= len(wanted):
            return 1.0
        at += 1
    return 0.0


def justified(strings, a, b, right: bool) -> float:
    """The text without leading blanks in a field of b characters, to the left or right; trailing ones stay."""
    text, width = strings.upto(place_of(a)), place_of(b)
    front = len(text) - len(text.lstrip(b" "))
    taken = min(width, len(text) - front)
    body = text[front : front + max(taken, 0)]
    filler = b" " * max(width - taken, 0)
    return _made(strings, filler + body if right else body + filler)


def ljust(strings, a, b):
    return justified(strings, a, b, False)


def rjust(strings, a, b):
    return justified(strings, a, b, True)


def number_at(text: bytes) -> float:
    """The number at the start of a string, digit by digit (``ms_dnum``); signs and E may stand anywhere."""
    sign, left, right, point, power, power_sign = 1.0, 0.0, 0.0, 0.0, None, 1.0
    text = text.lstrip(b" ")
    if text[:1] == b"-":
        sign, text = -1.0, text[1:]
    for character in text.decode("latin-1"):
        if character in "eEdD":
            power = 0.0
        elif character == "-":
            power_sign = -1.0
        elif character == ".":
            point = 0.1
        elif character.isdigit() and character.isascii():
            digit = float(character)
            if power is not None:
                power = 10.0 * power + digit
            elif point == 0.0:
                left = 10.0 * left + digit
            else:
                right, point = right + point * digit, point * 0.1
        elif character != "+":
            break
    value = sign * (left + right)
    if power is None:
        return value
    return value * _pow10(power * power_sign)


def _pow10(power: float) -> float:
    from vicar.numerics import libm

    return float(libm.pow(10.0, power))


def num(strings, a, b):
    return number_at(strings.at(place_of(b)))


def i2str(strings, a, b):
    """Decimal digits of the whole part; 0 gives the empty string, as in the original."""
    value = place_of(b)
    negative = value < 0
    if negative:
        value = int(-float(b) + 0.001)
    place = strings.top
    digits = _digits(value)
    strings.add((b"-" if negative else b"") + digits)
    return float(place)


def _digits(value: int) -> bytes:
    """Digits from the back; a zero ends them except in the second place."""
    backwards = []
    for index in range(12):
        if value == 0 and index != 1:
            break
        backwards.append(48 + value % 10)
        value //= 10
    return bytes(reversed(backwards))


def f2str(strings, a, b):
    """A number with b digits behind the point, made digit by digit."""
    number, places = float(a), place_of(b)
    text = ""
    if number < 0.0:
        text, number = "-", -number
    number += 0.5 * _pow_tenth(places)
    exponent = 0
    for _ in range(50):
        if number < 10.0:
            break
        exponent += 1
        number *= 0.1
    for _ in range(exponent + places + 1):
        digit = int(number)
        number = math.fmod(number, 1.0) * 10.0
        text += chr(digit + 48)
        exponent -= 1
        if exponent == -1:
            if places == 0:
                break
            text += "."
    return _made(strings, text.encode("latin-1"))


def _pow_tenth(places: int) -> float:
    from vicar.numerics import libm

    return float(libm.pow(0.1, float(places)))


def degrees_of_packed(number: float) -> float:
    """Degrees of a number written dddmmss (DMSNUM)."""
    sign = -1.0 if number < 0 else 1.0
    number = abs(number)
    second = number - 100.0 * int(number / 100.0)
    number -= second
    minute = number - 10000.0 * int(number / 10000.0)
    number -= minute
    return sign * (number / 10000.0 + minute / 6000.0 + second / 3600.0)


def dmsstr(strings, a, b):
    """Degrees of a text dddmmss with N, S, E or W before or behind."""
    place = place_of(b)
    text = strings.at(place).decode("latin-1")
    sign = 1.0
    if text and text[-1] in "WSwsENen":
        sign = -1.0 if text[-1:] in "WSws" else 1.0
        text = text[:-1]
        strings.memory[place + len(text)] = 0
    if text and text[0] in "WSwsENen":
        sign = -1.0 if text[:1] in "WSws" else 1.0
        text = text[1:]
    kept = ""
    for index, character in enumerate(text):
        following = text[index + 1 : index + 2]
        if character in "0123456789.+-eE" or (character in "dD" and following in "+-"):
            kept += character
    return sign * degrees_of_packed(number_at(kept.encode("latin-1")))


def found(strings, a, b):
    from programs.ibis._cell_pattern import find

    place, _ = find(strings.upto(place_of(a)), strings.upto(place_of(b)))
    return float(place)


def strpat(strings, a, b):
    from programs.ibis._cell_pattern import find

    return _made(strings, find(strings.upto(place_of(a)), strings.upto(place_of(b)))[1])


STRING_STEPS = {
    41: cat, 42: break_, 43: fstr, 44: bstr, 45: adelete, 46: sdelete, 47: trim, 48: ucase, 49: lcase, 50: replace,
    51: strlen, 52: found, 53: streq, 54: strsub, 55: strpat, 56: ljust, 57: rjust, 58: num, 59: i2str, 60: f2str,
    61: dmsstr,
}  # fmt: skip
