"""The compiled statistics of components against the plain ones."""

import dataclasses

import numpy as np
import pytest

from programs.ibis import _components
from programs.ibis._component_kernels import tally_places, tally_values
from vicar.numerics import compiled


@pytest.mark.parametrize(("seed", "width", "further"), [(0, 20, 2), (1, 17, 0), (2, 3, 1), (3, 2, 1), (4, 1, 1)])
def test_compiled_is_plain(seed: int, width: int, further: int, monkeypatch) -> None:
    rng = np.random.default_rng(seed)
    arrays = [rng.integers(-1, 9, (12, 20)).astype(np.int32)]
    arrays[0][arrays[0] == 5] = 0
    arrays += [rng.integers(-(2**31), 2**31, (12, 20)).astype(np.int32) for _ in range(further)]
    plain = _components.gather(arrays, width, (3, 5))
    for kernel in (tally_places, tally_values):
        monkeypatch.setattr(kernel, "pick", lambda size, function=kernel.function: function)
    assert isinstance(tally_places, compiled.Kernel)
    found = _components.gather(arrays, width, (3, 5))
    for field in dataclasses.fields(plain):
        np.testing.assert_array_equal(getattr(found, field.name), getattr(plain, field.name), field.name)
