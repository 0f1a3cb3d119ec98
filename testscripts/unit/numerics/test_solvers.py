"""The solvers of the cartography library against numpy, and the triangulation kernels plain and compiled."""

import numpy as np
import pytest

from vicar.numerics import gauss, thiessen
from vicar.numerics.leastsquares import lsqfit
from vicar.numerics.manacher import Triangulation
from vicar.numerics.shfti import least_squares
from vicar.numerics.sorting import pointer_order


def test_gauss_solves():
    rng = np.random.default_rng(1)
    for size in (1, 2, 3, 5, 8):
        matrix, right = rng.normal(size=(size, size)), rng.normal(size=size)
        solution, flag = gauss.solve(matrix.T.reshape(-1).tolist(), right.tolist())
        assert flag == 0
        assert np.allclose(matrix @ solution, right)
    assert gauss.solve([1.0, 2.0, 2.0, 4.0], [1.0, 1.0])[1] != 0


def test_least_squares_fit():
    rng = np.random.default_rng(2)
    columns, right = rng.normal(size=(4, 60)) * [[1], [100], [0.01], [1]], rng.normal(size=60)
    expected = np.linalg.lstsq(columns.T, right, rcond=None)[0]
    solution, flag = lsqfit(columns.T, right, 1.0e-7)
    assert flag == 0
    assert np.allclose(solution, expected, rtol=1e-9)
    (single,), rank = least_squares(columns.astype(np.float32), [right.astype(np.float32)])
    assert rank == 4
    assert np.allclose(single, expected, rtol=2e-3, atol=1e-4)


def test_kernels_agree_when_compiled():
    pytest.importorskip("numba")
    rng = np.random.default_rng(3)
    x, y = np.divmod(rng.permutation(1600)[:120], 40)
    x, y = x.astype(float), y.astype(float)
    plain, fast = thiessen.polygons.function, thiessen.polygons.pick(1 << 40)
    order = np.lexsort((y, x))
    x, y = x[order], y[order]
    tables = [np.zeros((4, 1489), np.int64) for _ in range(2)]
    for kernel, table in zip((plain, fast), tables):
        kernel(x, y, np.arange(1, 121), -500.0, -500.0, 540.0, 540.0, 0.0, table)
    assert (tables[0] == tables[1]).all()


@pytest.mark.parametrize("count", [4, 30, 150])
def test_triangles_cover_the_hull(count):
    rng = np.random.default_rng(count)
    points = np.concatenate([rng.uniform(0, 100, (count, 2)), [[-500, 50], [50, 600], [50, -500], [600, 50]]])
    for triangles in (thiessen.triangulate(points[:, 0], points[:, 1], 1e-4),
                      Triangulation(points[:, 0], points[:, 1], np.float32(1e-4), lambda n: None).triangles):  # fmt: skip
        a, b, c = (points[triangles[:, n]] for n in range(3))
        area = np.abs((b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])).sum() / 2
        assert area == pytest.approx(1100 * 1100 / 2, rel=1e-3)


def test_sort_order():
    rng = np.random.default_rng(5)
    for size in (0, 1, 5, 11, 12, 100, 1000):
        keys = rng.integers(0, max(size // 3, 1), size).tolist()
        assert [keys[n] for n in pointer_order(keys)] == sorted(keys)
