"""SIZE for bytes and halfwords of large images: many lines at once, the same values.

Sums of whole numbers are exact in any order and type that holds them; what is enlarged goes through a compiled loop.
"""

from __future__ import annotations

import numpy as np

from vicar.image.image import Image
from vicar.numerics.compiled import as_input, in_parts, kernel

PIXELS_AT_ONCE = 1 << 18
LARGEST_SCALE = 10000.0  # beyond, products might not fit 32 bits
F32 = np.float32


def fitting(source: Image, lines, samps, values):
    """The function (source, lines, samps, values, band) -> blocks of output lines that can do this, or None."""
    if values.source not in ("BYTE", "HALF") or values.result not in ("BYTE", "HALF") or source.short:
        return None
    if not abs(values.scale) < LARGEST_SCALE or values.low > values.high or lines.out_start != 1 or samps.out_start != 1:
        return None
    if min(lines.count, samps.count) < 2 or min(lines.out_count, samps.out_count) < 1:
        return None
    if lines.zoom > 1.0 and samps.zoom > 1.0 and enlarge.pick(lines.out_count * samps.out_count):
        return enlarged
    if lines.whole < 0 and samps.whole < 0 and lines.whole * samps.whole < 65536:
        return reduced
    return None


def enlarged(source: Image, lines, samps, values, band: int):
    """Between the two nearest lines and samples."""
    numbers = np.arange(1, samps.out_count + 1)
    places = F32(1.0 / samps.zoom) * (numbers - 0.5).astype(F32) + F32(0.5)
    right = np.minimum(np.maximum(places.astype(np.int32), 1) + 1, samps.count)
    weights = (right.astype(F32) - places).astype(np.float64)
    numbers = np.arange(1, lines.out_count + 1)
    places = F32(1.0 / lines.zoom) * (numbers - 0.5).astype(F32) + F32(lines.start - 0.5)
    last = lines.start + lines.count - 1
    above = np.minimum(np.maximum(places.astype(np.int32), lines.start), last - 1)
    below_weights = (places - above.astype(F32)).astype(np.float64)
    compiled = enlarge.pick(lines.out_count * samps.out_count)
    step = max(1, PIXELS_AT_ONCE // samps.out_count)
    for start in range(0, lines.out_count, step):
        here = slice(start, min(start + step, lines.out_count))
        first, count = int(above[start]), int(above[here][-1] - above[start]) + 2
        rows = as_input(source.read_window(first, samps.start, count, samps.count, band, copy=False))
        out = np.empty((here.stop - start, samps.out_count), source.dtype if values.result == values.source else
                       np.uint8 if values.result == "BYTE" else np.int16)  # fmt: skip

        def part(begin: int, end: int, rows=rows, first=first, start=start, out=out) -> None:
            some = slice(start + begin, start + end)
            compiled(rows, right, weights, above[some] - first, below_weights[some], values.scale, values.low, values.high,
                     out[begin:end])  # fmt: skip

        in_parts(part, len(out), 8)
        yield out


@kernel(above=4_000_000)
def enlarge(rows, right, weights, above, below_weights, scale, low, high, out):
    """Lines between lines ``above`` of ``rows`` and the next, samples between samples ``right - 2`` and ``right - 1``."""
    count = out.shape[1]
    one, other, held = np.empty(count), np.empty(count), np.int64(-1)
    for line in range(out.shape[0]):
        upper = np.int64(above[line])
        if upper != held:
            if held >= 0 and upper == held + 1:
                one, other = other, one
            else:
                for sample in range(count):
                    at, weight = right[sample], weights[sample]
                    left = np.float64(rows[upper, at - 2])
                    one[sample] = weight * left + (1.0 - weight) * np.float64(rows[upper, at - 1])
            for sample in range(count):
                at, weight = right[sample], weights[sample]
                left = np.float64(rows[upper + 1, at - 2])
                other[sample] = weight * left + (1.0 - weight) * np.float64(rows[upper + 1, at - 1])
            held = upper
        first, second = (1.0 - below_weights[line]) * scale, below_weights[line] * scale
        for sample in range(count):
            value = one[sample] * first + other[sample] * second
            whole = np.int32(value)
            rest = value - np.float64(whole)
            whole = whole + np.int32(rest >= 0.5) - np.int32(rest <= -0.5)
            out[line, sample] = min(max(whole, low), high)


def reduced(source: Image, lines, samps, values, band: int):
    """Sums of whole numbers of lines and samples, scaled."""
    down, across = -lines.whole, -samps.whole
    largest = down * across * (255 if values.source == "BYTE" else 32768)
    kind = np.uint16 if largest < 65536 and values.source == "BYTE" else np.int32
    scale = lines.zoom * (samps.zoom * values.scale)
    width = across * samps.out_count
    step = max(1, PIXELS_AT_ONCE // (width * down))
    for start in range(0, lines.out_count, step):
        count = min(step, lines.out_count - start)
        rows = source.read_window(lines.start + start * down, samps.start, count * down, width, band, copy=False)
        total = rows[::down].astype(kind)
        for more in range(1, down):
            total += rows[more::down]
        narrow = total[:, ::across].copy()
        for more in range(1, across):
            narrow += total[:, more::across]
        yield limited(narrow * scale, values)


def limited(dn: np.ndarray, values) -> np.ndarray:
    """Rounded, halves away from zero, and limited."""
    whole = dn.astype(np.int32)
    rest = dn - whole
    whole += rest >= 0.5
    whole -= rest <= -0.5
    return np.clip(whole, values.low, values.high, out=whole).astype(np.uint8 if values.result == "BYTE" else np.int16)
