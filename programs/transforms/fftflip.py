"""FFTFLIP: move the zero frequency of transforms from the corner to the middle.

Source: ``vos/p2/prog/fftflip`` (Fortran). The window's start is not used. Interpolated pixels are a straight line in single
precision plus 0.5. accepted: with LINE larger than the block the original reads and writes in front of it and behind it; here
zeros are read there.
"""

from __future__ import annotations

import numpy as np

from programs._reading import next_lines

FORTRAN = True
FORMATS = {"BYTE": "BYTE", "HALF": "HALF", "WORD": "HALF", "FULL": "FULL", "REAL": "REAL"}


def main(task):
    task.message("FFTFLIP version 2016-06-08")
    source = task.open("INP", u_format="REAL")
    if source.format not in FORMATS:
        task.abend("??E - Unknown data format for input image")
    window = task.size_field(source)
    size = task.integer("NLW")
    if size is None:
        size = min(window.nl, window.ns)
    lines, spare = task.integer("LINE"), task.integer("DC")
    flip = task.keyword("FLIP")
    with source, task.create(
        "OUT", nl=window.nl, ns=window.ns, format=FORMATS[source.format], u_format="REAL"
    ) as result:
        for row in range(window.nl // size):
            block = next_lines(source, size, window.ns)
            for column in range(window.ns // size):
                part = block[:, column * size : (column + 1) * size]
                exchange_quadrants(part)
                if flip:
                    part[...] = part.T.copy()
                if lines > 0:
                    around = np.pad(part, lines + 1)
                    bridge(around, size, lines, spare, column * size)
                    part[...] = around[lines + 1 : -lines - 1, lines + 1 : -lines - 1]
            result.write_window(block, row * size + 1)


def exchange_quadrants(part: np.ndarray) -> None:
    """Swap the quadrants across the middle; with an odd size the far columns and the near lines move."""
    half, size = len(part) // 2, len(part)
    top, bottom = slice(0, half), slice(half, 2 * half)
    left, right = slice(0, half), slice(size - half, size)
    for a, b in (((bottom, right), (top, left)), ((bottom, left), (top, right))):
        kept = part[a].copy()
        part[a] = part[b]
        part[b] = kept


def bridge(around: np.ndarray, size: int, lines: int, spare: int, before: int) -> None:
    """Interpolate across the middle columns, then the middle lines, except near the zero frequency.

    ``around``: the block with ``lines`` + 1 lines and columns on each side. ``before``: samples left of the block, which the
    original counts in its straight line.
    """
    half, edge = size // 2, lines + 1
    near, far = half - lines // 2, half + (lines + 1) // 2 + 1
    low, high = half - spare // 2, half + (spare + 1) // 2 + 1
    outside = np.array([i for i in range(1, size + 1) if i <= low or i >= high], np.intp) + edge - 1
    length = np.float32(lines + 1)
    between = np.arange(near + 1, far, dtype=np.float32)
    first, last, inner = near + edge - 1, far + edge - 1, slice(near + edge, far + edge - 1)
    start = around[outside, first]
    slope = (around[outside, last] - start) / length
    origin = start - slope * np.float32(before + near) + np.float32(0.5)
    around[outside, inner] = slope[:, None] * (between + np.float32(before)) + origin[:, None]
    start = around[first, outside]
    slope = (around[last, outside] - start) / length
    origin = start - slope * np.float32(near) + np.float32(0.5)
    around[inner, outside] = slope * between[:, None] + origin
