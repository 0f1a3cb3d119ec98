"""Statistics of connected components, for COMPTAB and COMPTAB2. Sources: ``vos/p2/prog/comptab``, ``vos/p2/prog/comptab2`` (C).

The images are read a few lines at a time. Where images have unlike numbers of samples, those of the last count.

Kept: before the first sample of a line lies a zero.
accepted: so does another one before that, and zeros beyond a narrower image; the original takes what its memory holds. Numbers
of components up to a hundred million are counted; the original overruns its table beyond its own limit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from vicar.image.sweep import abreast
from vicar.numerics.compiled import kernel

MOST = 100_000_000
COUNT, TOP, BOTTOM, LEFT, RIGHT, LINE, SAMPLE, EDGES, LINES, SAMPLES = range(10)  # columns of the first table
INSIDE, OUTSIDE = 0, 1


@dataclass
class Components:
    """One row a component, int64.

    Attributes
    ----------
    places : pixels; extent; place of the first pixel in scan order; pixels whose right (at the end of a line: left) neighbour
        belongs to none; sums of the places in the whole image.
    sums : for each further image the sums of the DNs, and of the DNs two samples beyond the edges.
    """

    places: np.ndarray = field(default_factory=lambda: np.zeros((0, 10), np.int64))
    sums: list[np.ndarray] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.places)

    def grow(self, count: int) -> None:
        if count > len(self):
            self.places, *self.sums = (_longer(table, count) for table in (self.places, *self.sums))

    def wrapped(self, column: int) -> np.ndarray:
        """A column in the original's 32 bits."""
        return self.places[:, column].astype(np.int32)


def _longer(table: np.ndarray, count: int) -> np.ndarray:
    result = np.zeros((count, table.shape[1]), table.dtype)
    result[: len(table)] = table
    return result


def gather(task, say) -> Components:
    """Statistics of the components that the first image numbers from 1; ``say(what, instance)`` reports a cut size."""
    window = task.integers("SIZE")
    for place, (name, usual) in enumerate((("SL", 1), ("SS", 1), ("NL", 0), ("NS", 0))):
        if window[place] == usual:
            window[place] = task.integer(name)
    sl, ss, nl, ns = window
    images, lines, widths = [], [], []
    for instance in range(1, task.count("INP") + 1):
        image = task.open("INP", instance, u_format="FULL")
        images.append(image)
        room_ns, room_nl = image.ns - ss + 1, image.nl - sl + 1
        if ns > room_ns:
            say("samples", instance)
        if nl > room_nl:
            say("lines", instance)
        lines.append(min(nl, room_nl) if nl else image.nl)
        widths.append(min(ns, room_ns) if ns else image.ns)
        if lines[-1] != lines[0]:
            task.abend("Images must have same NL")
    if sum(widths) < 0:
        task.abend("malloc failed")
    found = Components(sums=[np.zeros((0, 2), np.int64) for _ in images[1:]])
    for line, (numbers, *others) in blocks(images, sl, ss, lines[-1], widths):
        highest = int(numbers.max(initial=0))
        if highest > MOST:
            task.abend(f"component number {highest} is too large")
        if highest > len(found):
            found.grow(highest)
        add(found, numbers, others, line, (sl, ss))
    for image in images:
        image.close()
    return found


def blocks(images, sl: int, ss: int, nl: int, widths: list[int]) -> Iterator[tuple[int, list[np.ndarray]]]:
    """Number of the first line (from 0) and a few lines of each image, as wide as the last one."""
    line, width = 0, max(widths[-1], 0)
    for count, arrays in abreast(images, sl, ss, nl, widths):
        yield line, [
            array[:, :width] if array.shape[1] >= width else np.pad(array, ((0, 0), (0, width - array.shape[1])))
            for array in arrays
        ]
        line += count


def add(found: Components, numbers: np.ndarray, others: list[np.ndarray], line: int, origin: tuple[int, int]) -> None:
    """Count the pixels of some lines, the first of which is ``line`` (from 0) of the window that begins at ``origin``."""
    compiled = _add_places.pick(numbers.size), _add_sums.pick(numbers.size)
    if compiled[0] is None or compiled[1] is None:
        add_at_once(found, numbers, others, line, origin)
        return
    numbers = np.ascontiguousarray(numbers)
    compiled[0](numbers, found.places, line, origin[0], origin[1], bool(others))
    for other, sums in zip(others, found.sums, strict=True):
        compiled[1](numbers, np.ascontiguousarray(other), sums)


@kernel(above=200_000)
def _add_places(numbers, places, line, first_line, first_sample, edges):
    width = numbers.shape[1]
    for y in range(numbers.shape[0]):
        for x in range(width):
            number = numbers[y, x] - 1
            if number < 0:
                continue
            part = places[number]
            if part[COUNT] == 0:
                part[TOP] = part[LINE] = line + y + 1
                part[LEFT] = part[SAMPLE] = x + 1
            part[COUNT] += 1
            part[BOTTOM] = line + y + 1
            part[LEFT] = min(part[LEFT], x + 1)
            part[RIGHT] = max(part[RIGHT], x + 1)
            part[LINES] += line + y + first_line
            part[SAMPLES] += x + first_sample
            if edges and (numbers[y, x + 1] == 0 if x <= width - 3 else x == 0 or numbers[y, x - 1] == 0):
                part[EDGES] += 1


@kernel(above=200_000)
def _add_sums(numbers, values, sums):
    width = numbers.shape[1]
    for y in range(numbers.shape[0]):
        for x in range(width):
            number = numbers[y, x] - 1
            if number < 0:
                continue
            sums[number, INSIDE] += values[y, x]
            if x <= width - 3:
                if numbers[y, x + 1] == 0:
                    sums[number, OUTSIDE] += values[y, x + 2]
            elif x >= 2 and numbers[y, x - 1] == 0:
                sums[number, OUTSIDE] += values[y, x - 2]


def add_at_once(found: Components, numbers: np.ndarray, others: list[np.ndarray], line: int, origin: tuple[int, int]) -> None:
    """`add` without a loop over pixels."""
    width = numbers.shape[1]
    lines, samples = np.nonzero(numbers > 0)
    parts = numbers[lines, samples] - 1
    forward = samples <= width - 3
    padded = np.pad(numbers, ((0, 0), (1, 0)))  # before the first sample there is none
    edge = padded[lines, np.where(forward, samples + 2, samples)] == 0
    beyond = np.where(forward, samples + 4, samples)
    places = found.places
    new, first = np.unique(parts, return_index=True)
    fresh = places[new, COUNT] == 0
    new, first = new[fresh], first[fresh]
    places[new, TOP] = places[new, LINE] = line + lines[first] + 1
    places[new, LEFT] = places[new, SAMPLE] = samples[first] + 1
    np.add.at(places, (parts, COUNT), 1)
    np.maximum.at(places, (parts, BOTTOM), line + lines + 1)
    np.minimum.at(places, (parts, LEFT), samples + 1)
    np.maximum.at(places, (parts, RIGHT), samples + 1)
    np.add.at(places, (parts, LINES), line + lines + origin[0])
    np.add.at(places, (parts, SAMPLES), samples + origin[1])
    if others:
        np.add.at(places, (parts[edge], EDGES), 1)
    for other, sums in zip(others, found.sums, strict=True):
        np.add.at(sums, (parts, INSIDE), other[lines, samples].astype(np.int64))
        padded = np.pad(other, ((0, 0), (2, 0)))
        np.add.at(sums, (parts[edge], OUTSIDE), padded[lines[edge], beyond[edge]].astype(np.int64))


def columns(parts: Components) -> list[np.ndarray]:
    """Number, pixels, line and sample; the last three were kept in single precision."""
    kept = [parts.wrapped(column).astype(np.float32).astype(np.int32) for column in (COUNT, LINE, SAMPLE)]
    return [np.arange(1, len(parts) + 1, dtype=np.int32), *kept]


def measures(parts: Components) -> list[np.ndarray]:
    """Single-precision diameter, then mean DN inside and beyond the edges for each further input."""
    height, width = (
        (parts.places[:, high] - parts.places[:, low]).astype(float) for high, low in ((BOTTOM, TOP), (RIGHT, LEFT))
    )
    result = [np.sqrt(height * height + width * width + 1.0).astype(np.float32)]
    with np.errstate(all="ignore"):
        for sums in parts.sums:
            for column, count in ((INSIDE, COUNT), (OUTSIDE, EDGES)):
                sums32 = sums[:, column].astype(np.int32).astype(np.float32)
                result.append(sums32 / parts.wrapped(count).astype(np.float32))
    return result
