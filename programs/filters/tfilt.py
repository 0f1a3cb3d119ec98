"""TFILT: box filters that leave values below a threshold out of the mean.

Source: ``vos/p2/prog/tfilt`` (Fortran). Sums and counts run from line to line and from sample to sample in single precision
(see boxflt2). The second output is the work file the original leaves behind: the lines that leave the window.

Kept: LIMITS (REAL) is read into integers, so a limit is the bit pattern of the number; images of one and two bytes do not
use it. A mean of nothing is the sum itself, 0.
known: nothing. accepted: nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from programs.filters._tfilt_kernel import DIVIDE, HIGH, LOW, SCENE, filter_lines
from vicar.errors import VicarError
from vicar.numerics.compiled import as_input
from vicar.numerics.prnt import prnt

FORTRAN = True
PIXELS_AT_ONCE = 1 << 18
KINDS = {"HIGH": HIGH, "LOW": LOW, "SCENE": SCENE, "DIVIDE": DIVIDE}
SIZES = {"BYTE": 1, "HALF": 2, "WORD": 2, "FULL": 4, "REAL": 4}


def main(task):
    task.message(" *** program TFILT version 19-Dec-2012 ***")
    source = task.open("INP", u_format="REAL")
    window, bands = task.size_field(source), task.band_field(source)
    if source.format not in SIZES:
        task.abend(" Input pixel size may not be > 4 bytes!")
    several = bands.nb > 1
    if several and task.count("OUT") < 3:
        task.abend(" 3 output files required when input is multi-band")
    size = {"nl": window.nl, "ns": window.ns}
    result = task.create("OUT", 1, nb=bands.nb if several else 1, u_format="REAL", **size)
    copy = task.create("OUT", 3, nb=1, u_format="REAL", **size) if several else None
    leaving = task.create("OUT", 2, nb=1, u_format="REAL", format="REAL", **size)
    task.messages(*prnt("FULL", SIZES[source.format], " #BYTES/PXL=."))
    method = read_method(task, source, window)
    for band in range(1, bands.nb + 1):
        lines = Lines(source, window, band, method, leaving)
        for first, values in filtered(lines, method):
            result.write_window(values, first + 1, 1, band)
            if copy is not None and band == bands.nb:
                copy.write_window(values, first + 1)
            task.progress((band - 1) * window.nl + first + len(values), bands.nb * window.nl)
        lines.write_leaving(leaving)
    for image in (source, result, leaving, copy):
        if image is not None:
            image.close()


@dataclass
class Method:
    """Kind of filter and its numbers, all REAL."""

    kind: str
    nlw: int
    nsw: int
    threshold: np.float32
    scale: np.float32
    transfer: np.float32
    boost: np.float32
    level: np.float32
    offset: np.float32
    low: np.float32
    high: np.float32


def read_method(task, source, window) -> Method:
    nlw = task.integer("NLW", window.nl // 10)
    nsw = task.integer("NSW", window.nl // 10)
    nlw, nsw = (n + 1 if n % 2 == 0 else n for n in (nlw, nsw))
    task.messages(*prnt("FULL", nlw, " NLW=."), *prnt("FULL", nsw, " NSW=."))
    pixel = SIZES[source.format]
    low, high = {1: (0.0, 255.0), 2: (-32768.0, 32767.0)}.get(pixel, (-1.0e10, 1.0e10))
    limits = task.reals("LIMITS")
    if pixel == 4 and len(limits):
        low, high = limits[:2].view(np.int32).astype(np.float32)
    kind = next(k for k in reversed(KINDS) if task.keyword(k))
    numbers = [task.real(name) for name in ("THRESH", "SCALE", "DCTRAN", "BOOST", "DCLEVEL", "OFFSET")]
    return Method(kind, nlw, nsw, *numbers, np.float32(low), np.float32(high))


class Lines:
    """The lines of the window that enter, leave and stand in the middle, for each output line."""

    def __init__(self, source, window, band: int, method: Method, leaving):
        self.source, self.window, self.band, self.method = source, window, band, method
        nl, half = window.nl, method.nlw // 2
        if half:
            self.lines([half + 1])  # the first line the original reads; behind the image that is an error
        self.nl = nl
        # lines in the window of line 1, which are also the first lines to leave it
        self.old = [half + 1 - i if i < half else i - half + 1 for i in range(nl)]
        self.new = [half + 2 + i if half + 2 + i <= nl else 2 * nl - (half + 2 + i) for i in range(nl - 1)]
        inside = source.nl - window.sl + 1
        self.lines([inside, inside + 1] if nl > inside else [nl])
        if leaving.geometry.n3 != 1:
            raise VicarError("STRTREC", "XVREAD", leaving.name, line=0)  # a BIL work file is read by line only
        if method.nlw > nl:
            raise VicarError("EOF", "XVREAD", leaving.name, line=nl)

    def lines(self, numbers: list[int]) -> np.ndarray:
        """Lines of the window, float32."""
        w = self.window
        if not numbers:
            return np.zeros((0, w.ns), np.float32)
        source, first, count = self.source, w.sl + numbers[0] - 1, len(numbers)
        follow = numbers == list(range(numbers[0], numbers[0] + count))
        if follow and 1 <= first <= source.nl + 1 - count and source.org != "BIP" and not source.short:
            return source.read_window(first, w.ss, count, w.ns, self.band, copy=False)
        return np.stack([source.read(w.sl + n - 1, w.ss, w.ns, self.band) for n in numbers])

    def extended(self, numbers: list[int]) -> np.ndarray:
        """Lines reflected at both ends."""
        rows, side = self.lines(numbers), self.method.nsw // 2
        if not side:
            return rows
        buffer = np.zeros((len(rows), rows.shape[1] + 2 * side), np.float32)
        buffer[:, side:-side] = rows
        for step in range(1, side + 1):
            buffer[:, side - step] = buffer[:, side + step]
        last = side + rows.shape[1] - 1
        for step in range(1, side + 1):
            buffer[:, last + step] = buffer[:, last - step]
        return buffer

    def write_leaving(self, work) -> None:
        step = max(1, PIXELS_AT_ONCE // max(self.window.ns, 1))
        for first in range(0, self.nl, step):
            work.write_window(self.lines(self.old[first : first + step]), first + 1)


def filtered(lines: Lines, method: Method):
    """(first line from 0, values) in blocks."""
    start = lines.extended(lines.old[: method.nlw])
    used = start >= method.threshold
    zero = np.zeros((1, start.shape[1]), np.float32)
    sums = np.add.accumulate(np.vstack((zero, np.where(used, start, np.float32(0)))), axis=0, dtype=np.float32)[-1:]
    counts = used.sum(axis=0, dtype=np.int32)[None]
    yield 0, one_block(lines, method, sums, counts, [1])
    step = max(1, PIXELS_AT_ONCE // start.shape[1])
    compiled = filter_lines.pick(lines.nl * start.shape[1])
    for first in range(1, lines.nl, step):
        stop = min(first + step, lines.nl)
        old, new = (lines.extended(rows[first - 1 : stop - 1]) for rows in (lines.old, lines.new))
        numbers = list(range(first + 1, stop + 1))
        if compiled:
            yield first, pixel_by_pixel(compiled, method, old, new, lines.lines(numbers), sums[0], counts[0])
            continue
        sums, counts = next_columns(old, new, sums[-1], counts[-1], method.threshold)
        yield first, one_block(lines, method, sums, counts, numbers)


def pixel_by_pixel(compiled, m: Method, old, new, dn, sums, counts) -> np.ndarray:
    """The same in one compiled loop, which keeps up ``sums`` and ``counts``."""
    values = np.empty(dn.shape, np.float32)
    numbers = (m.scale, m.transfer, m.boost, m.level, m.offset)
    lines = (as_input(rows) for rows in (old, new, dn))
    compiled(*lines, m.threshold, sums, counts, m.nsw, KINDS[m.kind], numbers, (m.low, m.high), values)
    return values


def next_columns(old, new, sums, counts, threshold) -> tuple[np.ndarray, np.ndarray]:
    """Sums and counts of the columns after each line of ``old`` has left them and each of ``new`` has entered."""
    old_used, new_used = old >= threshold, new >= threshold
    terms = np.empty((1 + 2 * len(old), old.shape[1]), np.float32)
    terms[0] = sums
    terms[1::2] = -np.where(old_used, old, np.float32(0))
    terms[2::2] = np.where(new_used, new, np.float32(0))
    changes = new_used.astype(np.int8) - old_used
    return np.add.accumulate(terms, axis=0, dtype=np.float32)[2::2], counts + np.cumsum(changes, axis=0, dtype=np.int32)


def one_block(lines: Lines, method: Method, sums, counts, numbers: list[int]) -> np.ndarray:
    dn = lines.lines(numbers)
    return method_values(method, dn, running(sums, method.nsw), running_counts(counts, method.nsw))


def running(columns: np.ndarray, nsw: int) -> np.ndarray:
    """Sums over ``nsw`` columns, each from the one before by two single-precision steps."""
    ns = columns.shape[1] - nsw + 1
    start = np.zeros((len(columns), 1 + nsw), np.float32)
    start[:, 1:] = columns[:, :nsw]
    terms = np.empty((len(columns), 2 * ns - 1), np.float32)
    terms[:, 0] = np.add.accumulate(start, axis=1, dtype=np.float32)[:, -1]
    terms[:, 1::2] = -columns[:, : ns - 1]
    terms[:, 2::2] = columns[:, nsw : nsw + ns - 1]
    return np.add.accumulate(terms, axis=1, dtype=np.float32)[:, ::2]


def running_counts(counts: np.ndarray, nsw: int) -> np.ndarray:
    total = np.cumsum(np.pad(counts, ((0, 0), (1, 0))), axis=1, dtype=np.int32)
    return (total[:, nsw:] - total[:, :-nsw]).astype(np.float32)


def method_values(m: Method, dn, sums, counts) -> np.ndarray:
    """The filter's formula, its limits, and 0 for pixels below the threshold."""
    with np.errstate(all="ignore"):
        mean = np.where(counts != 0, sums / counts, sums)
        if m.kind == "HIGH":
            values = (dn - mean) * m.boost + m.transfer * dn + m.level
        elif m.kind == "LOW":
            values = m.boost * mean + m.offset
        elif m.kind == "SCENE":
            values = np.where(mean != 0, (dn - mean) * m.scale / mean + m.transfer * dn + m.level, mean)
        else:
            share = np.where(sums != 0, counts / sums, counts)
            share[:, 0] = np.where((counts[:, 0] == 0) | (sums[:, 0] == 0), 0, share[:, 0])
            values = dn * (m.scale * share + m.transfer) + m.offset
    values = np.where(values > m.high, m.high, np.where(values <= m.low, m.low, values))
    return np.where(dn < m.threshold, np.float32(0), values)
