"""The fast inversion of light-transfer curves against one that walks pixel by pixel."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programs.voyager import _lighttransfer as fast

f32 = np.float32


class Walker:
    """One pixel after the other, keeping the place last found: slow and plain."""

    def __init__(self, transfer):
        self.transfer = transfer
        self.points = len(transfer.luminance)
        self.least_saturated, self.most_unsaturated = f32(transfer.maxdn), f32(0)
        self.saturated = self.negative = self.dark_sum = 0

    def frame(self, dn, dark, points, starts, table, dark_scale):
        out = np.zeros(dn.shape, f32)
        place = 1
        for index in np.ndindex(dn.shape):
            if starts[index]:
                place = 1
            place, out[index] = self.pixel(place, int(dn[index]), int(dark[index]), points[index], table, f32(dark_scale))
        return out

    def pixel(self, place, dn, dark, points, table, dark_scale):
        self.dark_sum += dark
        d = [None, *(int(v) for v in points)]
        if d[-1] == 0:
            return place, f32(0)
        signal = f32(table[dn] - f32(dark_scale * f32(dark)))
        whole = int(signal)
        if whole == 0:
            return 1, f32(0)
        place = self.walk(place, whole, d)
        if place is None:
            return 1, self.finish(dn, self.transfer.excess)
        run = (d[place + 1] - d[place] + 2**15) % 2**16 - 2**15
        step = f32(self.transfer.luminance[place] - self.transfer.luminance[place - 1])
        value = f32(f32(f32(step * f32(signal - f32(d[place]))) / f32(run)) + self.transfer.luminance[place - 1])
        return place, self.finish(dn, value)

    def walk(self, place, whole, d):
        if whole < 0:
            return 1
        if whole > d[place]:
            while place < self.points:
                if whole <= d[place + 1]:
                    return place
                place += 1
            for lower in range(self.points - 1, 0, -1):
                if d[lower] < d[lower + 1]:
                    return lower
            return None
        while place > 1:
            place -= 1
            if d[place] < whole:
                break
        return place

    def finish(self, dn, value):
        limit = f32(self.transfer.maxdn)
        if value < 0:
            self.negative += 1
            return f32(0) if self.transfer.noneg else max(value, f32(-limit))
        if dn < 255:
            self.most_unsaturated = value if value > self.most_unsaturated else self.most_unsaturated
        else:
            self.saturated += 1
            self.least_saturated = value if value < self.least_saturated else self.least_saturated
        return limit if value > limit else value


def curves(rng, shape, count, kind):
    rising = np.sort(rng.integers(0, 2300, (*shape, count)), axis=-1).astype(np.int16)
    if kind == "rising":
        rising += np.arange(count, dtype=np.int16)
        return rising
    wild = rng.integers(-40, 2300, (*shape, count)).astype(np.int16)
    share = {"some wild": 0.05, "half wild": 0.5, "wild": 1.0}[kind]
    points = np.where(rng.random((*shape, 1)) < share, wild, rising)
    points[rng.random(shape) < 0.08, -1] = 0
    flat = rng.random(shape) < 0.03
    points[flat] = points[flat][:, :1]
    falling = rng.random(shape) < 0.03
    points[falling] = np.sort(points[falling], axis=-1)[:, ::-1]
    return points


@pytest.mark.parametrize("kind", ["rising", "some wild", "half wild", "wild"])
@settings(max_examples=12, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    count=st.integers(2, 10),
    scale=st.sampled_from([9.0, 9.0 / 3.924, 1.0, 0.37, 200.0]),
    noneg=st.booleans(),
    maxdn=st.sampled_from([32767, 255, 40, 0]),
    per_record=st.sampled_from([320, 7, 16, 1]),
)
def test_same_as_the_walk(kind, seed, count, scale, noneg, maxdn, per_record):
    rng = np.random.default_rng(seed)
    shape = (rng.integers(1, 6), rng.integers(1, 50))
    dn = rng.integers(0, 256, shape).astype(np.uint8)
    dn[rng.random(shape) < 0.1] = 255
    dark = rng.integers(-5, 60, shape).astype(np.int16)
    points = curves(rng, shape, count, kind)
    luminance = np.sort(rng.random(count)).astype(f32) * f32(300)
    transfer = fast.Transfer(luminance, f32(999.5), f32(maxdn), noneg)
    table = f32(scale) * np.arange(256, dtype=f32)
    first = int(rng.integers(0, 640))
    pieces = fast.Pieces(first, int(shape[1]), 800, per_record)
    starts = pieces.begin(np.arange(dn.size)).reshape(shape)

    walker = Walker(transfer)
    with np.errstate(all="ignore"):
        expected = walker.frame(dn, dark, points, starts, table, scale / 3)
    statistics = fast.Statistics(f32(maxdn))
    found = fast.luminance(dn, dark, points, pieces, table, scale / 3, transfer, statistics)
    assert found.dtype == f32
    assert found.view(np.uint32).tolist() == expected.view(np.uint32).tolist()
    for name in ("least_saturated", "most_unsaturated", "saturated", "negative", "dark_sum"):
        assert getattr(statistics, name) == getattr(walker, name), name


def test_dark_sum_wraps_as_a_32_bit_counter():
    statistics = fast.Statistics(f32(255))
    for _ in range(3):
        statistics.add_dark(np.full(40000, 32767, np.int16))
    assert statistics.dark_sum == 3 * 40000 * 32767 - 2**32


def test_pieces_begin_at_lines_and_records():
    starts = fast.Pieces(800, 800, 800, 320).begin(np.arange(1600)).reshape(2, 800)
    assert np.flatnonzero(starts[0]).tolist() == [0, 160, 480]
    assert np.flatnonzero(starts[1]).tolist() == [0, 320, 640]
