"""LGEOM: geometric transformation over a grid of rectangles. Source: ``vos/p2/prog/lgeom`` (Fortran).

Inside a rectangle the place in the input is a bilinear function of the output line and sample, in single precision: it
starts at the first sample of the rectangle and grows by repeated addition. Bytes are rounded by adding one half, halfwords to
the nearest. Left of the first sample of a line, where the weight of what lies there is below one hundredth, the original
looks at what lies before it in memory, which is mostly the end of the line above; so does this.

known: tiepoints in a second input (the parameter data set of the old MAP2) are refused.
accepted: images that the original does in two passes, because they exceed PMEM, are done in one; IDSNAM is not written.
"""

from __future__ import annotations

import numpy as np

from programs.geometry._lgeom_kernel import sample_lines
from vicar.numerics.compiled import as_input, in_parts

FORTRAN = True

f32 = np.float32
LINES_AT_ONCE = 256


def main(task):
    printing = task.keyword("PRINT")
    source = task.open("INP", 1)
    if task.integer("IDSNS") // 4 * 4 < 100:
        task.message("IDSNS too small, 1000 bytes used")
    window = task.size_field()
    if window.ns > 32767:
        task.abend("ERROR: NSO > 32767")
    if source.dtype.itemsize not in (1, 2):
        task.abend("ERROR:INP. IMAGE IS NOT BYTE OR HALF FORMAT")
    if task.count("INP") == 2:
        task.create("OUT", nl=window.nl, ns=window.ns)
        with task.open("INP", 2) as cards:
            found = b"SAMP" in words(cards.read().tobytes())
        task.abend("LGEOM: tiepoints from a second input are not supported" if found else "GEOM COULD NOT FIND ANY SAMPLE CARDS.")
    for name in ("NAH", "NAV"):
        if task.defaulted(name):
            task.abend(f"{name} not specified")
    result = task.create("OUT", nl=window.nl, ns=window.ns)
    rectangles = read_rectangles(task, printing)
    if window.nli > 1 and (source.n3 > 1 or source.org != "BSQ"):
        source.read(line=1)  # the number of a line does not tell the band: an error
    image = source.read_window(1, 1, window.nli, copy=False)
    sampler = Sampler(image, task.keyword("NOIN"), task.keyword("NOIZ"), window.nl * window.ns)
    if printing:
        task.message(f"PROCESSING INPUT LINES{1:6d} TO{window.nli:6d}")
    with source, result:
        if window.nli > 1:  # the original's loop over the input never begins for a single line
            transform(task, rectangles, window, sampler, result)


def words(data: bytes) -> list[bytes]:
    """The words of four bytes behind the first one, which tells the number of the last of them."""
    last = int.from_bytes(data[:4], "little", signed=True)
    return [data[4 * n : 4 * n + 4] for n in range(1, min(max(last, 1), len(data) // 4))]


# -- tiepoints ----------------------------------------------------------------------------------------------------------


class Rectangles:
    """Rectangles of a grid of tiepoints, row after row, and their bilinear functions; float32 arrays by rectangle.

    ``line``, ``line_end``, ``sample``, ``sample_end`` bound the output; sample and line of the input are
    ``p + sp*s + lp*l + slp*s*l`` and the same with r, s and l counted from the upper left corner.
    """

    def __init__(self, grid: np.ndarray):
        upper_left, upper_right = grid[:-1, :-1].reshape(-1, 4), grid[:-1, 1:].reshape(-1, 4)
        lower_left, lower_right = grid[1:, :-1].reshape(-1, 4), grid[1:, 1:].reshape(-1, 4)
        self.line, self.line_end = upper_left[:, 0], lower_left[:, 0]
        self.sample, self.sample_end = upper_left[:, 1], upper_right[:, 1]
        self.square = bool(
            (upper_right[:, 0] == self.line).all() and (lower_right[:, 0] == self.line_end).all()
            and (lower_left[:, 1] == self.sample).all() and (lower_right[:, 1] == self.sample_end).all()
        )  # fmt: skip
        down, across = self.line_end - self.line, self.sample_end - self.sample
        with np.errstate(all="ignore"):
            self.p, self.sp, self.lp, self.slp = self._bilinear(upper_left, upper_right, lower_left, lower_right, 3,
                                                                down, across)  # fmt: skip
            self.r, self.sr, self.lr, self.slr = self._bilinear(upper_left, upper_right, lower_left, lower_right, 2,
                                                                down, across)  # fmt: skip

    @staticmethod
    def _bilinear(ul, ur, ll, lr, column: int, down, across):
        one, two, three, four = ul[:, column], ur[:, column], ll[:, column], lr[:, column]
        return one, (two - one) / across, (three - one) / down, (four - three - two + one) / (down * across)

    def __len__(self) -> int:
        return len(self.line)

    def ends_row(self, number: int) -> bool:
        return number + 1 >= len(self) or self.line_end[number] != self.line_end[number + 1]


def read_rectangles(task, printing: bool) -> Rectangles:
    """The grid of parameters NAH, NAV, TIEPOINT; ends the program if it is not one."""
    nah, nav, values = task.integer("NAH"), task.integer("NAV"), task.reals("TIEPOINT")
    if len(values) != 4 * (nah + 1) * (nav + 1):
        task.abend("Improper number of tiepoints specified")
    points = values.reshape(nav + 1, nah + 1, 4)
    if printing:
        from vicar.numerics.fortran import edit

        task.message("   TIEPOINTS:")
        task.messages(*(edit("(4F10.3)", *point) for point in values.reshape(-1, 4)))
    outer = np.concatenate((points[:, 0, 0], points[0, :, 1]))
    if (outer != np.trunc(outer)).any():
        task.abend("Grid on output not on integral pixel numbers")
    rectangles = Rectangles(points)
    if not rectangles.square:
        task.abend("Tiepoints are not rectangular")
    return rectangles


# -- output -------------------------------------------------------------------------------------------------------------


def transform(task, rectangles: Rectangles, window, sampler: Sampler, result) -> None:
    """Row after row of rectangles; the first and the last reach to the edges of the output."""
    line, last = f32(window.sl), f32(window.sl + window.nl)
    number, written = 0, 0
    while line < last:
        bottom = rectangles.line_end[-1]
        while line > rectangles.line_end[number] and rectangles.line_end[number] != bottom:
            number += 1
        while window.ss > rectangles.sample_end[number] and not rectangles.ends_row(number):
            number += 1
        end = last if rectangles.line_end[number] == bottom else min(rectangles.line_end[number] + f32(1), last)
        parts, following = stretches(rectangles, number, window)
        count = max(int(end - line), 1)
        for start in range(0, count, LINES_AT_ONCE):
            lines = line + np.arange(start, min(start + LINES_AT_ONCE, count), dtype=np.float32)
            values = filled(rectangles, parts, lines, window.ns, sampler)
            result.write_window(values, written + 1)
            written += len(lines)
            task.progress(written, window.nl)
        line += f32(count)
        number = following


def filled(rectangles: Rectangles, parts, lines: np.ndarray, ns: int, sampler: Sampler) -> np.ndarray:
    """Pixels of output lines that cross the same rectangles (``parts``: see `stretches`)."""
    values = np.zeros((len(lines), ns), sampler.dtype)

    def some(first: int, behind: int) -> None:
        for which, sample, length, place in parts:
            where = places(rectangles, which, lines[first:behind], sample, length)
            sampler.fill(values[first:behind], place, length, *where)

    in_parts(some, len(lines), 16) if sampler.kernel else some(0, len(lines))
    return values


def stretches(rectangles: Rectangles, number: int, window) -> tuple[list[tuple[int, int, int, int]], int]:
    """Parts of an output line: rectangle, first sample, samples, place in the line; and the rectangle after them."""
    parts, place, sample, end = [], 0, window.ss, window.ss + window.ns
    while place < window.ns:
        stop = int(rectangles.sample_end[number])
        if rectangles.ends_row(number) or stop > end:
            stop = end
        length = stop - sample
        if length > 0:
            parts.append((number, sample, length, place))
            place += length
        sample = stop
        number += 1
    return parts, min(number, len(rectangles) - 1)


def places(r: Rectangles, which: int, lines: np.ndarray, sample: int, length: int):
    """Where a stretch lies in the input, float32: first sample and step, first line and step, the line behind the last."""
    down = np.trunc(lines - r.line[which])
    across = np.trunc(f32(sample) - r.sample[which])
    step_r, step_p = r.sr[which] + down * r.slr[which], r.sp[which] + down * r.slp[which]
    start_p = r.p[which] + down * r.lp[which] + step_p * across
    start_r = r.r[which] + across * r.sr[which] + down * (r.lr[which] + across * r.slr[which])
    return start_p, step_p, start_r, step_r, f32(length) * step_r + start_r


def stepped(start: np.ndarray, step: np.ndarray, length: int) -> np.ndarray:
    """start, start + step, start + step + step ... of each line."""
    table = np.empty((len(start), length), np.float32)
    table[:, 0], table[:, 1:] = start, step[:, None]
    return np.add.accumulate(table, axis=1, dtype=np.float32)


class Sampler:
    """Interpolation in the input image."""

    def __init__(self, image: np.ndarray, nearest: bool, keep_zeros: bool, pixels: int):
        self.nl, self.ns = image.shape
        self.dtype = image.dtype
        self.byte = image.dtype.itemsize == 1
        self.keep_zeros = keep_zeros
        self.small, self.large = (f32(0.5), f32(0.5)) if nearest else (f32(0.01), f32(0.99))
        self.low, self.high = f32(1) - self.small, f32(self.nl) + self.small
        left = self._left(image)
        self.kernel = sample_lines.pick(pixels)
        if self.kernel is not None:
            self.image, self.left = as_input(image), left
            return
        # a column more on either side; the right one repeats the last sample
        self.image = np.zeros((self.nl + 2, self.ns + 2), np.int32)
        self.image[1:-1, 1:-1] = image
        self.image[1:-1, -1] = image[:, -1]
        self.image[1:-1, 0] = left

    def _left(self, image: np.ndarray) -> np.ndarray:
        """What lies in memory before the first sample of each line."""
        left, size = np.zeros(self.nl, np.int32), image.dtype.itemsize
        if not self.nl:
            return left
        if self.ns * size % 4 == 0:
            left[1:] = image[:-1, -1]
        last_place = 4 * self.nl + (self.nl - 1) * 4 * ((self.ns * size + 3) // 4)
        left[0] = last_place >> (24 if self.byte else 16)
        return left

    def fill(self, lines: np.ndarray, place: int, length: int, start_p, step_p, start_r, step_r, beyond) -> None:
        """Pixels of a stretch (see `places`) into ``length`` samples of ``lines`` from ``place`` on, which are zero before."""
        if self.kernel is None:
            room = lines[:, place : place + length]
            values = self.values(stepped(start_p, step_p, length), stepped(start_r, step_r, length), beyond)
            room[...] = values[:, : room.shape[1]]
            return
        limits = (self.small, self.large, self.low, self.high)
        self.kernel(self.image, self.left, start_p, step_p, start_r, step_r, beyond, limits, self.byte, self.keep_zeros, lines,
                    place, length)  # fmt: skip

    def values(self, p: np.ndarray, r: np.ndarray, beyond: np.ndarray) -> np.ndarray:
        """Pixels at samples ``p`` and lines ``r``; zero outside. ``beyond`` is the line after the last sample."""
        above, below = r < self.low, r >= self.high
        stop = (above & (beyond < self.low)[:, None]) | (below & (beyond >= self.high)[:, None])
        inside = (r >= self.low) & (r < self.high) & ~np.logical_or.accumulate(stop, axis=1)
        inside &= (p >= 0) & (p < self.ns + 1)
        result = np.zeros(p.shape, self.dtype)
        p, r = p[inside], r[inside]
        ip, ir = p.astype(np.int32), r.astype(np.int32)
        pfrac, rfrac = p - ip.astype(np.float32), r - ir.astype(np.float32)
        good = ~(((ip == 0) & (pfrac <= self.large)) | ((ip == self.ns) & (pfrac >= self.small)))
        points = np.zeros(len(p), self.dtype)
        points[good] = self._interpolated(ip[good], ir[good], pfrac[good], rfrac[good])
        result[inside] = points
        return result

    def _interpolated(self, ip, ir, pfrac, rfrac) -> np.ndarray:
        between = (rfrac >= self.small) & (rfrac < self.large) & (self.high >= (ir + 1).astype(np.float32))
        ir = np.where(~between & (rfrac >= self.large), ir + 1, ir)
        v1, v2 = self.image[ir, ip].astype(np.float32), self.image[ir, ip + 1].astype(np.float32)
        upper = self._mix(v1, v2, pfrac)
        one_line = np.where(pfrac < self.small, v1, np.where(pfrac <= self.large, self._rounded(upper), v2))
        values = one_line
        if between.any():
            lower_row = np.minimum(ir + 1, self.nl)
            v3, v4 = self.image[lower_row, ip].astype(np.float32), self.image[lower_row, ip + 1].astype(np.float32)
            lower = self._mix(v3, v4, pfrac)
            values = np.where(between, self._rounded(self._mix(upper, lower, rfrac)), one_line)
        return values.astype(np.int32).astype(self.dtype)

    def _mix(self, one, two, fraction) -> np.ndarray:
        """Linear interpolation; with NOIZ the nearer value where one of them is zero."""
        mixed = one + fraction * (two - one)
        if not self.keep_zeros:
            return mixed
        return np.where((one == 0) | (two == 0), np.where(fraction < f32(0.5), one, two), mixed)

    def _rounded(self, values) -> np.ndarray:
        from vicar.numerics.rounding import anint

        return np.trunc(values + f32(0.5)) if self.byte else anint(values)
