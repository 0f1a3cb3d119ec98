"""APODIZE: replace the borders of an image by half a sine wave, so that opposite edges fit together.

Source: ``vos/p2/prog/apodize`` (Fortran). Sides first, then top and bottom from what stands in the output file (in its format).

Kept: the second pass reads the output from sample SS on; samples it does not find there are those of the line computed last.
With an EDGE of more lines than the image has, or of none, it ends with the error of reading such a line, and leaves the result of
the first pass; with one of more samples, the borders reach over the ends of the line buffer and stay there for the next line.
"""

from __future__ import annotations

import numpy as np

from vicar.numerics import libm
from vicar.numerics.conversion import cast

FORMATS = {"BYTE": np.uint8, "HALF": np.int16, "WORD": np.int16, "FULL": np.int32, "REAL": np.float32}
LARGEST = 8192


def main(task):
    task.if_message("APODIZE - 28-Jun-2012")
    source = task.open("INP", u_format="REAL")
    if source.format not in FORMATS:
        task.abend("??E - Unknown data format for input image")
    if source.org == "BIP":
        task.abend("??E - BIP files not supported, use TRAN to convert to BSQ")
    window, bands = task.size_field(source), task.band_field(source)
    if window.sl + window.nl - 1 > window.nli:
        task.abend("??E - Number of lines requested exceeds input size")
    if window.ss + window.ns - 1 > window.nsi:
        task.abend("??E - Number of samples requested exceeds input size")
    if window.ns > LARGEST:
        task.abend("??E - Number of samples exceeds buffer size of 8192")
    if bands.sb > bands.nbi:
        task.abend("??E - SB is greater than the total number of bands")
    nb = bands.nb
    if bands.sb + nb - 1 > bands.nbi:
        task.message("***Number of bands truncated")
        nb = bands.nbi + 1 - bands.sb
    wave = Wave(task.integer("EDGE"))
    with source, task.create(
        "OUT", nl=window.nl, ns=window.ns, nb=nb, format=source.format, u_format="REAL"
    ) as result:
        planes = []
        line_buffer = LineBuffer(wave, window.ns)
        for band in range(bands.sb, bands.sb + nb):
            planes.append(stored(sides(wave, source, window, band, line_buffer), source.format))
        if not 1 <= wave.edge <= window.nl:
            refuse(task, result, planes, window, wave.edge)
        buffer = planes[-1][-1].copy() if source.format == "REAL" else line_buffer.last
        for band, plane in enumerate(planes, 1):
            buffer = top_and_bottom(wave, plane, buffer, window.ss, source.format)
            result.write_window(plane, 1, 1, band)
            task.progress(band, nb)


class Wave:
    """Half a sine wave over twice the edge."""

    def __init__(self, edge: int):
        self.edge = edge
        self.step = np.float32(3.14159) / np.float32(edge * 2)

    def between(self, first, second, place: int, falling: bool) -> np.ndarray:
        """Values between two levels at ``place`` from the seam; float32."""
        difference = second - first
        half = np.abs(difference) / np.float32(2)
        with np.errstate(all="ignore"):
            sign = difference / np.abs(difference)
        sign = np.where(half > np.float32(1.0e-20), -sign if falling else sign, np.float32(1))
        angle = self.step * np.float32(place) * sign
        return half * libm.sin(angle) + np.minimum(second, first) + half + np.float32(0.5)


class LineBuffer:
    """The line buffer of the original for borders that are wider than the image, with what lies on both sides of it.

    ``last`` is the line that was in it last, before it was stored.
    """

    def __init__(self, wave: Wave, ns: int):
        self.wave, self.ns, self.start = wave, ns, max(wave.edge, 0)
        self.memory = np.zeros(self.start + max(ns, self.start) + 1, np.float32)
        self.last = np.zeros(ns, np.float32)

    def with_sides(self, dn: np.ndarray) -> np.ndarray:
        """A line with new borders."""
        edge, first = self.wave.edge, self.start
        self.memory[first : first + self.ns] = dn
        left, right = self.memory[first + edge - 1], self.memory[first + self.ns - edge]
        for place in range(1 - edge, edge + 1):
            self.memory[first + (self.ns if place <= 0 else 0) + place - 1] = self.wave.between(left, right, place, True)
        return self.memory[first : first + self.ns].copy()


def refuse(task, result, planes: list[np.ndarray], window, edge: int) -> None:
    """Write the result of the first pass and fail as the original fails to read the lines of the border."""
    for band, plane in enumerate(planes, 1):
        result.write_window(plane, 1, 1, band)
    result.close()
    with task.open("OUT", op="UPDATE", u_format="REAL") as update:
        for line in (edge, window.nl - edge + 1):
            update.read(line, window.ss, window.ns, 1)


def sides(wave: Wave, source, window, band: int, line_buffer: LineBuffer) -> np.ndarray:
    """The lines of a band with new left and right borders."""
    edge, ns = wave.edge, window.ns
    if not 1 <= edge <= ns or not window.nl:
        rows = [line_buffer.with_sides(source.read(window.sl + n, window.ss, ns, band)) for n in range(window.nl)]
        line_buffer.last = rows[-1] if rows else line_buffer.last
        return np.array(rows, np.float32).reshape(-1, ns)
    dn = source.read_window(window.sl, window.ss, window.nl, ns, band)
    left, right = dn[:, edge - 1].copy(), dn[:, ns - edge].copy()
    for place in range(1 - edge, edge + 1):
        dn[:, ns + place - 1 if place <= 0 else place - 1] = wave.between(left, right, place, True)
    line_buffer.last = dn[-1].copy()
    return dn


def stored(values: np.ndarray, format: str) -> np.ndarray:
    """What is read back from a file of that format."""
    return cast(cast(values, FORMATS[format]), np.float32).copy()


def top_and_bottom(wave: Wave, plane: np.ndarray, buffer: np.ndarray, ss: int, format: str) -> np.ndarray:
    """New upper and lower borders in place; gives the line buffer as it is left."""
    nl, edge = len(plane), wave.edge
    levels = []
    for line in (edge, nl - edge + 1):
        row = plane[line - 1, ss - 1 :]
        buffer[: len(row)] = row
        levels.append(buffer.copy())
    first, second = levels
    for place in range(edge - 1, -edge - 1, -1):
        buffer = wave.between(first, second, place, False)
        plane[nl - place - 1 if place >= 0 else -place - 1] = stored(buffer, format)
    return buffer
