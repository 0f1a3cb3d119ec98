"""Triangle meshes in Wavefront OBJ files, as the library tinyobjloader 2.0 reads them.

Numbers are read digit by digit in double precision, as there, and then rounded to REAL*4: the last bit may be another than
that of the nearest number.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

TENTHS = [1.0, 0.1, 0.01, 0.001, 0.0001, 0.00001, 0.000001, 0.0000001]
WIDEST = 40  # longer numbers are read one by one
CORNER = re.compile(rb"0*[1-9]\d*(/0*[1-9]\d*(/0*[1-9]\d*)?|//0*[1-9]\d*)?")
INDEX = re.compile(rb"[ \t\f\v]*[+-]?0*[1-9]")
NO_INDEX = re.compile(rb"[^/ \t]*")
NUMBER = re.compile(rb"([+-]?)(?:(?=\.)|(\d+))(?:\.(\d*))?(?:([eE])([+-]?)(\d*))?")


class MeshError(ValueError):
    """No mesh of one shape; the text says what is wrong."""


@dataclass
class Mesh:
    """vertices : float32 (n, 3); corners : how many each face has, of the only shape; shapes : how many there are."""

    vertices: np.ndarray
    corners: list[int]
    shapes: int


def read_mesh(path: Path) -> Mesh:
    """Read a file. Raises `MeshError` (or OSError)."""
    lines = re.split(rb"\r\n|\r|\n", path.read_bytes())
    vertices: list[list[bytes]] = []
    group, shape, shapes = _Group(), [], []
    for line in lines:
        kind, space, rest = line.lstrip(b" \t").replace(b"\t", b" ").partition(b" ")
        if not space:  # a letter alone is no command
            continue
        if kind == b"v":
            vertices.append((rest.split() + [b"", b"", b""])[:3])
        elif kind == b"f":
            group.faces.append(_corners(rest))
        elif kind in (b"l", b"p"):
            group.others = bool(_corners(rest)) or group.others
            group.empty = False
        elif kind in (b"g", b"o"):
            shape += group.polygons()
            if shape or (kind == b"o" and group.others):
                shapes.append(shape)
            group, shape = _Group(), []
    shape += group.polygons()
    if shape or group.faces or not group.empty:
        shapes.append(shape)
    numbers = read_numbers([word for vertex in vertices for word in vertex]).reshape(-1, 3)
    return Mesh(numbers, shapes[0] if shapes else [], len(shapes))


class _Group:
    """Faces and other things since the last name."""

    def __init__(self):
        self.faces: list[int] = []
        self.others = False
        self.empty = True

    def polygons(self) -> list[int]:
        """Faces of three and more corners; their number is kept in one byte."""
        return [corners & 0xFF for corners in self.faces if corners > 2]


def _corners(line: bytes) -> int:
    """Number of corners ``i``, ``i/j``, ``i//k`` or ``i/j/k`` of a face. Raises `MeshError` for an index of 0 or none.

    An index left out (``i/``) is the next number of the line, as C's ATOI finds it.
    """
    words = line.split()
    if all(CORNER.fullmatch(word) for word in words):
        return len(words)
    place, number = 0, 0
    while words and place < len(line.rstrip(b" \t")):
        place = len(line) - len(line[place:].lstrip(b" \t"))
        place = _index(line, place)
        if line[place : place + 1] == b"/":
            place += 1
            if line[place : place + 1] == b"/":
                place = _index(line, place + 1)
            else:
                place = _index(line, place)
                if line[place : place + 1] == b"/":
                    place = _index(line, place + 1)
        number += 1
    return number


def _index(line: bytes, place: int) -> int:
    """Place behind an index that begins at a place. Raises `MeshError`."""
    if not INDEX.match(line, place):
        raise MeshError("Mesh not loaded: a face without a vertex")
    return NO_INDEX.match(line, place).end()


def read_numbers(words: list[bytes]) -> np.ndarray:
    """Numbers of words, float32; what is no number is 0. Words with exponents or many digits one by one."""
    if not words:
        return np.zeros(0, np.float32)
    special = [n for n, word in enumerate(words) if len(word) > WIDEST or b"e" in word or b"E" in word]
    values = _plain_numbers(np.array(words, f"S{min(max(map(len, words)), WIDEST) or 1}"))
    for n in special:
        values[n] = read_number(words[n])
    with np.errstate(over="ignore"):
        return values.astype(np.float32)


def _plain_numbers(words: np.ndarray) -> np.ndarray:
    """Numbers without exponents, all in step: a character of each at a time."""
    letters = words.view(np.uint8).reshape(len(words), -1)
    signed = (letters[:, 0] == ord("-")) | (letters[:, 0] == ord("+"))
    value = np.zeros(len(words))
    reading = np.ones(len(words), bool)
    digits = np.zeros(len(words), int)
    decimals = np.zeros(len(words), int)
    for place, letter in enumerate(letters.T):
        digit = letter.astype(int) - ord("0")
        is_digit = (digit >= 0) & (digit <= 9)
        starts = (place == 0) & signed
        point = reading & (letter == ord(".")) & (decimals == 0) & ~starts
        whole = reading & is_digit & (decimals == 0)
        part = reading & is_digit & (decimals > 0)
        value[whole] = value[whole] * 10 + digit[whole]
        value[part] += digit[part] * _tenth(decimals[part])
        digits[whole] += 1
        decimals[part | point] += 1
        reading &= is_digit | point | starts
    negative = (letters[:, 0] == ord("-")) & ((digits > 0) | (decimals > 0))
    return np.where(negative, -value, value)


def _tenth(read: np.ndarray) -> np.ndarray:
    return np.array(TENTHS + [math.pow(10.0, -n) for n in range(len(TENTHS), WIDEST + 2)])[read]


def read_number(word: bytes) -> float:
    """One number; 0 where it is none."""
    match = NUMBER.match(word)
    if not match or (match[2] is None and match[3] is None):
        return 0.0
    sign, whole, part, exponent, negative, power = match.groups()
    value = 0.0
    for digit in whole or b"":
        value = value * 10 + (digit - ord("0"))
    for n, digit in enumerate(part or b"", start=1):
        value += (digit - ord("0")) * (TENTHS[n] if n < len(TENTHS) else math.pow(10.0, -n))
    if exponent:
        if not power or len(power.lstrip(b"0")) > 9:
            return 0.0
        scale = -int(power) if negative == b"-" else int(power)
        value = _scaled(value, scale) if scale else value
    return -value if sign == b"-" else value


def _scaled(value: float, power: int) -> float:
    """Times a power of ten: of five by POW, of two by LDEXP."""
    try:
        return math.ldexp(value * math.pow(5.0, power), power)
    except OverflowError:
        return math.inf if value else math.nan
