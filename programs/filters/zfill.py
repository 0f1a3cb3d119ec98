"""ZFILL: fills pixels of one value by the mean of those around them. Source: ``vos/p2/prog/zfill`` (Fortran, 2016-02-12).

The two ways of the original to sum up a window (DENSE and not) give the same whole numbers.
known: BINARY copies header and prefixes of BSQ images only. accepted: sums beyond 32 bits do not overflow.
"""

from __future__ import annotations

import numpy as np

from vicar.errors import VicarError
from vicar.numerics.conversion import to_int32
from vicar.numerics.fortran import edit

FORTRAN = True
LINES_AT_ONCE = 256
f32 = np.float32


def main(task):
    task.if_message("ZFILL version 2016-02-12")
    source = open_input(task)
    if source.nb > 1 and source.org != "BIL":
        task.abend("ONLY ONE BAND IS ALLOWED FOR A BSQ FILE")
    if source.org == "BIP":
        task.abend("CANNOT BE RUN ON A BIP FILE")
    if source.format not in ("BYTE", "HALF"):
        task.abend("MUST BE BYTE OR HALFWORD")
    mask = open_mask(task, source)
    window = task.size_field()
    nl, ns = min(window.nl, window.nli - window.sl + 1), min(window.ns, window.nsi - window.ss + 1)
    task.message("INPUT IMAGE SIZE AND OUTPUT # LINES AND SAMPLE")
    if nl <= 0 or ns <= 0:
        task.abend("SIZE FIELD ERROR")
    binary = task.keyword("BINARY") and source.org == "BSQ"
    if task.keyword("BINARY") and (window.sl, window.ss, nl, ns) != (1, 1, window.nli, window.nsi):
        task.messages(
            "Output is a sub-window of input, so", "binary parts can not be copied.",
            "Continuing with copy of non-binary parts.",
        )  # fmt: skip
        binary = False
    filler = Filler(task)
    try:
        result = BinaryOutput(task, source) if binary else task.create("OUT", 1, u_format="HALF")
    except VicarError:
        if binary:
            raise
        task.message(filler.text())  # nobody looks at the status
        return
    filler.announce(task, result, mask)
    if binary and not source.nbb:  # the original then reads prefixes of no bytes
        raise VicarError("BADSAMP", "XVREAD", source.name, line=source.nlb + min(source.nl, filler.nlw // 2 + 1))
    for band in range(1, source.nb + 1):
        for line in range(0, nl, LINES_AT_ONCE):
            count = min(LINES_AT_ONCE, nl - line)
            values, changed = filler.lines(source, window, line, count, ns, band)
            result.write_window(values, line + 1, band=band)
            if mask:
                mask.write_window(np.where(changed, np.uint8(0), np.uint8(255)), line + 1)
    for image in (source, result, mask):
        if image:
            image.close()


def open_input(task):
    """The input; with BINARY the original goes on without it."""
    try:
        return task.open("INP", u_format="HALF")
    except VicarError:
        if task.keyword("BINARY"):
            task.abend("INPUT IMAGE SIZE AND OUTPUT # LINES AND SAMPLE", "SIZE FIELD ERROR")
        raise


def open_mask(task, source):
    """The second output, if one is wanted and possible."""
    if task.count("OUT") != 2:
        return None
    if source.nb > 1:
        task.messages("MASK CAN ONLY BE CREATED FOR A BSQ FILE", "NO MASK WILL BE CREATED")
        return None
    return task.create("OUT", 2, format="BYTE", u_format="BYTE")


class BinaryOutput:
    """The output of an image with a binary header or prefixes, which are copied."""

    def __init__(self, task, source):
        self.records = task.open("INP", binary=True, u_format="HALF")
        self.nlb, self.nbb = source.nlb, source.nbb
        self.image = task.create("OUT", 1, binary=True, nlb=self.nlb, nbb=self.nbb, u_format="HALF")
        self.label = self.image.label
        for _ in range(self.nlb):
            self.image.write(self.records.read())

    def write_window(self, values: np.ndarray, line: int, band: int = 1) -> None:
        for number, row in enumerate(values.astype(np.int16), self.nlb + line):
            prefix = self.records.read(line=number)[: self.nbb]
            self.image.write(np.concatenate((prefix, row.view(np.uint8))), line=number)

    def close(self) -> None:
        self.records.close()
        self.image.close()


class Filler:
    """The window and the two special values."""

    def __init__(self, task):
        self.nlw, self.nsw = (2 * int(task.integer(name) / 2) + 1 for name in ("NLW", "NSW"))
        self.replace, self.exclude = task.integer("REPLACE"), task.integer("EXCLUDE")

    def text(self) -> str:
        text = edit("('ZFILL:  NLW =',I3,', NSW =',I3,', REPLACE =',I5)", self.nlw, self.nsw, self.replace)
        return text if self.exclude == -32768 else text + edit("(', EXCLUDE =',I5)", self.exclude)

    def announce(self, task, result, mask) -> None:
        text = self.text()
        result.label.add("PARMS", text, task="", format="STRING")
        task.message(text)
        if mask:
            mask.label.add("PARMS", text, task="", format="STRING")
            mask.label.add("MASK", " 0=CHANGED   255=NO CHANGE", task="", format="STRING")

    def lines(self, source, window, line: int, count: int, ns: int, band: int) -> tuple[np.ndarray, np.ndarray]:
        """Lines of the output from ``line`` (from 0), and which of their pixels were filled."""
        high, wide = self.nlw // 2, self.nsw // 2
        top, left = window.sl + line, window.ss
        first, last = max(top - high, 1), min(top + count - 1 + high, window.nli)
        start, end = max(left - wide, 1), min(left + ns - 1 + wide, window.nsi)
        part = source.read_window(first, start, last - first + 1, end - start + 1, band)
        around = np.full((count + 2 * high, ns + 2 * wide), np.array(self.exclude).astype(np.int16))
        row, column = first - (top - high), start - (left - wide)
        around[row : row + part.shape[0], column : column + part.shape[1]] = part
        usable = (around != self.replace) & (around != self.exclude)
        sums = box_sums(np.where(usable, around, 0).astype(np.int64), self.nlw, self.nsw)
        counts = box_sums(usable.astype(np.int64), self.nlw, self.nsw)
        here = around[high : high + count, wide : wide + ns]
        changed = (here == self.replace) & (counts != 0)
        means = sums.astype(np.float32) / np.maximum(counts, 1).astype(np.float32) + f32(0.5)
        return np.where(changed, to_int32(means).astype(np.int16), here), changed


def box_sums(table: np.ndarray, nlw: int, nsw: int) -> np.ndarray:
    """Sums of all windows of ``nlw`` x ``nsw`` values."""
    total = np.zeros((table.shape[0] + 1, table.shape[1] + 1), np.int64)
    total[1:, 1:] = table.cumsum(axis=0).cumsum(axis=1)
    return total[nlw:, nsw:] - total[:-nlw, nsw:] - total[nlw:, :-nsw] + total[:-nlw, :-nsw]
