"""GEN's complex ramps: whole numbers at once give what single-precision steps one by one give."""

import numpy as np

from programs.basic.gen import ComplexRamp


def one_by_one(ramp, rows, count):
    """All values: every step is added in double precision and stored in single precision."""
    values = np.empty((rows + 1, count, 2), np.float32)
    start = ramp.start
    for row in range(rows + 1):
        value = start
        for column in range(count):
            values[row, column] = value
            value = ramp.advance(value, ramp.along)
        start = ramp.advance(start, ramp.down)
    return values


def test_complex_ramps():
    random, exact = np.random.default_rng(2), 0
    for case in range(60):
        steps = random.integers(-9, 9, (3, 2)) * (1.0 if case % 3 else 0.37)
        start = random.integers(-50, 50, 2) * (1.0 if case % 5 else 1e6)
        ramp = ComplexRamp(steps.tolist(), start.tolist(), [0.0, 7.0 if case % 7 == 0 else 0.0])
        values = one_by_one(ramp, 12, 17)
        starts = ramp.row_starts(ramp.start, 12)
        assert np.array_equal(starts.view(np.int32), np.ascontiguousarray(values[:, 0]).view(np.int32))
        found = np.ascontiguousarray(ramp.rows(starts, 17)).view(np.float32)
        assert np.array_equal(found.view(np.int32), values.reshape(13, -1).view(np.int32))
        exact += ramp._exact(starts, ramp.along, 17)
    assert 10 < exact < 50
