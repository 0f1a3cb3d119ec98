"""REMNOISE: takes away single odd pixels. Source: ``vos/p2/prog/remnoise`` (Fortran, 1999).

Going around the eight neighbours of a pixel, every three in a row have a median. The eight medians, weighted by the weight of the
neighbour each came from (corners less than sides), make a surface; a pixel farther from it than TOL plus FACTOR times activity
(or the standard deviation the second input gives) is replaced by it. Lines above the first and below the last repeat those.

Kept: what the original prints goes to the terminal only; a file that cannot be opened is no error, there is just no output;
lines that cannot be read are zeros.
accepted: a null TOL or FACTOR is 0, where the original takes what its memory holds.
"""

from __future__ import annotations

import numpy as np

from vicar.errors import VicarError
from vicar.numerics.fortran import general
from vicar.numerics.rounding import nint

FORTRAN = True
LONGEST = 20000
CORNER, SIDE = np.float32(0.7072), np.float32(1)
# three neighbours in a row, as (line, sample) offsets: the four sides of the box, then its corners
TRIPLES = (
    ((-1, -1), (-1, 0), (-1, 1)), ((1, -1), (1, 0), (1, 1)), ((-1, -1), (0, -1), (1, -1)), ((-1, 1), (0, 1), (1, 1)),
    ((-1, 0), (-1, 1), (0, 1)), ((0, 1), (1, 1), (1, 0)), ((1, 0), (1, -1), (0, -1)), ((0, -1), (-1, -1), (-1, 0)),
)  # fmt: skip
OPPOSITE = ((7, 5), (4, 6), (2, 3), (0, 1))


def main(task):
    try:
        source = task.open("INP", 1, u_format="REAL")
    except VicarError as error:
        task.printf(f" Cannot open {task.file_name('INP')}: {error.text}\n")
        return
    whole = source.format in ("BYTE", "HALF", "FULL")
    if whole:
        task.printf(" Integer roundoff correction applied\n")
    if source.ns > LONGEST:
        task.printf(f" Max number of pixels/line={LONGEST:12d}\n")
        task.abend()
    deviations = Deviations(task, source) if task.count("INP") > 1 else None
    factor, fixed = task.real("FACTOR", np.float32(0)), task.real("TOL", np.float32(0))
    surface = Surface(source.ns)
    reset = 0
    with source, task.create("OUT", u_format="REAL") as result:
        for line, box in enumerate(boxes(source), 1):
            level, activity = surface.line(box)
            with np.errstate(invalid="ignore", over="ignore"):
                if deviations:
                    activity = deviations.line(line)
                odd = np.abs(box[1, 1:-1] - level) > factor * activity + fixed
                dn = np.where(odd, level, box[1, 1:-1])
            reset += int(odd.sum())
            result.write(nint(dn).astype(np.float32) if whole else dn)
    task.printf(f"{reset:12d}  pixels reset\n")


def line_or(source, line: int, otherwise: np.ndarray) -> np.ndarray:
    """A line, over the start of ``otherwise``; all of that if it cannot be read."""
    values = otherwise.copy()
    try:
        dn = source.read(line)[: len(values)]
        values[: len(dn)] = dn
    except VicarError:
        pass
    return values


def boxes(source):
    """For every line: it between the ones above and below, a sample longer on both sides; float32, 3 x (ns + 2)."""

    def wide(line, before):
        return np.pad(line_or(source, line, before), 1, mode="edge")

    none = np.zeros(source.ns, np.float32)
    centre = wide(1, none)
    above, below = centre, wide(2, none)
    for line in range(1, source.nl + 1):
        yield np.stack([above, centre, below])
        above, centre = centre, below
        if line + 2 <= source.nl:
            below = wide(line + 2, below[1:-1])


class Surface:
    """Weighted means of medians around each pixel of a line.

    Three values one of which is not a number have no median: they do not count, and the activity is taken with the one of the
    pixel before.
    """

    def __init__(self, ns: int):
        self.ns = ns
        self.before = np.zeros(len(TRIPLES), np.float32)

    def line(self, box: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Surface and activity, float32 (ns,), of the middle one of three lines."""
        total, weight = np.zeros(self.ns, np.float32), np.zeros(self.ns, np.float32)
        medians = []
        for number, triple in enumerate(TRIPLES):
            median, share = weighted_median([self._neighbour(box, place) for place in triple])
            known = share > 0
            with np.errstate(over="ignore", invalid="ignore"):
                np.add(total, median * share, out=total, where=known)
            weight += share
            medians.append(self._continued(median, known, number))
        with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
            level = total / weight
            first, *others = (np.abs(medians[a] - medians[b]) for a, b in OPPOSITE)
            activity = (first + others[0] + others[1] + others[2]) / np.float32(4)
        return level, activity

    def _neighbour(self, box: np.ndarray, place: tuple[int, int]) -> tuple[np.ndarray, np.float32]:
        down, across = place
        return box[1 + down, 1 + across : 1 + across + self.ns], CORNER if down and across else SIDE

    def _continued(self, median: np.ndarray, known: np.ndarray, number: int) -> np.ndarray:
        """Unknown medians replaced by the last known one."""
        if not known.all():
            last = np.maximum.accumulate(np.where(known, np.arange(1, self.ns + 1), 0))
            median = np.concatenate([self.before[number : number + 1], median])[last]
        self.before[number] = median[-1]
        return median


def weighted_median(values) -> tuple[np.ndarray, np.ndarray]:
    """Median of three (values, weight) and its weight, the middle one's if several are equal; weight 0: there is none."""
    (a, wa), (b, wb), (c, wc) = values
    ab, bc, ac = a <= b, b <= c, a <= c
    ba, cb, ca = b <= a, c <= b, c <= a
    takes_b = (ab & bc) | (ba & cb)
    takes_a = (ba & ac) | (ab & ca)
    takes_c = (ac & cb) | (ca & bc)
    median = np.select([takes_b, takes_a, takes_c], [b, a, c], np.float32(0))
    return median, np.select([takes_b, takes_a, takes_c], [wb, wa, wc], np.float32(0))


class Deviations:
    """Standard deviations, the second input; lines and samples it does not have repeat what was there before."""

    def __init__(self, task, source):
        self.image = None
        self.values = np.zeros(LONGEST, np.float32)
        self.ns = source.ns
        try:
            self.image = task.open("INP", 2, u_format="REAL")
        except VicarError as error:
            task.printf(f" Cannot open {task.file_name('INP', 2)}: {error.text}\n")
            return
        largest = np.float32(0)
        for line in range(1, source.nl + 1):
            self.values = line_or(self.image, line, self.values)
            largest = np.fmax(largest, self.values[: self.ns].max(where=~np.isnan(self.values[: self.ns]), initial=0))
        task.printf(f" largest standard deviation is{general(largest, 17, 9)}\n")

    def line(self, number: int) -> np.ndarray:
        """Of one line, float32 (ns,)."""
        # the line is read one place farther on than when the largest was sought
        if self.image is not None:
            self.values[1:] = line_or(self.image, number, self.values[1:])
        return self.values[1 : self.ns + 1]
