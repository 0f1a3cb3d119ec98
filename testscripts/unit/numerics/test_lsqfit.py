"""`fit_many` against `fit`, system by system."""

import numpy as np
import pytest

from vicar.numerics.lsqfit import fit, fit_many


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
            one, flag = fit(columns[number], right[number])
        np.testing.assert_array_equal(many[number], one if flag == 0 else np.zeros(unknowns))
