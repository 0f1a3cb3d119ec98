"""DESPIKE's judgement of all suspects at once against one that goes from pixel to pixel."""

import numpy as np
import pytest

from programs.filters import despike

f32 = np.float32


class Given:
    """Lines of an array."""

    def __init__(self, dn):
        self.dn = dn.astype(f32)
        self.nl, self.ns = dn.shape

    def read(self, first, stop):
        left = self.dn[self.nl - 4] if self.nl > 3 else np.zeros(self.ns, f32)
        return np.vstack([self.dn, left])[first:stop]


def walk(dn, test):
    """Clean pixels, number of suspects, number of spikes: slow and plain."""
    lines = Given(dn)
    nl, ns = dn.shape
    dn = lines.read(0, nl + 1)
    median = np.zeros((nl, ns), f32)
    for y in range(nl):
        for x in range(ns):
            rows = (0, 1) if y == 0 else (y - 1, y, y + 1)
            columns = [c for c in (x - 1, x, x + 1) if 0 <= c < ns]
            values = sorted(dn[r, c] for r in rows for c in columns)
            median[y, x] = values[(len(values) - 1) // 2]
    spike = np.zeros((nl, ns), bool)
    out = dn[:nl].copy()
    suspects = spikes = 0
    limits = np.zeros((nl, ns), f32)
    for y in range(nl):
        rows = [r for r in (y - 1, y, y + 1) if 0 <= r < nl]
        for x in range(ns):
            columns = [c for c in (x - 1, x, x + 1) if 0 <= c < ns]
            area = f32(len(rows) * len(columns))
            mean = f32(sum(int(median[r, c]) for r in rows for c in columns)) / area
            spread = f32(0)
            for r in rows:
                for c in columns:
                    spread += abs(median[r, c] - mean)
            limits[y, x] = test.scale * spread / area + test.tol
            if abs(dn[y, x] - median[y, x]) <= limits[y, x]:
                continue
            suspects += 1
            limit, value = fit(dn, median, spike, limits, y, x, test)
            if value is None:
                spike[y, x] = True
                continue
            error = dn[y, x] - value if test.positive else abs(dn[y, x] - value)
            if error > limit:
                spike[y, x] = True
                spikes += 1
                out[y, x] = np.trunc(value + np.copysign(f32(0.5), value))
    return out, suspects, spikes


def fit(dn, median, spike, limits, y, x, test):
    nl, ns = limits.shape

    def bad(j, i):
        r, c = y + j, x + i
        if not (0 <= r < nl and 0 <= c < ns) or (j, i) == (0, 0):
            return True
        if j < 0 or (j, i) == (0, -1):
            return spike[r, c]
        limit = limits[y, x - 1] if i < 0 else limits[y, x]
        return abs(dn[r, c] - median[r, c]) > limit

    good = [(j, i) for j in (-1, 0, 1) for i in (-1, 0, 1) if not bad(j, i)]
    n = len(good)
    if n == 0:
        return None, None
    xs, ys = sum(i for _, i in good), sum(j for j, _ in good)
    x2, y2, xy = sum(i * i for _, i in good), sum(j * j for j, _ in good), sum(i * j for j, i in good)
    value = {place: int(dn[y + place[0], x + place[1]]) for place in good}
    d, xd, yd = sum(value.values()), sum(p[1] * v for p, v in value.items()), sum(p[0] * v for p, v in value.items())
    if n > 3:
        det = x2 * (y2 * n - ys * ys) - xy * (xy * n - xs * ys) + xs * (xy * ys - xs * y2)
        top = x2 * (y2 * d - ys * yd) - xy * (xy * d - ys * xd) + xs * (xy * yd - xd * y2)
        result = f32(top) / f32(det)
    else:
        result = f32(d) / f32(n)
    ring = [(-1, -1), (-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1)]
    pairs = [(a, b) for a, b in zip(ring, ring[1:] + ring[:1], strict=True) if a in value and b in value]
    if not pairs:
        return limits[y, x], result
    total = f32(sum(abs(value[a] - value[b]) for a, b in pairs))
    return test.scale * total / f32(len(pairs)) + test.tol, result


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("piece", [1, 40, 1 << 19])
def test_walk(seed, piece, monkeypatch):
    monkeypatch.setattr(despike, "PIECE", piece)
    rng = np.random.default_rng(seed)
    nl, ns = int(rng.integers(2, 14)), int(rng.integers(2, 14))
    dn = rng.integers(90, 110, (nl, ns))
    dn[rng.random((nl, ns)) < rng.choice([0.05, 0.3, 0.8])] = rng.integers(0, 256)
    test = despike.Test(f32(rng.choice([0.5, 2, 3])), f32(rng.choice([0, 3])), bool(seed % 2))
    pieces = list(despike.clean(Given(dn), test))
    out, suspects, spikes = walk(dn, test)
    np.testing.assert_array_equal(np.vstack([values for _, values, _, _ in pieces]), out)
    assert sum(count for _, _, count, _ in pieces) == suspects
    assert sum(count for *_, count in pieces) == spikes
