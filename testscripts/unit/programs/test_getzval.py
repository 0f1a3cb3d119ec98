"""GETZVAL's blocks of points against one point after the other."""

import numpy as np
import pytest

from programs.carto.getzval import METHODS, NOTHING, Options, measure
from vicar.numerics import compiled
from vicar.task import task_from_values


def one_point(pixels, x, y, o):
    """Value and deviation of a point: the window's pixels one by one, in order."""
    window, (nl, ns) = o.window, pixels.shape
    line, sample = int(x - (0.5 * window - 1.0)) - 1, int(y - (0.5 * window - 1.0)) - 1
    if line < 0 or line + window > nl or sample < 0 or sample + window > ns:
        return NOTHING, NOTHING
    odd = 0.5 * (window % 2)
    down, across = x - odd - int(x - odd), y - odd - int(y - odd)

    def weight(i, j):
        if o.method in ("BILIN", "INTEGRAL"):
            edges = [(1 - part if n == 0 else part if n == window - 1 else 1.0) for part, n in ((down, i), (across, j))]
            return edges[0] * edges[1] if o.method == "BILIN" else 1.0
        dx, dy = x - (line + i + 1), y - (sample + j + 1)
        distance = np.sqrt(dx * dx + dy * dy)
        if distance > window * 0.5:
            return None
        return {"SPOT": 1.0, "SPOT_R": distance + o.spot_factor, "SPOT_R2": distance * distance + o.spot_factor}[o.method]

    def walk(rejected, term):
        total = units = 0.0
        low = 0
        for i in range(window):
            for j in range(window):
                dn, w = int(pixels[line + i, sample + j]), weight(i, j)
                if w is None:
                    continue
                low += dn <= o.threshold
                if not (o.skip_zero and rejected(dn)):
                    total += term(dn) / w if "SPOT" in o.method else term(dn) * w
                    units += 1.0 / w if "SPOT" in o.method else w
        return low, total / units if units > 0 else 0.0

    low, value = walk(lambda dn: dn <= o.threshold, float)
    if low >= max(o.reject, 1):
        return NOTHING, NOTHING
    return value, np.sqrt(walk(lambda dn: dn == 0, lambda dn: float(int(np.int32(dn - value).astype(np.int16)) ** 2))[1])


@pytest.mark.parametrize("way", ["numpy", "compiled", "plain"])
@pytest.mark.parametrize("method", [m for m in METHODS if m != "NOIN"])
def test_points_as_one_by_one(method, way, monkeypatch):
    if way == "compiled":
        pytest.importorskip("numba")
    pick = compiled.Kernel.pick
    ways = {"numpy": lambda kernel, size: None, "compiled": lambda kernel, size: pick(kernel, 1 << 40),
            "plain": lambda kernel, size: kernel.function}  # fmt: skip
    monkeypatch.setattr(compiled.Kernel, "pick", ways[way])
    random = np.random.default_rng(METHODS.index(method))
    task = task_from_values("GETZVAL")
    for window, reject, skip in ((3, 3, True), (5, 3, True), (5, 1, False), (7, 99, False), (7, 99, True)):
        pixels = random.integers(-5, 300, (23, 17)).astype(np.int16)
        pixels[random.random(pixels.shape) < 0.02] = 32000
        x, y = random.uniform(-2, 26, 60), random.uniform(-2, 20, 60)
        options = Options(method, window, reject, 1, skip, 0.5, True)
        values, sigmas = measure(task, pixels, x, y, options)
        with np.errstate(invalid="ignore"):
            expected = np.array([one_point(pixels, a, b, options) for a, b in zip(x, y)])
        assert np.array_equal(values, expected[:, 0]) and np.array_equal(sigmas, expected[:, 1])
        assert 1 < (values != NOTHING).sum() < 60
