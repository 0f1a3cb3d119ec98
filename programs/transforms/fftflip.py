"""FFTFLIP: move the zero frequency of transforms from the corner to the middle.

Source: ``vos/p2/prog/fftflip`` (Fortran). The window's start is not used. Interpolated pixels are a straight line in single
precision plus 0.5. accepted: with LINE as large as the block it begins in front of it, in memory of the original that holds
anything; here that is zero.
"""

from __future__ import annotations

import numpy as np

from programs._reading import next_lines

FORTRAN = True
FORMATS = {"BYTE": "BYTE", "HALF": "HALF", "WORD": "HALF", "FULL": "FULL", "REAL": "REAL"}


def main(task):
    task.message("FFTFLIP version 2016-06-08")
    source = task.open("INP", u_format="REAL")
    if source.format not in FORMATS:
        task.abend("??E - Unknown data format for input image")
    window = task.size_field(source)
    size = task.integer("NLW")
    if size is None:
        size = min(window.nl, window.ns)
    if size == 0:  # the original divides by it
        task.abend("??E - The image is empty")
    lines, spare = task.integer("LINE"), task.integer("DC")
    flip = task.keyword("FLIP")
    with source, task.create(
        "OUT", nl=window.nl, ns=window.ns, format=FORMATS[source.format], u_format="REAL"
    ) as result:
        for row in range(window.nl // size):
            block = next_lines(source, size, window.ns)
            for column in range(window.ns // size):
                part = block[:, column * size : (column + 1) * size]
                exchange_quadrants(part)
                if flip:
                    part[...] = part.T.copy()
                if 0 < lines < size - 1:
                    bridge(part, lines, spare, column * size)
                elif lines > 0:
                    block = bridge_beyond(block, lines, spare, column * size)
            result.write_window(block, row * size + 1)


def exchange_quadrants(part: np.ndarray) -> None:
    """Swap the quadrants across the middle; with an odd size the far columns and the near lines move."""
    half, size = len(part) // 2, len(part)
    top, bottom = slice(0, half), slice(half, 2 * half)
    left, right = slice(0, half), slice(size - half, size)
    for a, b in (((bottom, right), (top, left)), ((bottom, left), (top, right))):
        kept = part[a].copy()
        part[a] = part[b]
        part[b] = kept


def bridge(part: np.ndarray, lines: int, spare: int, before: int) -> None:
    """Interpolate across the middle columns, then the middle lines, except near the zero frequency.

    ``before``: samples left of the block, which the original counts in its straight line.
    """
    size = len(part)
    half = size // 2
    near, far = half - lines // 2, half + (lines + 1) // 2 + 1
    low, high = half - spare // 2, half + (spare + 1) // 2 + 1
    outside = np.array([i for i in range(1, size + 1) if i <= low or i >= high], np.intp) - 1
    length = np.float32(lines + 1)
    between = np.arange(near + 1, far, dtype=np.float32)
    inner = slice(near, far - 1)
    start = part[outside, near - 1]
    slope = (part[outside, far - 1] - start) / length
    origin = start - slope * np.float32(before + near) + np.float32(0.5)
    part[outside, inner] = slope[:, None] * (between + np.float32(before)) + origin[:, None]
    start = part[near - 1, outside]
    slope = (part[far - 1, outside] - start) / length
    origin = start - slope * np.float32(near) + np.float32(0.5)
    part[inner, outside] = slope * between[:, None] + origin


def bridge_beyond(block: np.ndarray, lines: int, spare: int, before: int) -> np.ndarray:
    """The same where the straight lines begin or end outside the block: there lie the samples of its neighbours.

    In front of the first and behind the last line are zeros.
    """
    size, width = block.shape
    half = size // 2
    near, far = half - lines // 2, half + (lines + 1) // 2 + 1
    low, high = half - spare // 2, half + (spare + 1) // 2 + 1
    spared = [i for i in range(1, size + 1) if low < i < high]
    room = (lines + 2) * (width + 1)
    memory = np.concatenate((np.zeros(room, np.float32), block.ravel(), np.zeros(room, np.float32)))
    length = np.float32(lines + 1)

    def draw(first: int, step: int, numbers: range) -> None:
        """From the place of number ``numbers.start - 1`` to that of ``numbers.stop``, a ``step`` apart."""
        start, stop = memory[first], memory[first + step * (len(numbers) + 1)]
        slope = (stop - start) / length
        origin = start - slope * np.float32(numbers.start - 1) + np.float32(0.5)
        inner = slice(first + step, first + step * len(numbers) + 1, step)
        memory[inner] = slope * np.array(numbers, np.float32) + origin

    for line in range(1, size + 1):
        if line not in spared:
            draw(room + (line - 1) * width + before + near - 1, 1, range(before + near + 1, before + far))
    for sample in range(1, size + 1):
        if sample not in spared:
            draw(room + (near - 1) * width + before + sample - 1, width, range(near + 1, far))
    return memory[room : room + block.size].reshape(size, width)
