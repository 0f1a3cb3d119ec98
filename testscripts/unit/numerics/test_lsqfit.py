"""Many systems against `lsqfit`, one by one."""

import numpy as np
import pytest

from vicar.numerics import compiled
from vicar.numerics._lsqfit_kernel import solve_each
from vicar.numerics.leastsquares import lsqfit
from vicar.numerics.lsqfit import fit_many, fit_runs


@pytest.mark.parametrize(("unknowns", "equations"), [(1, 1), (2, 2), (2, 3), (3, 3), (3, 7), (4, 9), (3, 2)])
def test_many_systems_are_those_one_by_one(unknowns: int, equations: int) -> None:
    """Small whole numbers make exchanged columns, equal ones and singular systems frequent."""
    rng = np.random.default_rng(unknowns * 100 + equations)
    columns = rng.integers(-2, 3, (300, unknowns, equations)).astype(float)
    right = rng.normal(size=(300, equations)) * 50
    right[:10] = 0
    many = fit_many(columns, right)
    for number in range(len(columns)):
        with np.errstate(all="ignore"):
            one, flag = lsqfit(columns[number].T, right[number], 1e-7)
        np.testing.assert_array_equal(many[number], one if flag == 0 else np.zeros(unknowns))


@pytest.mark.parametrize("unknowns", [1, 2, 3, 5])
def test_runs_are_solved_one_after_the_other(unknowns: int, monkeypatch) -> None:
    """Compiled or not: also runs of too few equations and of zeros, whose solution is what was there before."""
    rng = np.random.default_rng(unknowns)
    sizes = rng.integers(1, 9, 200)
    starts, total = np.cumsum(sizes) - sizes, int(sizes.sum())
    columns = rng.integers(-2, 3, (unknowns, total)).astype(float)
    columns[:, :40] = 0
    right = np.where(rng.random(total) < 0.2, 0, rng.normal(size=total) * 50)
    expected, x = [], np.zeros(unknowns)
    with np.errstate(all="ignore"):
        for start, size in zip(starts, sizes, strict=True):
            x, error = lsqfit(columns[:, start : start + size].T, right[start : start + size], 1e-7, x)
            expected.append((*x, error))
    ways = {"plain": None, "kernel": solve_each.function}
    for way in ways.values():
        monkeypatch.setattr(compiled.Kernel, "pick", lambda kernel, size, way=way: way)
        with np.errstate(all="ignore"):
            solutions, errors = fit_runs(columns, right, starts, 1e-7, np.zeros(unknowns))
        np.testing.assert_array_equal(np.column_stack((solutions, errors)), expected)
