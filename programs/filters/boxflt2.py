"""BOXFLT2: running mean over a window, or the difference from it.

Source: ``vos/p2/prog/boxflt2`` (Fortran and C). The sums are single precision and run: a new line is added to the column
sums after the old one was subtracted, and the same along the samples, so REAL data carry the rounding of every step.
``numpy.add.accumulate`` over the interleaved terms does exactly these additions, for large images a compiled loop.

Kept: extending a line by more samples than it has shows what the buffer held from the line before.
known: nothing. accepted: an NSW below -1 is refused, the original dies.
"""

from __future__ import annotations

import numpy as np

from programs.filters._line_ends import LineExtender
from vicar.errors import VicarError
from vicar.numerics.compiled import in_parts, kernel

FORTRAN = True
PIXELS_AT_ONCE = 1 << 18
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
    if nsw < -1:  # the original dies
        task.abend("??E - NSW must not be less than -1.")
    both = task.keyword("CYCLE")
    box = BoxFilter(source, window, nlw, nsw, both or task.keyword("SCYCLE"), both or task.keyword("LCYCLE"))
    level = task.real("DCLEVEL")
    with source, result:
        done = 0
        try:
            for line, means in box.blocks():
                if high and box.sound:
                    means = high_pass(source, window, line, means, result, level)
                if not by_line(result):
                    raise VicarError("STRTREC", "XVWRITE", result.name, line=0)  # on opening it again
                result.write_window(means, line + 1)
                done = line + len(means)
                task.progress(done, window.nl)
        except VicarError:
            result.record_number = done
            for values in box.copied(done):
                result.write(values)
            raise
    if high:
        task.message("HIGH PASS FILTER PERFORMED.")


def by_line(image) -> bool:
    """Whether a line number alone says which record of an image is meant."""
    return image.n3 == 1 and image.org == "BSQ"


def high_pass(source, window, line: int, means: np.ndarray, result, level) -> np.ndarray:
    """Input less the mean as it stands in the output file, plus a constant; BYTE is limited to 0..255."""
    from vicar.numerics.conversion import cast

    stored = {"BYTE": np.uint8, "HALF": np.int16, "FULL": np.int32}.get(result.format, np.float32)
    low = cast(cast(means, stored), np.float32)
    dn = source.read_window(window.sl + line, window.ss, len(means), window.ns)
    values = (dn - low) + level
    return np.clip(values, np.float32(0), np.float32(255)) if source.format == "BYTE" else values


def half(number: int) -> int:
    """Half of a number, truncated towards 0."""
    return int(number / 2)


class BoxFilter:
    """Running means of ``nlw`` x ``nsw`` pixels; the edges are reflected or continued cyclically."""

    def __init__(self, source, window, nlw: int, nsw: int, cycle_samples: bool, cycle_lines: bool):
        self.source, self.window = source, window
        self.nlw, self.nsw = nlw, nsw
        self.cycle_samples, self.cycle_lines = cycle_samples, cycle_lines
        self.side = max(nsw, 0) // 2
        self.width = max(window.ns + max(nsw, 0) - 1, 0)
        self.adding = LineExtender(window.ns, self.side, cycle_samples)
        self.taking = LineExtender(window.ns, self.side, cycle_samples)
        nl = window.nl
        known = [self.line(i - half(nlw)) for i in range(1, nl + 1)]
        known = self.known_lines(known + [self.following(half(nlw + 1) + i - 1) for i in range(2, nl + 1)])
        self.first, self.new = known[:nl], known[nl:]  # lines around line 1, and those that come after them
        self.sound = by_line(source) and all(1 <= window.sl + number - 1 <= source.nl for number in known)

    def copied(self, done: int):
        """What the output holds behind its first lines if an error ends the program: lines of the input."""
        self.source.record_number = 0
        try:
            for line in range(done + 1, self.window.nl + 1):
                yield self.rows([self.first[line - 1]])[0]
        except VicarError:
            pass  # the copy ends there too; the error that brought us here is raised again by the caller

    def line(self, number: int) -> int:
        """Line of the window (from 1) that stands for line ``number``, which may lie outside."""
        nl = self.window.nl
        if self.cycle_lines:
            return nl + number if number < 1 else number - nl if number > nl else number
        if number < 1:
            number = 2 - number
        return 2 * nl - number if number > nl else number

    def known_lines(self, numbers: list[int]) -> list[int]:
        """The library takes line 0 of the image for the next one; so does `Image.read`."""
        if not by_line(self.source):
            return numbers
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
        return extender.extend(self.rows(numbers), plain)[:, : self.width]

    def rows(self, numbers: list[int]) -> np.ndarray:
        """Lines of the window, together where they follow each other and nothing can be wrong with them."""
        w, source = self.window, self.source
        first, count = w.sl + numbers[0] - 1, len(numbers)
        consecutive = numbers == list(range(numbers[0], numbers[0] + count))
        plain = by_line(source) and not source.short
        if plain and consecutive and first >= 1 and first + count - 1 <= source.nl:
            return source.read_window(first, w.ss, count, w.ns, copy=False)
        rows = np.empty((count, w.ns), np.float32)
        for row, number in enumerate(numbers):
            rows[row] = source.read(w.sl + number - 1, w.ss, w.ns)
        return rows

    def blocks(self):
        """(first line from 0, means) for the whole window."""
        nl = self.window.nl
        first, new = self.first, self.new
        sums = self.first_sums(first)
        yield 0, self.means(sums[None])
        old = first[: nl - 1]
        step = max(1, PIXELS_AT_ONCE // max(self.width, 1)) if self.sound else 1
        columns = np.empty((min(step, max(nl - 1, 0)), self.width), np.float32)
        for start in range(0, nl - 1, step):
            stop = min(start + step, nl - 1)
            place = self.source.record_number
            taken = self.extended(old[start:stop], self.taking)
            self.source.record_number = place  # the original takes these from its output
            added = self.extended(new[start:stop], self.adding)
            for line in range(stop - start):
                np.subtract(sums, taken[line], out=sums)
                np.add(sums, added[line], out=sums)
                columns[line] = sums
            yield start + 1, self.means(columns[: stop - start])

    def first_sums(self, lines: list[int]) -> np.ndarray:
        """Sums of the columns around the first line."""
        summed = min(max(self.nlw, 0), len(lines))
        sums = np.zeros(self.width, np.float32)
        if self.adding.remembers or self.source.short or not self.sound:
            rows = self.extended(lines, self.adding, len(lines) - summed)  # the others pass through the buffer
        else:
            rows = self.extended(lines[:summed], self.adding) if summed else np.zeros((0, self.width), np.float32)
        self.source.record_number = self.window.sl + lines[-1] - 1
        for row in rows[:summed]:
            np.add(sums, row, out=sums)
        return sums

    def means(self, columns: np.ndarray) -> np.ndarray:
        """Running sums along the samples, divided by the size of the box."""
        ns, nsw = self.window.ns, self.nsw
        compiled = running_means.pick(self.window.nl * ns) if nsw > 0 else None
        if compiled is not None:
            result, divisor = np.empty((len(columns), ns), np.float32), np.float32(self.nlw * nsw)
            in_parts(lambda start, stop: compiled(columns[start:stop], nsw, divisor, result[start:stop]), len(columns), 16)
            return result
        summed = max(nsw, 0)
        start = np.zeros((len(columns), 1 + summed), np.float32)
        start[:, 1:] = columns[:, :summed]
        terms = np.empty((len(columns), 2 * ns - 1), np.float32)
        terms[:, 0] = np.add.accumulate(start, axis=1, dtype=np.float32)[:, -1]
        terms[:, 1::2] = -columns[:, : ns - 1]
        terms[:, 2::2] = columns[:, summed : summed + ns - 1]
        totals = np.add.accumulate(terms, axis=1, dtype=np.float32)[:, ::2]
        with np.errstate(all="ignore"):
            return totals / np.float32(self.nlw * nsw)


@kernel(above=4_000_000)
def running_means(columns, nsw, divisor, out):
    """Sums of ``nsw`` neighbours in each line of ``columns``, kept up by subtraction and addition, over ``divisor``."""
    for line in range(out.shape[0]):
        total = np.float32(0)
        for sample in range(nsw):
            total += columns[line, sample]
        out[line, 0] = total / divisor
        for sample in range(1, out.shape[1]):
            total -= columns[line, sample - 1]
            total += columns[line, sample - 1 + nsw]
            out[line, sample] = total / divisor
