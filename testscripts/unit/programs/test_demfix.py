"""DEMFIX's kernels: the compiled form does what the plain one does, and joins holes as a slow search does."""

from __future__ import annotations

import numpy as np
import pytest

from programs.carto import _demfix_kernels as kernels

IDENTITY = np.array([1.0, 0.0, 1.5, 0.0, 1.0, 1.25])


def run(form: str, image: np.ndarray, second: np.ndarray, edge: bool):
    """State, counts and line; records; ocean pixels; reports; the image afterwards."""
    image = image.copy()
    records, ocean = np.zeros((4, 3 * image.size + 3), np.int32), np.zeros((2, image.size), np.int32)
    reports = np.zeros((2, 1), np.int64)
    search = getattr(kernels.find_holes, form)
    ends = search(image, 0, 5, edge, IDENTITY, IDENTITY, second, records, ocean, reports)
    return ends, records[:, : ends[1]], ocean[:, : ends[3]], reports, image


@pytest.mark.parametrize("seed", range(12))
def test_compiled_holes(seed):
    pytest.importorskip("numba")
    random = np.random.default_rng(seed)
    image = random.integers(-6, 12, (17, 21)).astype(np.int16)
    second = (random.random((24, 25)) > 0.8).astype(np.int16)[: 24 * (seed % 3 > 0)]
    plain, compiled = (run(form, image, second, seed % 2 == 0) for form in ("plain", "compiled"))
    assert plain[0] == compiled[0]
    for one, other in zip(plain[1:], compiled[1:], strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("seed", range(6))
def test_holes_are_connected_pixels(seed):
    image = np.random.default_rng(seed).integers(-6, 12, (15, 19)).astype(np.int16)
    ends, records, _, _, _ = run("plain", image, np.zeros((0, 1), np.int16), False)
    assert (ends[0], ends[3]) == (kernels.FINE, 0)
    holes = {(line, sample): name for line, sample, name, _ in records.T.tolist() if image[line, sample] <= 0}
    assert set(holes) == set(zip(*(axis.tolist() for axis in np.nonzero(image <= 0)), strict=True))
    for line, sample in holes:
        reached, waiting = set(), [(line, sample)]
        while waiting:
            at = waiting.pop()
            if at in holes and at not in reached:
                reached.add(at)
                waiting += [(at[0] + 1, at[1]), (at[0] - 1, at[1]), (at[0], at[1] + 1), (at[0], at[1] - 1)]
        assert {place for place, name in holes.items() if name == holes[line, sample]} == reached


@pytest.mark.parametrize("power", (1.0, 0.5, 1.3))
def test_compiled_filling(power):
    pytest.importorskip("numba")
    random = np.random.default_rng(5)
    holes, borders = random.integers(0, 250, (2, 40)), random.integers(0, 250, (2, 60))
    components, heights = random.integers(0, 3, 40), random.integers(-50, 50, 40)
    starts, residuals = np.array([0, 20, 45, 60]), random.integers(-90, 90, 60)
    for start, end in zip(starts, starts[1:]):
        borders[0, start:end].sort()
    results = [np.empty(40), np.empty(40)]
    for form, out in zip(("plain", "compiled"), results, strict=True):
        getattr(kernels.fill, form)(*holes, components, heights, starts, *borders, residuals, power, out)
    np.testing.assert_array_equal(*results)
