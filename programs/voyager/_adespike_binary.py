"""ADESPIKE on images with a binary header. Source: ``vos/p2/prog/adespike``, routines WORKB and DUMP_BDV."""

from __future__ import annotations

import numpy as np

from programs.voyager._spikes import Despiker

LARGEST = 800  # lines and samples of an image with a binary header
SPIKES, SINGLE = 6, 1  # kind of the records that list corrected pixels
DROPOUTS = 3  # kind of the records that list where lines break off
FIRST = 3  # buffer of the first image line; buffers count from 1


class Listing:
    """Records of corrected pixels, written behind the header."""

    def __init__(self, result, record_bytes: int):
        self.result = result
        self.size = record_bytes
        self.room = (record_bytes - 6) // 4
        self.pixels: list[tuple[int, int]] = []
        self.records = 0

    def add(self, line: int, sample: int) -> None:
        if len(self.pixels) >= self.room:
            self.flush()
        self.pixels.append((line, sample))

    def flush(self) -> None:
        """Write what is listed: three words of head, then line and sample of each pixel, low byte first."""
        if not self.pixels:
            return
        words = [SPIKES, SINGLE, len(self.pixels), *(n for pixel in self.pixels for n in pixel)]
        record = np.zeros(max(self.size, 2000), np.uint8)
        data = np.array(words, "<i2").view(np.uint8)
        record[: len(data)] = data
        self.result.write(record[: self.size])
        self.records += 1
        self.pixels.clear()


def with_header(task, window, despiker: Despiker):
    """Copy the header, correct the lines, add the listing; gives the output."""
    source = task.open("INP", binary=True)
    nlb, nbb, ns, lines = source.nlb, source.nbb, window.ns, window.nl
    result = task.create("OUT", ns=ns, nlb=nlb, nbb=nbb, format=source.format, u_format=source.format)
    ends = [ns] * (LARGEST + FIRST)  # last valid sample, by buffer
    for _ in range(nlb):
        record = source.read()
        result.write(record)
        _take_dropouts(record, source.bintfmt, ends)

    prefix = np.zeros((lines + FIRST, nbb), np.uint8)
    pixels = np.zeros((lines + FIRST, ns), np.int32)
    for buffer in range(FIRST, lines + 1 if lines > FIRST else FIRST + 1):
        record = source.read()
        prefix[buffer] = record[:nbb]
        pixels[buffer] = record[nbb:].view(source.dtype)[:ns]

    listing = Listing(result, nbb + ns * source.dtype.itemsize)
    written = _correct(prefix, pixels, ends, lines, despiker, listing)
    listing.flush()
    for head, line in written:
        body = line.astype(np.int16).astype(source.dtype).view(np.uint8)
        result.write(np.concatenate([head, body]))
    result.label.delete("NLB")
    result.label.add("NLB", nlb + listing.records, format="INT")
    return result


def _take_dropouts(record: np.ndarray, order: str, ends: list[int]) -> None:
    """A header record that lists where lines break off."""
    raw = record[: len(record) // 2 * 2].view(">i2" if order == "HIGH" else "<i2")
    words = np.zeros(1800, np.int64)
    words[: min(len(raw), 1800)] = raw[:1800]
    if words[0] != DROPOUTS:
        return
    for entry in range(1, int(words[2]) + 1):
        buffer, sample = int(words[3 * entry]), int(words[3 * entry + 1])
        if 0 < buffer < len(ends):
            ends[buffer] = sample - 1


def _correct(prefix, pixels, ends, lines: int, despiker: Despiker, listing: Listing):
    """Correct the lines; gives prefix and pixels of the output's lines in order."""
    separate = despiker.dn >= 0
    output: dict[int, tuple[np.ndarray, np.ndarray]] = {}
    target = 0
    for buffer in range(FIRST, lines + 1):
        target = target + 1 if separate else buffer
        here = pixels[buffer]
        line = here.copy()
        for first, last, across in _parts(ends, buffer, lines):
            above, below = (pixels[buffer - 1], pixels[buffer + 1]) if across else (None, None)
            corrected, wrong = despiker.line(above, here, below, first, last)
            line[first:last] = np.where(wrong, despiker.dn, corrected)[first:last] if despiker.dn > 0 else corrected[first:last]
            for sample in np.flatnonzero(wrong):
                listing.add(buffer, int(sample) + 1)
        if separate:
            output[target] = prefix[buffer].copy(), line
        else:
            pixels[buffer] = line
    start = 1 if separate else FIRST
    return [
        output.get(n, (prefix[n], pixels[n])) if n < len(pixels) else (prefix[0], pixels[0])
        for n in range(start, start + lines)
    ]


def _parts(ends, buffer: int, lines: int):
    """Stretches of a line: first and last sample, and whether the lines above and below count."""
    if buffer in (FIRST, lines):
        return [(0, ends[buffer], False)]
    above, here, below = ends[buffer - 1], ends[buffer], ends[buffer + 1]
    if here <= above and here <= below:
        return [(0, here, True)]
    shorter = min(above, below)
    return [(0, shorter, True), (shorter, here, False)]
