"""HIST of p3: its compiled loop and its way in numpy against pixels one by one."""

import numpy as np
import pytest

from programs.p3 import hist
from programs.p3._hist_kernel import tally_single

f32 = np.float32


class Pixels:
    """An image of one array (bands, lines, samples)."""

    def __init__(self, values):
        self.values, (self.nb, self.nl, self.ns) = values, values.shape

    def read_window(self, line, samp, nl, ns, band):
        return self.values[band - 1, line - 1 : line - 1 + nl, samp - 1 : samp - 1 + ns]


def literal(values, bins):
    counts, total, squares, zeroes = np.zeros(bins.count, int), 0.0, 0.0, 0
    for line in range(0, values.shape[1], 2):
        for band in values:
            for value in band[line, 1:-1:3]:
                single = f32(value)
                total += float(value)
                squares += float(single * single)
                zeroes += value == 0
                place = (single - bins.low) / bins.width
                counts[int(min(place, f32(bins.count))) - 1 if place > 1 else 0] += 1
    return counts.tolist(), total, squares, zeroes


@pytest.mark.parametrize("fmt", ["FULL", "REAL"])
@pytest.mark.parametrize("way", ["numpy", "plain", "compiled"])
def test_tally(fmt, way, monkeypatch):
    rng = np.random.default_rng(8)
    values = rng.normal(0, 3e4, (3, 21, 40)) * (rng.random((3, 21, 40)) > 0.1)
    values = values.astype("i4" if fmt == "FULL" else "f4")
    bins = hist.Bins(42, f32(-40000), f32(30000), f32(1700.3))
    area = hist.Area(1, 2, 21, 39, range(1, 4), 2, 3)
    wanted = literal(values, bins)
    chosen = {"numpy": None, "plain": tally_single.plain, "compiled": tally_single.pick(1 << 40)}[way]
    if way == "compiled" and chosen is None:
        pytest.skip("needs numba")
    monkeypatch.setattr(tally_single, "pick", lambda size: chosen)
    counts, total, squares, zeroes, low, high = hist.tally(Pixels(values), fmt, area, bins)
    assert (counts.tolist(), total, squares, zeroes) == wanted
    used = values[:, ::2, 1:-1:3]
    assert (low, high) == (used.min(), used.max())


@pytest.mark.parametrize(("fmt", "dtype"), [("BYTE", "u1"), ("HALF", "i2")])
def test_tally_of_small_numbers(fmt, dtype):
    values = np.random.default_rng(9).integers(0 if fmt == "BYTE" else -300, 256, (2, 15, 20)).astype(dtype)
    bins = hist.Bins(42, f32(-20), f32(200), f32(6.5))
    counts, total, squares, zeroes, low, high = hist.tally(Pixels(values), fmt, hist.Area(1, 2, 15, 19, range(1, 3), 2, 3), bins)
    assert (counts.tolist(), total, squares, zeroes) == literal(values, bins)
    assert (low, high) == (values[:, ::2, 1:-1:3].min(), values[:, ::2, 1:-1:3].max())


def test_numbers_far_off():
    values = np.array([[[np.nan, np.inf, -np.inf, 1e30, 5.0]]], "f4")
    bins = hist.Bins(12, f32(0), f32(100), f32(10))
    counts = hist.tally(Pixels(values), "REAL", hist.Area(1, 1, 1, 5, range(1, 2), 1, 1), bins)[0]
    assert counts.tolist() == [3] + [0] * 10 + [2]
