"""DESPIKE: removes single-pixel errors. Source: ``vos/p2/prog/despike`` (Fortran, 2020-06-16).

A pixel far from the median of its 3x3 area is suspicious. One is a spike if it is also far from a plane through those of its
neighbours that are not suspicious; then the plane's value takes its place. Of the neighbours above and to the left, which have
been judged already, only spikes count as bad. So each judgement hangs on up to four earlier ones: all suspicious pixels are
judged at once, then those again for which an earlier judgement has changed, until nothing changes. That is the original's result.

Kept: the median of the last line is taken with the line three above it instead of the missing one; values of the first line are
cut to integers and sorted by their bits as reals, where negative ones are no numbers.

known: REAL images with NaN.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vicar.numerics.prnt import prnt
from vicar.numerics.rounding import nint, truncate

FORTRAN = True

f32 = np.float32
MOST_SAMPLES = 20000
PIECE = 1 << 19  # pixels judged together
# the area in the order of the sums: line and sample offsets
AREA = [(j, i) for j in (-1, 0, 1) for i in (-1, 0, 1)]
UL, U, UR, L, C, R, DL, D, DR = range(9)
AROUND = ((U, (UL, UR)), (R, (UR, DR)), (D, (DR, DL)), (L, (DL, UL)))  # pairs of neighbours whose difference counts


@dataclass
class Test:
    """What the user asked for."""

    scale: np.float32
    tol: np.float32
    positive: bool


def main(task) -> None:
    """Run DESPIKE."""
    task.message("DESPIKE version 2020-06-16")
    test = Test(task.real("SCALE"), task.real("TOL"), task.keyword("POSONLY"))
    source = task.open("INP", u_format="REAL")
    if source.org == "BIP":
        task.abend("BIP files not supported, use program TRAN to convert to BSQ")
    if source.ns > MOST_SAMPLES:
        task.abend("***Maximum number of samples exceeded")
    with task.create("OUT", u_format="REAL") as result:
        for band in range(1, source.nb + 1):
            suspects = spikes = 0
            for start, values, one, other in clean(Lines(source, band), test):
                result.write_window(values, line=start + 1, band=band)
                suspects, spikes = suspects + one, spikes + other
                task.progress(start + len(values), source.nl)
            task.messages(*prnt("FULL", suspects, "pixels pass first gate=."), *prnt("FULL", spikes, "spikes removed=."))


class Lines:
    """The lines of a band as the original meets them: it reads record after record, whatever the organization."""

    def __init__(self, source, band: int):
        self.source, self.band, self.nl, self.ns = source, band, source.nl, source.ns
        if self.nl == 1:  # two lines are read for each band all the same
            self.only = source.read()
            source.read()

    def read(self, first: int, stop: int) -> np.ndarray:
        """Lines from 0, float32; line `nl` is what the buffer for it holds."""
        last = min(stop, self.nl)
        if self.nl == 1:
            values = self.only[None]
        elif self.source.org == "BIL":
            places = [divmod((self.band - 1) * self.nl + n, self.source.nb) for n in range(first, last)]
            values = np.stack([self.source.read(line + 1, band=band + 1) for line, band in places])
        else:
            values = self.source.read_window(line=first + 1, nl=last - first, band=self.band)
        if stop > self.nl:
            left = self.read(self.nl - 4, self.nl - 3) if self.nl > 3 else np.zeros((1, self.ns), f32)
            values = np.concatenate([values, left])
        return values


def clean(lines: Lines, test: Test):
    """Pieces of a band: first line (from 0), clean pixels, number of suspicious pixels, number of spikes."""
    nl, ns = lines.nl, lines.ns
    rows = max(PIECE // ns, 1)
    above = np.ones(ns, bool)  # spikes of the line before
    for start in range(0, nl, rows):
        stop = min(start + rows, nl)
        low, high = max(start - 1, 0), min(stop + 1, nl)
        first = max(low - 1, 0)
        dn = lines.read(first, high + 1)
        median = medians(dn, low - first, high - low, first == low)
        part = dn[max(start - 1 - first, 0) : high - first]
        piece = Piece(part if start else np.pad(part, ((1, 0), (0, 0))), median, start - low, stop - start, above, test)
        values, above = piece.judge()
        yield start, values, piece.suspects, piece.spikes


# -- medians --------------------------------------------------------------------------------------------------------------


def medians(dn: np.ndarray, first: int, count: int, top: bool) -> np.ndarray:
    """Medians of 3x3 areas (3x2 at the sides) of lines ``first`` and following; the first line of all if ``top``."""
    if dn.shape[1] == 1:  # zeros lie beside a single column
        return medians(np.pad(dn, ((0, 0), (1, 0))), first, count, top)[:, 1:]
    rows = [first_line(dn)] if top else []
    begin = first + len(rows)
    stop = first + count
    if stop > begin:
        planes = [dn[begin + j : stop + j] for j in (-1, 0, 1)]
        values = np.empty_like(planes[1])
        values[:, 1:-1] = median_of_nine([p[:, i : i + values.shape[1] - 2] for i in range(3) for p in planes])
        for column, side in ((0, slice(0, 2)), (-1, slice(-2, None))):
            six = np.concatenate([p[:, side] for p in planes], axis=1)
            values[:, column] = np.sort(six, axis=1)[:, 2]
        rows.append(values)
    return np.vstack(rows)


def median_of_nine(planes: list[np.ndarray]) -> np.ndarray:
    """Median by sorted columns: of the largest smallest, the middle middle and the smallest largest."""
    columns = [_sorted3(*planes[k : k + 3]) for k in (0, 3, 6)]
    low = np.maximum(np.maximum(columns[0][0], columns[1][0]), columns[2][0])
    middle = _sorted3(*(column[1] for column in columns))[1]
    high = np.minimum(np.minimum(columns[0][2], columns[1][2]), columns[2][2])
    return _sorted3(low, middle, high)[1]


def _sorted3(a, b, c):
    a, b = np.minimum(a, b), np.maximum(a, b)
    b, c = np.minimum(b, c), np.maximum(b, c)
    return np.minimum(a, b), np.maximum(a, b), c


def first_line(dn: np.ndarray) -> np.ndarray:
    """Medians of the first line, of 2x3 areas (2x2 at the sides); of one line less if there is only one."""
    pair = truncate(dn[: min(2, len(dn) - 1)])
    height, ns = pair.shape
    result = np.empty((1, ns), f32)
    inner = [pair[j, i : ns - 2 + i] for j in range(height) for i in (0, 1, 2)]
    result[0, 1:-1] = insertion_sort(np.stack(inner))[height]
    for column, side in ((0, slice(0, 2)), (ns - 1, slice(ns - 2, ns))):
        result[0, column] = insertion_sort(pair[:, side].reshape(-1, 1))[height - 1, 0]
    return result


def insertion_sort(bits: np.ndarray) -> np.ndarray:
    """Sort along the first axis, integers compared as if they were reals: insertion, since some compare as nothing."""
    bits = bits.copy()
    for new in range(1, len(bits)):
        moving = np.ones(bits.shape[1:], bool)
        for place in range(new, 0, -1):
            before, here = bits[place - 1].copy(), bits[place].copy()
            moving &= before.view(f32) > here.view(f32)
            bits[place - 1], bits[place] = np.where(moving, here, before), np.where(moving, before, here)
    return bits


# -- judgement ------------------------------------------------------------------------------------------------------------


class Piece:
    """Some lines of a band. ``dn`` has a line more above, ``median`` has ``offset`` more.

    Both have one more below if there is one.
    """

    def __init__(self, dn: np.ndarray, median: np.ndarray, offset: int, count: int, above: np.ndarray, test: Test):
        self.framed, self.dn, self.test, self.count, self.above = dn, dn[1:], test, count, above
        self.offset, self.ns = offset, dn.shape[1]
        self.last = len(self.dn) == count  # the last line of the band is among them
        self.limit = self._limits(median)
        self.far = np.abs(self.dn - median[offset:])
        self.suspects = self.spikes = 0

    def _limits(self, median: np.ndarray) -> np.ndarray:
        """How far from its median a pixel may be: a multiple of the mean deviation of the medians around, and an offset."""
        count, ns = self.count, self.ns
        rows = []
        for j in (-1, 0, 1):
            first, stop = self.offset + j, self.offset + j + count
            row = median[max(first, 0) : stop]
            missing = np.zeros(count, bool)
            missing[: max(-first, 0)] = True
            missing[count - max(stop - len(median), 0) :] = True
            row = np.pad(row, ((max(-first, 0), max(stop - len(median), 0)), (0, 0)))
            rows.append((row, missing))
        height = 3 - sum(missing.astype(np.int32) for _, missing in rows)
        width = np.full(ns, 3)
        width[[0, -1]] = 2
        area = (height[:, None] * width).astype(f32)
        mean = _running_sums(rows[0][0] + rows[1][0] + rows[2][0]) / area
        spread = np.zeros((count, ns), f32)
        for row, missing in rows:
            for i in (-1, 0, 1):
                here, there = slice(max(-i, 0), ns - max(i, 0)), slice(max(i, 0), ns + min(i, 0))
                spread[:, here] += np.where(missing[:, None], f32(0), np.abs(row[:, there] - mean[:, here]))
        return self.test.scale * spread / area + self.test.tol

    def judge(self) -> tuple[np.ndarray, np.ndarray]:
        """Clean pixels, and which of the last line are spikes."""
        count, ns = self.count, self.ns
        lines, samples = np.nonzero(self.far[:count] > self.limit)
        result = self.dn[:count].copy()
        spike = np.ones((count + 2, ns + 2), bool)  # with a margin; outside everything is bad
        spike[0, 1:-1] = self.above
        spike[1:-1, 1:-1] = False
        self.suspects = len(lines)
        if self.suspects:
            group = Suspects(self, lines, samples)
            flagged, values, replaced = group.settle(spike)
            spike[lines + 1, samples + 1] = flagged
            result[lines[replaced], samples[replaced]] = values[replaced]
            self.spikes = int(replaced.sum())
        return result, spike[count, 1:-1]


def _running_sums(columns: np.ndarray) -> np.ndarray:
    """Sums over three columns, each got from the one before by adding a column and taking one off."""
    count, ns = columns.shape
    steps = np.zeros((count, 2 * ns - 1), f32)
    steps[:, 0] = columns[:, 0]
    steps[:, 1::2] = columns[:, 1:]
    steps[:, 4::2] = -columns[:, : ns - 2]
    sums = np.add.accumulate(steps, axis=1, dtype=f32)
    return np.concatenate([sums[:, 1::2], sums[:, -1:]], axis=1)


class Suspects:
    """The suspicious pixels of a piece, with what surrounds them."""

    def __init__(self, piece: Piece, lines: np.ndarray, samples: np.ndarray):
        self.test, self.lines, self.samples = piece.test, lines, samples
        count, ns = piece.count, piece.ns
        padded = np.pad(piece.framed, ((0, 1), (1, 1)))
        self.dn = np.stack([padded[lines + 1 + j, samples + 1 + i] for j, i in AREA])
        self.limit = piece.limit[lines, samples]
        # which of the neighbours yet to come, and of the one below to the left, are suspicious
        self.bad = np.ones((9, len(lines)), bool)
        far = np.pad(piece.far, ((0, 2), (1, 1)), constant_values=np.inf)
        left = np.pad(piece.limit, ((0, 0), (1, 0)))[lines, samples]
        for place, limit in ((R, self.limit), (D, self.limit), (DR, self.limit), (DL, left)):
            j, i = AREA[place]
            self.bad[place] = far[lines + j, samples + 1 + i] > limit
        if piece.last:
            self.bad[DL:, lines == count - 1] = True
        self.bad[DL, samples == 0] = True
        self.bad[R, samples == ns - 1] = self.bad[DR, samples == ns - 1] = True
        self.number = np.full((count + 3, ns + 2), -1, np.int32)
        self.number[lines + 1, samples + 1] = np.arange(len(lines), dtype=np.int32)

    def settle(self, spike: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Which pixels are bad, the values of the planes, and which pixels take them."""
        size = len(self.lines)
        flagged, replaced, values = np.ones(size, bool), np.zeros(size, bool), np.zeros(size, f32)
        row, column = self.lines + 1, self.samples + 1
        spike[row, column] = True
        active = np.arange(size)
        while len(active):
            for place in (UL, U, UR, L):
                j, i = AREA[place]
                self.bad[place, active] = spike[row[active] + j, column[active] + i]
            keep, values[active], replaced[active] = self._judge(active)
            changed = active[keep != flagged[active]]
            flagged[active] = keep
            spike[row[changed], column[changed]] = flagged[changed]
            later = [self.number[row[changed] + j, column[changed] + i] for j, i in ((0, 1), (1, -1), (1, 0), (1, 1))]
            active = np.unique(np.concatenate(later))
            active = active[active >= 0]
        return flagged, values, replaced

    def _judge(self, which: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Whether each pixel stays bad, the plane's value, and whether it takes that."""
        dn, bad = self.dn[:, which], self.bad[:, which]
        number, value = _plane(dn, bad)
        total, pairs = np.zeros(len(which), f32), np.zeros(len(which), np.int32)
        for one, others in AROUND:
            for other in others:
                counts = ~(bad[one] | bad[other])
                total = np.where(counts, total + np.abs(dn[other] - dn[one]), total)
                pairs += counts
        with np.errstate(all="ignore"):
            limit = np.where(pairs > 0, self.test.scale * total / pairs.astype(f32) + self.test.tol, self.limit[which])
            error = dn[C] - value
        replaced = (error if self.test.positive else np.abs(error)) > limit
        replaced &= number > 0
        return replaced | (number == 0), nint(value).astype(f32), replaced


def _plane(dn: np.ndarray, bad: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Number of good pixels, and the value in the middle of a plane through them; their mean if there are three or fewer."""
    sums = {name: np.zeros(dn.shape[1], f32) for name in ("n", "x", "y", "x2", "y2", "xy", "d", "xd", "yd")}
    whole = truncate(dn)
    with np.errstate(over="ignore"):
        for place, (j, i) in enumerate(AREA):
            terms = {"n": 1, "x": i, "y": j, "x2": i * i, "y2": j * j, "xy": i * j}
            terms |= {"d": whole[place], "xd": i * whole[place], "yd": j * whole[place]}
            for name, term in terms.items():
                term = np.asarray(term).astype(f32)
                sums[name] = np.where(bad[place], sums[name], sums[name] + term)
    n, x, y, x2, y2, xy, d, xd, yd = sums.values()
    with np.errstate(all="ignore"):
        det = x2 * (y2 * n - y * y) - xy * (xy * n - x * y) + x * (xy * y - x * y2)
        top = x2 * (y2 * d - y * yd) - xy * (xy * d - y * xd) + x * (xy * yd - xd * y2)
        return n, np.where(n > 3, top / det, d / n)
