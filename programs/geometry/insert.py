"""INSERT: insert lines of one value, or averages of their neighbours, into an image.

Source: ``vos/p2/prog/insert`` (Fortran). Lines are numbered as in the output. Pixels are bytes or halfwords: of longer pixels
only the first half of the bytes of a line is averaged or filled, as halfwords.

Kept as they are: with TRUNC the label says NL lines, but all lines are written, and the last line is written again after lines
inserted below it.
"""

from __future__ import annotations

import numpy as np

from vicar.numerics.prnt import prnt
from vicar.numerics.rounding import truncate

FORTRAN = True


def main(task):
    task.if_message("INSERT version 02-MAY-94")
    places = [] if task.defaulted("LINE") else sorted(task.integers("LINE"))
    if len(set(places)) < len(places):
        task.message('"LINE" MAY NOT CONTAIN REPEATED NUMBERS')
        task.abend()
    average = not task.keyword("NOAVG") and task.defaulted("DN")
    with task.open("INP") as source:
        window = task.size_field(source)
        nl = window.nl if task.keyword("TRUNC") else window.nl + len(places)
        with task.create("OUT", nl=nl, ns=window.ns) as result:
            if nl != window.nl:
                task.messages(*prnt("FULL", nl, "OUTPUT NL=."), *prnt("FULL", window.ns, "OUTPUT NS=."))
            Insertion(task, source, result, window, places, average).run()


class Insertion:
    def __init__(self, task, source, result, window, places: list[int], average: bool):
        self.task, self.source, self.result, self.window = task, source, result, window
        self.places, self.average = places, average
        self.kind = np.dtype("u1" if source.pix_size == 1 else "i2")
        self.fill = np.zeros(window.ns, source.dtype)
        if not average:
            limits = np.iinfo(self.kind)
            self.part(self.fill)[:] = min(max(task.integer("DN"), limits.min), limits.max)
        self.written = 0

    def part(self, line: np.ndarray) -> np.ndarray:
        """The bytes or halfwords that are worked on."""
        return line.view(self.kind)[: self.window.ns]

    def run(self) -> None:
        line = np.zeros(self.window.ns, self.source.dtype)
        for number in range(self.window.nl):
            line = self.read(number)
            self.put(line)
            self.task.progress(number + 1, self.window.nl)
        while self.due():
            self.put(line)

    def due(self) -> bool:
        return bool(self.places) and self.places[0] == self.written + 1

    def put(self, line: np.ndarray) -> None:
        self.insert(line)
        self.write(line)
        if self.average:
            self.fill = line.copy()

    def read(self, number: int) -> np.ndarray:
        window = self.window
        if number == 0 and window.sl != 1:
            return self.source.read(line=window.sl, samp=window.ss, nsamps=window.ns)
        if window.ss != 1 or window.ns != window.nsi:
            return self.source.read(samp=window.ss, nsamps=window.ns)
        return self.source.read()

    def insert(self, line: np.ndarray) -> None:
        """Write the lines that belong above ``line``."""
        while self.due():
            del self.places[0]
            if self.average:
                if not self.written:
                    self.fill = line.copy()
                ours = self.part(self.fill)
                total = self.part(line).astype(np.int32) + ours
                ours[:] = truncate(np.float32(0.5) * total.astype(np.float32) + np.float32(0.5)).astype(self.kind)
            if not self.task.keyword("NOPRINT"):
                self.task.messages(*prnt("FULL", self.written + 1, "LINE INSERTED."))
            self.write(self.fill)

    def write(self, line: np.ndarray) -> None:
        self.result.write(line)
        self.written += 1
