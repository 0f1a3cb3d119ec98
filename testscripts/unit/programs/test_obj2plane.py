"""OBJ2PLANE: numbers of meshes and sums in lanes against literal loops, planes against numpy's in double precision."""

import math

import numpy as np
import pytest

from programs.geometry import _objmesh, _objscan, _planefit

f32 = np.float32


def literal_lane_sum(values):
    """Element by element: lanes 0 to 3 and 4 to 7 in turn, a last group of four, the lanes, the rest."""
    whole, paired = len(values) // 4 * 4, len(values) // 8 * 8
    if not whole:
        total = f32(0)
        for value in values:
            total += value
        return total
    lanes = [values[i] for i in range(4)]
    if paired:
        others = [values[4 + i] for i in range(4)]
        for start in range(8, paired, 8):
            for i in range(4):
                lanes[i] += values[start + i]
                others[i] += values[start + 4 + i]
        for i in range(4):
            lanes[i] += others[i]
            if whole > paired:
                lanes[i] += values[paired + i]
    total = (lanes[0] + lanes[2]) + (lanes[1] + lanes[3])
    for value in values[whole:]:
        total += value
    return total


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 7, 8, 9, 11, 12, 13, 15, 16, 17, 24, 28, 31, 100])
def test_lane_sum(count):
    values = np.random.default_rng(count).normal(0, 100, count).astype(f32)
    assert _planefit.lane_sum(values).tobytes() == f32(literal_lane_sum(list(values))).tobytes()


@pytest.mark.parametrize("count", [3, 4, 5, 9, 40, 333])
def test_planes(count):
    points = np.random.default_rng(count).normal(0, (3, 2, 0.5), (count, 3)).astype(f32)
    about = points - points.mean(axis=0)
    normal = _planefit.orthogonal_normal(about)
    wanted = np.linalg.svd(about.astype(float))[2][-1]
    assert abs(abs(normal @ wanted) - 1) < 1e-5
    design = np.column_stack([points[:, :2], np.ones(count)]).astype(float)
    solution = np.linalg.solve(design.T @ design, design.T @ points[:, 2])
    assert np.abs(_planefit.regression_normal(points, 1) - solution / np.linalg.norm(solution)).max() < 1e-3


def test_too_far():
    with pytest.raises(_planefit.Unbounded):
        _planefit.orthogonal_normal(np.array([[np.inf, 0, 0], [1, 0, 0], [0, 1, 0]], f32))


def literal_number(text):
    """Digits one after the other, in double precision."""
    sign = -1.0 if text.startswith("-") else 1.0
    whole, _, part = text.lstrip("+-").partition(".")
    value = 0.0
    for digit in whole:
        value = value * 10 + int(digit)
    tenths = [1.0, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7]
    for n, digit in enumerate(part, start=1):
        value += int(digit) * (tenths[n] if n < 8 else math.pow(10.0, -n))
    return f32(sign * value)


def test_numbers():
    random = np.random.default_rng(7)
    words = [f"{value:.{random.integers(0, 15)}f}" for value in random.normal(0, 1, 500) * 10.0 ** random.integers(-4, 6, 500)]
    assert _objmesh.read_numbers([word.encode() for word in words]).tolist() == [literal_number(word) for word in words]
    odd = {b"": 0, b"-": 0, b"1e": 0, b"1e+": 0, b"nan": 0, b"-.5": -0.5, b"1.5abc": 1.5, b"1.2.3": 1.2, b"2E-3": 2e-3, b"5.e1": 50}
    assert _objmesh.read_numbers(list(odd)).tolist() == [f32(value) for value in odd.values()]
    assert _objmesh.read_numbers([]).size == 0


@pytest.mark.parametrize(("text", "shapes", "corners"), [
    ("", 0, []), ("v 0 0 0\n", 0, []), ("f 1 2 3\nf 1 2 3 4\nf 1 2\n", 1, [3, 4]), ("o a\nf 1 2 3\no b\nf 1/2 2/ 3 4//5 6\n", 2, [3]),
    ("o\ng\nf 1 2 3\n", 1, [3]), ("l 1 2\n", 1, []), ("f 1 2\n", 1, []), ("\tf\t1 2\t3\r\n", 1, [3]),
])  # fmt: skip
def test_shapes(tmp_path, text, shapes, corners):
    (tmp_path / "mesh.obj").write_text(text)
    mesh = _objmesh.read_mesh(tmp_path / "mesh.obj")
    assert (mesh.shapes, mesh.corners) == (shapes, corners)


@pytest.mark.parametrize("face", ["f 0 1 2", "f x", "f 1 2 3/", "f 1/0 2 3", "p 0"])
def test_no_vertex(tmp_path, face):
    (tmp_path / "mesh.obj").write_text(face)
    with pytest.raises(_objmesh.MeshError):
        _objmesh.read_mesh(tmp_path / "mesh.obj")


PLAIN = "# a\\b\nmtllib x\n\nvn 1 e\nvt\ng\no me\n" "{vertices}usemtl y\ns off\nf 1 2 3 \nf  1/2 2/20 30/4\nf 1//2 1/2/3 5\n"


@pytest.mark.parametrize("change", [
    None, ("1//2", "1//0"), ("f  1", "f  01"), ("5\n", "5/\n"), ("5\n", "5 6\n"), ("5\n", "5/1/2/3\n"), ("\nf  1", "\no\nf  1"), ("f 1 2", "l 1 2"),
    ("f 1 2", "f -1 2"), ("\nv ", "\nv 1e3 "), ("\nv ", "\nv . "), ("\nv ", "\nv 4 "), ("\nv ", "\nv\t"), ("\nv ", "\n v "), ("mtl", "xyz"),
    ("s off", "p 1"), ("f 1//2 1/2/3 5\n", "f 1//2 1/2/3 5"), ("f 1//2 1/2/3 5\n", "f"), ("f 1//2 1/2/3 5\n", "f 1 2"), ("f", "#f"),
])  # fmt: skip
def test_scan(change):
    """A mesh is read in one pass exactly if its lines are of the plainest form, and then as word by word."""
    random = np.random.default_rng(3)
    values = random.normal(0, 1, 600) * 10.0 ** random.integers(-4, 6, 600)
    words = [f"{value:{random.choice(['', '+'])}.{random.integers(0, 25)}f}" for value in values] + ["-0.", ".5", "1."]
    vertices = "".join(f"v {' '.join(words[n : n + 3])}\n" for n in range(0, len(words), 3))
    text = PLAIN.format(vertices=vertices)
    data = (text.replace(*change, 1) if change else text).encode()
    numbers = np.empty(len(data), f32)
    scans = [_objscan.scan.plain]
    try:
        scans.append(_objscan.scan.compiled)
    except ImportError:
        pass
    for scan in scans:
        count, faces = scan(np.frombuffer(data + b"\n", np.uint8), _objscan.TENTHS, numbers)
        if faces > 0:
            mesh = _objmesh._any_mesh(data)
            assert (mesh.shapes, mesh.corners) == (1, [3] * faces)
            assert np.array_equal(mesh.vertices.ravel().view("u4"), numbers[:count].view("u4"))
        assert (faces > 0) == (change in PLAIN_CHANGES)


PLAIN_CHANGES = (None, ("f 1//2 1/2/3 5\n", "f 1//2 1/2/3 5"), ("f", "#f"))
