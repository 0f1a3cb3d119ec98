"""LINEMTCH: places along lines of two images matched by phase correlation.

Source: ``vos/p2/prog/linemtch`` (Fortran).

Lines are read as bytes, whatever their format, into buffers of 60000; what lies beyond a line is what an earlier,
longer one left.

accepted: samples before the first are zero, where the original reads other memory.
known: nothing.
"""

from __future__ import annotations

import numpy as np

from vicar.numerics import libm, realfft
from vicar.numerics.prnt import prnt

FORTRAN = True
BUFFER = 60000
LARGEST_POWER = 10
PLACES = 9  # of the search area that are tried
USUAL_STEP = 12
_F = np.float32
_LEAST = _F(1e-6)


def main(task):
    here, there = task.reals("ITIE"), task.reals("OTIE")
    if here[0] == here[1]:
        task.abend("ERROR:ITIE values may not be the same")
    if there[0] == there[1]:
        task.abend("ERROR:OTIE values may not be the same")
    lines = task.integers("LINES")
    if len(lines) % 2:
        task.abend("ERROR: Number of values for parameter LINES is odd")
    first, last, spacing = (task.integer(name) for name in ("MINS", "MAXS", "SPACING"))
    area, power = task.integer("AREA"), task.integer("POWER")
    if power > LARGEST_POWER:
        task.abend("PARAMETER ERROR")
    if power < 1:
        task.abend("POWER below 1: there is nothing to transform.")
    if spacing == 0:
        task.abend("SPACING is zero.")
    size = 2**power
    step = USUAL_STEP if task.defaulted("AREA") else max(int((int(area / 2) - size // 2) / 4), 0)
    for text in prnt("FULL", size, "SAMPLING SIZE .") + prnt("FULL", area, "SEARCH AREA ."):
        task.message(text)
    images = [task.open("INP", number) for number in range(1, task.count("INP") + 1)]
    scale = (here[0] - here[1]) / (there[0] - there[1])
    shift = (there[0] * here[1] - there[1] * here[0]) / (there[0] - there[1])
    samples = range(first, last + (1 if spacing > 0 else -1), spacing)
    rows = (int((last - first) / spacing) + 1) * (len(lines) // 2)
    buffers = np.zeros(2 * BUFFER, np.uint8)
    with task.create_table(nr=rows, nc=5, org="ROW") as table:
        row = 0
        for pair in range(len(lines) // 2):
            for place, image, line in ((0, images[0], lines[2 * pair]), (BUFFER, images[-1], lines[2 * pair + 1])):
                data = np.frombuffer(image.read(line).tobytes(), np.uint8)
                buffers[place : place + len(data)] = data[: len(buffers) - place]
            for sample in samples:
                row += 1
                found = Match(buffers, sample, scale, shift, size).search(step)
                if not task.keyword("NOPRINT"):
                    show(task, sample, found)
                offset, where, quality, _ = found
                for column, value in enumerate((pair + 1, where, sample, offset, quality), 1):
                    table.write(column, _F(value), row)


def show(task, sample: int, found) -> None:
    offset, where, quality, whole = found
    task.message("-" * 24)
    for text in (
        *prnt("FULL", sample, "SAMPLE IN B=."), *prnt("REAL", quality, "CORRELATION VALUE=."),
        *prnt("REAL", whole, "FFT OFFSET=."), *prnt("REAL", offset, "OFFSET=."), *prnt("REAL", where, "SAMPLE IN A=."),
    ):  # fmt: skip
        task.message(text)


class Match:
    """The search for one sample of the second image along the line of the first."""

    def __init__(self, buffers: np.ndarray, sample: int, scale, shift, size: int):
        self.buffers, self.sample, self.scale, self.shift, self.size = buffers, sample, scale, shift, size
        wanted = realfft.forward(self.resampled(sample, _F(1), _F(0), BUFFER))[0]
        self.conjugate, self.magnitude = wanted.conj(), libm.hypot(wanted.real, wanted.imag)

    def search(self, step: int):
        """Offset, sample in the first image, correlation, and the whole offset the last transform saw."""
        best, jump = None, 0
        for number in range(PLACES):
            centre = self.sample + (number - 4) * step
            values = self.correlation(centre)
            peak = int(values.argmax())
            if best is None or values[peak] > best:
                best, jump = values[peak], self.signed(peak) + centre - self.sample
        centre = self.sample + jump
        values = self.correlation(centre)
        peak = int(values.argmax())
        around = values[[peak - 1, peak, (peak + 1) % self.size]]
        offset = _F(centre - self.sample) + parabola(_F(self.signed(peak)), *around)
        return offset, _F(self.sample) + offset, values[peak], _F(self.signed(peak))

    def signed(self, place: int) -> int:
        return place - self.size if place > self.size // 2 else place

    def correlation(self, centre: int) -> np.ndarray:
        """Phase correlation around a sample of the first image, float32."""
        there = realfft.forward(self.resampled(centre, self.scale, self.shift, 0))[0]
        norm = np.fmax(_LEAST, libm.hypot(there.real, there.imag) * self.magnitude)
        a, b, c, d = there.real, there.imag, self.conjugate.real, self.conjugate.imag
        with np.errstate(all="ignore"):
            ratio = realfft.joined((a * c - b * d) / norm, (a * d + b * c) / norm)
        ratio[0] = 0
        return realfft.inverse(ratio)[0] / _F(2 * self.size)

    def resampled(self, centre: int, scale, shift, start: int) -> np.ndarray:
        """Values between the bytes of a buffer that begins at ``start``, steps of ``scale`` around a sample."""
        middle = np.trunc(scale * _F(centre) + shift) + _F(0.5)
        begin = middle - (_F(self.size // 2) + _F(0.5)) * scale
        places = np.add.accumulate(np.concatenate(([begin], np.full(self.size, scale, np.float32))), dtype=np.float32)[1:]
        whole = np.clip(np.trunc(places), -(2**30), 2**30).astype(np.int64)
        one, two = (self.byte(start + whole + more - 1) for more in (0, 1))
        return (places - whole.astype(np.float32)) * (two - one).astype(np.float32) + one.astype(np.float32)

    def byte(self, places: np.ndarray) -> np.ndarray:
        inside = (places >= 0) & (places < len(self.buffers))
        return np.where(inside, self.buffers[np.where(inside, places, 0)], 0).astype(np.int32)


def parabola(x, before, at, after):
    """Where the parabola through three neighbours of distance one has its extreme."""
    left, right = x - _F(1), x + _F(1)
    bottom = (before - after) * x + (at - before) * right + (after - at) * left
    top = (at - after) * left * left + (before - at) * right * right + (after - before) * x * x
    return _F(-0.5) * top / np.fmax(_LEAST, bottom)
