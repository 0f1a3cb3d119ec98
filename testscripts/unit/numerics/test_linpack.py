"""Many systems at once against one after the other, operation by operation."""

import numpy as np
import pytest

from vicar.numerics import linpack


def plain(a, b):
    """Gaussian elimination with row exchange, a column at a time; None if it fails."""
    a, b = a.copy(), b.copy()
    one, n = a.dtype.type(1), len(b)
    for k in range(n):
        pivot = max(range(k, n), key=lambda row: abs(a[row, k]))
        if a[pivot, k] == 0:
            return None
        a[[k, pivot], k:] = a[[pivot, k], k:]
        b[[k, pivot]] = b[[pivot, k]]
        for row in range(k + 1, n):
            factor = (-one / a[k, k]) * a[row, k]
            for column in range(k + 1, n):
                a[row, column] = a[row, column] + factor * a[k, column]
            b[row] = b[row] + b[k] * factor
    for k in range(n - 1, -1, -1):
        b[k] = b[k] / a[k, k]
        for row in range(k):
            b[row] = b[row] + -b[k] * a[row, k]
    return b


@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("size", [1, 3, 4, 6])
def test_plain(kind, size):
    rng = np.random.default_rng(size)
    a = rng.normal(0, 100, (200, size, size)).astype(kind)
    a[rng.random(a.shape) < 0.2] = 0
    b = rng.normal(0, 100, (200, size)).astype(kind)
    found, singular = linpack.solve(a, b)
    assert found.dtype == kind
    for k in range(len(a)):
        expected = plain(a[k], b[k])
        assert (expected is None) == singular[k]
        if expected is not None:
            np.testing.assert_array_equal(found[k], expected)
