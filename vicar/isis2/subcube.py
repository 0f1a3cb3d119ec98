"""SFROM, the subcube specifier: ``samples:lines:bands``.

From the ISIS 2 manual (whose stored copy breaks off): axes are separated by colons, a leading P means physical storage
order; an axis is an optional list of core items and an optional list of suffix items, separated by a comma, either
first; a list is single numbers and ranges, ``start#count`` (6#4 is 6 to 9) or ``start-end``, ``*`` as the end of an axis;
an empty axis is everything.

Chosen where the manual breaks off: numbers of a list are separated by blanks or by commas; suffix items are written
with an S before them (``S2`` or ``S1-3``). Increments are written ``start-end(step)``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from vicar.isis2.cube import Cube
from vicar.isis2.errors import IsisError
from vicar.isis2.layout import AXES

_RANGE = re.compile(r"(S?)(\d+|\*)(?:(#|-)(\d+|\*))?(?:\((\d+)\))?$", re.I)


@dataclass(frozen=True)
class Subcube:
    """Numbers (from 1) of the chosen core items of each axis, and of the suffix items."""

    samples: tuple[int, ...]
    lines: tuple[int, ...]
    bands: tuple[int, ...]
    suffixes: dict[str, tuple[int, ...]]

    @property
    def shape(self) -> tuple[int, int, int]:
        return len(self.samples), len(self.lines), len(self.bands)


def parse(text: str | None, cube: Cube) -> Subcube:
    """The part of the cube a specifier names; everything if it is empty. Raises `IsisError` outside the cube."""
    text = (text or "").strip()
    physical = text[:1].upper() == "P"
    order = cube.layout.names if physical else AXES
    parts = (text[1:] if physical else text).split(":")
    if len(parts) > 3:
        raise IsisError("SUBCUBE", f"The subcube {text} has more than three axes")
    core: dict[str, tuple[int, ...]] = {}
    suffixes: dict[str, tuple[int, ...]] = {}
    for name, part in zip(order, parts + [""] * (3 - len(parts))):
        axis = cube.layout.names.index(name)
        core[name], suffixes[name] = _axis(part, cube.layout.core[axis], cube.layout.suffixes[axis], text)
    return Subcube(core["SAMPLE"], core["LINE"], core["BAND"], suffixes)


def _axis(part: str, items: int, suffix_items: int, text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    core: list[int] = []
    suffix: list[int] = []
    for word in re.split(r"[,\s]+", part.strip()):
        if not word:
            continue
        found = _RANGE.match(word)
        if not found:
            raise IsisError("SUBCUBE", f"The subcube {text} cannot be read at {word}")
        limit = suffix_items if found[1] else items
        start = 1 if found[2] == "*" else int(found[2])
        if found[2] == "*" and not found[3]:
            end = limit
        elif not found[3]:
            end = start
        elif found[4] == "*":
            end = limit
        else:
            end = start + int(found[4]) - 1 if found[3] == "#" else int(found[4])
        if not 1 <= start <= end <= limit:
            raise IsisError("SUBCUBE", f"The subcube {text} reaches outside the cube at {word} (1 to {limit})")
        (suffix if found[1] else core).extend(range(start, end + 1, int(found[5] or 1)))
    return tuple(core) or tuple(range(1, items + 1)), tuple(suffix)
