"""The reseau of the Voyager cameras: 202 marks on the vidicon, their places, neighbours and rows.

Marks are numbered from 1, row by row; mark 202 lies between the rows. Sources: ``vos/p2/sub/getres``, ``vos/p2/sub/vgros``,
``vos/p2/prog/resloc`` (get_neighbors, get_rtype, interg).
"""

from __future__ import annotations

from functools import cache
from importlib import resources

import numpy as np

MARKS = 202
INTERIOR = 0
UPPER_LEFT, UPPER_RIGHT, LOWER_LEFT, LOWER_RIGHT, TOP, LEFT, BOTTOM, RIGHT = range(1, 9)
# first and last mark of each of the 23 rows
ROW_STARTS = (1, 13, 24, 36, 47, 51, 62, 66, 77, 81, 92, 96, 107, 111, 122, 126, 137, 141, 152, 156, 167, 179, 190)
ROW_ENDS = (12, 23, 35, 46, 50, 61, 65, 76, 80, 91, 95, 106, 110, 121, 125, 136, 140, 151, 155, 166, 178, 189, 201)


@cache
def _tables() -> dict[tuple[str, int], np.ndarray]:
    text = resources.files("vicar.missions").joinpath("voyager_reseau.txt").read_text("ascii")
    tables: dict[tuple[str, int], list[str]] = {}
    for line in text.splitlines():
        words = line.split()
        if words[0] in ("NOMINAL", "OBJECT"):
            values = tables.setdefault((words[0], int(words[1])), [])
        elif words[0] != "#":
            values += words
    return {key: np.array(values, float).astype(np.float32).reshape(MARKS, 2) for key, values in tables.items()}


def nominal(camera: int) -> np.ndarray:
    """Usual places in an image: float32 (202, 2) of line and sample."""
    return _tables()["NOMINAL", camera].copy()


def object_space(camera: int) -> np.ndarray:
    """Places in object space: float32 (202, 2) of line and sample."""
    return _tables()["OBJECT", camera].copy()


@cache
def kinds() -> tuple[int, ...]:
    """Where each mark lies: `INTERIOR`, a corner or an edge."""
    kind = [INTERIOR] * (MARKS + 1)
    for marks, value in (
        ((1,), UPPER_LEFT), ((12,), UPPER_RIGHT), ((190,), LOWER_LEFT), ((201,), LOWER_RIGHT), (range(2, 12), TOP),
        ((*range(47, 153, 15), 167), LEFT), (range(191, 201), BOTTOM), ((*range(50, 156, 15), 178), RIGHT),
    ):  # fmt: skip
        for mark in marks:
            kind[mark] = value
    return tuple(kind[1:])


_CORNERS = {
    1: (13, 2, 24, 25, 14, 36, 0, 0), 13: (1, 2, 24, 25, 0, 14, 36, 37), 25: (13, 14, 36, 37, 24, 26, 2, 48),
    37: (25, 26, 48, 0, 36, 38, 14, 52), 12: (23, 11, 35, 34, 22, 46, 0, 0), 23: (11, 12, 34, 35, 22, 0, 46, 45),
    34: (22, 23, 45, 46, 33, 35, 11, 49), 45: (33, 34, 0, 49, 44, 46, 22, 60),
    157: (153, 168, 169, 156, 158, 142, 180, 0), 168: (156, 157, 179, 180, 167, 169, 153, 191),
    179: (167, 168, 190, 191, 156, 180, 157, 0), 190: (179, 167, 191, 168, 0, 180, 156, 0),
    165: (154, 176, 177, 164, 166, 150, 188, 0), 177: (165, 166, 188, 189, 176, 178, 154, 200),
    189: (177, 178, 200, 201, 188, 0, 166, 165), 201: (189, 178, 200, 177, 166, 188, 0, 0),
}  # fmt: skip
# first and last mark of a row, and the neighbours of the first; those of the others follow by counting on
_ROWS = (
    (2, 11, (13, 14, 1, 3, 25, 0, 0, 0)), (14, 22, (2, 3, 25, 26, 13, 15, 0, 37)), (26, 33, (14, 15, 37, 38, 25, 27, 3, 0)),
    (38, 44, (26, 27, 0, 0, 37, 39, 15, 53)), (158, 164, (169, 170, 157, 159, 143, 181, 0, 0)),
    (169, 176, (157, 158, 180, 181, 168, 170, 192, 0)), (180, 188, (168, 169, 191, 192, 179, 181, 157, 0)),
    (191, 200, (179, 180, 190, 192, 168, 0, 0, 0)),
)  # fmt: skip
_COLUMNS = (
    (24, 167, (13, 36, 1, 47, 25, 0, 0, 0)), (36, 156, (24, 25, 47, 48, 13, 51, 37, 0)),
    (48, 153, (36, 37, 51, 52, 25, 63, 47, 0)), (52, 142, (48, 63, 51, 53, 37, 67, 0, 0)),
    (60, 150, (49, 64, 59, 61, 45, 75, 0, 0)), (49, 154, (45, 46, 60, 61, 34, 64, 50, 0)),
    (46, 166, (34, 35, 49, 50, 23, 61, 45, 0)), (35, 178, (23, 46, 12, 50, 34, 0, 0, 0)),
)  # fmt: skip


@cache
def neighbours() -> tuple[tuple[int, ...], ...]:
    """Up to eight neighbours of each mark, the order in which they are looked at; 0 for none."""
    found: dict[int, tuple[int, ...]] = dict(_CORNERS)
    for first, last, near in _ROWS:
        _count_on(found, first, last, near)
    _add_last(found)
    for first, last, near in _COLUMNS:
        mark = first
        while True:
            found[mark] = near
            if mark >= last:
                break
            near = tuple(_below(n) if n else 0 for n in near)
            mark = _below(mark)
    for row in range(7):
        first = 53 + 15 * row
        _count_on(found, first, first + 6, (0, 0, 0, 0, 52 + 15 * row, 54 + 15 * row, 38 + 15 * row, 68 + 15 * row))
    _add_last(found)
    found[MARKS] = (43, 44, 58, 59, 0, 0, 32, 0)
    for mark, place in ((58, 1), (59, 0)):
        found[mark] = found[mark][:place] + (MARKS,) + found[mark][place + 1 :]
    return tuple(found[mark] for mark in range(1, MARKS + 1))


def _count_on(found: dict[int, tuple[int, ...]], first: int, last: int, near: tuple[int, ...]) -> None:
    for step, mark in enumerate(range(first, last + 1)):
        found[mark] = tuple(n + step if n else 0 for n in near)


def _add_last(found: dict[int, tuple[int, ...]]) -> None:
    """Mark 202 as a neighbour of marks above it."""
    for mark, place in ((32, 7), (43, 3), (44, 2)):
        found[mark] = found[mark][:place] + (MARKS,) + found[mark][place + 1 :]


def _below(mark: int) -> int:
    """The mark under another one."""
    return mark + (23 if mark < 34 or mark > 153 else 15)
