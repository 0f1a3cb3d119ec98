"""INSECT: insert a part of one image into another.

Source: ``vos/p2/prog/insect`` (Fortran). Pixels pass through single precision. Right of the first image nothing clears the
line buffer, so that what was inserted there last is repeated in the lines below.

accepted: an insertion that begins left of the first sample writes outside the original's buffer; here it is cut off.
"""

from __future__ import annotations

import numpy as np

from vicar.image.sweep import line_blocks

FORMATS = {"BYTE": "BYTE", "HALF": "HALF", "WORD": "HALF", "FULL": "FULL", "REAL": "REAL"}
SAMPLE_LIMIT = 60000


def main(task):
    task.if_message("INSECT version 7 Jan 2013 (64-bit) - rjb")
    sl2, ss2, nl2, ns2, line, samp = task.integers("INSECT")
    first, second = task.open("INP", 1), task.open("INP", 2)
    if first.format != second.format:
        task.message("??E - Inputs must be in the same format")
        task.abend()
    if first.format not in FORMATS:
        task.message("??E - Unknown data format for input image")
        task.abend()
    fmt = FORMATS[first.format]
    first.close()
    second.close()
    first, second = task.open("INP", 1, u_format="REAL"), task.open("INP", 2, u_format="REAL")
    window = task.size_field(first)
    if window.ns > SAMPLE_LIMIT:
        task.message("??E - Number of Samples Exceeds 60,000 ")
        task.abend()
    with task.create("OUT", nl=window.nl, ns=window.ns, format=fmt, u_format="REAL") as result:
        lines = np.zeros((window.nl, SAMPLE_LIMIT if window.ns < 0 else window.ns), np.float32)
        copy_lines(first, lines, 0, 0, (window.sl, window.ss, window.nli - window.sl + 1, window.nsi - window.ss + 1))
        top = max(line, 1)
        bottom = min(line + nl2 - 1, window.nl)
        copy_lines(second, lines, top - 1, samp - 1, (sl2, ss2, bottom - top + 1, ns2))
        if window.nsi < window.ns and 1 <= bottom < window.nl and bottom >= top:
            lines[bottom:, window.nsi :] = lines[bottom - 1, window.nsi :]
        for row in range(0, window.nl, 256):
            write_lines(result, lines[row : row + 256], row)
    first.close()
    second.close()


def copy_lines(image, lines: np.ndarray, row: int, column: int, part: tuple[int, int, int, int]) -> None:
    """Copy a part (line, sample, lines, samples) of an image to ``row``, ``column`` of ``lines``."""
    sl, ss, nl, ns = part
    nl = min(nl, len(lines) - row)
    skip = max(0, -column)
    for at, block in line_blocks(image, sl, ss, nl, ns):
        room = lines[row + at : row + at + len(block), column + skip : column + ns]
        room[:] = block[:, skip : skip + room.shape[1]]


def write_lines(result, rows: np.ndarray, done: int) -> None:
    if result.nb == 1 and result.org == "BSQ":
        result.write_window(rows, done + 1)
        return
    for row in rows:
        result.write(row)
