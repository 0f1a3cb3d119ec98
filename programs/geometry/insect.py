"""INSECT: insert a part of one image into another.

Source: ``vos/p2/prog/insect`` (Fortran). Pixels pass through single precision. Right of the first image nothing clears the
line buffer, so that what was inserted there last is repeated in the lines below.

accepted: an insertion that begins left of the first sample writes outside the original's buffer; here it is cut off.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

FORTRAN = True
PIXELS_AT_ONCE = 1 << 18
FORMATS = {"BYTE": "BYTE", "HALF": "HALF", "WORD": "HALF", "FULL": "FULL", "REAL": "REAL"}
SAMPLE_LIMIT = 60000


def main(task):
    task.if_message("INSECT version 7 Jan 2013 (64-bit) - rjb")
    sl2, ss2, nl2, ns2, line, samp = task.integers("INSECT")
    first, second = task.open("INP", 1), task.open("INP", 2)
    if first.format != second.format:
        task.message("??E - Inputs must be in the same format")
        task.abend()
    if first.format not in FORMATS:
        task.message("??E - Unknown data format for input image")
        task.abend()
    fmt = FORMATS[first.format]
    first.close()
    second.close()
    seen = "REAL" if fmt == "FULL" else fmt  # single precision changes nothing but large FULL values
    first, second = task.open("INP", 1, u_format=seen), task.open("INP", 2, u_format=seen)
    window = task.size_field(first)
    if window.ns > SAMPLE_LIMIT:
        task.message("??E - Number of Samples Exceeds 60,000 ")
        task.abend()
    patch = Patch(second, sl2, ss2, nl2, ns2, line, samp)
    with task.create("OUT", nl=window.nl, ns=window.ns, format=fmt, u_format=seen) as result:
        inside = window.sl >= 1 and 1 <= window.ss <= window.nsi
        if plain(first) and plain(second) and inside and patch.readable(window.nl):
            write_blocks(task, first, patch, window, result)
        else:
            write_lines(first, patch, window, result)
    first.close()
    second.close()


def plain(image) -> bool:
    """Whether lines can be read together."""
    return image.nb == 1 and image.org != "BIP" and not image.short


class Patch(NamedTuple):
    """What is inserted: image, first line and sample, lines and samples; and the line and sample where it goes."""

    image: object
    sl: int
    ss: int
    nl: int
    ns: int
    line: int
    samp: int

    def rows(self, nl: int) -> tuple[int, int]:
        """Lines of an output of ``nl`` lines (from 0) that get some of it: first and the one behind the last."""
        first = min(max(self.line - 1, 0), nl)
        return first, max(min(self.line - 1 + self.nl, nl), first)

    def source(self, number: int) -> int:
        """Line of the image for line ``number`` (from 0) of the output."""
        return self.sl + number + 1 - max(self.line, 1)

    def readable(self, nl: int) -> bool:
        start, stop = self.rows(nl)
        inside = start == stop or self.source(start) >= 1 and self.source(stop - 1) <= self.image.nl
        return inside and self.ss >= 1 and self.ns >= 1


def write_blocks(task, first, patch: Patch, window, result) -> None:
    """Many lines at once."""
    nl, ns = window.nl, window.ns
    start, stop = patch.rows(nl)
    there = max(min(window.nli - window.sl + 1, nl), 0)  # lines the first image has
    width = max(min(window.nsi - window.ss + 1, ns), 0)
    skip, place = max(0, 1 - patch.samp), max(patch.samp, 1) - 1
    length = max(min(min(patch.ns, patch.image.n1 - patch.ss + 1) - skip, ns - place), 0)
    left = np.zeros(ns, result.dtype)  # what the line buffer keeps right of the first image
    step = max(1, PIXELS_AT_ONCE // ns)
    for done in range(0, nl, step):
        count = min(step, nl - done)
        block = np.zeros((count, ns), result.dtype)
        lines = max(min(there - done, count), 0)
        if lines and width:
            block[:lines, :width] = first.read_window(window.sl + done, window.ss, lines, width, copy=False)
        begin, end = max(start - done, 0), max(min(stop - done, count), 0)
        if begin < end and length:
            dn = patch.image.read_window(patch.source(done + begin), patch.ss + skip, end - begin, length, copy=False)
            block[begin:end, place : place + length] = dn
            left = block[end - 1].copy()
        if done + count > stop:
            block[end:, window.nsi :] = left[window.nsi :]
        result.write_window(block, done + 1)
        task.progress(done + count, nl)


def write_lines(first, patch: Patch, window, result) -> None:
    """Line after line, with the errors that may bring."""
    buffer = np.zeros(max(SAMPLE_LIMIT, window.nsi, patch.samp - 1 + patch.ns), result.dtype)
    for number in range(window.nl):
        buffer[: window.nsi] = 0
        if number < window.nli - window.sl + 1:
            read_into(buffer, 1, first, window.sl + number, window.ss, window.nsi - window.ss + 1)
        if patch.line <= number + 1 < patch.line + patch.nl:
            read_into(buffer, patch.samp, patch.image, patch.source(number), patch.ss, patch.ns)
        result.write(buffer[: window.ns], nsamps=window.ns)


def read_into(buffer: np.ndarray, samp: int, image, line: int, ss: int, ns: int) -> None:
    """Read samples of a line, as many as there are, to sample ``samp`` of the buffer."""
    dn = image.read(line=line, samp=ss, nsamps=ns)[max(0, 1 - samp) : max(0, image.n1 - max(ss, 1) + 1)]
    buffer[max(samp, 1) - 1 :][: len(dn)] = dn
