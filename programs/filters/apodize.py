"""APODIZE: replace the borders of an image by half a sine wave, so that opposite edges fit together.

Source: ``vos/p2/prog/apodize`` (Fortran). Sides first, then top and bottom from what stands in the output file (in its format).

Kept: the second pass reads the output from sample SS on; samples it does not find there are those of the line computed last.
An EDGE larger than the image reaches beyond the line buffer on both sides, into memory that starts as zeros; top and bottom
then lie outside the file.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

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
    with source, task.create(
        "OUT", nl=window.nl, ns=window.ns, nb=nb, format=source.format, u_format=held_as(source.format)
    ) as result:
        planes = []
        for band in range(bands.sb, bands.sb + nb):
            dn = sides(wave, read(source, window, band))
            planes.append(stored(dn, source.format) if source.format == "FULL" else dn)
        buffer = sides(wave, cast(read(source, last_line(window), bands.sb + nb - 1), np.float32))[0]
        for band, plane in enumerate(planes, 1):
            buffer = top_and_bottom(wave, plane, buffer, window.ss, source.format)
            result.write_window(plane, 1, 1, band)
            task.progress(band, nb)


def held_as(format: str) -> str:
    """What pixels are kept as: single precision, or as they are if it holds them all and stores them again unchanged."""
    return format if format in ("BYTE", "HALF") else "REAL"


def read(source, window, band: int) -> np.ndarray:
    """A band of the window, to be changed."""
    dn = source.read_window(window.sl, window.ss, window.nl, window.ns, band)
    return cast(dn, FORMATS[held_as(source.format)])


def last_line(window):
    return replace(window, sl=window.sl + window.nl - 1, nl=1)


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


def sides(wave: Wave, dn: np.ndarray) -> np.ndarray:
    """New left and right borders, in place."""
    edge, ns = wave.edge, dn.shape[1]
    left, right = (cast(dn[:, column], np.float32).copy() for column in (edge - 1, ns - edge))
    for place in range(1 - edge, edge + 1):
        dn[:, ns + place - 1 if place <= 0 else place - 1] = cast(wave.between(left, right, place, True), dn.dtype)
    return dn


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
                line[:ns] = cast(source.read(window.sl + number - 1, window.ss, ns, sb + band - 1), np.float32)
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


def stored(values: np.ndarray, format: str) -> np.ndarray:
    """What is read back from a file of that format, as planes hold it."""
    return cast(cast(values, FORMATS[format]), FORMATS[held_as(format)])


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
