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

from programs.geometry._objscan import simple_mesh

TENTHS = [1.0, 0.1, 0.01, 0.001, 0.0001, 0.00001, 0.000001, 0.0000001]
WIDEST = 24  # longer numbers are summed digit by digit
UNSURE = 64 * 2.0**-53  # more than such a sum can be away from the nearest number
PLAIN = b"+-.0123456789"
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
    data = path.read_bytes().replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if plain := simple_mesh(data):
        return Mesh(plain[0], [3] * plain[1], 1)
    return _simple_mesh(data) or _any_mesh(data)


def _simple_mesh(data: bytes) -> Mesh | None:
    """A mesh of one shape of triangles, all lines of the plainest form; None for any other."""
    text = np.frombuffer(data + b"\n\n", np.uint8)
    ends = np.flatnonzero(text == ord("\n"))[:-1]
    starts = np.append(0, ends[:-1] + 1)
    first, second = text[starts], text[starts + 1]
    vertex = (first == ord("v")) & (second == ord(" "))
    face = (first == ord("f")) & (second == ord(" "))
    other = ~(vertex | face | np.isin(first, list(b"#sum\n")) | ((first == ord("v")) & np.isin(second, list(b"nt"))))
    names = np.flatnonzero(other)
    if not face.any() or not np.isin(first[names], list(b"go")).all() or (names > np.argmax(face)).any():
        return None
    lengths = ends + 1 - starts
    faces = text[: ends[-1] + 1][np.repeat(face, lengths)].tobytes()
    if not _triangles(faces, int(face.sum())):
        return None
    words = _numbers_of(text[: ends[-1] + 1][np.repeat(vertex, lengths)].tobytes(), int(vertex.sum()))
    return words and Mesh(read_numbers(words).reshape(-1, 3), [3] * int(face.sum()), 1)


def _triangles(faces: bytes, count: int) -> bool:
    """Whether lines are faces of three corners, all alike, without an index of 0 or none."""
    slashes = faces.count(b"/")
    if faces.translate(None, b"f 0123456789/\n") or slashes not in (0, 3 * count, 6 * count):
        return False
    if any(part in faces for part in (b" 0", b"/0", b"/ ", b"/\n", b" /", b"//" if slashes == 3 * count else b"///")):
        return False
    words = faces.split()
    return len(words) == 4 * count and words[::4].count(b"f") == count


def _numbers_of(vertices: bytes, count: int) -> list[bytes] | None:
    """The words of lines of three numbers without exponents."""
    words = vertices.split()
    if vertices.translate(None, b"v \n" + PLAIN) or len(words) != 4 * count or words[::4].count(b"v") != count:
        return None
    del words[::4]
    return words


def _any_mesh(data: bytes) -> Mesh:
    lines = data.split(b"\n")
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
    """Numbers of words, float32; what is no number is 0.

    The nearest double differs from the original's sum of digits by some units of its last place; where that could make another
    REAL*4, and where digits are many or odd, they are summed here, too.
    """
    if not words:
        return np.zeros(0, np.float32)
    try:
        values = np.array(list(map(float, words)))
        odd = max(map(len, words)) > WIDEST or bool(b"".join(words).translate(None, PLAIN))
    except ValueError:
        odd = True
    with np.errstate(over="ignore"):
        if odd:
            return np.array([read_number(word) for word in words]).astype(np.float32)
        numbers = values.astype(np.float32)
        unsure = (values * (1 - UNSURE)).astype(np.float32) != (values * (1 + UNSURE)).astype(np.float32)
    for n in np.flatnonzero(unsure):
        numbers[n] = read_number(words[n])
    return numbers


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
