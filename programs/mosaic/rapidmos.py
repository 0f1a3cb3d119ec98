"""RAPIDMOS: mosaic in which the first images lie on top, each between its edges. Source: ``vos/p2/prog/rapidmos`` (Fortran,
08-May-1995).

Kept: the edges are followed from line to line, so that gaps in the data are left out or kept as they come. Images that are
not BYTE are moved as bytes all the same, only as many of each line as it has samples; the rest of an output line is 0.
known: nothing. accepted: nothing.
"""

from __future__ import annotations

import numpy as np

FORTRAN = True


def main(task):
    task.if_message("RAPIDMOS verion 08-May-1995")
    layers = [Layer(task.open("INP", number)) for number in range(1, task.count("INP") + 1)]
    if not task.defaulted("OFFSETS"):
        offsets = task.integers("OFFSETS")
        for layer, line, sample in zip(layers, offsets[::2], offsets[1::2]):
            layer.line, layer.sample = line, sample
    window = task.size_field()
    result = task.create("OUT", nl=window.nl, ns=window.ns)
    with result:
        for line in range(1, window.nl + 1):
            pixels = np.zeros(window.ns, result.dtype)
            output = pixels.view(np.uint8)[: window.ns]
            for layer in reversed(layers):
                layer.draw(line, output)
            result.write(pixels, line)
    for layer in layers:
        layer.image.close()


class Layer:
    """One input: where it lies, and the edges of its data as last seen (from 0), None when lost."""

    def __init__(self, image):
        self.image = image
        self.line = self.sample = 1
        self.edges: tuple[int, int] | None = None

    def draw(self, line: int, output: np.ndarray) -> None:
        """Put what lies between the edges into an output line."""
        row = line - self.line
        if not 0 <= row < self.image.nl:
            return
        values = self.image.read(line=row + 1).view(np.uint8)[: self.image.ns]
        filled = values != 0
        self.edges = self._follow(filled) if self.edges else whole(filled)
        if self.edges is None:
            return
        first, last = self.edges
        shift = self.sample - 1
        left, right = max(first + shift, 0), min(last + shift, len(output) - 1)
        if left <= right:
            output[left : right + 1] = values[left - shift : right + 1 - shift]

    def _follow(self, filled: np.ndarray) -> tuple[int, int] | None:
        first, last = self.edges
        if filled[first]:
            empty = np.flatnonzero(~filled[: first + 1])
            first = int(empty[-1]) + 1 if len(empty) else 0
        else:
            right = np.flatnonzero(filled[first:])
            if not len(right):
                return None
            first += int(right[0])
        if filled[last]:
            empty = np.flatnonzero(~filled[last:])
            last = last + int(empty[0]) - 1 if len(empty) else len(filled) - 1
        else:
            left = np.flatnonzero(filled[: last + 1])
            if not len(left):
                return None
            last = int(left[-1])
        return (first, last) if last >= first else whole(filled)


def whole(filled: np.ndarray) -> tuple[int, int] | None:
    """First and last filled place."""
    places = np.flatnonzero(filled)
    return (int(places[0]), int(places[-1])) if len(places) else None
