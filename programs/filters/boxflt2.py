"""BOXFLT2: running mean over a window, or the difference from it.

Source: ``vos/p2/prog/boxflt2`` (Fortran and C). The sums are single precision and run: a new line is added to the column
sums after the old one was subtracted, and the same along the samples, so REAL data carry the rounding of every step.
``numpy.add.accumulate`` over the interleaved terms does exactly these additions.

Kept: extending a line by more samples than it has shows what the buffer held from the line before.
known: nothing. accepted: nothing.
"""

from __future__ import annotations

import numpy as np

FORTRAN = True
PIXELS_AT_ONCE = 1 << 20
FORMATS = ("BYTE", "HALF", "WORD", "FULL", "REAL")


def main(task):
    task.message("BOXFLT2  02-May-2011 (64-bit) RJB ")
    source = task.open("INP", u_format="REAL")
    if source.format not in FORMATS:
        task.abend("??E - Unknown data format for input image")
    window = task.size_field(source)
    if window.sl + window.nl - 1 > window.nli:
        task.abend("??E - Number of lines requested exceeds input size")
    if window.ss + window.ns - 1 > window.nsi:
        task.abend("??E - Number of samples requested exceeds input size")
    result = task.create("OUT", nl=window.nl, ns=window.ns, format=source.format, u_format="REAL")
    high = task.keyword("HIGHPASS")
    nlw, nsw = task.integer("NLW"), task.integer("NSW")
    if nlw % 2 == 0:
        task.message("??W - WARNING-nlw is an even integer")
    if nsw % 2 == 0:
        task.message("??W - WARNING-nsw is an even integer")
    both = task.keyword("CYCLE")
    box = BoxFilter(source, window, nlw, nsw, both or task.keyword("SCYCLE"), both or task.keyword("LCYCLE"))
    level = task.real("DCLEVEL")
    with source, result:
        for line, means in box.blocks():
            if high:
                means = high_pass(source, window, line, means, result, level)
            result.write_window(means, line + 1)
            task.progress(line + len(means), window.nl)
    if high:
        task.message("HIGH PASS FILTER PERFORMED.")


def high_pass(source, window, line: int, means: np.ndarray, result, level) -> np.ndarray:
    """Input less the mean as it stands in the output file, plus a constant; BYTE is limited to 0..255."""
    from vicar.numerics.conversion import cast

    stored = {"BYTE": np.uint8, "HALF": np.int16, "FULL": np.int32}.get(result.format, np.float32)
    low = cast(cast(means, stored), np.float32)
    dn = source.read_window(window.sl + line, window.ss, len(means), window.ns)
    values = (dn - low) + level
    return np.clip(values, np.float32(0), np.float32(255)) if source.format == "BYTE" else values


class BoxFilter:
    """Running means of ``nlw`` x ``nsw`` pixels; the edges are reflected or continued cyclically."""

    def __init__(self, source, window, nlw: int, nsw: int, cycle_samples: bool, cycle_lines: bool):
        self.source, self.window = source, window
        self.nlw, self.nsw = nlw, nsw
        self.cycle_samples, self.cycle_lines = cycle_samples, cycle_lines
        self.side = nsw // 2
        self.width = max(window.ns + nsw - 1, 0)
        self.adding = LineExtender(window.ns, self.side, cycle_samples)
        self.taking = LineExtender(window.ns, self.side, cycle_samples)

    def line(self, number: int) -> int:
        """Line of the window (from 1) that stands for line ``number``, which may lie outside."""
        nl = self.window.nl
        if self.cycle_lines:
            return nl + number if number < 1 else number - nl if number > nl else number
        if number < 1:
            number = 2 - number
        return 2 * nl - number if number > nl else number

    def known_lines(self, numbers: list[int]) -> list[int]:
        """The library takes line 0 of the image for the next one."""
        zero, result, last = 1 - self.window.sl, [], 0
        for number in numbers:
            last = last + 1 if number == zero else self.window.sl + number - 1
            result.append(last + zero)
        return result

    def following(self, number: int) -> int:
        """The same for a line that can only lie below."""
        nl = self.window.nl
        if number <= nl:
            return number
        return number - nl if self.cycle_lines else 2 * nl - number

    def extended(self, numbers: list[int], extender, plain: int = 0) -> np.ndarray:
        """Lines of the window with both ends extended; the last ``plain`` of them only pass through the buffer."""
        w = self.window
        rows = np.empty((len(numbers), w.ns), np.float32)
        for row, number in enumerate(numbers):
            rows[row] = self.source.read(w.sl + number - 1, w.ss, w.ns)
        return extender.extend(rows, plain)[:, : self.width]

    def blocks(self):
        """(first line from 0, means) for the whole window."""
        nl, nlw = self.window.nl, self.nlw
        first = self.known_lines([self.line(i - nlw // 2) for i in range(1, nl + 1)])
        summed = min(max(nlw, 0), nl)
        sums = np.zeros(self.width, np.float32)
        rows = self.extended(first, self.adding, nl - summed)
        if summed:
            sums = np.add.accumulate(np.vstack((sums[None], rows[:summed])), axis=0, dtype=np.float32)[-1]
        yield 0, self.means(sums[None])
        old = first[: nl - 1]
        new = [self.following((nlw + 1) // 2 + i - 1) for i in range(2, nl + 1)]
        step = max(1, PIXELS_AT_ONCE // max(self.width, 1))
        for start in range(0, nl - 1, step):
            stop = min(start + step, nl - 1)
            terms = np.empty((1 + 2 * (stop - start), self.width), np.float32)
            terms[0] = sums
            terms[1::2] = -self.extended(old[start:stop], self.taking)
            terms[2::2] = self.extended(new[start:stop], self.adding)
            columns = np.add.accumulate(terms, axis=0, dtype=np.float32)[2::2]
            sums = columns[-1].copy()
            yield start + 1, self.means(columns)

    def means(self, columns: np.ndarray) -> np.ndarray:
        """Running sums along the samples, divided by the size of the box."""
        ns, nsw = self.window.ns, self.nsw
        start = np.zeros((len(columns), 1 + max(nsw, 0)), np.float32)
        start[:, 1:] = columns[:, : max(nsw, 0)]
        terms = np.empty((len(columns), 2 * ns - 1), np.float32)
        terms[:, 0] = np.add.accumulate(start, axis=1, dtype=np.float32)[:, -1]
        terms[:, 1::2] = -columns[:, : ns - 1]
        terms[:, 2::2] = columns[:, nsw : nsw + ns - 1]
        totals = np.add.accumulate(terms, axis=1, dtype=np.float32)[:, ::2]
        with np.errstate(all="ignore"):
            return totals / np.float32(self.nlw * nsw)


class LineExtender:
    """A line buffer whose ends are filled from the line; it lives through the run, as the original's does."""

    def __init__(self, ns: int, side: int, cycle: bool):
        self.ns, self.side, self.cycle = ns, side, cycle
        self.buffer = np.zeros(ns + 2 * side, np.float32)

    def extend(self, rows: np.ndarray, plain: int = 0) -> np.ndarray:
        """Extended lines; the last ``plain`` rows are only stored."""
        ns, side = self.ns, self.side
        if side < ns and not plain:
            return self._all_at_once(rows)
        result = np.empty((len(rows), ns + 2 * side), np.float32)
        for number, row in enumerate(rows):
            self.buffer[side : side + ns] = row
            if number < len(rows) - plain:
                self._fill()
            result[number] = self.buffer
        return result

    def _fill(self) -> None:
        b, ns, side = self.buffer, self.ns, self.side
        if not side:
            return
        if self.cycle:
            b[:side] = b[ns : ns + side].copy()
            b[ns + side :] = b[side : 2 * side].copy()
        else:
            b[:side] = b[side + 1 : 2 * side + 1][::-1].copy()
            b[ns + side :] = b[ns - 1 : ns + side - 1][::-1].copy()

    def _all_at_once(self, rows: np.ndarray) -> np.ndarray:
        ns, side = self.ns, self.side
        if not side:
            return rows
        if self.cycle:
            return np.concatenate((rows[:, ns - side :], rows, rows[:, :side]), axis=1)
        left, right = rows[:, side:0:-1], rows[:, ns - 1 - side : ns - 1][:, ::-1]
        return np.concatenate((left, rows, right), axis=1)
