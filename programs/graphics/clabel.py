"""CLABEL: places for the labels of contours, for FONT. Source: ``vos/p2/prog/clabel`` (C, 02-Jan-1995).

The input is taken as it lies in the file behind its label: points of three single-precision numbers (line, sample,
value), one for every twelve pixels, whatever the label says of them. Points of a contour that was followed are put out
of the file (line and sample 0), as HELP says. What FONT is to write goes to the parameter file ``grlabel.parm``.

Kept: the point that ended the contour before is what the next contour first goes on from; the first point counts for
the place of a label but not for its line; a value that is 0 as an integer ends the search; a label that is taken away
leaves zeros.

accepted
* More than 449 labels, or a contour of more than 50000 points: the original writes past its tables. One sentence here.
* Without any contour the original leaves FONT, TALL, WIDE and THICK as its memory was; they are zeros here, as they
  were there in every run of ours. The same holds for ten bytes of the end mark of the file.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from vicar.errors import VicarError
from vicar.numerics.rounding import truncate
from vicar.parmfile import ParameterFileWriter

F = np.float32
TOLERANCE = F(0.0009)  # the largest single number below the original's double 0.0009
MAXIMUM_LABELS, MAXIMUM_POINTS = 449, 50000
WIDTH = F(0.8)  # of a letter, in its heights
TEXT = 9  # bytes of a label in the original's table
AHEAD = 2  # points behind the last that are looked at


def main(task):
    task.if_message("CLABEL version 02-Jan-1995")
    least = task.integer("MINLEN")
    height, font = task.integer("FONTHT"), task.integer("FONT")
    scale, offset = task.reals("TRANS")
    size = task.integer("IMG_NL"), task.integer("IMG_NS")
    labels = []
    points = Points(task)
    with np.errstate(all="ignore"):
        while value := points.next_contour():
            contour = points.follow()
            count = contour.shape[1] - 1
            if count > MAXIMUM_POINTS:
                task.abend(f"A contour has more than {MAXIMUM_POINTS} points.")
            if count >= least:
                number = int(truncate(scale * F(value) + offset))
                labels.append([*place(*label_place(contour), len(str(number)), height, size), number])
            if len(labels) > MAXIMUM_LABELS:
                task.abend(f"There are more than {MAXIMUM_LABELS} labels.")
    thin(labels, height)
    with ParameterFileWriter(task, "grlabel.parm") as parms:
        parms.put("FONT", font if labels else 0, "INT")
        parms.put("TALL", height if labels else 0, "INT")
        parms.put("WIDE", WIDTH if labels else F(0), "REAL")
        parms.put("THICK", 1 if labels else 0, "INT")
        parms.put("POSITION", [n for label in labels for n in label[:2]], "INT")
        parms.put("TEXT", texts([label[2] for label in labels]), "STRING", TEXT)
    points.close()  # not before: the label of the parameter file is made from that of the input


class Points:
    """The points of the file. ``cells`` float32 (3, points); ``last`` is the index of the last that counts."""

    def __init__(self, task):
        try:
            self.image = task.open("INP", op="UPDATE")
        except VicarError:
            task.message(" Primary input open failed...")
            raise
        count = math.ceil(self.image.nl * self.image.ns / 12.0)
        file = Path(self.image.path).read_bytes()[self.image.lblsize :][: 12 * (count + AHEAD)]
        self.size = len(file)
        self.cells = np.frombuffer(file.ljust(12 * (count + AHEAD), b"\0"), np.float32).reshape(-1, 3).T.copy()
        self.last, before = self._end(count)
        self.before = tuple(self.cells[:, before])
        self.first = self.before
        self.at = 0

    def _end(self, count: int) -> tuple[int, int]:
        """Index of the last point (two lines of 0, from the second point on), and of the point looked at then."""
        none = self.cells[0] == 0
        pairs = np.flatnonzero(none[1:count] & none[2 : count + 1])
        end = int(pairs[0]) + 1 if len(pairs) else count - 1
        return (end, end) if len(pairs) else (end, end + 1)

    def next_contour(self) -> int:
        """Value of the next contour, whose first point ``at`` becomes; 0 if there is none."""
        candidates = np.flatnonzero(self.cells[0, self.at : max(self.last, 1)] != 0)
        if not len(candidates):
            return 0
        self.at += int(candidates[0])
        self.first = tuple(self.cells[:, self.at])
        return int(truncate(self.first[2]))

    def follow(self) -> np.ndarray:
        """Take a contour out of the file. Its points in order, (2, n): the first, then all that it goes on over."""
        pieces = [self.cells[:2, [self.at]]]
        self.cells[:2, self.at] = 0
        at, last = self.at, self.last
        while at is not None and at < last:
            run = self._run(at)
            if len(run):
                pieces.append(self.cells[:2, run])
                self.before = tuple(self.cells[:, run[-1]])
                self.cells[:2, run] = 0
                at = int(run[-1])
            if at in (0, last):  # there is no point beside this one any more
                break
            at = self._search(self.before)
            if at is None:
                at = self._search(self.first)
        return np.concatenate(pieces, axis=1)

    def _run(self, at: int) -> np.ndarray:
        """Indices of the points that follow one after the other behind a point, else of those before it."""
        if self.cells[0, at + 1] > 0:
            return np.arange(at + 1, at + 1 + run_length(self.cells[0, at + 1 : self.last + 1]))
        return np.arange(at - 1, at - 1 - run_length(self.cells[0, :at][::-1]), -1)

    def _search(self, like: tuple) -> int | None:
        """Take the next point that lies where another lay out of the file; its index."""
        start = max(self.at, 1)  # all before the point where the contour began have gone
        lines = self.cells[0, start : self.last]
        near = np.flatnonzero(np.abs(lines - like[0]) <= TOLERANCE) + start
        for at in near.tolist():
            line, sample, value = self.cells[:, at]
            if line != 0 and abs(sample - like[1]) <= TOLERANCE and abs(value - like[2]) <= TOLERANCE:
                self.before = line, sample, value
                self.cells[:2, at] = 0
                return at
        return None

    def close(self) -> None:
        self.image.close()
        with open(self.image.path, "r+b") as file:
            file.seek(self.image.lblsize)
            file.write(self.cells.T.tobytes()[: self.size])


def run_length(lines: np.ndarray) -> int:
    """How many lines above 0 there are before the first that is not; looked for in growing parts."""
    done, part = 0, 64
    while done < len(lines):
        ends = np.flatnonzero(~(lines[done : done + part] > 0))
        if len(ends):
            return done + int(ends[0])
        done, part = done + part, part * 4
    return len(lines)


def label_place(points: np.ndarray) -> tuple[int, int]:
    """Line and sample of a contour's label: its least line, and there the sample nearest to half the largest."""
    lines, samples = points
    if len(lines) < 2:
        return 0, 0
    line, largest = lines[1:].min(), F(0)
    if (samples[1:] > 0).all():
        largest = samples[1:].max()
    else:
        for value in samples[1:]:
            if largest == 0 or largest < value:
                largest = value
    half, sample = largest / F(2), F(0)
    for value in samples[:-1][lines[:-1] == line]:
        if sample == 0 or abs(half - sample) > abs(half - value):
            sample = value
    return int(truncate(np.ceil(line))), int(truncate(np.ceil(sample)))


def place(line: int, sample: int, letters: int, height: int, size: tuple[int, int]) -> tuple[int, int]:
    """Line and sample where a label of so many letters begins, inside an image of ``size`` lines and samples."""
    width, margin = int(F(letters * height) * WIDTH), int(F(letters) * WIDTH)
    line = height if line < height else min(line, size[0] - height)
    sample = margin if sample < margin else min(sample, size[1] - width)
    line = int(int(line + (int(height / 2) + 0.5)) + 0.5)
    sample = int(int(sample + 0.5) - (int(width / 2) + 0.5))
    return line, sample if sample >= 1 else 2


def thin(labels: list[list[int]], height: int) -> None:
    """Of two labels that would touch one becomes zeros: the smaller number, or the later of equal ones."""
    table = np.array(labels, np.int64).reshape(-1, 3)
    letters = np.array([len(str(label[2])) for label in labels])
    apart = np.array([int(float(F(height) * WIDTH * F(n)) * 1.25) for n in range(TEXT + 4)])
    for at in range(len(table)):
        other = at + 1
        while other < len(table):
            line, sample, number = table[at]
            rest = table[other:]
            near = (abs(rest[:, 0] - line) < height * 2) & (
                abs(rest[:, 1] - sample) < apart[np.maximum(letters[other:], letters[at])])  # fmt: skip
            smaller = near & (number < rest[:, 2])
            end = int(np.argmax(smaller)) if smaller.any() else len(rest)
            gone = np.flatnonzero(near[:end]) + other
            table[gone], letters[gone] = 0, 1
            other += end + 1
            if end < len(rest):
                table[at], letters[at] = 0, 1
    for label, kept in zip(labels, table.tolist(), strict=True):
        label[:] = kept


def texts(numbers: list[int]) -> list[str]:
    """The labels as they lie in rows of nine bytes; a longer one runs into the next row."""
    table = bytearray(TEXT * (len(numbers) + 1) + 12)
    for at, number in enumerate(numbers):
        text = b"%d\0" % number
        table[TEXT * at : TEXT * at + len(text)] = text
    return [table[TEXT * at :].split(b"\0", 1)[0].decode() for at in range(len(numbers))]
