"""FILTER: convolution with a matrix of integer weights.

Source: ``vos/p2/prog/filter`` and ``vos/p2/sub/fpse`` (Fortran; once for an array processor). Products and sums are single
precision: along the samples of a line of weights, then line by line outwards from the centre (or downwards for a fully
asymmetric matrix). NLW lines go round in a buffer; edges are unfolded into it.

Kept: without RANGE or DNMIN the lower limit is 0 also for HALF output; DNMAX without DNMIN makes the upper limit the lowest
value of the format. On an image that is small against the matrix the scaling constants are overwritten by the unused half of
the weights, and the output is 0. An even number of lines or samples gives what the buffer makes of it.
accepted: weights for no lines or samples are refused; the original goes beside its buffers.
known: with an even NLW the middle line of weights is 0 where the original uses memory it never set.
"""

from __future__ import annotations

import numpy as np

from vicar.errors import VicarError

FORTRAN = True
LARGEST = 8192
PIXELS_AT_ONCE = 1 << 15
# upper left quarter and middle of the default 15 x 15 filter (the rest is symmetric), by lines
DEFAULT_WEIGHTS = (
    (-23, -19, 5, 31, 43, 42, 37, 34),
    (-16, 17, 42, 36, 7, -20, -36, -40),
    (15, 44, 22, -28, -59, -52, -28, -17),
    (41, 25, -40, -69, -12, 78, 137, 153),
    (41, -21, -76, -8, 135, 185, 103, 40),
    (22, -61, -58, 102, 193, -67, -566, -825),
    (3, -80, -19, 173, 94, -607, -1617, -2104),
    (-3, -84, 0, 191, 16, -897, -2141, 30001),
)


def main(task):
    task.if_message("** Filter 13-Aug-2010 (64-bit) - RJB")
    source = task.open("INP", u_format="HALF")
    window, bands = task.size_field(source), task.band_field(source)
    nb = check_input(task, source, window, bands)
    out_format = "BYTE" if task.keyword("BYTE") else "HALF" if task.keyword("HALF") else source.format
    kernel = Kernel(task)
    limits = output_limits(task, out_format)
    shift = np.float32(task.integers("SCALE")[0]) + np.float32(0.5)
    shift, *limits = surviving(kernel, window.ns, shift, *limits)
    with source, task.create(
        "OUT", nl=window.nl, ns=window.ns, nb=nb, format=out_format, u_format="HALF"
    ) as result:
        last_slot, transfer = 0, np.zeros(window.ns, np.int16)
        for band in range(nb):
            buffer = LineBuffer(source, window, bands.sb + band, kernel, last_slot, transfer)
            for line, values in filtered(buffer, kernel, window):
                values = clipped(values + shift, *limits).astype(np.int32).astype(np.int16)
                result.write_window(values, line + 1, 1, band + 1)
                transfer[:] = values[-1]
                task.progress(band * window.nl + line + len(values), nb * window.nl)
            last_slot = buffer.last_slot


def check_input(task, source, window, bands) -> int:
    """Number of bands to filter; what cannot be filtered ends the program."""
    if bands.sb > bands.nbi:
        task.abend("??W - SB is greater than the total number of bands")
    nb = bands.nb
    if bands.sb + nb - 1 > bands.nbi:
        task.message("***Number of bands truncated")
        nb = bands.nbi + 1 - bands.sb
    if source.org == "BIP":
        task.abend("??E - BIP files unsupported, use program TRAN to convert to BSQ")
    if window.nl > window.nli or window.ns > window.nsi:
        task.abend(
            "FILTER-REQUESTED SIZE OF PICTURE EXCEEDS SIZE SPECIFIED IN SYSTEM LABEL.  POSSIBLE ERROR. "
        )
    if window.ns > LARGEST:
        task.abend("??E - NS GT 8192")
    if source.format not in ("BYTE", "HALF", "WORD"):
        task.abend("??E - ONLY BYTE/HALF FORMATS SUPPORTED **")
    return nb


def output_limits(task, out_format: str) -> tuple[np.float32, np.float32]:
    low, high = 0, 255
    given = task.integers("RANGE")
    if given:
        low, high = (given + [255])[:2]
    else:
        dn_min, dn_max = task.integer("DNMIN"), task.integer("DNMAX")
        low = 0 if dn_min is None else dn_min
        if dn_max is None:
            high = 255 if out_format == "BYTE" else 32767
        elif dn_min is None:
            high = 0 if out_format == "BYTE" else -32768
        else:
            high = dn_max
    return np.float32(low), np.float32(high)


def clipped(values: np.ndarray, low, high) -> np.ndarray:
    """Limited from below first; what is not below the low limit may still go under it."""
    return np.where(values < low, low, np.minimum(values, high))


def surviving(kernel: Kernel, ns: int, *constants) -> list[np.float32]:
    """The additive constants and the factor (in ``kernel``) as the weights, sent twice as long as they are, leave them.

    In the array memory the weights are followed by two lines of the window and one extended line, then by the constants.
    """
    room = 2 * ns + ns + kernel.nsw - 1
    lost = kernel.rows.size - room
    if lost > 3:
        kernel.rows = kernel.rows * np.float32(0)
    return [np.float32(0) if place < lost else value for place, value in enumerate(constants)]


class Kernel:
    """The scaled weights: ``rows`` from the top to the middle line, or all lines if ``asymmetric``; float32."""

    def __init__(self, task):
        self.nlw, self.nsw = (task.integer(name) if task.count(name) else 15 for name in ("NLW", "NSW"))
        self.asymmetric = False
        weights, given = self._given(task)
        divisor = task.integer("DIVIDE")
        if divisor is None:
            divisor = self._sum(weights)
        scale = np.float32(task.integers("SCALE")[1]) / np.float32(divisor or 1)
        self.rows = weights.reshape(given, self.nsw).astype(np.float32) * scale

    def _given(self, task) -> tuple[np.ndarray, int]:
        """Weights line by line as halfwords, and how many lines."""
        nlw, nsw = self.nlw, self.nsw
        numbers = task.integers("WEIGHTS")
        half_rows = nlw // 2 + 1
        if not numbers:
            if (nlw, nsw) != (15, 15):
                task.abend("??E - DEFAULT WEIGHTS REQUIRE NLW=NSW=15")
            quarter = np.array(DEFAULT_WEIGHTS, np.int16)
            return np.concatenate((quarter, quarter[:, -2::-1]), axis=1).ravel(), half_rows
        if nlw < 1 or nsw < 1:
            task.abend("??E - NLW AND NSW MUST BE POSITIVE")
        self.asymmetric = task.keyword("ASYMMETR")
        stated_rows = nlw if self.asymmetric else (nlw + 1) // 2
        if stated_rows * nsw > LARGEST:
            task.abend("??E - NLW*NSW TOO LARGE")
        table = np.zeros((nlw if self.asymmetric else half_rows, nsw), np.int16)
        if self.asymmetric or task.keyword("NONSYMME"):
            table[:stated_rows] = filled(numbers, stated_rows * nsw).reshape(stated_rows, nsw)
        else:
            width = (nsw + 1) // 2
            quarter = filled(numbers, stated_rows * width).reshape(stated_rows, width)
            table[:stated_rows, :width] = quarter
            table[:stated_rows, nsw - width :] = quarter[:, ::-1]
        return table.ravel(), len(table)

    def _sum(self, weights: np.ndarray) -> int:
        whole = weights.astype(np.int64)
        if self.asymmetric:
            return int(whole.sum())
        above = self.nsw * (self.nlw - 1) // 2
        return int(2 * whole[:above].sum() + whole[above : above + self.nsw].sum())


def filled(numbers: list[int], count: int) -> np.ndarray:
    """The first ``count`` weights as halfwords, zeros for what is missing."""
    table = np.zeros(count, np.int64)
    table[: min(count, len(numbers))] = numbers[:count]
    return table.astype(np.int16)


class LineBuffer:
    """The round of NLW lines. A line once extended never changes; a slot holds which one lies there.

    Lines come and go through ``transfer``: what a line of the window lacks behind the edge is what the line before left there.
    """

    def __init__(self, source, window, band: int, kernel: Kernel, last_slot: int, transfer: np.ndarray):
        self.source, self.window, self.band = source, window, band
        self.nlw, self.nsw = kernel.nlw, kernel.nsw
        self.half, self.side = kernel.nlw // 2, kernel.nsw // 2
        self.width = window.ns + kernel.nsw - 1
        self.slots = [np.zeros(self.width, np.float32)] * kernel.nlw
        self.line = window.sl
        self.last_slot = last_slot  # where the last line of the window lies; kept from band to band
        self.transfer = transfer
        self.found = max(0, min(window.ns, source.ns - window.ss + 1))  # samples of the window that the image has

    def read(self, slot: int) -> None:
        """The next line into a slot, with both ends unfolded; an even NSW overwrites the last sample."""
        ns, side = self.window.ns, self.side
        row = self.slots[slot].copy()
        self.transfer[: self.found] = self.source.read(self.line, self.window.ss, ns, self.band)[: self.found]
        row[side : side + ns] = self.transfer
        self.line += 1
        end = self.width - side
        for step in range(side):
            row[side - 1 - step] = row[side + 1 + step]
        for step in range(side):
            row[end + step] = row[end - 2 - step]
        self.slots[slot] = row

    def steps(self):
        """For each output line, the buffered lines from the top one, or from the centre, in the order of their slots."""
        nl, nlw, half = self.window.nl, self.nlw, self.half
        for slot in range(half + 1):
            self.read(slot % nlw)
        top = 0
        for number in range(1, half + 1):
            top = nlw - number
            self.slots[top] = self.slots[number]
        centre = 0
        for line in range(1, nl + 1):
            yield self.slots, top, centre
            if line == nl:
                return
            slot = top
            top = (top + 1) % nlw
            centre = (centre + 1) % nlw
            if line < nl - half:
                self.read(slot)
                if line == nl - half - 1:
                    self.last_slot = slot
            else:
                self.last_slot = (self.last_slot or nlw) - 1
                self.slots[slot] = self.slots[self.last_slot]


def filtered(buffer: LineBuffer, kernel: Kernel, window):
    """(first line from 0, filtered values) in blocks of lines."""
    step = max(1, PIXELS_AT_ONCE // buffer.width) if buffer.found == window.ns else 1
    waiting, first = [], 0
    try:
        for number, (slots, top, centre) in enumerate(buffer.steps(), 1):
            nlw = buffer.nlw
            if kernel.asymmetric:
                waiting.append([slots[(top + n) % nlw] for n in range(nlw)])
            else:
                pairs = [(slots[(centre - n) % nlw], slots[(centre + n) % nlw]) for n in range(1, nlw // 2 + 1)]
                waiting.append([slots[centre], *pairs])
            if len(waiting) == step or number == window.nl:
                yield first, weighted(waiting, kernel, window.ns)
                waiting, first = [], number
    except VicarError:
        if waiting:  # the lines before the error
            yield first, weighted(waiting, kernel, window.ns)
        raise


def weighted(waiting: list, kernel: Kernel, ns: int) -> np.ndarray:
    """Weighted sums for a block of lines; the order of the additions is the original's."""
    order = range(len(kernel.rows)) if kernel.asymmetric else range(len(kernel.rows) - 1, -1, -1)
    total = None
    for place, row in zip(range(len(waiting[0])), order):
        parts = [lines[place] for lines in waiting]
        if isinstance(parts[0], tuple):
            block = np.stack([p[0] for p in parts]) + np.stack([p[1] for p in parts])
        else:
            block = np.stack(parts)
        line_sum = convolved(block, kernel.rows[row], ns)
        total = line_sum if total is None else line_sum + total
    return total


def convolved(block: np.ndarray, weights: np.ndarray, ns: int) -> np.ndarray:
    result = np.zeros((len(block), ns), np.float32)
    product = np.empty_like(result)
    for place, weight in enumerate(weights):
        np.multiply(block[:, place : place + ns], weight, out=product)
        result += product
    return result
