"""OLDGEOMA2IBIS: old parameter files of GEOMA to tables of tiepoints. Source: ``vos/p2/prog/oldgeoma2ibis`` (24-JUL-95).

The old file has lines of 900 words: the number of words that follow, then items of a name in four letters, filled to eight, and
values. NAH and NAV have a count, TIEP the tiepoints, HALF nothing. Words are taken as they are, whatever the label says of
their format, as long as they have four bytes.

accepted
  * A file that is no parameter file makes the original read and write outside its memory; here one line says what is wrong.
"""

from __future__ import annotations

import numpy as np

from vicar.ibis.tiepoints import COLUMNS, Tiepoints, write_tiepoints

FORTRAN = True
RECORD = 900
MOST = 500000  # words of the original's buffer
HEAD = 11  # words before the tiepoints
BAD_GRID = ("*** ERROR IN NAH, NAV, OR TIEPOINT.", "*** ABEND.")


def main(task) -> None:
    """Run OLDGEOMA2IBIS."""
    task.if_message("OLDGEOMA2IBIS version 24-JUL-95")
    words = read_words(task)
    nah, nav, points = parse(task, words)
    if nah * nav == 0:
        task.abend("ERROR: NPTS or NAH*NAV = 0 in IWRITE_TIEPOINTS")
    with task.create_table("OUT", 1, nr=(nah + 1) * (nav + 1), nc=COLUMNS, org="ROW") as table:
        write_tiepoints(table, Tiepoints(points, nah, nav))


def read_words(task) -> np.ndarray:
    """The words of the file, int32: as many lines as the first word asks for."""
    with task.open("INP", 1) as source:
        if source.dtype.itemsize != 4 or source.ns != RECORD:
            task.abend("ERROR: INPUT NOT IN OLD GEOMA FORMAT")
        words = [source.read(1).view(np.int32)]
        more = max(int((int(words[0][0]) - HEAD) / RECORD), 0)
        if (more + 1) * RECORD > MOST:
            task.abend("*** PARAMETER ERROR. ABEND.")
        words += [source.read().view(np.int32) for _ in range(more)]
    return np.concatenate(words)


def parse(task, words: np.ndarray) -> tuple[int, int, np.ndarray]:
    """Areas across and down, and the tiepoints, float32 (n, 4)."""
    end = int(words[0]) + 1  # place of the last word, from 1
    nah = nav = 0
    points = np.zeros((0, COLUMNS), np.float32)
    place = 1
    while place < end:
        name = words[place].tobytes() if place < len(words) else b""
        if name in (b"NAH ", b"NAV "):
            value = int(words[place + 2]) if place + 2 < len(words) else 0
            nah, nav = (value, nav) if name == b"NAH " else (nah, value)
            place += 3
        elif name == b"HALF":
            place += 2
        elif name == b"TIEP":
            count = COLUMNS * (nah + 1) * (nav + 1)
            values = words[place + 2 : place + 2 + max(count, 0)]
            place += count + 2
            if place > end or count < 0 or len(values) < count:
                task.abend(*BAD_GRID)
            points = values.view(np.float32).reshape(-1, COLUMNS)
        else:
            task.abend("*** PARAMETER ERROR. ABEND.")
    if len(points) != (nah + 1) * (nav + 1):
        task.abend(*BAD_GRID)
    return nah, nav, points
