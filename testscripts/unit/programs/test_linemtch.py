"""LINEMTCH: samples matched together give what each gives alone, with the compiled transforms and without."""

import numpy as np
import pytest

from programs.transforms import linemtch
from vicar.numerics import compiled

f32 = np.float32


@pytest.mark.parametrize("power, step, scale, shift", [(1, 3, 1, 0), (4, 12, 1.25, -3.5), (6, 12, 0.5, 20), (8, 0, 1, 1e9)])
def test_together(monkeypatch, power, step, scale, shift):
    buffers = np.random.default_rng(power).integers(0, 40, 2 * linemtch.BUFFER).astype(np.uint8)
    buffers[: linemtch.BUFFER // 2] = buffers[linemtch.BUFFER + 2 : linemtch.BUFFER * 3 // 2 + 2]
    samples = np.arange(-5, 400, 13)
    line = (f32(scale), f32(shift), 2**power, step)
    alone = [linemtch.search(buffers, samples[n : n + 1], *line) for n in range(len(samples))]
    ways = [linemtch.search(buffers, samples, *line)]
    monkeypatch.setattr(linemtch, "AT_ONCE", 5 * 9 * 2**power)
    ways.append(linemtch.search(buffers, samples, *line))
    try:
        import numba  # noqa: F401
    except ImportError:
        pass
    else:
        monkeypatch.setattr(compiled.Kernel, "pick", lambda self, pixels: self.compiled)
        ways.append(linemtch.search(buffers, samples, *line))
    for way in ways:
        for column, parts in zip(way, zip(*alone)):
            assert np.array_equal(column, np.concatenate(parts), equal_nan=True)
            assert column.dtype == np.float32
