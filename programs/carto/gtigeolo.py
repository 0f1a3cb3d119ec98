"""GTIGEOLO: the corner string of NITF images to degrees and back. Source: ``vos/p2/prog/gtigeolo`` (C).

accepted: where a number is missing it is 0; the original takes what its memory holds.
"""

from __future__ import annotations

import math

from vicar.numerics.cformat import atoi

CORNERS = 4


def main(task):
    task.if_message("gtigeolo version 2017-08-08")
    text = task.string("INP", "")
    if text:
        latitudes, longitudes = corners(task, text)
        for name, values in (("N", latitudes), ("E", longitudes)):
            for n, value in enumerate(values, start=1):
                task.output(f"{name}{n}", degrees(value))
    else:
        task.output("OUT", corner_string(task))


def corners(task, text: str) -> tuple[list[int], list[int]]:
    """Signed numbers DDMMSS of the four pairs."""
    found: tuple[list[int], list[int]] = ([], [])
    rest = text
    for n in range(2 * CORNERS):
        letters = "EW" if n % 2 else "NS"
        at = next((i for i, c in enumerate(rest) if c in letters), None)
        if at is None:
            task.printf(f"Incorrect igeolo string encountered.\nIGEOLO STRING: {text}")
            task.abend()
        value = atoi(rest)
        found[n % 2].append(-value if rest[at] in "SW" else value)
        rest = rest[at + 1 :]
    return found


def degrees(value: int) -> float:
    """DDMMSS to degrees, all parts with the sign of the number."""
    sign, value = (-1, -value) if value < 0 else (1, value)
    return sign * (value // 10000) + sign * (value // 100 % 100) / 60.0 + sign * (value % 100) / 3600.0


def corner_string(task) -> str:
    text = ""
    for n in range(1, CORNERS + 1):
        for name, letters in (("N", "NS"), ("E", "EW")):
            value = task.double(f"{name}{n}INP")
            text += "%d%02d%02d" % parts(abs(value)) + letters[value < 0.0]
    return text[:100]


def parts(value: float) -> tuple[int, int, int]:
    """Degrees, minutes and seconds, cut off."""
    whole = math.floor(value)
    minutes = (value - whole) * 60
    return whole, int(minutes), int((minutes - int(minutes)) * 60)
