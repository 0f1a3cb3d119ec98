"""The compiled clusters of IBISCLST2 and IBISCLST3 against the plain ones."""

import numpy as np
import pytest

from programs.ibis import ibisclst2, ibisclst3
from programs.ibis._cluster_kernels import number_around, number_chains, places


@pytest.mark.parametrize("seed", range(4))
def test_compiled_is_plain(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x, y = rng.integers(0, 30, (2, 150)) * [[0.7], [1.3]]
    if seed == 3:
        x[::17], y[::23], x[5], y[5] = np.nan, np.inf, -0.0, 0.0
    numbers, flags = np.zeros(len(x)), np.zeros(len(x), bool)
    with np.errstate(all="ignore"):
        expected, count = ibisclst2.cluster_numbers(x, y, 1.5)
        assert number_chains.plain(x, y, places(x, y), 1.5, flags, numbers) == count + 1
        np.testing.assert_array_equal(numbers, expected)
        found, flags = np.zeros(len(x), int), np.zeros(len(x), bool)
        number_around.plain(x, y, places(x, y), 2.0, 1.0, flags, found)
        np.testing.assert_array_equal(found, ibisclst3.cluster_numbers(x, y, 2, 1))
