"""GEOMV: rubber-sheet transformation of an image by a regular grid. Source: ``vos/p2/prog/geomv`` (C++).

Along a line of output the place in the input is found at both ends of each grid cell (or what the output has of it) and
stepped by repeated addition in between; that addition, and where the pieces begin, decide the last bit of a place, so
pieces are cut as in the original, also when VMEMSIZE makes it work in strips.

accepted
* No temporary files are left behind in strip mode, and strips without lines or samples are passed over (the original stops).
* A reference image without a GeoTIFF label leaves its mapping unset in the original; here it is an error.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from vicar import geotiff
from vicar.errors import VicarError
from vicar.numerics.conversion import cast

FORMATS = ("BYTE", "HALF", "FULL", "REAL", "DOUB")
MAXIMUM = 1625
BILINEAR, CONVOLUTION, SPLINE, NEAREST = "BILIN", "CUBCONV", "CUBSPLIN", "NOIN"
LINES_AT_ONCE = 64
NOT_RECTANGULAR = "warp grid not rectangular"


@dataclass(frozen=True)
class Block:
    """A part of the output, from 0."""

    sl: int
    ss: int
    nl: int
    ns: int


def main(task):
    task.if_message("GEOMV version 2019-09-04")
    with task.open("INP") as source:
        if source.format not in FORMATS:
            task.abend("Invalid input data format.  Use BYTE, HALF, FULL, REAL, or DOUB.")
        sl, ss, nl, ns = window(task, source)
        with task.create("OUT", nl=nl, ns=ns) as result:
            points = read_points(task)
            reference = read_reference(task) if task.count("INP") > 2 else None
            out = Block(sl - 1, ss - 1, nl, ns)
            grid = Grid(task, points, out)
            task.printf(f"Warp grid OK: nah = {grid.columns - 1} nav = {grid.rows - 1}")
            transform(task, source, result, grid, out)
    if reference is not None:
        label, mapping = reference
        new = geotiff.windowed(mapping, label.text, 1.0, float(sl), 1.0, float(ss))
        geotiff.replace_label(task, "OUT", 1, label.text, mapping=new)


def window(task, source) -> tuple[int, int, int, int]:
    """sl, ss, nl, ns of the output; sl and ss may be negative."""
    if not task.defaulted("SIZE"):
        given = (task.integers("SIZE") + [0] * 4)[:4]
    else:
        given = [task.integer(name, 0) for name in ("SL", "SS", "NL", "NS")]
    return given[0], given[1], given[2] or source.nl, given[3] or source.ns


def read_points(task) -> list[np.ndarray]:
    """Output line, output sample, input line, input sample of the grid points, counted from pixel edges."""
    if task.count("INP") > 1:
        with task.open_table("INP", 2) as table:
            columns = [read_column(task, table, column) for column in task.integers("COLS")]
    else:
        values = task.doubles("TIEPOINT")
        if not len(values):
            task.abend("No tiepoint input")
        if len(values) >= MAXIMUM:
            task.abend("Too many grid tiepoints for parm dataset, use IBIS file")
        columns = [values[n : len(values) // 4 * 4 : 4] for n in range(4)]
    return [column - 0.5 for column in columns]


def read_column(task, table, column: int) -> np.ndarray:
    """A column; an error is only reported, and what stands in memory (here zeros) is used."""
    try:
        return table.read(column, "DOUB")
    except VicarError as error:
        task.error(error)
        return np.zeros(table.nr)


def read_reference(task) -> tuple[geotiff.GeoLabel, geotiff.Mapping]:
    label = geotiff.read_label(task, "INP", 3)
    mapping = geotiff.read_mapping(label.text, label.nl, label.ns)
    if mapping is None:
        task.abend("Failed to get mapping from GeoTIFF label, first input")
    return label, mapping


class Grid:
    """A checked grid of rows x columns points."""

    def __init__(self, task, points: list[np.ndarray], out: Block):
        outl, outs, self.inl, self.ins = points
        count = len(outl)
        differs = np.flatnonzero(outl != outl[0]) if count else []
        self.columns = int(differs[0]) if len(differs) else count
        self.rows = count // self.columns if self.columns else 0
        if self.rows * self.columns != count or self.rows < 2 or self.columns < 2:
            task.abend(NOT_RECTANGULAR)
        lines, samples = outl.reshape(self.rows, self.columns), outs.reshape(self.rows, self.columns)
        if (samples != samples[0]).any() or (lines != lines[:, :1]).any():
            task.abend(NOT_RECTANGULAR)
        if (out.sl < outl[0] - 1 or out.sl + out.nl > outl[-1] + 1
                or out.ss < outs[0] - 1 or out.ss + out.ns > outs[-1] + 1):  # fmt: skip
            task.abend("warp grid does not cover output")
        self.line0, self.samp0 = float(outl[0]), float(outs[0])
        self.line_step = float(outl[-1] - outl[0]) / (self.rows - 1)
        self.samp_step = float(outs[-1] - outs[0]) / (self.columns - 1)
        if (np.abs(lines[1:, 0] - lines[:-1, 0] - self.line_step) > 0.002).any():
            task.abend("warp grid not evenly spaced vertically")
        if (np.abs(samples[0, 1:] - samples[0, :-1] - self.samp_step) > 0.002).any():
            task.abend("warp grid not evenly spaced horizontally")

    def pieces(self, block: Block) -> list[tuple[int, int]]:
        """Start and length of the pieces a line is cut into."""
        start, end, found = block.ss, block.ss + block.ns, []
        while start < end:
            place, cell = self._cell(start + 0.5)
            length = min(int(abs(1.0 - (place - cell)) * self.samp_step + 1.0), end - start)
            found.append((start, length))
            start += length
        return found

    def _cell(self, sample: float) -> tuple[float, int]:
        place = (sample - self.samp0) / self.samp_step
        return place, max(min(int(place), self.columns - 2), 0)

    def ends(self, lines: np.ndarray, start: int, length: int) -> list[np.ndarray]:
        """Input line and sample at the first and at the last pixel of a piece, for many output lines."""
        place = (lines + 0.5 - self.line0) / self.line_step
        row = np.clip(np.trunc(place).astype(np.int64), 0, self.rows - 2)
        down = place - row
        up = 1.0 - down
        _, column = self._cell(start + 0.5)
        at = row * self.columns + column
        found = []
        for sample in (start + 0.5, start + 0.5 + float(length - 1)):
            right = (sample - self.samp0) / self.samp_step - column
            left = 1.0 - right
            for values in (self.inl, self.ins):
                first = values[at] * up + values[at + self.columns] * down
                second = values[at + 1] * up + values[at + self.columns + 1] * down
                found.append(first * left + second * right)
        return found

    def extremes(self, block: Block) -> tuple[float, float, float, float]:
        """Smallest and largest input line and sample."""
        lines = np.arange(block.sl, block.sl + block.nl)
        low_line = low_samp = 1.0e20
        high_line = high_samp = -1.0e20
        for start, length in self.pieces(block):
            l0, s0, l1, s1 = self.ends(lines, start, length)
            low_line, high_line = min(low_line, l0.min(), l1.min()), max(high_line, l0.max(), l1.max())
            low_samp, high_samp = min(low_samp, s0.min(), s1.min()), max(high_samp, s0.max(), s1.max())
        return low_line, high_line, low_samp, high_samp


def input_part(grid: Grid, block: Block, source) -> Block:
    """The part of the input a block of output needs; not more than nothing when it lies outside."""
    low_line, high_line, low_samp, high_samp = grid.extremes(block)
    sl, ss = max(int(low_line) - 3, 0), max(int(low_samp) - 3, 0)
    return Block(sl, ss, min(int(high_line) + 3, source.nl) - sl, min(int(high_samp) + 3, source.ns) - ss)


def transform(task, source, result, grid: Grid, out: Block) -> None:
    part = input_part(grid, out, source)
    if part.nl <= 0 or part.ns <= 0:
        task.printf(f"input range: (sl,ss,nl,ns)=({part.sl},{part.ss},{part.nl},{part.ns})\nwriting all 0 image")
        write_block(result, out, out, np.zeros((out.nl, out.ns), result.dtype))
        return
    size = (part.nl + 6) * (part.ns + 6) * source.dtype.itemsize
    limit = task.integer("VMEMSIZE")
    if size <= limit:
        task.printf(f"requested memory {size}")
        process(task, source, result, grid, out, out, part)
        return
    strips = min(int(1.5 * math.sqrt(size / limit) + 1.0), 21)
    task.printf(f"requested memory {size}, processing {strips} strips")
    width, height = out.ns // strips + 1, out.nl // strips + 1
    for column in range(strips):
        task.printf(f"strip {column}/{strips}")
        for row in range(strips):
            ss, sl = out.ss + column * width, out.sl + row * height
            block = Block(sl, ss, min(height, out.sl + out.nl - sl), min(width, out.ss + out.ns - ss))
            if block.nl <= 0 or block.ns <= 0:
                continue
            part = input_part(grid, block, source)
            if part.nl <= 0 or part.ns <= 0:
                write_block(result, out, block, np.zeros((block.nl, block.ns), result.dtype))
            else:
                process(task, source, result, grid, out, block, part)


def write_block(result, out: Block, block: Block, pixels: np.ndarray) -> None:
    result.write_window(pixels, block.sl - out.sl + 1, block.ss - out.ss + 1)


def process(task, source, result, grid: Grid, out: Block, block: Block, part: Block) -> None:
    """Fill a block of output; ``part`` is what it needs of the input, with two zeros around it."""
    padded = np.zeros((part.nl + 4, part.ns + 4), source.dtype)
    try:
        for line in range(part.nl):
            padded[line + 2, 2:-2] = source.read(line=part.sl + line + 1, samp=part.ss + 1, nsamps=part.ns)
    except VicarError as error:
        task.error(error)
        task.abend()
    method = next((m for m in (SPLINE, CONVOLUTION, NEAREST) if task.keyword(m)), BILINEAR)
    zero_aware = task.keyword("ZNOIN")
    pieces = grid.pieces(block)
    for start in range(0, block.nl, LINES_AT_ONCE):
        lines = np.arange(block.sl + start, block.sl + min(start + LINES_AT_ONCE, block.nl))
        places = [np.concatenate(axis, axis=1) for axis in zip(*(steps(grid, lines, *piece) for piece in pieces))]
        pixels = interpolated(padded, part, *places, method, zero_aware)
        write_block(result, out, Block(int(lines[0]), block.ss, len(lines), block.ns), pixels)
        task.progress(start + len(lines), block.nl)


def steps(grid: Grid, lines: np.ndarray, start: int, length: int) -> tuple[np.ndarray, np.ndarray]:
    """Input lines and samples of a piece, lines x length."""
    ends = grid.ends(lines, start, length)
    found = []
    for first, last in zip(ends[:2], ends[2:]):
        terms = np.empty((len(lines), length))
        terms[:, 0] = first
        if length > 1:
            terms[:, 1:] = ((last - first) / float(length - 1))[:, np.newaxis]
        found.append(np.add.accumulate(terms, axis=1))
    return found[0], found[1]


# ---- interpolation ---------------------------------------------------------------------------------------------------


def interpolated(padded: np.ndarray, part: Block, line: np.ndarray, sample: np.ndarray, method: str,
                 zero_aware: bool) -> np.ndarray:
    """Values at places of the input; 0 outside."""
    inside = ~((line < part.sl + 0.499) | (sample < part.ss + 0.499)
               | (line > part.sl + part.nl - 0.499) | (sample > part.ss + part.ns - 0.499))  # fmt: skip
    line, sample = line[inside], sample[inside]
    row, column = np.trunc(line + 9.5).astype(np.int64) - 10, np.trunc(sample + 9.5).astype(np.int64) - 10
    down, right = line - row - 0.5, sample - column - 0.5
    row, column = row - part.sl + 2, column - part.ss + 2
    result = np.zeros(inside.shape, padded.dtype)
    flat = padded.reshape(-1)
    width = padded.shape[1]
    at = row * width + column
    values = flat[at + (down >= 0.5) * width + (right >= 0.5)]
    if method != NEAREST:
        smooth = np.ones(len(at), bool)
        if zero_aware:
            smooth = ~touches_zero(flat, width, at, down, right, cubic=method != BILINEAR)
        at, down, right = at[smooth], down[smooth], right[smooth]
        if method == BILINEAR:
            exact = bilinear(flat, width, at, down, right)
        else:
            exact = cubic(flat, width, at, down, right, convolution if method == CONVOLUTION else spline)
        values[smooth] = cast(exact + 0.5, padded.dtype)
    result[inside] = values
    return result


def touches_zero(flat, width: int, at, down, right, cubic: bool) -> np.ndarray:
    """Whether a zero among the four (cubic: the four outermost) pixels has weight in the result."""
    low, high = (-1, 2) if cubic else (0, 1)
    up, left = 1.0 - down > 0.01, 1.0 - right > 0.01
    down, right = down > 0.01, right > 0.01
    touched = (flat[at + low * width + low] == 0) & up & left
    touched |= (flat[at + high * width + low] == 0) & down & left
    touched |= (flat[at + low * width + high] == 0) & up & right
    return touched | ((flat[at + high * width + high] == 0) & down & right)


def bilinear(flat, width: int, at, down, right) -> np.ndarray:
    def pixel(offset):
        return flat[at + offset].astype(np.float64)

    up, left = 1.0 - down, 1.0 - right
    first = up * pixel(0) + down * pixel(width)
    second = up * pixel(1) + down * pixel(width + 1)
    return left * first + right * second


def cubic(flat, width: int, at, down, right, weights) -> np.ndarray:
    across = weights(right)
    rows = []
    for offset in range(-1, 3):
        start = at + offset * width
        row = across[0] * flat[start - 1].astype(np.float64)
        for n in range(1, 4):
            row = row + across[n] * flat[start - 1 + n].astype(np.float64)
        rows.append(row)
    along = weights(down)
    total = along[0] * rows[0]
    for n in range(1, 4):
        total = total + along[n] * rows[n]
    return total


def convolution(t: np.ndarray) -> tuple[np.ndarray, ...]:
    t2 = t * t
    t3 = t2 * t
    return (-0.5 * t3 + t2 - 0.5 * t, 1.5 * t3 - 2.5 * t2 + 1.0, -1.5 * t3 + 2.0 * t2 + 0.5 * t, 0.5 * t3 - 0.5 * t2)


def spline(t: np.ndarray) -> tuple[np.ndarray, ...]:
    t2 = t * t
    t3 = t2 * t
    sixth = 1.0 / 6.0
    return ((-t3 + 3.0 * t2 - 3.0 * t + 1.0) * sixth, (3.0 * t3 - 6.0 * t2 + 4.0) * sixth,
            (-3.0 * t3 + 3.0 * t2 + 3.0 * t + 1.0) * sixth, t3 * sixth)  # fmt: skip
