"""GEOMA's compiled sampling against the numpy way, the line buffer's requests included."""

import numpy as np
import pytest

from programs.geometry.geoma import Sampler

pytest.importorskip("numba")


class Noted:
    """Line requests as they come; what lies behind a line is told by its number."""

    def __init__(self):
        self.lines = []

    def add(self, lines):
        self.lines += [int(line) for line in lines]

    def settle(self):
        return self

    def behind(self, line):
        return 77 + line


@pytest.mark.parametrize("kind", [np.uint8, np.int16])
@pytest.mark.parametrize("nearest", [False, True])
def test_compiled_and_numpy_agree(kind, nearest):
    random = np.random.default_rng(5)
    limits = np.iinfo(kind)
    for case in range(60):
        nl, ns = random.integers(1, 30, 2)
        image = random.integers(limits.min, limits.max, (nl, ns), endpoint=True).astype(kind)
        # one case in three has points that need a sample behind a line, which the compiled way leaves to the other
        p, r = random.uniform(-1, ns + 2 if case % 3 == 0 else ns - 0.5, 200), random.uniform(-1, nl + 2, 200)
        if case % 2:
            p, r = np.round(p * 4) / 4, np.round(r * 4) / 4
        p[3], r[5] = np.nan, np.inf
        one, other = Noted(), Noted()
        compiled, plain = Sampler(image, nearest, one, 10**9), Sampler(image, nearest, other, 0)
        assert compiled.kernel is not None
        assert np.array_equal(compiled.values(p, r), plain._plain_values(p, r))
        assert one.lines == other.lines
