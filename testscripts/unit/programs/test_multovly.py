"""MULTOVLY: pixels counted a line at a time as numbers give what they give one by one as bytes."""

import numpy as np
import pytest

from programs.ibis import multovly


@pytest.mark.parametrize("width, high", [(1, 250), (2, 300), (2, 60000), (3, 20000), (8, 40000)])
def test_counting(width, high):
    generator = np.random.default_rng(width)
    fast, slow = multovly.Overlay(width, False), multovly.Overlay(width, False)
    slow.narrow = False
    for count in (0, 1, 500, 3000, 9000, 13000, 400):
        keys = generator.integers(0, high, count).astype(np.uint64) * np.uint64(0 if width < 8 else 1 << 40) | (
            generator.integers(0, high, count).astype(np.uint64))  # fmt: skip
        pixels = keys.astype(">u8").view(np.uint8).reshape(-1, 8)[:, 8 - width :]
        assert fast.add(keys, None, 10**6) and slow.add(pixels, None, 10**6)
    for table in (fast, slow):
        table.sort_and_merge()
    assert (fast.keys, fast.hits, fast.sums) == (slow.keys, slow.hits, slow.sums)
    assert sum(fast.hits) == 25901
