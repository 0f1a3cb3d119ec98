"""STRETCH: change the values of a BYTE or HALF image through a look-up table.

Source: ``vos/p2/prog/stretch`` (Fortran). The stretches given by numbers are in ``_stretch_manual``, those made from a
histogram in ``_stretch_histogram``. The table has an entry for every halfword; entries no stretch has set are zero.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from vicar.image.sweep import line_blocks
from vicar.numerics.bytetables import through_table
from vicar.numerics.fortran import edit
from vicar.numerics.rounding import truncate

FORTRAN = True
F32 = np.float32
ZERO = 32768  # index of value 0
SAMPLE_LIMIT = 524288


@dataclass
class Stretch:
    """What the stretches work on: ranges of values, the table, what the label will say."""

    fmt: str
    in_low: int
    in_high: int
    low: int
    high: int
    table: np.ndarray = field(default_factory=lambda: np.zeros(65536, np.int16))
    text: str = ""
    text_length: int = 0

    def inputs(self) -> np.ndarray:
        """All input values."""
        return np.arange(self.in_low, self.in_high + 1)

    def set(self, first: int, values) -> None:
        """Entries from input value ``first`` on."""
        values = np.asarray(values)
        self.table[first + ZERO : first + ZERO + len(values)] = values

    def rounded(self, values) -> np.ndarray:
        """Nearest whole numbers, halves away from zero, within the output range."""
        values = np.asarray(values)
        half = values.dtype.type(0.5)
        return self.limited(truncate(np.where(values >= 0, values + half, values - half)))

    def limited(self, values):
        return np.minimum(np.maximum(values, self.low), self.high)

    def describe(self, text: str, length: int) -> None:
        self.text, self.text_length = text, length


def main(task):
    from programs.arithmetic import _stretch_histogram, _stretch_manual

    task.message("STRETCH version 2021-07-14")
    source = task.open("INP")
    window, bands = checked_window(task, source)
    if window.ns > SAMPLE_LIMIT:
        task.abend("NSO > 524288 - OUTPUT IMAGE TOO WIDE")
    with source, task.create("OUT", nl=window.nl, ns=window.ns, nb=bands.nb) as result:
        stretch = output_range(task, source.format)
        chosen = _stretch_manual.apply(task, stretch)
        wishes = _stretch_histogram.Wishes(task, source.format, chosen)
        before = None
        if wishes.needed:
            histogram = _stretch_histogram.Histogram(task, source, stretch, window, bands)
            _stretch_histogram.print_input(task, histogram, wishes)
            before = histogram.counts[ZERO : ZERO + 256].copy()
            histogram.exclude()
            _stretch_histogram.apply(task, stretch, histogram, wishes.mode)
        post_text = post_stretch(task, stretch)
        write_image(task, source, result, stretch, window, bands)
        result.label.add("PARMS", stretch.text[: stretch.text_length].rstrip(), task="", format="STRING")
        if post_text:
            result.label.add("PARMS2", post_text[:52], task="", format="STRING")
        if wishes.output_histogram or wishes.output_cdf:
            _stretch_histogram.print_output(task, stretch, before, histogram.points, wishes)


def checked_window(task, source):
    from dataclasses import replace

    if source.org == "BIP":
        task.abend("BIP files not supported, use program TRAN to convert to BSQ")
    window, bands = task.size_field(source), task.band_field(source)
    if bands.sb > bands.nbi:
        task.abend("SB is greater than the total number of bands")
    if window.sl + window.nl - 1 > window.nli:
        task.message("***Number of lines truncated")
        window = replace(window, nl=window.nli - window.sl + 1)
    if window.ss + window.ns - 1 > window.nsi:
        task.message("***Number of samples truncated")
        window = replace(window, ns=window.nsi - window.ss + 1)
    if bands.sb + bands.nb - 1 > bands.nbi:
        task.message("***Number of bands truncated")
        bands = replace(bands, nb=bands.nbi - bands.sb + 1)
    if source.format not in ("BYTE", "HALF"):
        task.message("***Invalid input image data format")
        task.message("***Image must be byte or halfword")
        task.abend("***STRETCH task cancelled")
    return window, bands


def output_range(task, fmt: str) -> Stretch:
    low, high = task.integer("DNMIN"), task.integer("DNMAX", 255)
    if fmt == "HALF":
        low = -32768 if task.defaulted("DNMIN") else low
        high = 32767 if task.defaulted("DNMAX") else high
    else:
        if low < 0:
            task.message("*** DNMIN RESET TO BYTE MIN OF 0")
            low = 0
        if high > 255:
            task.message("*** DNMAX RESET TO BYTE MAX OF 255")
            high = 255
    if task.count("INP") == 2:
        low = 0
    in_low, in_high = (0, 255) if fmt == "BYTE" else (-32768, 32767)
    return Stretch(fmt, in_low, in_high, low, high)


def post_stretch(task, stretch: Stretch) -> str:
    """A second, linear stretch of what the first gives; its description."""
    limits = task.integers("POST")
    if len(limits) < 2:
        return ""
    task.message(" ")
    task.message("*** POST-STRETCH OPTION ***")
    for word, name, beyond in (
        ("less than", "dnmin", lambda v: v < stretch.low), ("exceeds", "dnmax", lambda v: v > stretch.high)):
        if any(map(beyond, limits)):
            task.message(f"Post-stretch parameter {word} {name}")
            task.message(f"Parameter reset to {name}")
            limits = [stretch.limited(v) if beyond(v) else v for v in limits]
    first, last = (int(v) for v in limits)
    if first == last:
        task.message("***Err - post values specified are equal")
        task.abend()
    scale = F32(last - first) / F32(stretch.high - stretch.low)
    offset = -scale * F32(stretch.low) + F32(first)
    values = stretch.table[stretch.in_low + ZERO : stretch.in_high + ZERO + 1].astype(F32)
    stretch.set(stretch.in_low, stretch.rounded(scale * values + offset))
    text = edit("('Post-stretch:',I7,' to',I7,' and',I7,' to',I7)", stretch.low, first, stretch.high, last)
    task.message(text)
    return text


def write_image(task, source, result, stretch: Stretch, window, bands) -> None:
    if stretch.fmt == "BYTE":
        table = stretch.table[ZERO : ZERO + 256].astype(np.uint8)
    else:
        table = np.concatenate((stretch.table[ZERO:], stretch.table[:ZERO]))  # halfwords as unsigned indices
    for band in range(bands.nb):
        for first, dn in line_blocks(source, window.sl, window.ss, window.nl, window.ns, bands.sb + band):
            index = dn if stretch.fmt == "BYTE" else np.ascontiguousarray(dn).view(np.uint16)
            result.write_window(through_table(table, index), first + 1, 1, band + 1)
            task.progress(band * window.nl + first + len(dn), bands.nb * window.nl)
