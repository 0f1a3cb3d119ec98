"""FASTMOS: mosaics up to 48 images. Source: ``vos/p2/prog/fastmos`` (Fortran, 2018-12-18).

Kept: where no input is above the threshold the output has the first input's value; averages of MOD are whole numbers; bands
are counted from the first one even if SB says otherwise.
known: nothing. accepted: nibbling that reaches in front of the first image is cut off there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vicar.numerics.compiled import as_input, kernel

FORTRAN = True
PIXELS_AT_ONCE = 1 << 16
BLOCKS = 16  # the least number of such a large image has
f32 = np.float32


@dataclass
class Piece:
    """Where an input lies in the output (lines and samples from 0) and where it begins in its file (from 1)."""

    image: object
    row: int
    rows: int
    column: int
    columns: int
    line: int
    sample: int


@dataclass
class Edging:
    """Parameters of the search for the edges of an image's data."""

    run: int
    step: int
    left: int
    right: int
    left_threshold: np.float32
    right_threshold: np.float32


def main(task):
    task.message("FASTMOS version 2018-12-18")
    first = task.open("INP", 1)
    if first.org == "BIP":
        task.abend("BIP files not supported, use program TRAN to convert to BSQ")
    window = task.size_field()
    bands = task.band_field()
    if bands.sb > bands.nbi:
        task.abend("SB is greater than the total number of bands")
    nb = bands.nb
    if bands.sb + nb - 1 > bands.nbi:
        task.message("***Number of bands truncated")
        nb = bands.nbi + 1 - bands.sb
    first.close()
    threshold = task.real("THRESH")
    edging = read_edging(task, threshold) if task.keyword("EDGE") else None
    mode = task.string("MMODE")
    offsets = [task.integers(f"OFF{n}") for n in range(1, task.count("INP") + 1)]
    if any(len(values) not in (2, 4) for values in offsets):
        task.abend("PARAMETER ERROR IN OFFSET PARAM")
    pieces = [place(task, number, values, window.ns) for number, values in enumerate(offsets, 1)]
    result = task.create("OUT", nl=window.nl, ns=window.ns, nb=nb, u_format="REAL")
    empty = background(pieces[-1].image.format, threshold)
    tell = Progress(task, window.nl) if task.keyword("PROGRESS") else None
    sound = all(piece.line + piece.rows - 1 <= piece.image.nl for piece in pieces)
    block = max(1, PIXELS_AT_ONCE // window.ns) if sound else 1  # up to an error, all lines before it are written
    for band in range(1, nb + 1):
        for start in range(0, window.nl, block):
            count = min(block, window.nl - start)
            stack = read_lines(pieces, start, count, window.ns, band, empty)
            if edging:
                for number, piece in enumerate(pieces):
                    if piece.columns > 0:
                        trim(stack, number * window.ns + piece.column, piece.columns, edging, empty)
            layers = stack.reshape(count, len(pieces), window.ns).transpose(1, 0, 2)
            result.write_window(MODES[mode](layers, threshold), start + 1, band=band)
            if tell:
                tell.lines(start + 1, count)
    for piece in pieces:
        piece.image.close()
    result.close()


def read_edging(task, threshold) -> Edging:
    nibble = task.integer("NIBBLE")
    both = task.real("NTHRESH", threshold)
    return Edging(
        task.integer("NSEQ"), task.integer("NINCR"), task.integer("LNIBBLE", nibble), task.integer("RNIBBLE", nibble),
        task.real("LTHRESH", both), task.real("RTHRESH", both),
    )  # fmt: skip


def place(task, number: int, values: list[int], ns: int) -> Piece:
    """Open an input; ``values`` say which line and sample of the output is its first, and its size."""
    image = task.open("INP", number, u_format="REAL")
    if image.org == "BIP":
        task.abend("BIP files not supported, use program TRAN to convert to BSQ")
    down, across = 1 - values[0], 1 - values[1]
    lines, samples = values[2:4] if len(values) == 4 and values[2] else (image.nl, image.ns)
    columns = max(min(samples - max(across, 0), ns + min(across, 0)), 0)
    return Piece(
        image, max(0, -down), max(lines - max(0, down), 0), max(0, -across), columns, 1 + max(0, down), 1 + max(0, across)
    )  # fmt: skip


def background(kind: str, threshold) -> np.float32:
    """Value of what no image covers."""
    if kind == "REAL":
        return f32(-1e10)
    return f32(max(min(0, int(threshold)), -32768))


def read_lines(pieces: list[Piece], start: int, count: int, ns: int, band: int, empty) -> np.ndarray:
    """Output lines of all inputs side by side: (count, inputs * ns)."""
    stack = np.full((count, len(pieces) * ns), empty, np.float32)
    for number, piece in enumerate(pieces):
        top, bottom = max(piece.row, start), min(piece.row + piece.rows, start + count)
        if top < bottom and piece.columns > 0:
            left, line = number * ns + piece.column, piece.line + top - piece.row
            place = stack[top - start : bottom - start, left : left + piece.columns]
            if line + bottom - top - 1 <= piece.image.nl:
                place[...] = piece.image.read_window(line, piece.sample, bottom - top, piece.columns, band)
            else:
                place[...] = piece.image.read(line, piece.sample, piece.columns, band)
    return stack


# -- edges --------------------------------------------------------------------------------------------------------------


def trim(stack: np.ndarray, left: int, width: int, edging: Edging, empty) -> None:
    """Empty each line of one image up to where its data begin, and some pixels more; the same from the right."""
    start = first_run(stack[:, left : left + width] > edging.left_threshold, edging)
    gone = np.where(start > 0, np.minimum(start + edging.left - 1, width), width)
    fill(stack, np.full(len(stack), left), gone, empty)
    mirrored = first_run(stack[:, left : left + width][:, ::-1] > edging.right_threshold, edging)
    end = np.where(mirrored > 0, width + 1 - mirrored, 0)
    gone = np.where(end > 0, np.minimum(width - end + edging.right, width), width)
    begin = np.where(end > 0, left + end - edging.right, left)
    keep = start > 0
    fill(stack, begin, np.where(keep, gone, 0), empty)


def first_run(high: np.ndarray, edging: Edging) -> np.ndarray:
    """Place, from 1, of the first of ``run`` successive pixels that are all high, every ``step``-th being looked at; or 0."""
    looked = high[:, :: edging.step]
    places = np.arange(looked.shape[1])
    last_low = np.maximum.accumulate(np.where(looked, -1, places), axis=1)
    long_enough = places - last_low >= edging.run
    where = long_enough.argmax(axis=1)
    return np.where(long_enough.any(axis=1), (where - edging.run + 1) * edging.step + 1, 0)


def fill(stack: np.ndarray, begin: np.ndarray, count: np.ndarray, empty) -> None:
    """Set ``count`` pixels from ``begin`` on in each line."""
    columns = np.arange(stack.shape[1])
    stack[(columns >= begin[:, None]) & (columns < (begin + np.maximum(count, 0))[:, None])] = empty


# -- ways to combine ----------------------------------------------------------------------------------------------------


def overlay(layers: np.ndarray, threshold) -> np.ndarray:
    high = layers > threshold
    first = np.take_along_axis(layers, high.argmax(axis=0)[None], 0)[0]
    return np.where(high.any(axis=0), first, layers[0])


def total_and_count(layers: np.ndarray, threshold) -> tuple[np.ndarray, np.ndarray]:
    total, count = np.zeros(layers.shape[1:], np.float32), np.zeros(layers.shape[1:], np.int32)
    for layer in layers:
        high = layer > threshold
        total = np.where(high, total + layer, total)
        count += high
    return total, count


@kernel(above=1_500_000)
def averages(lines, threshold, out):
    """Means of the values above the threshold, of the first image's where there are none; lines x images x samples."""
    for line in range(out.shape[0]):
        for sample in range(out.shape[1]):
            total, count = np.float32(0), np.int32(0)
            for image in range(lines.shape[1]):
                if lines[line, image, sample] > threshold:
                    total += lines[line, image, sample]
                    count += np.int32(1)
            out[line, sample] = total / np.float32(count) if count else lines[line, 0, sample]


def average(layers: np.ndarray, threshold) -> np.ndarray:
    compiled = averages.pick(layers.size * BLOCKS)
    if compiled is not None:
        result = np.empty(layers.shape[1:], np.float32)
        compiled(as_input(layers.transpose(1, 0, 2)), np.float32(threshold), result)
        return result
    total, count = total_and_count(layers, threshold)
    mean = total / np.maximum(count, 1).astype(np.float32)
    return np.where(count == 0, layers[0], mean)


def most_typical(layers: np.ndarray, threshold) -> np.ndarray:
    """The value next to the mean, of three or more; differences are whole numbers."""
    from vicar.numerics.rounding import truncate

    total, count = total_and_count(layers, threshold)
    mean = total / np.maximum(count, 1).astype(np.float32)
    centre = truncate(mean).astype(np.float32)
    best, closest = np.full(count.shape, np.iinfo(np.int32).max), layers[0]
    seen = np.zeros(count.shape, bool)
    for layer in layers:
        high = layer > threshold
        difference = truncate(np.abs(centre - layer))
        better = high & (~seen | (difference < best))
        best, closest = np.where(better, difference, best), np.where(better, layer, closest)
        seen |= high
    return np.where(count == 0, layers[0], np.where(count > 2, closest, mean))


def extreme(choose):
    def combined(layers: np.ndarray, threshold) -> np.ndarray:
        result, seen = layers[0], np.zeros(layers.shape[1:], bool)
        for layer in layers:
            high = layer > threshold
            result = np.where(high, np.where(seen, choose(result, layer), layer), result)
            seen |= high
        return result

    return combined


MODES = {
    "OVERLAY": overlay, "AVERAGE": average, "MOD": most_typical,
    "MAX": extreme(np.maximum), "MIN": extreme(np.minimum),
}  # fmt: skip


class Progress:
    """A message about every tenth of the lines."""

    def __init__(self, task, nl: int):
        from vicar.numerics.rounding import nint

        self.task, self.nl, self.waiting = task, nl, 0
        self.nint = nint
        self.tenth = int(nint(f32(nl) / f32(10)))

    def lines(self, first: int, count: int) -> None:
        for line in range(first, first + count):
            self.waiting += 1
            if self.waiting >= self.tenth:
                self.waiting = 0
                tenths = int(self.nint(f32(line) * f32(10) / f32(self.nl)))
                if 0 < tenths <= 9:
                    self.task.message(f"   fastmos {tenths}0% done")
