"""RASTOGRAF: the lines of an image as line strings of a graphics file. Source: ``vos/p2/prog/rastograf`` (Fortran, 2-JAN-95).

From each pixel that is not background, in the order of lines and samples, a line is followed straight on as far as it goes,
then in the first direction (clockwise from the right) that has more, and erased on the way; only the pixel it begins with
stays. DIM=3 follows one value at a time.

Kept: images of more than a million pixels are taken in blocks that lines do not cross, and the line numbers of the last,
smaller block count from the start of the block before it.
known: nothing. accepted: nothing.
"""

from __future__ import annotations

import numpy as np

from programs.ibis._graphics import write_graphics
from vicar.ibis.opening import check_primary

FORTRAN = True
BUFFER = 1000000
DIRECTIONS = ((0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1), (-1, 0), (-1, 1))  # lines, samples


def main(task):
    task.if_message("RASTOGRAF version 2-JAN-95")
    points: list[tuple[int, int, int]] = []
    with task.open("INP", u_format="HALF") as source:
        window = task.size_field(source)
        check_primary(source, source.name)  # the message of the original names the input
        if min(window.nl, window.ns) < 1:  # the original divides by them
            task.abend("The image has no samples.")
        if window.sl != 1:
            source.read(line=window.sl - 1)
        size = min(BUFFER // window.ns, window.nl)
        whole = window.nl // size
        for block in range(whole + (window.nl % size > 0)):
            lines = size if block < whole else window.nl % size
            pixels = np.stack([source.read(samp=window.ss, nsamps=window.ns) for _ in range(lines)])
            points += line_strings(pixels, task.integer("BACK"), task.integer("DIM") == 3, min(block, whole - 1) * size)
    write_graphics(task, np.array(points, np.float32).reshape(-1, 3)[:, : task.integer("DIM")])


def line_strings(pixels: np.ndarray, background: int, by_value: bool, offset: int) -> list[tuple[int, int, int]]:
    """Line, sample and value of all corners; zeros end each string. ``offset`` is added to the lines."""
    found = []
    starts = np.argwhere(pixels != background).tolist()
    rows = pixels.tolist()
    for line, sample in starts:
        value = rows[line][sample]
        if value != background:
            corners = followed(rows, line, sample, background, value if by_value else None)
            found += [(y + 1 + offset, x + 1, value) for y, x in corners]
            found.append((0, 0, 0))
    return found


def followed(rows: list[list[int]], line: int, sample: int, background: int, value: int | None) -> list[tuple[int, int]]:
    """Corners of the line that begins here, which is erased; twice the same where nothing goes on."""
    nl, ns = len(rows), len(rows[0])

    def more(y: int, x: int) -> bool:
        return 0 <= y < nl and 0 <= x < ns and (rows[y][x] != background if value is None else rows[y][x] == value)

    corners = [(line, sample)]
    while True:
        way = next(((dy, dx) for dy, dx in DIRECTIONS if more(line + dy, sample + dx)), None)
        if way is None:
            return corners if len(corners) > 1 else corners * 2
        while more(line + way[0], sample + way[1]):
            line, sample = line + way[0], sample + way[1]
            rows[line][sample] = background
        corners.append((line, sample))
