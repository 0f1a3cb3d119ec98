"""Telemetry formats of the Voyager imaging system. Source: ``vos/p2/sub/vgrimfmt``, ``vos/p2/prog/vgrcdcopy``."""

from __future__ import annotations

from typing import NamedTuple


class Format(NamedTuple):
    """One format.

    scan_rate : minor frames a line is sent in
    first, count : samples of the first minor frame
    edit : which part of the lines or samples was sent, as a label shows it
    partial : whether the label calls the resolution partial
    """

    name: str
    scan_rate: int
    first: int
    count: int
    edit: str = "1/ 1"
    partial: bool = False


FORMATS = {
    0: Format("IM-2W", 1, 1, 800),
    2: Format("IM-S", 5, 61, 338, ".843"),
    3: Format("IM-20", 10, 29, 744, "0/ 0"),
    4: Format("IM-O", 5, 1, 800),
    5: Format("IM-21", 10, 30, 372, "0/ 0"),
    6: Format("IM-Q", 5, 1, 800, "3/ 5"),
    7: Format("IM-22", 10, 1, 400, "0/ 0"),
    8: Format("IM-K", 10, 1, 800),
    9: Format("GS-4B", 1, 1, 800),
    10: Format("IM-2X", 2, 1, 800, "0/ 0"),
    11: Format("GS-4C", 1, 1, 800, "2/ 3"),
    12: Format("IM-2C", 5, 1, 800),
    13: Format("IM-23", 10, 17, 384, "0/ 0"),
    14: Format("IM-24", 2, 101, 600, "0/ 0"),
    15: Format("GS-4", 1, 1, 800),
    16: Format("IM-2W", 1, 1, 800, "0/ 0"),
    17: Format("GS-2", 1, 1, 800),
    19: Format("OC-3", 10, 365, 44, "0/ 0"),
    20: Format("IM-12", 5, 201, 80, "1/ 2"),
    21: Format("IM-11", 5, 1, 160),
    22: Format("IM-10", 5, 136, 106, "1/ 5", True),
    23: Format("IM-26", 5, 2, 800, "0/ 0"),
    24: Format("IM-15", 1, 265, 272, "1/ 3"),
    25: Format("IM-25", 5, 101, 600, "0/ 0"),
    26: Format("IM-2D", 5, 77, 324, "1/ 2"),
    27: Format("IM-5", 2, 1, 440),
    28: Format("IM-4", 1, 97, 608, "3/ 4"),
    29: Format("IM-3", 1, 1, 800),
    30: Format("IM-2", 1, 1, 800),
    31: Format("IM-13", 10, 1, 80),
}
_ONE_SEGMENT = (3, 5, 7)  # all minor frames begin at the same sample
_SHORT_SECOND = {27: 360}  # samples of a second minor frame that is shorter


def segments(number: int) -> list[tuple[int, int]]:
    """First sample and number of samples of each minor frame."""
    form = FORMATS[number]
    step = 0 if number in _ONE_SEGMENT else form.count
    parts = [(form.first + k * step, form.count) for k in range(form.scan_rate)]
    if number in _SHORT_SECOND:
        parts[1] = parts[1][0], _SHORT_SECOND[number]
    return parts
