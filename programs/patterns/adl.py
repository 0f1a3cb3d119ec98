"""ADL: adds to the pixels on straight lines. Source: ``vos/p2/prog/adl`` (Fortran, 16-Feb-06).

The original stacks up the pixels of each line and takes them off from the last; as results are limited to 0..255 every
time, the segments here are added in that order too.
known: nothing. accepted: nothing.
"""

from __future__ import annotations

import numpy as np

from vicar.numerics.rounding import nint

FORTRAN = True
MOST_PIXELS = 12000
LARGEST = 10000


def main(task):
    task.if_message("ADL version 16-Feb-06")
    source = task.open("INP")
    if source.format != "BYTE":
        task.abend("ADL HANDLES BYTE DATA ONLY")
    if source.org == "BIP":
        task.abend("BIP files not supported, use program TRAN to convert to BSQ")
    window = task.size_field()
    if window.nli > LARGEST or window.nsi > LARGEST:
        task.abend("MAXIMUM IMAGE SIZE IS 10000 BY 10000")
    if window.sl + window.nl - 1 > window.nli:
        task.abend("NUMBER OF LINES REQUESTED EXCEEDS INPUT SIZE")
    if window.ss + window.ns - 1 > window.nsi:
        task.abend("NUMBER OF SAMPLES REQUESTED EXCEEDS INPUT SIZE")
    bands = task.band_field()
    if bands.sb > bands.nbi:
        task.abend("START BAND INDEX EXCEEDS INPUT SIZE")
    count = bands.nb
    if bands.sb + bands.nb - 1 > bands.nbi:
        task.message("***Number of bands truncated")
        count = bands.nbi + 1 - bands.sb
    result = task.create("OUT", nl=window.nl, ns=window.ns, nb=count)
    segments = enter(task, window)
    with source, result:
        for band in range(count):
            image = source.read_window(window.sl, window.ss, window.nl, window.ns, bands.sb + band)
            for lines, samples, amount in reversed(segments):
                changed = image[lines, samples].astype(np.int16) + amount  # 16 bits, wrapping
                image[lines, samples] = np.clip(changed, 0, 255)
            result.write_window(image, 1, band=band + 1)


def enter(task, window) -> list[tuple[np.ndarray, np.ndarray, int]]:
    """Lines and samples (from 0, in the window) and amount of each segment."""
    values = task.integers("ADD")
    values += [0] * (-len(values) % 5)
    segments, total = [], 0
    for amount, *ends in zip(*[iter(values)] * 5):
        lines, samples = pixels(*(np.float32(end) for end in ends))
        lines, samples = lines - window.sl, samples - window.ss
        inside = (lines >= 0) & (lines < window.nl) & (samples >= 0) & (samples < window.ns)
        total += int(inside.sum())
        if total > MOST_PIXELS:
            task.abend("ADL IS UNABLE TO CHANGE MORE THAN 12000 PIXELS")
        segments.append((lines[inside], samples[inside], np.array(amount).astype(np.int16)))
    return segments


def pixels(sl, ss, el, es) -> tuple[np.ndarray, np.ndarray]:
    """Pixels of a straight line, one for each step of the longer side."""
    if abs(el - sl) >= abs(es - ss):
        slope = (es - ss) / (el - sl) if sl != el else np.float32(0)
        lines = np.arange(int(min(sl, el)), int(max(sl, el)) + 1)
        return lines, nint(slope * lines.astype(np.float32) + (ss - slope * sl))
    slope = (el - sl) / (es - ss)
    samples = np.arange(int(min(ss, es)), int(max(ss, es)) + 1)
    return nint(slope * samples.astype(np.float32) + (sl - slope * ss)), samples
