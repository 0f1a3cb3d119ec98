"""VGRFILLIN: fills missing and truncated lines of Voyager frames. Source: ``vos/p2/prog/vgrfillin`` (Fortran, 6-Mar-95).

known (all of them read outside the original's arrays or call with arguments missing, and depend on what lies there)
  * Filling from a truncated line that a missing line follows, or that lies exactly twenty lines below: here the truncated
    part is copied from the line above the gap.
  * Filling from a truncated line in the last of the original's ring of 22 buffers: here the line after it serves as usual.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vicar.missions.vgrformats import FORMATS, segments

FORTRAN = True
LINES = SAMPLES = 800
HEADER_LINES, PREFIX = 2, 224
REACH = 20  # lines below that are looked at
FORMAT_BYTE = 118
IM_S, RADIO = 2, (15, 17)
MINOR_FRAMES = (9, 11, 20, 21, 22, 27, 31)  # formats whose lines can lack single minor frames
TRUNCATED = (4, 6, 8, 12, 23)  # formats whose lines the spacecraft cut off
SPARSE = {5: 740, 7: 800, 13: 762, 19: 87, 26: 646}  # formats that send every other sample: samples they span
SENT = {6: (1, 480), 14: (301, 195), 25: (101, 585), 23: (271, 266), 16: (1, 720)}  # first line sent and number of lines


def main(task) -> None:
    """Run VGRFILLIN."""
    task.if_message("VGRFILLIN Version 6-Mar-95")
    source = task.open("INP", binary=True)
    if (source.nl, source.ns, source.nlb, source.nbb) != (LINES, SAMPLES, HEADER_LINES, PREFIX):
        task.abend("***Input image is not a valid DEDR")
    result = task.create("OUT")
    number = int(source.read()[FORMAT_BYTE]) // 2 % 64
    if number not in FORMATS:
        task.abend("***it1it1Invalid Image Format", "***VGRFILLIN task cancelled")
    source.read()
    records = np.stack([source.read() for _ in range(LINES)])
    prefixes, pixels = records[:, :PREFIX], records[:, PREFIX:].copy()

    truncated = number in TRUNCATED
    count = Counts()
    if number in RADIO:
        task.message("PWS/PRA DATA: NO FILLIN DONE")
        truncated = False
    elif number == IM_S:
        task.message("FILLIN HAS BEEN DONE BY IMBUILD")
    else:
        first, lines = SENT.get(number, (1, LINES))
        part = slice(first - 1, first - 1 + lines)
        Frame(pixels[part], prefixes[part], frames_of(number), truncated, count).fill()
    result.write_window(pixels)
    result.label.add("LIN_CNT", count.filled, task="", format="INT")
    task.message(f"# MISSING LINES =  {count.filled:6d}")
    if truncated:
        task.message(f"# TRUNCATED LINES =  {count.truncated:6d}")
        task.message(f"# LINES WITH GORES = {count.gores:6d}")


@dataclass
class Counts:
    """What was done."""

    filled: int = 0
    truncated: int = 0
    gores: int = 0


def frames_of(number: int) -> list[slice]:
    """Samples of each minor frame that can be missing by itself."""
    parts = segments(number)
    if number not in MINOR_FRAMES:
        first, samples = parts[0]
        parts = [(first, SPARSE.get(number, samples))]
    return [slice(first - 1, first - 1 + samples) for first, samples in parts]


def words(prefixes: np.ndarray, offset: int, count: int) -> np.ndarray:
    """Signed 16-bit words of the prefixes, as the original puts them together: int64 (lines, count).

    Where the second byte is 128 or more it is the first byte that the original mends.
    """
    low = prefixes[:, offset : offset + 2 * count : 2].astype(np.int64)
    high = prefixes[:, offset + 1 : offset + 1 + 2 * count : 2].astype(np.int8).astype(np.int64)
    low = np.where(high < 0, 256 + high, low)
    return (256 * high + low).astype(np.int16).astype(np.int64)


class Frame:
    """The lines that were sent, what is present of them, and which samples of each are valid."""

    def __init__(self, pixels, prefixes, frames: list[slice], truncated: bool, count: Counts):
        self.pixels, self.frames, self.truncated, self.count = pixels, frames, truncated, count
        self.present = words(prefixes, 174, len(frames)) > 0
        ends = words(prefixes, 220, 2)
        self.first = np.maximum(ends[:, 0], 1).tolist()
        self.last = np.minimum(ends[:, 1], SAMPLES).tolist()

    def fill(self) -> None:
        """Work down the lines; what is filled counts as present for the lines below."""
        whole = self.present.all(axis=1)
        for line in range(1, len(self.pixels)):
            if self.truncated and self._is_cut(line):
                self._complete(line)
            if not whole[line]:
                self._fill_line(line)

    def _is_cut(self, line: int) -> bool:
        return (self.first[line], self.last[line]) != (1, SAMPLES)

    def _is_present(self, line: int, frame: int = 0) -> bool:
        return line < len(self.pixels) and bool(self.present[line, frame])

    def _complete(self, line: int) -> None:
        """Complete a truncated line from the one above and the next odd (or even) one below."""
        if not (self._is_present(line) and self._is_present(line - 1)):
            return
        below = next((n for n in range(line + 1, line + REACH, 2) if self._is_present(n)), None)
        if below is None:
            return
        part, gore = self._missing_part(line, line - 1, below, line)
        self._interpolate(part, line - 1, line, below, below - line + 1)
        self.count.truncated += 1
        if gore is not None:
            self._bridge(line, gore)

    def _missing_part(self, line: int, above: int, below: int, edge: int) -> tuple[slice, tuple[int, int] | None]:
        """Samples of a truncated line that two others have, and the gore (first, last sample) if they lack some.

        ``edge`` is the line whose valid samples bound the gore. The line counts as complete afterwards.
        """
        gore = None
        if self.first[line] != 1:
            start, stop = 1, self.first[line] - 1
            if self.last[above] < stop or self.last[below] < stop:
                stop = min(self.last[above], self.last[below])
                gore = stop, self.first[edge]
            self.first[line] = 1
        else:
            start, stop = self.last[line] + 1, SAMPLES
            if self.first[above] > start or self.first[below] > start:
                start = max(self.first[above], self.first[below])
                gore = self.last[edge], start
            self.last[line] = SAMPLES
        return slice(max(start - 1, 0), max(stop, 0)), gore

    def _interpolate(self, part: slice, above: int, line: int, below: int, distance: int) -> None:
        """Weighted mean of two lines in integers. Results of 128 and more come out one too large, 255 as 0."""
        near, far = self.pixels[above, part].astype(np.int32), self.pixels[below, part].astype(np.int32)
        value = ((distance - 1) * near + far) // distance
        self.pixels[line, part] = (value + (value >= 128)).astype(np.uint8)

    def _bridge(self, line: int, gore: tuple[int, int]) -> None:
        """Bridge a gore by a straight line between the samples at its ends."""
        self.count.gores += 1
        first, last = gore
        inner = last - first - 1
        if inner < 1 or first < 1:
            return
        row = self.pixels[line]
        start, stop = np.float32(row[first - 1]), np.float32(row[last - 1])
        step = (stop - start) / np.float32(last - first)
        steps = np.concatenate([[start + np.float32(0.5)], np.full(inner, step, np.float32)])
        values = np.add.accumulate(steps, dtype=np.float32)
        row[first : last - 1] = values[1:].astype(np.int32).astype(np.uint8)

    def _fill_line(self, line: int) -> None:
        """Fill the missing minor frames of a line."""
        counted = False
        for frame, part in enumerate(self.frames):
            if self.present[line, frame] or not self.present[line - 1, frame]:
                continue
            below = next((n for n in range(line + 1, line + REACH + 1) if self._is_present(n, frame)), None)
            if below is None:
                continue
            distance = below - line + 1
            if self.truncated and self._is_cut(below):
                self._complete_below(line, below, frame, distance)
            self._interpolate(part, line - 1, line, below, distance)
            self.count.filled += not counted
            counted = True
            self.present[line, frame] = True

    def _complete_below(self, line: int, below: int, frame: int, distance: int) -> None:
        """Complete the truncated line a gap is filled from, with the line after it and the line above the gap."""
        self.count.truncated += 1
        if below == line + REACH or not self._is_present(below + 1, frame):
            part, _ = self._missing_part(below, line - 1, below, line)
            self.pixels[below, part] = self.pixels[line - 1, part]
            return
        part, gore = self._missing_part(below, line - 1, below, line)
        self._interpolate(part, below + 1, below, line - 1, distance + 1)
        if gore is not None:
            self.count.gores += 1  # the gap's own line is bridged, and then filled over
