"""Statistics of connected components, for COMPTAB and COMPTAB2. Sources: ``vos/p2/prog/comptab``, ``vos/p2/prog/comptab2``."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from programs.ibis._component_kernels import tally_places, tally_values
from vicar.numerics.compiled import as_input


@dataclass
class Components:
    """One entry a component; counts and sums wrap at 32 bits as in the original.

    Attributes
    ----------
    count, line, sample : pixels; place of the first pixel in scan order.
    top, bottom, left, right : extent.
    lines, samples : sums of the places in the whole image (float64).
    edges : pixels whose right (at the end of a line: left) neighbour belongs to none.
    inside, outside : (inputs - 1, components) sums of the DNs, and of the DNs two samples beyond the edges.
    """

    count: np.ndarray
    line: np.ndarray
    sample: np.ndarray
    top: np.ndarray
    bottom: np.ndarray
    left: np.ndarray
    right: np.ndarray
    lines: np.ndarray
    samples: np.ndarray
    edges: np.ndarray
    inside: np.ndarray
    outside: np.ndarray


def read_images(task, say):
    """The window of each input as int32 arrays, and the first line and sample of it."""
    window = task.integers("SIZE")
    for place, (name, usual) in enumerate((("SL", 1), ("SS", 1), ("NL", 0), ("NS", 0))):
        if window[place] == usual:
            window[place] = task.integer(name)
    sl, ss, nl, ns = window
    images, sizes = [], []
    for instance in range(1, task.count("INP") + 1):
        image = task.open("INP", instance, u_format="FULL")
        images.append(image)
        room_ns, room_nl = image.ns - ss + 1, image.nl - sl + 1
        if ns > room_ns:
            say("samples", instance)
        if nl > room_nl:
            say("lines", instance)
        sizes.append((min(nl, room_nl) if nl else image.nl, min(ns, room_ns) if ns else image.ns))
        if sizes[-1][0] != sizes[0][0]:
            task.abend("Images must have same NL")
    lines, samples = sizes[-1]
    arrays = [image.read_window(sl, ss, lines, width, None) for image, (_, width) in zip(images, sizes, strict=True)]
    return arrays, samples, (sl, ss)


def wrap(values: np.ndarray) -> np.ndarray:
    return values.astype(np.int64).astype(np.int32)


def add_up(labels: np.ndarray, values: np.ndarray, size: int) -> np.ndarray:
    """Sums of integers by label, in 32 bits."""
    sums = np.zeros(size, np.int64)
    np.add.at(sums, labels, values.astype(np.int64))
    return wrap(sums)


def gather(arrays: list[np.ndarray], width: int, origin: tuple[int, int]) -> Components:
    """Statistics of the components that the first image numbers from 1."""
    numbers = arrays[0][:, :width]
    if tally_places.pick(numbers.size) is not None:
        return gather_compiled(numbers, arrays[1:], width, origin)
    lines, samples = np.nonzero(numbers > 0)
    labels = numbers[lines, samples] - 1
    size = int(labels.max()) + 1 if len(labels) else 0
    forward = samples <= width - 3
    neighbour = numbers[lines, np.where(forward, samples + 1, np.maximum(samples - 1, 0))]
    edge = neighbour == 0
    beyond = np.where(forward, samples + 2, np.maximum(samples - 2, 0))[edge]

    def extreme(routine, values, start):
        result = np.full(size, start)
        routine.at(result, labels, values + 1)
        return np.where(count > 0, result, 0)

    count = np.bincount(labels, minlength=size)
    first = np.full(size, len(labels))
    np.minimum.at(first, labels, np.arange(len(labels)))
    there = count > 0
    line, sample = np.zeros(size, int), np.zeros(size, int)
    line[there], sample[there] = lines[first[there]] + 1, samples[first[there]] + 1
    inside = [add_up(labels, array[lines, samples], size) for array in arrays[1:]]
    outside = [add_up(labels[edge], array[lines[edge], beyond], size) for array in arrays[1:]]
    empty = np.zeros((0, size), np.int32)
    return Components(
        count.astype(np.int32), line, sample,
        extreme(np.minimum, lines, 1 << 40), extreme(np.maximum, lines, 0),
        extreme(np.minimum, samples, 1 << 40), extreme(np.maximum, samples, 0),
        np.bincount(labels, lines + origin[0], size).astype(float),
        np.bincount(labels, samples + origin[1], size).astype(float),
        np.bincount(labels[edge], minlength=size).astype(np.int32) if len(arrays) > 1 else np.zeros(size, np.int32),
        np.array(inside) if inside else empty, np.array(outside) if outside else empty,
    )  # fmt: skip


def gather_compiled(numbers: np.ndarray, arrays: list[np.ndarray], width: int, origin: tuple[int, int]) -> Components:
    """The same for a large image."""
    size, further = max(int(numbers.max(initial=0)), 0), len(arrays)
    count, line, sample, edges = (np.zeros(size, np.int64) for _ in range(4))
    lines, samples, extent = np.zeros(size), np.zeros(size), np.zeros((4, size), np.int64)
    numbers = as_input(numbers)
    tally_places.best(numbers.size)(numbers, width, *origin, count, line, sample, extent, lines, samples, edges)
    inside, outside = np.zeros((2, further, size), np.int64)
    for number, array in enumerate(arrays):
        tally_values.best(numbers.size)(numbers, as_input(array), width, inside[number], outside[number])
    edges = wrap(edges if further else np.zeros_like(edges))
    return Components(wrap(count), line, sample, *extent, lines, samples, edges, wrap(inside), wrap(outside))


def measures(parts: Components) -> list[np.ndarray]:
    """Single-precision diameter, then mean DN inside and beyond the edges for each further input."""
    height, width = (parts.bottom - parts.top).astype(float), (parts.right - parts.left).astype(float)
    result = [np.sqrt(height * height + width * width + 1.0).astype(np.float32)]
    with np.errstate(all="ignore"):
        for inside, outside in zip(parts.inside, parts.outside, strict=True):
            result.append(inside.astype(np.float32) / parts.count.astype(np.float32))
            result.append(outside.astype(np.float32) / parts.edges.astype(np.float32))
    return result


def through_real(values: np.ndarray) -> np.ndarray:
    """Integers that were kept in single precision."""
    return values.astype(np.float32).astype(np.int32)
