"""Compiled loops of single programs against their ways in numpy, on small random images."""

import numpy as np
import pytest

from programs.arithmetic import rgb2ish
from programs.arithmetic._hue_kernels import to_colours, to_hues
from programs.filters import _city


@pytest.mark.parametrize("back", [False, True])
@pytest.mark.parametrize(("dtype", "top", "low", "high"), [("u1", 255.0, 0, 256), ("i2", 32767.0, 0, 32768), ("i2", 32767.0, -1, 32768)])
def test_hues(dtype: str, top: float, low: int, high: int, back: bool, monkeypatch) -> None:
    rng = np.random.default_rng(3)
    dn = list(rng.integers(low, high, (3, 4000)).astype(dtype))
    dn[1][:200] = dn[0][:200]
    dn[2][100:300] = dn[0][100:300]
    for values in dn:
        values[::37] = 0
    dn[1][3000] = low
    plain, good = rgb2ish.convert(dn, top, back)
    kernel = to_colours if back else to_hues
    compiled = kernel.pick(1 << 40)
    if compiled is None:
        pytest.skip("needs numba")
    monkeypatch.setattr(kernel, "pick", lambda size: compiled)
    found, reached = rgb2ish.convert(dn, top, back)
    assert reached == good == (4000 if low == 0 else np.flatnonzero(np.min(dn, axis=0) < 0)[0])
    for one, other in zip(plain, found, strict=True):
        np.testing.assert_array_equal(one[:good], other[:good])


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1), (13, 17)])
def test_steps(shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(4)
    for share in (0.0, 0.02, 0.3):
        marked = rng.random(shape) < share
        for limit in (1, 5, 40):
            found = np.empty(shape, np.int32)
            _city.count_steps.plain(marked, found, limit)
            np.testing.assert_array_equal(found, _city.distance(marked, limit))
