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

from vicar.numerics.rounding import truncate

FORTRAN = True
FORMATS = ("BYTE", "HALF", "WORD", "REAL")
LARGE = 5000  # pixels of a window from which counting is faster


def main(task):
    task.message("MEDIAN version 2016-12-02")
    source = task.open("INP", u_format="REAL")
    window, bands = task.size_field(source), task.band_field(source)
    if window.ns < 2 or window.nl < 2:
        task.abend(" median cannot handle a file with nl or ns less than 2.")
    if source.format not in FORMATS:
        task.abend("***Illegal data format")
    with source, task.create("OUT", u_format="REAL") as result:
        nlw, nsw = (2 * (min(task.integer(name), size) // 2) + 1
                    for name, size in (("NLW", window.nl), ("NSW", window.ns)))  # fmt: skip
        if source.format == "REAL":
            rank = max(nlw * nsw // 2 - 1, 0)
        else:
            share = np.float32(nlw * nsw) * task.real("PERCENT") / np.float32(100)
            rank = min(int(share), nlw * nsw - 1)
        for band in range(1, bands.nbi + 1):
            lines = WindowLines(source, window, band, nlw, nsw)
            ranks = chooser(source, nlw, nsw, rank)
            for line, (buffer, changed, centre) in enumerate(lines.steps(), 1):
                values = ranks.values(buffer, changed)
                if task.keyword("HIGHPASS"):
                    values = high_pass(task, buffer[centre, nsw // 2 :][: window.ns], values)
                result.write(values, line=line, band=band)
                task.progress(line, window.nl)


def high_pass(task, dn: np.ndarray, median: np.ndarray) -> np.ndarray:
    """Difference from the median plus DCLEVEL and a share of the median, truncated after each."""
    transfer = task.real("DCTRAN")
    level = np.float32(task.integer("DCLEVEL"))
    values = truncate(dn - median + level).astype(np.float32)
    return truncate(values + transfer * median).astype(np.float32) if transfer != 0 else values


class WindowLines:
    """The NLW lines around each line in a round buffer, extended by reflection."""

    def __init__(self, source, window, band: int, nlw: int, nsw: int):
        self.source, self.window, self.band, self.nlw, self.nsw = source, window, band, nlw, nsw
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

    def copy(self, source: int, target: int) -> None:
        """Half of a line: as many halfwords as it has samples."""
        count = self.buffer.shape[1]
        self.buffer[target].view(np.int16)[:count] = self.buffer[source].view(np.int16)[:count]

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
