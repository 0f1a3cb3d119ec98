"""BICUBIC: enlargement by whole factors with a piecewise cubic filter. Source: ``vos/p2/prog/bicubic`` (C, 2019-08-22).

Output sample ``i`` of a zoom ``z`` lies ``(z // 2 + 1 + i) % z`` steps behind an input sample; four input samples (and lines)
around it are weighted by the cubic of Mitchell and Netravali with the parameters B and C. Two samples and lines beyond
each edge are extrapolated along straight lines, in the format of the image: bytes wrap around, halfwords are clipped.

Kept: FULL images are computed as 64-bit words, of which the file holds 32-bit pairs, so their result is of no use to
anybody; it is the original's all the same, except behind the words that were read, where zeros are taken.
accepted: output of fewer than ten lines is made without the messages about tenths; the original divides by zero.
accepted: a zoom of 0 is refused; the original writes behind its memory.
"""

from __future__ import annotations

import numpy as np

from vicar.numerics.rounding import truncate

ROWS_AT_ONCE = 64
FORMATS = ("BYTE", "HALF", "FULL", "REAL", "DOUB")


def main(task):
    task.if_message("BICUBIC version 2019-08-22")
    zoom = task.integers("ZOOM")
    zoom = (zoom[0], zoom[-1])
    source = task.open("INP")
    sl, ss, nl, ns = area(task, source)
    if source.format not in FORMATS:
        task.abend(f"*** Unknown format type:  '{source.format}'")
    nlo, nso = nl * zoom[0], ns * zoom[1]
    task.message(f"***** Output image size:  {nlo} lines by {nso} samples.")
    if 0 in zoom:
        task.abend("***** ZOOM must be positive.")
    with source, task.create("OUT", nl=nlo, ns=nso) as result:
        rows = np.stack([source.read(sl, ss, ns)] + [source.read(None, ss, ns) for _ in range(1, nl)])
        picture = Picture(rows, source.format)
        filters = [weights(z, task.real("B"), task.real("C")) for z in zoom]
        tenth = nlo // 10
        for first in range(0, nlo, ROWS_AT_ONCE):
            lines = np.arange(first, min(first + ROWS_AT_ONCE, nlo))
            for line in lines[(lines + 1) % tenth == 0] if tenth else ():
                task.message(f"***** {100 * (line + 1) // nlo}% Done...")
            result.write_window(picture.stored(convolved(picture, lines, nso, zoom, filters)), first + 1)


def area(task, source) -> tuple[int, int, int, int]:
    """Starting line and sample, lines and samples of the part to enlarge, cut to what there is; says so."""
    window = task.size_field(source)
    el, es = window.sl + window.nl - 1, window.ss + window.ns - 1
    sl, ss, last, right = max(window.sl, 1), max(window.ss, 1), min(el, window.nli), min(es, window.nsi)
    changed = (sl, ss, last, right) != (window.sl, window.ss, el, es)
    nl, ns = last - sl + 1, right - ss + 1
    if nl < 2 or ns < 2:
        task.abend("***** There must be at least two lines and samples", "***** in the image or sub-area.")
    if changed:
        task.message("***** Sub-area adjusted...")
    if changed or (sl, ss, nl, ns) != (1, 1, window.nli, window.nsi):
        task.message(f"***** Using sub-area ({sl}, {ss}, {nl}, {ns}).")
    return sl, ss, nl, ns


def weights(zoom: int, b: np.float32, c: np.float32) -> np.ndarray:
    """Values of the filter at 0, 1/zoom, ... below 2, double precision; the coefficients are sums of single precision."""
    f = np.float32
    inner = (f(12) - f(9) * b - f(6) * c, f(-18) + f(12) * b + f(6) * c, f(0), f(6) - f(2) * b)
    outer = (-b - f(6) * c, f(6) * b + f(30) * c, f(-12) * b - f(48) * c, f(8) * b + f(24) * c)
    inner, outer = (np.array([v / f(6) for v in sums], np.float64)[:, None] for sums in (inner, outer))
    x = np.arange(2 * zoom) / float(zoom)
    p, q, r, s = np.where(x < 1, inner, outer)
    return ((p * x + q) * x + r) * x + s


class Picture:
    """The input with two extrapolated lines and samples on each side."""

    def __init__(self, rows: np.ndarray, kind: str):
        self.kind = kind
        if kind == "FULL":
            rows = paired(rows)
        self.pixels = self._extended(self._extended(rows).T).T

    def _extended(self, rows: np.ndarray) -> np.ndarray:
        """Two more rows on either side."""
        before = self._next(rows[1], rows[0])
        after = self._next(rows[-2], rows[-1])
        far = self._next(rows[0], before), self._next(rows[-1], after)
        return np.concatenate([far[0][None], before[None], rows, after[None], far[1][None]])

    def _next(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """The value that continues ``a``, ``b``."""
        if self.kind == "HALF":
            return np.clip(2 * b.astype(np.int32) - a, -32768, 32767).astype(np.int16)
        if self.kind == "FULL":
            return rounded(b + b - a).astype(np.int64)
        return b + b - a

    def stored(self, values: np.ndarray) -> np.ndarray:
        """Computed values (double precision) as pixels of the file."""
        if self.kind == "BYTE":
            return np.clip(rounded(values), 0, 255).astype(np.uint8)
        if self.kind == "HALF":
            return np.clip(rounded(values), -32768, 32767).astype(np.int16)
        if self.kind == "FULL":
            words = np.ascontiguousarray(rounded(values).astype("<i8"))
            return words.view("<i4")[:, : values.shape[1]].astype(np.int32)
        return values.astype(np.float32) if self.kind == "REAL" else values


def rounded(values: np.ndarray) -> np.ndarray:
    """Halves away from zero, to 32 bits, by adding a half of the sign."""
    values = values.astype(np.float64)
    return truncate(np.where(values > 0, values + 0.5, values - 0.5))


def paired(rows: np.ndarray) -> np.ndarray:
    """32-bit pixels as the 64-bit words the original takes them for; zeros behind them."""
    nl, ns = rows.shape
    words = np.zeros((nl, 2 * ns), "<i4")
    words[:, :ns] = rows
    return words.view("<i8").astype(np.int64)


def convolved(picture: Picture, lines: np.ndarray, nso: int, zoom, filters) -> np.ndarray:
    """Output ``lines`` (from 0), ``nso`` samples each: sums over four lines by four samples, in that order."""
    down, across = ((z // 2 + 1 + n) for z, n in zip(zoom, (lines, np.arange(nso)), strict=True))
    (top, row), (left, column) = np.divmod(down, zoom[0]), np.divmod(across, zoom[1])
    pixels = picture.pixels
    total = np.zeros((len(lines), nso))
    for step in range(4):
        apart = np.abs(row + (1 - step) * zoom[0])
        vertical = np.where(apart < len(filters[0]), filters[0][np.minimum(apart, len(filters[0]) - 1)], 0)
        strip = pixels[top + step].astype(np.float64)
        for side in range(4):
            aside = np.abs(column + (1 - side) * zoom[1])
            used = aside < len(filters[1])
            horizontal = filters[1][np.minimum(aside, len(filters[1]) - 1)]
            with np.errstate(invalid="ignore", over="ignore"):
                term = strip[:, left + side] * (vertical[:, None] * horizontal)
            total += np.where(used & (apart < len(filters[0]))[:, None], term, 0)
    return total
