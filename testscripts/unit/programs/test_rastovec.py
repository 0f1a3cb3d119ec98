"""The loops of RASTOVEC: regions as a flood fill finds them, polygons that enclose them, compiled as in Python."""

import numpy as np
import pytest

from programs.ibis import _polygon_kernels as polygons
from programs.ibis.rastovec import find_segments, find_vertices, segments_around


def labelled(pixels, form="plain"):
    labels, links = np.zeros(pixels.shape, np.int32), np.zeros(pixels.size + 1, np.int32)
    assert getattr(polygons.first_labels, form)(pixels, links, labels)[0] > 0
    numbers, classes, areas = (np.zeros(len(links), np.int32) for _ in range(3))
    count = getattr(polygons.final_labels, form)(labels, links, numbers, classes, areas)
    return labels, classes[: count + 1], areas[: count + 1]


def flood(pixels, line, sample):
    """The pixels connected with one, by its four neighbours."""
    found, todo = set(), [(line, sample)]
    while todo:
        y, x = todo.pop()
        inside = 0 <= y < pixels.shape[0] and 0 <= x < pixels.shape[1]
        if (y, x) in found or not inside or pixels[y, x] != pixels[line, sample]:
            continue
        found.add((y, x))
        todo += [(y + 1, x), (y - 1, x), (y, x + 1), (y, x - 1)]
    return found


def traced(labels, count, unwind, zinger, form="plain"):
    vertices = find_vertices(labels)
    segments = find_segments(vertices)
    xy = np.zeros((len(vertices) + 1, 2), np.int32)
    xy[1:, 0], xy[1:, 1] = vertices[:, 1], len(labels) - vertices[:, 0]
    low = np.minimum(*xy[segments[:, :2].T, 1])
    points, info = np.zeros((6 * len(segments) + 4 * count, 2), np.float32), np.zeros((count + 1, 10), np.float32)
    around, segments = segments_around(segments, len(vertices)), np.asfortranarray(segments, np.int32)
    result = getattr(polygons.trace_all, form)(segments, low, around, xy, 10000, unwind, zinger, points, info)
    return result, points, info


@pytest.mark.parametrize("seed", range(5))
def test_polygons_enclose_their_regions(seed):
    pixels = np.random.default_rng(seed).integers(0, 4, (15, 20)).astype(np.int32)
    labels, _, areas = labelled(pixels)
    for number in range(1, len(areas)):
        where = np.argwhere(labels == number)
        assert len(where) == areas[number]
        assert {tuple(place) for place in where.tolist()} <= flood(pixels, *where[0])
    (filled, _), points, _ = traced(labels, len(areas) - 1, False, True)
    ends = np.flatnonzero((points[:filled] == 0).all(axis=1))
    assert len(ends) == len(areas) - 1
    start = 0
    for number, end in enumerate(ends, start=1):
        y, x = np.rint(points[start:end]).T.astype(int)
        assert areas[number] == (np.sum(y[1:] * x[:-1] - y[:-1] * x[1:]) // -2)
        start = end + 1


@pytest.mark.parametrize("unwind", [False, True])
def test_compiled_as_in_python(unwind):
    pytest.importorskip("numba")
    pixels = np.random.default_rng(9).integers(0, 3, (25, 30)).astype(np.int32)
    ours, compiled = labelled(pixels), labelled(pixels, "compiled")
    for one, other in zip(ours, compiled):
        np.testing.assert_array_equal(one, other)
    count = len(ours[1]) - 1
    plain, fast = traced(ours[0], count, unwind, True), traced(ours[0], count, unwind, True, "compiled")
    assert plain[0] == fast[0]
    np.testing.assert_array_equal(plain[1], fast[1])
    np.testing.assert_array_equal(plain[2], fast[2])
