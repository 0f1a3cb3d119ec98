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
    source = task.open("INP")
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
    last = first_pass(wave, source, window, bands.sb + nb - 1, window.nl)  # the line buffer after the first pass
    with source, task.create("OUT", nl=window.nl, ns=window.ns, nb=nb, format=source.format) as result:
        for band in range(bands.sb, bands.sb + nb):
            borders = Borders(wave, source, window, band, last)
            for done, count in line_spans(window.nl, window.ns):
                dn = as_stored(source.read_window(window.sl + done, window.ss, count, window.ns, band), source.format)
                draw_sides(wave, dn)
                borders.draw(dn, done + 1)
                result.write_window(dn, done + 1, 1, band - bands.sb + 1)
            last = borders.last
            task.progress(band - bands.sb + 1, nb)


def as_stored(dn: np.ndarray, format: str) -> np.ndarray:
    """Values of the input as they stand in the output: they go through single precision."""
    return cast(cast(dn, np.float32), FORMATS[format]) if format == "FULL" else dn


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
        sine = libm.sin(self.step * np.float32(place)) * sign  # the sine is odd to the last bit
        return half * sine + np.minimum(second, first) + half + np.float32(0.5)


def draw_sides(wave: Wave, dn: np.ndarray) -> None:
    """New left and right borders of lines, in the format of ``dn``."""
    edge, ns = wave.edge, dn.shape[1]
    left, right = (cast(dn[:, sample], np.float32).copy() for sample in (edge - 1, ns - edge))
    for place in range(1 - edge, edge + 1):
        dn[:, ns + place - 1 if place <= 0 else place - 1] = cast(wave.between(left, right, place, True), dn.dtype)


def first_pass(wave: Wave, source, window, band: int, line: int) -> np.ndarray:
    """A line of the first pass before it is stored, float32."""
    dn = cast(source.read_window(window.sl + line - 1, window.ss, 1, window.ns, band), np.float32)
    draw_sides(wave, dn)
    return dn[0]


class Borders:
    """New upper and lower borders of a band, between the values of two lines.

    ``last``: the line computed last before; its values stand where the second pass finds none. Afterwards, that of this band.
    """

    def __init__(self, wave: Wave, source, window, band: int, last: np.ndarray):
        self.wave, self.nl, self.levels = wave, window.nl, []
        buffer = last.copy()
        for line in (wave.edge, window.nl - wave.edge + 1):
            stored = cast(first_pass(wave, source, window, band, line), FORMATS[source.format])
            found = stored[window.ss - 1 :]
            buffer[: len(found)] = found
            self.levels.append(buffer.copy())
        self.last = wave.between(*self.levels, -wave.edge, False)

    def draw(self, dn: np.ndarray, first: int) -> None:
        """Put the borders into lines of the band, of which the first one has the number ``first``."""
        for row, line in enumerate(range(first, first + len(dn))):
            if line <= self.wave.edge:  # the upper border is drawn after the lower one
                dn[row] = cast(self.wave.between(*self.levels, -line, False), dn.dtype)
            elif line > self.nl - self.wave.edge:
                dn[row] = cast(self.wave.between(*self.levels, self.nl - line, False), dn.dtype)


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
