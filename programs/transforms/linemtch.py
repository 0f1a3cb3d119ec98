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
AT_ONCE = 1 << 20  # numbers of transforms
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
        row = 1
        for pair in range(len(lines) // 2):
            for place, image, line in ((0, images[0], lines[2 * pair]), (BUFFER, images[-1], lines[2 * pair + 1])):
                data = np.frombuffer(image.read(line).tobytes(), np.uint8)
                buffers[place : place + len(data)] = data[: len(buffers) - place]
            if not len(samples):
                continue
            found = search(buffers, np.array(samples), scale, shift, size, step)
            if not task.keyword("NOPRINT"):
                for sample, one in zip(samples, zip(*found)):
                    show(task, sample, one)
            offset, where, quality, _ = found
            for column, values in enumerate((np.full(len(samples), pair + 1), where, samples, offset, quality), 1):
                table.write(column, np.array(values, _F), row)
            row += len(samples)


def show(task, sample: int, found) -> None:
    offset, where, quality, whole = found
    task.message("-" * 24)
    for text in (
        *prnt("FULL", sample, "SAMPLE IN B=."), *prnt("REAL", quality, "CORRELATION VALUE=."),
        *prnt("REAL", whole, "FFT OFFSET=."), *prnt("REAL", offset, "OFFSET=."), *prnt("REAL", where, "SAMPLE IN A=."),
    ):  # fmt: skip
        task.message(text)


def search(buffers: np.ndarray, samples: np.ndarray, scale, shift, size: int, step: int):
    """For samples of the second line: offset, sample in the first, correlation, the whole offset the last transform saw.

    float32 arrays of the length of ``samples``; so many samples are matched at a time as fit into `AT_ONCE` numbers.
    """
    many = max(1, AT_ONCE // (PLACES * size))
    parts = [Matches(buffers, samples[start : start + many], scale, shift, size, len(samples)).search(step)
             for start in range(0, len(samples), many)]  # fmt: skip
    return [np.concatenate(column) for column in zip(*parts)]


class Matches:
    """The searches for some samples of the second image along the line of the first; ``of`` so many in all."""

    def __init__(self, buffers: np.ndarray, samples: np.ndarray, scale, shift, size: int, of: int):
        self.buffers, self.samples, self.scale, self.shift, self.size = buffers, samples, scale, shift, size
        self.of = PLACES * size * of
        wanted = realfft.forward(self.resampled(samples, _F(1), _F(0), BUFFER), self.of)
        self.conjugate, self.magnitude = wanted.conj(), libm.hypot(wanted.real, wanted.imag)

    def search(self, step: int):
        """What `search` gives."""
        centres = self.samples[:, None] + (np.arange(PLACES) - PLACES // 2) * step
        values = self.correlation(centres)
        peaks = values.argmax(axis=2)
        heights = np.take_along_axis(values, peaks[:, :, None], 2)[:, :, 0]
        jumps = self.signed(peaks) + centres - self.samples[:, None]
        best, jump = heights[:, 0].copy(), jumps[:, 0].copy()
        for number in range(1, PLACES):
            higher = heights[:, number] > best
            best[higher], jump[higher] = heights[higher, number], jumps[higher, number]
        centre = self.samples + jump
        values = self.correlation(centre[:, None])[:, 0]
        peak, each = values.argmax(axis=1), np.arange(len(values))
        whole = self.signed(peak).astype(_F)
        around = [values[each, place] for place in (peak - 1, peak, (peak + 1) % self.size)]
        with np.errstate(all="ignore"):
            offset = jump.astype(_F) + parabola(whole, *around)
            return offset, self.samples.astype(_F) + offset, around[1], whole

    def signed(self, places: np.ndarray) -> np.ndarray:
        return np.where(places > self.size // 2, places - self.size, places)

    def correlation(self, centres: np.ndarray) -> np.ndarray:
        """Phase correlations around samples of the first image (samples, places), float32 (samples, places, size)."""
        there = realfft.forward(self.resampled(centres.ravel(), self.scale, self.shift, 0), self.of)
        there = there.reshape(*centres.shape, -1)
        magnitude, conjugate = self.magnitude[:, None], self.conjugate[:, None]
        norm = np.fmax(_LEAST, libm.hypot(there.real, there.imag) * magnitude)
        a, b, c, d = there.real, there.imag, conjugate.real, conjugate.imag
        with np.errstate(all="ignore"):
            ratio = realfft.joined((a * c - b * d) / norm, (a * d + b * c) / norm)
        ratio[..., 0] = 0
        values = realfft.inverse(ratio.reshape(-1, ratio.shape[2]), self.of) / _F(2 * self.size)
        return values.reshape(*centres.shape, self.size)

    def resampled(self, centres: np.ndarray, scale, shift, start: int) -> np.ndarray:
        """Values between the bytes of a buffer that begins at ``start``, steps of ``scale`` around samples: (samples, size)."""
        middle = np.trunc(scale * centres.astype(_F) + shift) + _F(0.5)
        steps = np.full((len(centres), self.size + 1), scale, _F)
        steps[:, 0] = middle - (_F(self.size // 2) + _F(0.5)) * scale
        places = np.add.accumulate(steps, axis=1, dtype=_F)[:, 1:]
        whole = np.clip(np.trunc(places), -(2**30), 2**30).astype(np.int64)
        one, two = (self.byte(start + whole + more - 1) for more in (0, 1))
        return (places - whole.astype(_F)) * (two - one).astype(_F) + one.astype(_F)

    def byte(self, places: np.ndarray) -> np.ndarray:
        inside = (places >= 0) & (places < len(self.buffers))
        return np.where(inside, self.buffers[np.where(inside, places, 0)], 0).astype(np.int32)


def parabola(x, before, at, after):
    """Where the parabola through three neighbours of distance one has its extreme."""
    left, right = x - _F(1), x + _F(1)
    bottom = (before - after) * x + (at - before) * right + (after - at) * left
    top = (at - after) * left * left + (before - at) * right * right + (after - before) * x * x
    return _F(-0.5) * top / np.fmax(_LEAST, bottom)
