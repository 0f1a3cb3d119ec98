"""QSAR: add values to rectangles of an image.

Source: ``vos/p2/prog/qsar`` (Fortran). Sums are limited to the range of BYTE or HALF after each rectangle. Rectangles are
given in lines and samples of the input, whatever the window.

Kept as it is: the first band must not be above the *number* of bands asked for.
"""

from __future__ import annotations

import numpy as np

from vicar.image.sweep import line_blocks

FORTRAN = True
LIMITS = {"BYTE": (0, 255), "HALF": (-32768, 32767)}


def main(task):
    task.if_message("QSAR version 14 Feb 2010 (64-bit) - RJB")
    source = task.open("INP", u_format="HALF")
    if source.format not in LIMITS:
        task.message("??E - QSAR ACCEPTS BYTE AND HALFWORD DATA ONLY")
        task.abend()
    if source.org == "BIP":
        task.abend("??E - BIP files not supported, use program TRAN to convert to BSQ")
    window, bands = task.size_field(source), task.band_field(source)
    if window.sl + window.nl - 1 > window.nli:
        task.message("??E - NUMBER OF LINES REQUESTED EXCEEDS INPUT SIZE")
        task.abend()
    if window.ss + window.ns - 1 > window.nsi:
        task.message("??E - NUMBER OF SAMPLES REQUESTED EXCEEDS INPUT SIZE")
        task.abend()
    nb = bands.nb
    if bands.sb > nb:
        task.abend("??E - SB is greater than the total number of bands")
    if bands.sb + nb - 1 > bands.nbi:
        task.message("??W - Number of bands truncated")
        nb = bands.nbi + 1 - bands.sb
    with source, task.create("OUT", nl=window.nl, ns=window.ns, nb=nb, u_format="HALF") as result:
        areas, good, fault = read_areas(task, window)
        for band in range(nb):
            blocks = line_blocks(source, window.sl, 1, good, window.nsi, bands.sb + band)
            for first, block in blocks:
                dn = adjusted(block, window.sl + first, areas, LIMITS[source.format])
                result.write_window(dn[:, window.ss - 1 : window.ss - 1 + window.ns], first + 1, 1, band + 1)
            if fault:
                task.message(fault)
                task.abend()


def read_areas(task, window) -> tuple[list[tuple[int, ...]], int, str]:
    """Rectangles (line, sample, lines, samples, value); lines before one does not fit into the image; the complaint."""
    numbers = task.integers("AREA")
    if len(numbers) % 5:
        task.message(" NUMBER OF PARAMETERS NOT A MULTIPLE OF FIVE")
        task.abend()
    areas = [tuple(numbers[at : at + 5]) for at in range(0, len(numbers), 5)]
    good, complaint = window.nl, ""
    for sl, ss, nl, ns, _ in areas:
        first = max(sl, window.sl)
        if (ss < 1 or ns + ss - 1 > window.nsi) and first < sl + nl and first - window.sl < good:
            good = first - window.sl
            complaint = "??E - INVALID SS PARAMETER SPECIFIED" if ss < 1 else "??E - INPUT SAMPLE SIZE EXCEEDED"
    return areas, good, complaint


def adjusted(block: np.ndarray, line: int, areas, limits: tuple[int, int]) -> np.ndarray:
    dn = block.astype(np.int64)
    for sl, ss, nl, ns, value in areas:
        part = dn[max(0, sl - line) : max(0, sl + nl - line), ss - 1 : max(ss - 1, ss - 1 + ns)]
        part[:] = np.clip(part + value, *limits)
    return dn.astype(np.int16)
