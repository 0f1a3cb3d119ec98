"""MOMGEN: sums of areas of frames of one exposure into a light transfer file. Source: ``vos/p2/prog/momgen`` (Fortran).

For each area: the sums of DN of the frames, of DN squared, and of the products of each frame with the next.
"""

from __future__ import annotations

import numpy as np

from programs.statistics._exposures import exposure_of, listed_files
from vicar.numerics import fortran
from vicar.numerics.prnt import prnt

FORTRAN = True
MOST = 50
ROOM = 8192


def main(task):
    task.if_message("MOMGEN Version 19-MAR-1997")
    frames = open_frames(task)
    exposure = task.real("EXPO") if task.count("EXPO") else exposure_of(frames[0])
    if exposure is None:
        cancel(task, "EXPO not specified or in labels")
    with task.open("OUT", op="UPDATE", u_format="REAL") as result:
        label = result.label
        count = int(label.get("NUM_AREAS", task="LTGEN", format="INT"))
        areas = np.array(label.values("AREAS", task="LTGEN", format="INT")).reshape(-1, 4)[:count]
        task.message(" ")
        task.messages(*prnt("REAL", exposure, "EXPOSURE TIME=  ."))
        task.messages(*prnt("FULL", len(frames), "INPUT FRAMES=   ."))
        task.messages(*prnt("FULL", count, "NUMBER OF AREAS=."))
        debug = task.keyword("DBUG")
        if debug:
            headings(task, len(frames))
        moments = []
        for number, area in enumerate(areas.tolist(), 1):
            sums = area_sums(frames, area)
            if debug:
                show(task, number, area, sums)
            moments.append(np.concatenate(sums))
        exposures = np.array(label.values("EXPOSURES", task="LTGEN", format="REAL"), np.float32)
        line = np.flatnonzero(exposures == exposure)
        if not len(line):
            # the original runs on into the message about lists
            cancel(task, "more than 50 filenames in LIST")
        record = np.zeros(max(ROOM, result.ns), np.float32)
        values = np.concatenate([[len(frames)], *moments]).astype(np.float32)
        record[: len(values)] = values
        result.write(record[: result.ns], int(line[0]) + 1)


def cancel(task, *texts):
    task.messages(*texts)
    task.abend("***MOMGEN task cancelled")


def open_frames(task) -> list:
    if task.count("INP"):
        return [task.open("INP", n, u_format="HALF") for n in range(1, task.count("INP") + 1)]
    if not task.count("LIST"):
        task.abend("Specify input files as INP or LIST")
    name = task.string("LIST")
    try:
        names = listed_files(task.directory / name.rstrip())
    except OSError:
        cancel(task, "could not open input list file", name)
    frames = [task.open(file=file, u_format="HALF") for file in names[:MOST]]
    if len(names) > MOST:
        cancel(task, "more than 50 filenames in LIST")
    return frames


def area_sums(frames, area) -> tuple[np.ndarray, ...]:
    """Sums, sums of squares and of products with the next frame; whole numbers, exact in double precision."""
    sl, ss, nl, ns = area
    dn = [frame.read_window(sl, ss, nl, ns).astype(np.int64) for frame in frames]
    following = dn[1:] + dn[:1]
    return (
        np.array([d.sum() for d in dn], float),
        np.array([(d * d).sum() for d in dn], float),
        np.array([(d * e).sum() for d, e in zip(dn, following, strict=True)], float),
    )


# -- the table of DBUG ------------------------------------------------------------------------------------------------


class Line:
    """A blank line that is filled at given places, counted from 1."""

    def __init__(self):
        self.text = " " * 1000

    def put(self, place: int, text: str) -> None:
        self.text = self.text[: place - 1] + text + self.text[place - 1 + len(text) :]


def headings(task, frames: int) -> None:
    behind = 30 + 10 * frames
    rows = (("AREA  STARTING    SIZE OF    MEAN", "STANDARD"[:6]), ("NO.  COORDINATES   AREA      VALUES...", "DEVIATIONS."))
    for left, right in rows:
        line = Line()
        line.put(1, left)
        line.put(behind, right)
        task.message(line.text.rstrip())
    line = Line()
    line.put(1, "     (LINE,SAMP)  (NL,NS)")
    for frame in range(frames):
        for letter, place in (("M", 33 + 10 * frame), ("S", 33 + 10 * frame + 10 * frames)):
            line.put(place, letter + fortran.integer(frame + 1, 1))
    task.message(line.text.rstrip())


def show(task, number: int, area, sums) -> None:
    pixels, count = area[2] * area[3], len(sums[0])
    line = Line()
    line.put(1, fortran.edit("(I3,'  (',I4,',',I4,') (',I4,',',I4,')')", number, *area))
    first, squares, products = sums
    for frame in range(count):
        other = (frame + 1) % count
        difference = (first[frame] - first[other]) / pixels
        variance = ((squares[frame] + squares[other] - 2 * products[frame]) / pixels - difference**2) / 2.0
        with np.errstate(invalid="ignore"):
            deviation = np.sqrt(variance)
        line.put(30 + 10 * frame, fortran.fixed(first[frame] / pixels, 8, 2).ljust(9))
        line.put(30 + 10 * frame + 10 * count, fortran.fixed(deviation, 8, 4).ljust(9))
    task.message(line.text.rstrip())
