"""DS4: removes the stripes of a six-detector scanner by matching histograms. Source: ``vos/p2/prog/ds4`` (Fortran,
March 15, 1998).

The lines of a moving group of sweeps give a histogram for each detector; the cumulative one of the third detector, or of
all of them, is the model for the others.
known: nothing. accepted: values outside 0..255 are taken as the nearest of them; the original looks beside its tables.
"""

from __future__ import annotations

import numpy as np

from vicar.errors import VicarError

FORTRAN = True
DETECTORS = 6
LEVELS = 256


def main(task):
    task.message("DS4 version March 15, 1998")
    source = task.open("INP", u_format="HALF")
    window = task.size_field()
    with source, task.create("OUT", nl=window.nl, ns=window.ns, u_format="HALF") as result:
        Destriper(task, source, result, window).run()


class Destriper:
    """Histograms and tables of the detectors; lines are counted from 0 in the window."""

    def __init__(self, task, source, result, window):
        self.source, self.result, self.window = source, result, window
        self.sensor, self.group = task.integer("RSEN"), task.integer("GROUP")
        self.average, self.weights = task.keyword("AVERAGE"), task.integers("FILTER")
        self.counts = np.zeros((DETECTORS, LEVELS), np.int64)
        self.tables = np.zeros((DETECTORS, LEVELS), np.int16)
        self.done = 0

    def run(self) -> None:
        start = (self.sensor + 3) % DETECTORS
        sweeps = int((self.window.nl - 12) / DETECTORS)
        for sweep in range(self.group):
            self._count(start + DETECTORS * sweep, 1)
        if self.counts.any():
            self._match()
        elif not self.average:  # the original runs beyond its tables, loses NS there and cannot read on
            raise VicarError("BADSAMP", "XVREAD", self.source.name, line=0)
        self._write(start + (int(self.group / 2) + 1) * DETECTORS)
        for sweep in range(sweeps - self.group):
            self._count(start + DETECTORS * (max(self.group, 0) + sweep), 1)
            self._count(start + DETECTORS * sweep, -1)
            if self.counts.any():
                self._match()
            self._write(DETECTORS)
        self._write(self.window.nl - self.done)

    def _read(self, line: int) -> np.ndarray:
        w = self.window
        return np.clip(self.source.read(line=w.sl + line, samp=w.ss, nsamps=w.ns), 0, LEVELS - 1)

    def _count(self, line: int, sign: int) -> None:
        """Add a sweep to the histograms, or take it away."""
        for detector in range(DETECTORS):
            self.counts[detector] += sign * np.bincount(self._read(line + detector), minlength=LEVELS)

    def _write(self, count: int) -> None:
        for _ in range(max(count, 0)):
            table = self.tables[(self.done + 1 - self.sensor + 8) % DETECTORS]
            self.result.write(table[self._read(self.done)])
            self.done += 1

    def _match(self) -> None:
        model = self._smoothed(np.cumsum(self.counts.sum(axis=0) // DETECTORS)) if self.average else np.cumsum(self.counts[2])
        for detector in range(DETECTORS):
            match(model.tolist(), self.counts[detector].tolist(), self.tables[detector])

    def _smoothed(self, model: np.ndarray) -> np.ndarray:
        """The cumulative histogram brought to the right total and filtered."""
        total = self.window.ns * self.group
        padded = np.zeros(300, np.int64)
        padded[20:276] = model
        padded[:20], padded[276:296] = padded[20:40][::-1], padded[256:276][::-1]
        with np.errstate(divide="ignore", invalid="ignore"):
            factor = np.float32(total) / np.float32(model[-1])
        with np.errstate(invalid="ignore"):  # a model of nothing but zeros
            padded = (padded.astype(np.float32) * factor + np.float32(0.5)).astype(np.int32).astype(np.int64)
        first = 20 - len(self.weights) // 2
        sums = sum(weight * padded[first + n : first + n + LEVELS] for n, weight in enumerate(self.weights))
        smoothed = np.trunc(sums / sum(self.weights)).astype(np.int64)
        smoothed[-1] = total
        return smoothed


def wrapped(number: int) -> int:
    """As a 32-bit integer."""
    return (number + 2**31) % 2**32 - 2**31


def match(model: list[int], counts: list[int], table: np.ndarray) -> None:
    """Fill ``table``: for each level the one where the model's cumulative count comes nearest to that of ``counts``."""
    lowest = next((place for place, value in enumerate(model) if value), LEVELS - 1)
    first = next((place for place, value in enumerate(counts) if value), LEVELS)
    table[:first] = 0
    place, total = lowest, 0
    for level in range(first, LEVELS):
        total += counts[level]
        while total < model[place] and place > lowest:
            place -= 1
        if total > model[place]:
            place += 1
            while total > model[place]:
                place += 1
            if total != model[place] and wrapped(total - model[place - 1]) < wrapped(model[place] - total):
                table[level] = place - 1
                continue
        table[level] = place
    table[0] = 0
