"""Large meshes of the plainest form in one pass over their bytes, compiled; `_objmesh` reads all others."""

from __future__ import annotations

import math

import numpy as np

from vicar.numerics.compiled import kernel

LARGE = 6_000_000  # bytes from which importing the compiler pays
LONGEST = 300  # digits behind the point
TENTHS = np.array([1.0, 0.1, 0.01, 0.001, 0.0001, 0.00001, 0.000001, 0.0000001, *(math.pow(10.0, -n) for n in range(8, LONGEST))])
VERTEX = 8  # bytes of the shortest vertex
VERTICES, FACE, GROUP, OBJECT, NORMAL, TEXTURE = b"vfgont"
HASH, SMOOTH, USE, LIBRARY = b"#sum"
SPACE, END, SLASH, POINT, PLUS, MINUS, ZERO, NINE = b" \n/.+-09"


def simple_mesh(data: bytes) -> tuple[np.ndarray, int] | None:
    """Vertices, float32 (n, 3), and the number of triangles of a mesh of one shape, lines ended by LF.

    None for any other mesh or a small one.
    """
    compiled = scan.pick(len(data))
    if not compiled:
        return None
    numbers = np.empty(len(data) // VERTEX * 3 + 3, np.float32)
    count, faces = compiled(np.frombuffer(data + b"\n", np.uint8), TENTHS, numbers)
    return (numbers[:count].reshape(-1, 3).copy(), faces) if faces > 0 else None


@kernel()
def number(text, at, tenths, numbers, count):
    """Read digits with perhaps a sign and a point, summed as the original does: the place behind them, or -1."""
    negative = text[at] == MINUS
    if negative or text[at] == PLUS:
        at += 1
    value, digits = 0.0, 0
    while ZERO <= text[at] <= NINE:
        value = value * 10.0 + np.float64(np.int64(text[at]) - ZERO)
        at, digits = at + 1, digits + 1
    if text[at] == POINT:
        at += 1
        place = 1
        while ZERO <= text[at] <= NINE:
            if place >= len(tenths):
                return -1
            value += np.float64(np.int64(text[at]) - ZERO) * tenths[place]
            at, place, digits = at + 1, place + 1, digits + 1
    numbers[count] = np.float32(-value if negative else value)
    return at if digits > 0 and (text[at] == SPACE or text[at] == END) else -1


@kernel()
def corner(text, at):
    """Pass one to three indexes above zero between slashes, of which the second may be left out. The place behind, or -1."""
    for part in range(3):
        if part == 1 and text[at] == SLASH:  # i//k
            at += 1
            continue
        if not ZERO < text[at] <= NINE:
            return -1
        while ZERO <= text[at] <= NINE:
            at += 1
        if text[at] != SLASH or part == 2:
            break
        at += 1
    return at if text[at] == SPACE or text[at] == END else -1


@kernel(above=LARGE)
def scan(text, tenths, numbers):
    """Fill ``numbers`` with the vertices of a text that ends with LF.

    Returns how many numbers and faces there are, (0, -1) if the text is not plain.
    """
    at, count, faces = 0, 0, 0
    while at < len(text):
        first = text[at]
        second = text[at + 1] if at + 1 < len(text) else END
        if (first == VERTICES or first == FACE) and second == SPACE:
            at += 1
            for _ in range(3):
                while text[at] == SPACE:
                    at += 1
                if first == VERTICES:
                    at = number(text, at, tenths, numbers, count)
                    count += 1
                else:
                    at = corner(text, at)
                if at < 0:
                    return 0, -1
            while text[at] == SPACE:
                at += 1
            if text[at] != END:
                return 0, -1
            if first == FACE:
                faces += 1
        elif first == GROUP or first == OBJECT:
            if faces > 0:
                return 0, -1
        elif not (
            first == HASH or first == SMOOTH or first == USE or first == LIBRARY or first == END
            or (first == VERTICES and (second == NORMAL or second == TEXTURE))
        ):  # fmt: skip
            return 0, -1
        while text[at] != END:
            at += 1
        at += 1
    return count, faces
