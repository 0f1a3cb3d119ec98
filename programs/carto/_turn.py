"""What GTROT and MVECALL share: turning or mirroring an image with its GeoTIFF label.

accepted: the original turns images of more than one byte a pixel as if they had one, which gives wrong pixels or ends in a
crash; here they are turned properly.
"""

from __future__ import annotations

import numpy as np

from programs.carto._lines import read_lines, write_lines
from vicar import geotiff
from vicar.numerics.gauss import solve


def turn_image(task, name: str, announce) -> None:
    """The whole program; ``announce(present, wanted)`` prints what is about to be done."""
    wanted = task.integer("ROT")
    label = geotiff.read_label(task)
    if not label.text:
        task.abend("Failed to get GeoTIFF label of input")
    text = label.upper
    mapping = geotiff.read_mapping(text, label.nl, label.ns)
    if mapping is None:
        task.abend("Failed to get mapping from GeoTIFF label of input")
    present = geotiff.rotation(task, text)
    announce(present, wanted)
    turn = move(present, wanted)
    with task.open("INP") as source:
        nl, ns = source.nl, source.ns
        size = (nl, ns) if turn % 2 == 0 else (ns, nl)
        with task.create("OUT", nl=size[0], ns=size[1]) as result:
            if source.format not in ("BYTE", "HALF", "FULL", "REAL", "DOUB"):
                task.abend(f"This image type not handled by {name}")
            write_lines(result, turned(read_lines(source, 1, 1, nl, ns), turn), 1)
    inverse, forward = new_mapping(task, text, mapping.forward, nl, ns, turn)
    new = geotiff.NewMapping(inverse, geotiff.scale_text(forward[0], -forward[4]), geotiff.matrix_text(forward), turn % 2 == 1)
    geotiff.replace_label(task, "OUT", 1, text, mapping=new)


def move(present: int, wanted: int) -> int:
    """Which of the eight moves leads there: 0 to 3 quarter turns, 4 to 7 mirrored first."""
    if (present < 4) == (wanted < 4):
        return (wanted - present if wanted < 4 else present - wanted) % 4
    return (present - wanted if present < 4 else wanted - present) % 4 + 4


def turned(pixels: np.ndarray, turn: int) -> np.ndarray:
    if turn >= 4:
        pixels = pixels[::-1]
    return np.rot90(pixels, turn % 4)


def new_mapping(task, text: str, t, nl: int, ns: int, turn: int) -> tuple[list[float], list[float]]:
    """Inverse and mapping of the turned image in GeoTIFF coordinates, through three of its outer corners."""
    offset = geotiff.pixel_offset(text)
    left = top = 0.5 - offset
    right, bottom = ns + 0.5 - offset, nl + 0.5 - offset
    pixels = [(left, top), (right, top), (right, bottom), (left, bottom)]
    ground = []
    for x, y in pixels:
        line, sample = y + offset, x + offset
        ground.append((line * t[0] + sample * t[1] + t[2], line * t[3] + sample * t[4] + t[5]))
    if turn >= 4:
        ground = geotiff.flip_corners(ground)
    if turn % 2:
        pixels = [(left, top), (bottom, top), (bottom, right), (left, right)]
    ground = geotiff.turn_corners(ground, turn)
    columns = [p[0] for p in pixels[:3]] + [p[1] for p in pixels[:3]] + [1.0] * 3
    forward = []
    for coordinate in (0, 1):
        solution, flag = solve(columns, [g[coordinate] for g in ground[:3]])
        if flag:
            task.abend("Program error, tiepoints collinear")
        forward += solution
    return geotiff.invert(forward), forward
