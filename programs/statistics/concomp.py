"""CONCOMP: numbers the connected components of an image. Source: ``vos/p2/prog/concomp`` (C, Jul 3 2014).

The lines are cut into runs of pixels that are not zero. A run takes the number of the first numbered pixel above it, or else
a new one; the other numbers above it are noted as being of the same component. These preliminary numbers are the second
output. Components are then numbered by their lowest preliminary number. With ZEDGE a frame of ones lies around the image, and
what touches it is no component.

Kept: pixels at the end of a line do not count for THRESH. With ZEDGE and a frame that has fewer pixels than THRESH the first
component is lost.
"""

from __future__ import annotations

import numpy as np

PIXELS_AT_ONCE = 1 << 20


def main(task) -> None:
    """Run CONCOMP."""
    task.if_message("concomp version Thu Jul  3 2014")
    source = task.open("INP", u_format="FULL")
    start = task.integer("STARTCMP") - 1
    sl, ss, nl, ns = (task.integer(name) for name in ("SL", "SS", "NL", "NS"))
    nl, ns = nl if nl >= 1 else source.nl, ns if ns >= 1 else source.ns
    for wrong, text in (
        (sl < 1, "sl < 1"), (ss < 1, "ss < 1"),
        (nl > source.nl, "nl larger than image"), (ns > source.ns, "ns larger than image"),
    ):  # fmt: skip
        if wrong:
            task.abend("parameter " + text)
    work = task.create("OUT", 2, nl=nl, ns=ns, format="FULL")
    if sl + nl - 1 > source.nl:  # fails at the first line that is not there
        for line in range(sl, sl + nl):
            source.read(line, ss, ns)
    labels = Preliminary(ns, task.keyword("ZEDGE"))
    at_once = max(PIXELS_AT_ONCE // ns, 1)
    for line in range(0, nl, at_once):
        pixels = source.read_window(sl + line, ss, min(at_once, nl - line), ns)
        work.write_window(labels.number(pixels != 0), line=line + 1)
        task.progress(line + len(pixels), nl)
    work.close()
    labels.finish()
    final, last = labels.components(task.integer("THRESH"))
    task.printf(f"{labels.highest} preliminary, {last} final regions")

    final[final != 0] += start
    with task.open("OUT", 2) as work, task.create("OUT", 1, nl=nl, ns=ns, format="FULL") as result:
        for line in range(1, nl + 1, at_once):
            result.write_window(final[work.read_window(line, nl=min(at_once, nl - line + 1))], line=line)
    task.output("LASTCMP", last + start)


class Preliminary:
    """Preliminary numbers of the runs, piece of the image by piece."""

    def __init__(self, ns: int, framed: bool):
        self.framed = framed
        self.highest = int(framed)  # the frame has number 1
        self.above = np.full(ns + 2 * framed, int(framed), np.int32)
        self.pairs: list[np.ndarray] = []  # numbers of the same component, int32 (n, 2)
        self.counts = np.zeros(0, np.int64)

    def number(self, filled: np.ndarray) -> np.ndarray:
        """Numbers of the pixels of some lines, int32; 0 where not filled."""
        if not self.framed:
            return self._number(filled)
        return self._number(np.pad(filled, ((0, 0), (1, 1)), constant_values=True))[:, 1:-1]

    def finish(self) -> None:
        """The frame below the image."""
        if self.framed:
            self._number(np.ones((1, len(self.above)), bool))

    def _number(self, filled: np.ndarray) -> np.ndarray:
        starts = filled.copy()
        starts[:, 1:] &= ~filled[:, :-1]
        run = np.cumsum(starts.ravel(), dtype=np.int32).reshape(filled.shape) - 1
        runs = int(run[-1, -1]) + 1
        if runs == 0:
            self.above = np.zeros_like(self.above)
            return np.zeros(filled.shape, np.int32)
        run_labels = self._run_labels(filled, run, runs)
        labels = np.where(filled, run_labels[np.maximum(run, 0)], 0)
        above = np.vstack([self.above, labels[:-1]])
        differing = (labels != above) & filled & (above != 0)
        if differing.any():
            self.pairs.append(np.unique(np.stack([labels[differing], above[differing]], axis=1), axis=0))
        self._count(filled, labels)
        self.above = labels[-1].copy()
        return labels

    def _run_labels(self, filled: np.ndarray, run: np.ndarray, runs: int) -> np.ndarray:
        """Number of each run: a new one, that of the line before the piece, or that of a run above."""
        label, parent = np.zeros(runs, np.int32), np.arange(runs, dtype=np.int32)
        over = filled.copy()
        over[0] &= self.above != 0
        over[1:] &= filled[:-1]
        places = np.flatnonzero(over)
        of = run.ravel()[places]
        first = np.ones(len(of), bool)
        first[1:] = of[1:] != of[:-1]
        places, of = places[first], of[first]
        width = filled.shape[1]
        top = places < width
        label[of[top]] = self.above[places[top]]
        parent[of[~top]] = run.ravel()[places[~top] - width]
        new = np.ones(runs, bool)
        new[of] = False
        if self.framed:  # a run at the frame has its number
            left = run[:, 0]
            label[left], parent[left], new[left] = 1, left, False
        numbers = np.cumsum(new) + self.highest
        label[new] = numbers[new]
        self.highest = int(numbers[-1])
        while True:
            further = parent[parent]
            if (further == parent).all():
                return label[parent]
            parent = further

    def _count(self, filled: np.ndarray, labels: np.ndarray) -> None:
        """Pixels of each number, of runs that end before the line does; the frame does not count."""
        ends = filled.copy()
        ends[:, -1] = False
        ends[:, :-1] &= ~filled[:, 1:]
        starts = filled.copy()
        starts[:, 1:] &= ~filled[:, :-1]
        places = np.flatnonzero(starts)
        ended = ends.ravel()
        stops = np.flatnonzero(ended)
        if not len(stops):
            return
        begins = places[np.searchsorted(places, stops, side="right") - 1]
        length = stops - begins + 1
        if self.framed:
            length -= begins % filled.shape[1] == 0
        counts = np.bincount(labels.ravel()[stops], length, self.highest + 1).astype(np.int64)
        counts[: len(self.counts)] += self.counts
        self.counts = counts

    def components(self, threshold: int) -> tuple[np.ndarray, int]:
        """Final number of each preliminary one, 0 for what is no component, and the last final number."""
        lowest = joined(self.highest + 1, np.concatenate([np.zeros((0, 2), np.int32), *self.pairs]))
        counts = np.zeros(self.highest + 1, np.int64)
        counts[: len(self.counts)] = self.counts
        size = np.bincount(lowest, counts, self.highest + 1)
        heads = lowest == np.arange(self.highest + 1)
        heads[0] = False
        kept = heads & (size >= threshold)
        number = np.where(kept, np.cumsum(kept) - int(self.framed), 0).astype(np.int32)
        return number[lowest], int(kept.sum()) - int(self.framed)


def joined(count: int, pairs: np.ndarray) -> np.ndarray:
    """Lowest number that each of 0..count-1 is joined with."""
    lowest = np.arange(count, dtype=np.int32)
    one, other = pairs[:, 0], pairs[:, 1]
    while True:
        a, b = lowest[one], lowest[other]
        apart = a != b
        if not apart.any():
            return lowest
        one, other, a, b = one[apart], other[apart], a[apart], b[apart]
        np.minimum.at(lowest, np.maximum(a, b), np.minimum(a, b))
        while True:
            further = lowest[lowest]
            if (further == lowest).all():
                break
            lowest = further
