"""254 colors for an image of three bands. Source: ``vos/p2/prog/vtiff3o`` (ConvertToLut), ``optimal_color2.c``.

Colors are counted with four bits a band; black, white and the most frequent make the table. Kept from the original: a color
that was not met while counting is looked up under a wrong number and may stay without an entry (255).
"""

from __future__ import annotations

import numpy as np

SIDE = 512  # at most so many lines and samples are counted
COLORS, CUBE = 254, 4096


def quantize(red: np.ndarray, green: np.ndarray, blue: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Index image (lines x samples, uint8) and table (256 x 3, uint8)."""
    packed = (red.astype(np.int64) >> 4) << 8 | (green.astype(np.int64) >> 4) << 4 | blue.astype(np.int64) >> 4
    table = _Table(_counts(packed))
    index = np.empty(packed.shape, np.uint8)
    for line, colors in enumerate(packed):
        index[line] = table.indices(colors)
    lut = np.zeros((256, 3), np.uint8)
    lut[:COLORS] = table.colors()
    last = [plane[-1] for plane in (red, green, blue)]
    for n in range(COLORS, 256):  # behind the table the original's line buffer shows
        lut[n] = [plane[n] if n < len(plane) else 0 for plane in last]
    return index, lut


def _counts(packed: np.ndarray) -> np.ndarray:
    """How often colors occur in a sample of the image; the start in a line is carried over from the one before."""
    nl, ns = packed.shape
    line_step, samp_step = -(-nl // SIDE), -(-ns // SIDE)
    while ns % samp_step == 0:
        samp_step += 1
    counts, start = np.zeros(CUBE, np.int64), 0
    for line in range(0, nl, line_step):
        start %= ns
        taken = packed[line, start::samp_step]
        np.add.at(counts, taken, 1)
        start += len(taken) * samp_step
    return counts


class _Table:
    def __init__(self, counts: np.ndarray):
        counts[CUBE - 1] = 1
        palette = [[color, int(count)] for color, count in enumerate(counts)]
        used = [0] + [n for n in range(1, CUBE) if counts[n]]
        for place, color in enumerate(used):
            palette[place] = [color, int(counts[color])]
        found = len(used)
        palette[1 : found - 1] = _shell_sorted(palette[1 : found - 1])
        palette[COLORS - 1], palette[found - 1] = palette[found - 1], palette[COLORS - 1]
        palette[0], palette[COLORS - 1] = palette[COLORS - 1], palette[0]
        self.palette = np.array([color for color, _ in palette])
        self.parts = np.stack([self.palette >> 8, self.palette >> 4 & 15, self.palette & 15], axis=1)
        self.map = np.full(CUBE, -1)
        for n in range(COLORS):
            self.map[self.palette[n]] = n
        for n in range(COLORS, found):
            self._enter(n)

    def _enter(self, place: int) -> None:
        """Map the color at a place of the palette to the nearest one of the table."""
        distance = ((self.parts[:COLORS] - self.parts[place]) ** 2).sum(axis=1)
        self.map[self.palette[place]] = int(np.argmin(distance))

    def indices(self, colors: np.ndarray) -> np.ndarray:
        if (self.map[colors] >= 0).all():
            return self.map[colors].astype(np.uint8)
        found = np.empty(len(colors), np.int64)
        for n, color in enumerate(colors):
            if self.map[color] < 0:
                self._enter(int(color))
            found[n] = self.map[color]
        return found.astype(np.uint8)

    def colors(self) -> np.ndarray:
        return (self.parts[:COLORS] << 4 | self.parts[:COLORS]).astype(np.uint8)


def _shell_sorted(entries: list[list[int]]) -> list[list[int]]:
    """By falling count; entries with equal counts as Shell's sort leaves them."""
    gap = 1
    while gap <= len(entries):
        gap = 3 * gap + 1
    while gap >= 3:
        gap //= 3
        for i in range(gap, len(entries)):
            entry, j = entries[i], i
            while j >= gap and entries[j - gap][1] < entry[1]:
                entries[j] = entries[j - gap]
                j -= gap
            entries[j] = entry
    return entries
