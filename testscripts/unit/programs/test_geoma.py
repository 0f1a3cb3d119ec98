"""GEOMA's two ways of sampling against one pixel after the other, with line buffers that are lists."""

import math

import numpy as np
import pytest

from programs.geometry._linebuffers import LineBuffers, Requests
from programs.geometry._quadrilaterals import Sources
from programs.geometry.geoma import Sampler
from vicar.numerics import compiled


class Buffers:
    """A number of buffers, filled in turn; what lies behind a line is the number of the line in the next one."""

    def __init__(self, number, mask):
        self.lines, self.next, self.mask = [0] * number, 0, mask

    def request(self, line):
        if line not in self.lines:
            self.lines[self.next] = line
            self.next = (self.next + 1) % len(self.lines)

    def behind(self, line):
        value = (*self.lines, 0)[self.lines.index(line) + 1] & self.mask
        return value - 0x10000 if value > 0x7FFF else value


def pixel(image, p, r, small, large, buffers):
    """The value at sample ``p`` and line ``r``."""
    nl, ns = image.shape
    if not (0 <= r < nl + 1 and 0 <= p < ns + 1):
        return 0
    ip, ir = int(p), int(r)
    pfrac, rfrac = p - ip, r - ir
    if not (pfrac > large if ip == 0 else ip < ns or pfrac <= small):
        return 0
    lines = [ir] if rfrac < small else [ir + 1] if rfrac >= large else [ir, ir + 1]
    if lines[0] < 1 or lines[-1] > nl:
        return 0
    mixed = []
    for line in lines:
        buffers.request(line)
        left = int(image[line - 1, ip - 1]) if ip else line >> (8 if image.itemsize == 1 else 0)
        if len(lines) == 1 and pfrac < small:
            return left
        right = int(image[line - 1, ip]) if ip < ns else buffers.behind(line)
        if len(lines) == 1 and pfrac >= large:
            return right
        mixed.append(left + pfrac * (right - left))
    value = mixed[0] if len(lines) == 1 else (mixed[1] - mixed[0]) * rfrac + mixed[0]
    return int(math.copysign(math.floor(abs(value) + 0.5), value))


def sources(random, lines, samples, nl, ns, exact):
    """Each output line in two stretches from anywhere to anywhere."""
    middle = random.integers(1, samples, lines)
    stretches = np.array([part for row, at in enumerate(middle) for part in ((row, 0, at), (row, at, samples - at))])
    ends = [random.uniform(-2, size + 3, (2 * lines, 2)) for size in (ns, nl)]
    if exact:  # places that are whole, and halves
        ends = [np.round(2 * end) / 2 for end in ends]
    starts = np.stack([end[:, 0] for end in ends], axis=1)
    steps = np.stack([(end[:, 1] - end[:, 0]) / samples for end in ends], axis=1)
    if exact:
        steps = np.round(steps)
    starts[1, 0], steps[3, 1] = np.nan, np.inf
    return Sources(stretches, starts, steps)


def position(sources, row, sample):
    part = 2 * row + (sample >= sources.stretches[2 * row, 2])
    p, r = sources.starts[part]
    for _ in range(sample - sources.stretches[part, 1]):
        p, r = p + sources.steps[part, 0], r + sources.steps[part, 1]
    return p, r


@pytest.mark.parametrize("kind", [np.uint8, np.int16])
@pytest.mark.parametrize("nearest", [False, True])
@pytest.mark.parametrize("way", ["numpy", "compiled"])
def test_one_pixel_after_the_other(kind, nearest, way, monkeypatch):
    if way == "compiled":
        pytest.importorskip("numba")
    pick = compiled.Kernel.pick
    monkeypatch.setattr(compiled.Kernel, "pick", lambda self, pixels: pick(self, 1 << 40) if way == "compiled" else None)
    random, limits = np.random.default_rng(5), np.iinfo(kind)
    seen = 0
    for case in range(24):
        nl, ns = random.integers(2, 30, 2)
        image = random.integers(limits.min, limits.max, (nl, ns), endpoint=True).astype(kind)
        buffers = LineBuffers(nl, image.itemsize, ns, 20, (1, 1))
        buffers.number, mask = int(random.integers(2, 9)), buffers.mask if buffers.seen else 0
        buffers.holds = np.zeros(buffers.number + 1, np.int32)
        seen += buffers.seen
        sampler, plain = Sampler(image, nearest, Requests(buffers), 0), Buffers(buffers.number, mask)
        for _ in range(3):  # the buffers live on from block to block
            given = sources(random, 4, 20, nl, ns, case % 2)
            with np.errstate(invalid="ignore"):
                values = sampler.values(given, (4, 20))
                expected = [[pixel(image, *position(given, row, sample), sampler.small, sampler.large, plain)
                             for sample in range(20)] for row in range(4)]  # fmt: skip
            assert np.array_equal(values, np.array(expected).astype(kind))
    assert seen == 24 if kind is np.int16 else 0 < seen < 24
