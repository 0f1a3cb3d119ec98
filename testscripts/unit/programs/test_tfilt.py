"""TFILT against the definition: the mean of the pixels of each window that reach the threshold, pixel after pixel."""

import io

import numpy as np
import pytest

from monitor.session import Session
from vicar.image import create_image, open_image
from vicar.numerics import compiled

F = np.float32


def mean_of(pixels, line, sample, nlw, nsw, threshold):
    """Mean and number of the window's pixels, reflected at the image's edges; whole numbers, so that no order matters."""
    nl, ns = pixels.shape
    total = count = 0
    for i in range(line - nlw // 2, line + nlw // 2 + 1):
        for j in range(sample - nsw // 2, sample + nsw // 2 + 1):
            i, j = abs(i), abs(j)
            dn = int(pixels[2 * (nl - 1) - i if i >= nl else i, 2 * (ns - 1) - j if j >= ns else j])
            if dn >= threshold:
                total, count = total + dn, count + 1
    return (F(total) / F(count) if count else F(0)), total, count


def formula(kind, dn, mean, total, count, first):
    """The filter's value with SCALE=2 DCTRAN=.25 BOOST=1.5 DCLEVEL=10 OFFSET=3."""
    if kind == "high":
        return (dn - mean) * F(1.5) + F(0.25) * dn + F(10)
    if kind == "low":
        return F(1.5) * mean + F(3)
    if kind == "scene":
        return (dn - mean) * F(2) / mean + F(0.25) * dn + F(10) if mean else F(0)
    share = F(count) / F(total) if total else F(0 if first else count)
    return dn * (F(2) * share + F(0.25)) + F(3)


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("kind", ["high", "low", "scene", "divide"])
def test_means_of_windows(tmp_path, monkeypatch, kind, large):
    if large:
        pytest.importorskip("numba")
    pick = compiled.Kernel.pick
    monkeypatch.setattr(compiled.Kernel, "pick", lambda self, pixels: pick(self, 1 << 40) if large else None)
    session = Session(directory=tmp_path, environment={"HOME": str(tmp_path)}, user="user", output=io.StringIO())
    random = np.random.default_rng(3)
    for nl, ns, nlw, nsw, threshold in ((23, 31, 5, 7, 20), (12, 9, 7, 3, 0), (11, 14, 1, 5, 200)):
        pixels = random.integers(0, 256, (nl, ns)).astype(np.uint8)
        pixels[random.random(pixels.shape) < 0.2] = 0
        with create_image(tmp_path / "a", nl=nl, ns=ns, nb=1, format="BYTE", u_format="BYTE") as image:
            image.write_window(pixels)
        session.run_command_line(f"tfilt a (o,p) nlw={nlw} nsw={nsw} filter={kind} thresh={threshold}. scale=2. dctran=.25 "
                                 "boost=1.5 dclevel=10. offset=3.", slogon=False)  # fmt: skip
        expected = np.zeros((nl, ns), np.float32)
        for line in range(nl):
            for sample in range(ns):
                dn = F(pixels[line, sample])
                if dn >= threshold:
                    mean = mean_of(pixels, line, sample, nlw, nsw, threshold)
                    expected[line, sample] = np.clip(formula(kind, dn, *mean, sample == 0), F(0), F(255))
        with open_image(tmp_path / "o") as image:
            assert np.array_equal(image.read_all().reshape(nl, ns), expected.astype(np.int32))
