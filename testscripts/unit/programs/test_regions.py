"""PAINT's numbering of regions against a plain flood fill."""

import numpy as np
import pytest

from programs.filters import _regions
from programs.filters._regions import BORDER


def flooded(free):
    """Regions of True pixels, numbered in the order of their first pixel."""
    numbers, count = np.zeros(free.shape, int), 0
    for start in np.argwhere(free):
        if numbers[tuple(start)]:
            continue
        count += 1
        todo = [tuple(start)]
        while todo:
            y, x = todo.pop()
            if 0 <= y < free.shape[0] and 0 <= x < free.shape[1] and free[y, x] and not numbers[y, x]:
                numbers[y, x] = count
                todo += [(y + 1, x), (y - 1, x), (y, x + 1), (y, x - 1)]
    return numbers


@pytest.mark.parametrize("share", [0.2, 0.4, 0.6])
@pytest.mark.parametrize("compiled", [False, True])
def test_regions_are_those_of_a_flood_fill(share, compiled):
    rng = np.random.default_rng(int(share * 10))
    border = rng.random((30, 40)) < share
    image = np.vstack([np.where(border, 255, 0), np.zeros((1, 40))]).astype(np.int32)
    join, sizes = np.arange(BORDER + 1, dtype=np.int32), np.zeros(BORDER + 1, np.int32)
    number = _regions.number_regions.pick(10**9) if compiled else _regions.number_regions.function
    count = number(image, 255, BORDER, join, sizes)
    image, wanted = image[:30], flooded(~border)
    assert (image[border] == BORDER).all() and count >= wanted.max()
    rings = {}
    for region in range(1, count + 1):
        ring, place = {region}, int(join[region])
        while place != region:
            ring.add(place)
            place = int(join[place])
        rings[region] = min(ring)
    found = np.vectorize(lambda v: rings.get(int(v), 0))(image)
    pairs = set(zip(found.ravel().tolist(), wanted.ravel().tolist()))
    assert len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs})
    assert sizes[: count + 1].sum() == (~border).sum()
