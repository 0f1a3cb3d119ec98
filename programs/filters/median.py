"""MEDIAN: the median (or another rank) of the pixels in a window, or the difference from it.

Source: ``vos/p2/prog/median`` (Fortran). BYTE and HALF use counts of the whole values, so any rank can be asked for; REAL
gives the value of rank n/2 counted from 1 (below the true median) and ignores PERCENT.

Kept: the reflected lines above and below the image are copied by half of their samples only (the original copies halfwords
of a REAL buffer); the other half is what the buffer line held before, zeros at the top.
known: PERCENT=100 gives the largest value of the window, where the original counts beyond its table; bands after the first
begin with a buffer of zeros.
"""

from __future__ import annotations

import numpy as np

from vicar.numerics.compiled import in_parts, kernel
from vicar.numerics.rounding import truncate

FORTRAN = True
FORMATS = ("BYTE", "HALF", "WORD", "REAL")
PIXELS_AT_ONCE = 1 << 18
QUICK = 91  # samples of a window times bits of a halfword up to which halving is faster than counts kept up
ROUGH = 16  # mean difference between neighbours
LARGE = 5000  # pixels of a window from which counting is faster


def main(task):
    task.message("MEDIAN version 2016-12-02")
    source = task.open("INP", u_format="REAL")
    window, bands = task.size_field(source), task.band_field(source)
    if window.ns < 2 or window.nl < 2:
        task.abend(" median cannot handle a file with nl or ns less than 2.")
    if source.format not in FORMATS:
        task.abend("***Illegal data format")
    with source, task.open("INP") as stored, task.create("OUT", u_format="REAL") as result:
        nlw, nsw = (2 * (min(task.integer(name), size) // 2) + 1
                    for name, size in (("NLW", window.nl), ("NSW", window.ns)))  # fmt: skip
        if source.format == "REAL":
            rank = max(nlw * nsw // 2 - 1, 0)
        else:
            share = np.float32(nlw * nsw) * task.real("PERCENT") / np.float32(100)
            rank = min(int(share), nlw * nsw - 1)
        for band in range(1, bands.nbi + 1):
            lines = WindowLines(source, stored, window, band, nlw, nsw)
            pixels = window.nl * window.ns
            together = lines.plain and source.format != "REAL" and running_ranks.pick(pixels) is not None
            for line, dn, values in at_once(lines, pixels, rank) if together else one_by_one(lines, rank):
                if task.keyword("HIGHPASS"):
                    values = high_pass(task, dn, values)
                result.write_window(values, line, 1, band)
                task.progress(line + len(values) - 1, window.nl)


def one_by_one(lines: WindowLines, rank: int):
    """(line, its pixels, values of the rank), 1 x samples each."""
    ranks = chooser(lines.source, lines.nlw, lines.nsw, rank)
    for line, (buffer, changed, centre) in enumerate(lines.steps(), 1):
        yield line, buffer[centre : centre + 1, lines.side :][:, : lines.window.ns], ranks.values(buffer, changed)[np.newaxis]


def at_once(lines: WindowLines, pixels: int, rank: int):
    """The same, many lines at once, through the compiled loops."""
    nl, ns, nlw, nsw = lines.window.nl, lines.window.ns, lines.nlw, lines.nsw
    step = max(1, PIXELS_AT_ONCE // (ns + nsw))
    rows = lines.sequence(0, nlw - 1)
    for done in range(0, nl, step):
        count = min(step, nl - done)
        rows = np.concatenate((rows[len(rows) - nlw + 1 :], lines.sequence(done + nlw - 1, done + count + nlw - 1)))
        values = np.empty((count, ns), np.float32)
        whole, low, high = distances(rows)
        bits = (high - low).bit_length()
        quick = nlw * nsw < 256 if whole.itemsize == 1 else whole.itemsize == 2 and nsw * bits <= QUICK and rough(whole)
        compiled = (halved_ranks if quick else running_ranks).pick(pixels)
        limits = (bits, low) if quick else (low, high)

        def part(first: int, last: int, compiled=compiled, whole=whole, values=values, limits=limits) -> None:
            compiled(whole[first : last + nlw - 1], nlw, nsw, rank, *limits, values[first:last])

        in_parts(part, count, 8)
        yield done + 1, rows[lines.half : lines.half + count, lines.side :][:, :ns].astype(np.float32), values


def rough(values: np.ndarray) -> bool:
    """Whether neighbours differ so much that a running rank has far to go from one to the next."""
    line = values[len(values) // 2].astype(np.int32)
    return float(np.abs(np.diff(line)).mean()) > ROUGH


def distances(rows: np.ndarray) -> tuple[np.ndarray, int, int]:
    """Integers as unsigned distances from the least of them (wider ones as they are), the least and the greatest."""
    if rows.dtype == np.uint8:
        return rows, 0, 255
    low, high = int(rows.min()), int(rows.max())
    return (rows.view(np.uint16) - np.uint16(low & 0xFFFF) if rows.itemsize == 2 else rows), low, high


@kernel()
def halved_ranks(rows, nlw, nsw, rank, bits, low, out):
    """The value of ``rank`` (from 0) in each window of ``rows`` (unsigned, of so many bits), plus ``low``.

    Bit by bit the largest value that no more than ``rank`` pixels of the window are below, for a whole line at once; ``rows`` has
    ``nlw - 1`` lines and ``nsw - 1`` samples more than ``out``.
    """
    ns, kind = out.shape[1], rows.dtype.type
    result, wanted, below = np.empty(ns, rows.dtype), np.empty(ns, rows.dtype), np.empty(ns, rows.dtype)
    for line in range(out.shape[0]):
        result[:] = 0
        for bit in range(bits - 1, -1, -1):
            mask = kind(1 << bit)
            for sample in range(ns):
                wanted[sample] = result[sample] | mask
                below[sample] = 0
            for row in range(line, line + nlw):
                for shift in range(nsw):
                    shifted = rows[row, shift : shift + ns]
                    for sample in range(ns):
                        below[sample] += shifted[sample] < wanted[sample]
            for sample in range(ns):
                if below[sample] <= rank:
                    result[sample] = wanted[sample]
        for sample in range(ns):
            out[line, sample] = np.float32(np.int64(result[sample]) + low)


@kernel()
def running_ranks(rows, nlw, nsw, rank, low, high, out):
    """The same by counts of the values from ``low`` to ``high``, for large windows.

    Unsigned numbers of two bytes are distances from ``low``. The counts follow the window along a line; the value
    follows them up and down.
    """
    counts = np.zeros(high - low + 1, np.int32)
    base = low if rows.itemsize == 4 else 0
    one = np.uint64(1)
    for line in range(out.shape[0]):
        for row in range(line, line + nlw):
            for sample in range(nsw):
                counts[np.int64(rows[row, sample]) - base] += 1
        value, below = np.uint64(0), 0  # unsigned indices need no look at their sign
        for sample in range(out.shape[1]):
            if sample > 0:
                for row in range(line, line + nlw):
                    old = np.uint64(rows[np.uint64(row), np.uint64(sample - 1)] - base)
                    new = np.uint64(rows[np.uint64(row), np.uint64(sample + nsw - 1)] - base)
                    if old != new:
                        counts[old] -= 1
                        counts[new] += 1
                        below += np.int64(new < value) - np.int64(old < value)
                while below > rank:
                    value -= one
                    below -= counts[value]
            while below + counts[value] <= rank:
                below += counts[value]
                value += one
            out[line, sample] = np.float32(np.int64(value) + low)
        for row in range(line, line + nlw):
            for sample in range(out.shape[1] - 1, out.shape[1] + nsw - 1):
                counts[np.int64(rows[row, sample]) - base] -= 1


def high_pass(task, dn: np.ndarray, median: np.ndarray) -> np.ndarray:
    """Difference from the median plus DCLEVEL and a share of the median, truncated after each."""
    transfer = task.real("DCTRAN")
    level = np.float32(task.integer("DCLEVEL"))
    values = truncate(dn - median + level).astype(np.float32)
    return truncate(values + transfer * median).astype(np.float32) if transfer != 0 else values


class WindowLines:
    """The NLW lines around each line in a round buffer, extended by reflection.

    ``source`` gives single precision, ``stored`` the pixels as the file has them.
    """

    def __init__(self, source, stored, window, band: int, nlw: int, nsw: int):
        self.source, self.stored = source, stored
        self.window, self.band, self.nlw, self.nsw = window, band, nlw, nsw
        self.half, self.side = nlw // 2, nsw // 2
        inside = window.sl + window.nl - 1 <= window.nli and window.ss + window.ns - 1 <= window.nsi
        self.plain = inside and not source.short and source.org != "BIP"  # many lines can be read at once
        self.buffer = np.zeros((nlw, window.ns + nsw - 1), np.float32)

    def read(self, slot: int, line: int) -> None:
        side, ns = self.nsw // 2, self.window.ns
        row = self.buffer[slot]
        row[side : side + ns] = self.source.read(
            self.window.sl + line - 1, self.window.ss, ns, self.band
        )
        for step in range(1, side + 1):
            row[side - step] = row[side + step]
            row[side + ns - 1 + step] = row[side + ns - 1 - step]

    def lines(self, first: int, stop: int) -> np.ndarray:
        """Lines of the window from ``first`` (from 0) on, extended, in the format of the file."""
        w, side, ns = self.window, self.side, self.window.ns
        rows = np.empty((stop - first, ns + 2 * side), self.stored.dtype)
        if stop > first:
            rows[:, side : side + ns] = self.stored.read_window(w.sl + first, w.ss, stop - first, ns, self.band, copy=False)
        rows[:, :side] = rows[:, side + 1 : 2 * side + 1][:, ::-1]
        rows[:, side + ns :] = rows[:, ns - 1 : side + ns - 1][:, ::-1]
        return rows

    def sequence(self, first: int, stop: int) -> np.ndarray:
        """Lines as they go through the buffer, with the reflected ones at both ends: line i of the window is number i + half."""
        half, nl = self.half, self.window.nl
        parts = [self.above()[first : min(stop, half)]] if first < half else []
        parts.append(self.lines(min(max(first - half, 0), nl), max(min(stop - half, nl), 0)))
        if stop > half + nl:
            parts.append(self.below()[max(first - half - nl, 0) : stop - half - nl])
        return np.concatenate(parts)

    def above(self) -> np.ndarray:
        return self.reflected(self.lines(1, self.half + 1), np.zeros((self.half, self.buffer.shape[1])))

    def below(self) -> np.ndarray:
        nl, half = self.window.nl, self.half
        return self.reflected(self.lines(nl - 1 - half, nl - 1), self.sequence(nl - half - 1, nl - 1))

    def reflected(self, lines: np.ndarray, before: np.ndarray) -> np.ndarray:
        """Half-copied lines, the last first, over what the buffer held, as integers; wide ones if fractions made them so."""
        rows = before.astype(np.float32)
        half_copied(lines[::-1].astype(np.float32), rows)
        whole = truncate(rows)
        fits = whole.min(initial=0) >= -32768 and whole.max(initial=0) <= 32767
        return whole.astype(self.stored.dtype) if self.stored.dtype == np.uint8 or fits else whole

    def copy(self, source: int, target: int) -> None:
        half_copied(self.buffer[source], self.buffer[target])

    def steps(self):
        """(buffer, slot that is about to change or None at first, slot of the centre) for every line."""
        nlw, half, nl = self.nlw, self.nlw // 2, self.window.nl
        for line in range(1, half + 2):
            self.read(half + line - 1, line)
        for step in range(half):
            self.copy(half + 1 + step, half - 1 - step)
        centre, bottom, line, mirror = half, nlw - 1, half + 1, 0
        yield self.buffer, None, centre
        for _ in range(nl - 1):
            centre, bottom = (centre + 1) % nlw, (bottom + 1) % nlw
            line += 1
            previous = self.buffer[bottom].copy()
            if line <= nl:
                self.read(bottom, line)
            else:
                mirror = (bottom - 2 if line == nl + 1 else mirror - 1) % nlw
                self.copy(mirror, bottom)
            yield self.buffer, (bottom, previous), centre


def half_copied(source: np.ndarray, target: np.ndarray) -> None:
    """Half of each line: as many halfwords as it has samples."""
    count = target.shape[-1]
    target.view(np.int16)[..., :count] = np.ascontiguousarray(source).view(np.int16)[..., :count]


def chooser(source, nlw: int, nsw: int, rank: int):
    """For BYTE halving, or counting where windows are large; else partial sorting."""
    if source.format == "BYTE":
        return HalvedRanks(nsw, rank) if nlw * nsw <= LARGE else CountedRanks(nsw, rank)
    return SortedRanks(nsw, rank, whole=source.format != "REAL")


class SortedRanks:
    """The value of a rank in every window of a line by partial sorting.

    ``whole``: the values are truncated first (half-copied lines may hold fractions of halfwords).
    """

    def __init__(self, nsw: int, rank: int, whole: bool):
        self.nsw, self.rank, self.whole = nsw, rank, whole

    def values(self, buffer: np.ndarray, _) -> np.ndarray:
        if self.whole:
            buffer = np.trunc(buffer)
        windows = np.lib.stride_tricks.sliding_window_view(buffer, self.nsw, axis=1)
        flat = windows.transpose(1, 0, 2).reshape(windows.shape[1], -1)
        result = np.partition(flat, self.rank, axis=1)[:, self.rank].copy()
        zero = np.flatnonzero(result == 0)
        if not self.whole and len(zero):
            # zeros of both signs are equal: the first one in the window is found
            result[zero] = flat[zero, (flat[zero] == 0).argmax(axis=1)]
        return result


class HalvedRanks:
    """The same for bytes, bit by bit: the largest value that no more than ``rank`` pixels of its window are below."""

    def __init__(self, nsw: int, rank: int):
        self.nsw, self.rank = nsw, rank

    def values(self, buffer: np.ndarray, _) -> np.ndarray:
        windows = np.lib.stride_tricks.sliding_window_view(buffer.astype(np.uint8), self.nsw, axis=1)
        flat = windows.transpose(0, 2, 1).reshape(-1, windows.shape[1])
        counter = np.uint8 if len(flat) < 256 else np.uint16
        result = np.zeros(flat.shape[1], np.uint8)
        for bit in (128, 64, 32, 16, 8, 4, 2, 1):
            wanted = result | np.uint8(bit)
            below = np.add.reduce((flat < wanted).view(np.uint8), axis=0, dtype=counter)
            np.copyto(result, wanted, where=below <= self.rank)
        return result.astype(np.float32)


class CountedRanks:
    """The same for bytes from counts of each value in each column, kept up from line to line."""

    def __init__(self, nsw: int, rank: int):
        self.nsw, self.rank = nsw, rank
        self.counts: np.ndarray | None = None

    def values(self, buffer: np.ndarray, changed) -> np.ndarray:
        columns = np.arange(buffer.shape[1])
        if self.counts is None:
            self.counts = np.zeros((len(columns), 256), np.int32)
            for row in buffer:
                self.counts[columns, row.astype(np.uint8)] += 1
        else:
            slot, previous = changed
            self.counts[columns, previous.astype(np.uint8)] -= 1
            self.counts[columns, buffer[slot].astype(np.uint8)] += 1
        sums = np.zeros((len(columns) + 1, 256), np.int32)
        np.cumsum(self.counts, axis=0, out=sums[1:])
        below = np.cumsum(sums[self.nsw :] - sums[: -self.nsw], axis=1)
        return (below > self.rank).argmax(axis=1).astype(np.float32)
