"""APODIZE: replace the borders of an image by half a sine wave, so that opposite edges fit together.

Source: ``vos/p2/prog/apodize`` (Fortran). Sides first, then top and bottom from what stands in the output file (in its format).

Kept: the second pass reads the output from sample SS on; samples it does not find there are those of the line computed last.
An EDGE larger than the image reaches beyond the line buffer on both sides, into memory that starts as zeros; top and bottom
then lie outside the file.
"""

from __future__ import annotations

import numpy as np

from vicar.image.sweep import line_spans
from vicar.numerics import libm
from vicar.numerics.conversion import cast

FORTRAN = True
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
    if not 1 <= wave.edge <= min(window.nl, window.ns):
        with source:
            wide_edge(task, wave, source, window, bands.sb, nb)
        return
    last = sides(wave, source, window, bands.sb + nb - 1, window.nl, 1)[0]  # the line buffer after the first pass
    with source, task.create(
        "OUT", nl=window.nl, ns=window.ns, nb=nb, format=source.format, u_format="REAL"
    ) as result:
        for band in range(bands.sb, bands.sb + nb):
            seams = wave.edge, window.nl - wave.edge + 1
            borders = Borders(wave, [read_back(wave, source, window, band, line) for line in seams], window, last)
            for done, count in line_spans(window.nl, window.ns):
                plane = sides(wave, source, window, band, done + 1, count)
                borders.draw(plane, done + 1)
                result.write_window(plane, done + 1, 1, band - bands.sb + 1)
            last = borders.last
            task.progress(band - bands.sb + 1, nb)


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


def sides(wave: Wave, source, window, band: int, line: int, count: int) -> np.ndarray:
    """``count`` lines of the window, from the one numbered ``line`` on, with new left and right borders."""
    dn = source.read_window(window.sl + line - 1, window.ss, count, window.ns, band)
    edge, ns = wave.edge, window.ns
    left, right = dn[:, edge - 1].copy(), dn[:, ns - edge].copy()
    for place in range(1 - edge, edge + 1):
        dn[:, ns + place - 1 if place <= 0 else place - 1] = wave.between(left, right, place, True)
    return dn


def read_back(wave: Wave, source, window, band: int, line: int) -> np.ndarray:
    """A line of the first pass as the second finds it in the output file."""
    values = sides(wave, source, window, band, line, 1)[0]
    return cast(cast(values, FORMATS[source.format]), np.float32)


class Borders:
    """New upper and lower borders of a band, between the values of two lines.

    ``last``: the line computed last before; its values stand where the second pass finds none. Afterwards, that of this band.
    """

    def __init__(self, wave: Wave, rows: list[np.ndarray], window, last: np.ndarray):
        self.wave, self.nl, self.levels = wave, window.nl, []
        buffer = last.copy()
        for row in rows:
            found = row[window.ss - 1 :]
            buffer[: len(found)] = found
            self.levels.append(buffer.copy())
        self.last = wave.between(*self.levels, -wave.edge, False)

    def draw(self, plane: np.ndarray, first: int) -> None:
        """Put the borders into lines of the band, of which the first one has the number ``first``."""
        for row, line in enumerate(range(first, first + len(plane))):
            if line <= self.wave.edge:  # the upper border is drawn after the lower one
                plane[row] = self.wave.between(*self.levels, -line, False)
            elif line > self.nl - self.wave.edge:
                plane[row] = self.wave.between(*self.levels, self.nl - line, False)


def wide_edge(task, wave: Wave, source, window, sb: int, nb: int) -> None:
    """An edge larger than the image, value by value as the original goes, since what it reads are its own results."""
    ns, edge = window.ns, wave.edge
    memory = np.zeros(2 * LARGEST + max(LARGEST, edge + ns), np.float32)
    line = memory[2 * LARGEST :]  # what lies before belongs to two other buffers, not used yet

    def at(sample: int) -> slice:
        return slice(2 * LARGEST + sample - 1, 2 * LARGEST + sample)

    with task.create("OUT", nl=window.nl, ns=ns, nb=nb, format=source.format, u_format="REAL") as result:
        for band in range(1, nb + 1):
            for number in range(1, window.nl + 1):
                line[:ns] = source.read(window.sl + number - 1, window.ss, ns, sb + band - 1)
                left, right = memory[at(edge)].copy(), memory[at(ns - edge + 1)].copy()
                for place in range(1 - edge, edge + 1):
                    memory[at(ns + place if place <= 0 else place)] = wave.between(left, right, place, True)
                result.write(line[:ns], number, band=band)
    with task.open("OUT", op="UPDATE", u_format="REAL") as result:
        found = max(ns - window.ss + 1, 0)
        for band in range(1, nb + 1):
            levels = []
            for number in (edge, window.nl - edge + 1):
                line[:found] = result.read(number, window.ss, ns, band)[:found]
                levels.append(line[:ns].copy())
            for place in range(edge - 1, -edge - 1, -1):
                line[:ns] = wave.between(*levels, place, False)
                result.write(line[:ns], window.nl - place if place >= 0 else -place, band=band)
