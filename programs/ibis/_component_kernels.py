"""The sums of `_components.gather` in one pass over the pixels, for large images."""

from __future__ import annotations

from vicar.numerics.compiled import kernel


@kernel()
def tally_places(numbers, width, origin_line, origin_sample, count, line, sample, extent, lines, samples, edges):
    """Places of the components of ``numbers``: ``extent`` is (4, components): top, bottom, left, right, from 1."""
    for y in range(numbers.shape[0]):
        for x in range(width):
            label = numbers[y, x] - 1
            if label < 0:
                continue
            if count[label] == 0:
                line[label], sample[label] = y + 1, x + 1
                extent[0, label], extent[2, label] = y + 1, x + 1
            count[label] += 1
            extent[1, label] = y + 1
            extent[2, label] = min(extent[2, label], x + 1)
            extent[3, label] = max(extent[3, label], x + 1)
            lines[label] += y + origin_line
            samples[label] += x + origin_sample
            if numbers[y, x + 1 if x <= width - 3 else max(x - 1, 0)] == 0:
                edges[label] += 1


@kernel()
def tally_values(numbers, values, width, inside, outside):
    """Sums of ``values`` in the components, and two samples beyond their edges."""
    for y in range(numbers.shape[0]):
        for x in range(width):
            label = numbers[y, x] - 1
            if label < 0:
                continue
            forward = x <= width - 3
            inside[label] += values[y, x]
            if numbers[y, x + 1 if forward else max(x - 1, 0)] == 0:
                outside[label] += values[y, x + 2 if forward else max(x - 2, 0)]
