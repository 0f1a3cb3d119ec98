"""RFT2CH and RFT2 against the definition, and forward and back."""

import numpy as np
import pytest

from vicar.numerics import compiled, realfft, singleton


@pytest.mark.parametrize("points", [2, 8, 12, 30, 64, 128])
def test_forward_is_the_definition(points):
    values = np.random.default_rng(points).normal(0, 10, (3, points)).astype(np.float32)
    place = np.arange(points)
    turns = np.outer(place, np.arange(points // 2 + 1)) / points
    wanted = 2 * values.astype(np.float64) @ np.exp(2j * np.pi * turns)
    assert np.allclose(realfft.forward(values), wanted, atol=1e-3, rtol=1e-4)


@pytest.mark.parametrize("points", [2, 8, 12, 30, 64])
def test_back_again(points):
    values = np.random.default_rng(points).normal(0, 10, (3, points)).astype(np.float32)
    assert np.allclose(realfft.inverse(realfft.forward(values)) / (2 * points), values, atol=1e-4)


def test_planes():
    values = np.random.default_rng(1).normal(0, 10, (15, 16)).astype(np.float32)
    transform = realfft.forward_plane(values)
    assert transform.shape == (15, 9) and transform.dtype == np.complex64
    assert np.allclose(transform, 2 * np.conj(np.fft.rfft2(values)), atol=1e-2)
    assert np.allclose(realfft.inverse_plane(transform) / (2 * values.size), values, atol=1e-4)


@pytest.mark.parametrize("points", [4, 6, 10, 14, 22, 24, 60, 128, 198, 512])
def test_compiled_and_numpy_agree(points, monkeypatch):
    """The same bits for any number of lines beside each other, infinities included."""
    pytest.importorskip("numba")
    pick = compiled.Kernel.pick
    random = np.random.default_rng(points)
    for lines in (1, 15, 16, 37):
        values = random.normal(0, 1000, (lines, points)).astype(np.float32)
        values[lines // 2, 1] = np.inf
        made = []
        for size in (0, 1 << 40):
            monkeypatch.setattr(compiled.Kernel, "pick", lambda self, pixels, size=size: pick(self, size) if size else None)
            with np.errstate(all="ignore"):
                there = realfft.forward(values)
                made.append((there, realfft.inverse(there)))
        for one, other in zip(*made):
            one, other = (part.view(np.float32) for part in (one, other))
            assert np.array_equal(np.isnan(one), np.isnan(other)) and (lines == 1 or not np.isnan(one).all())
            assert np.array_equal(one.view(np.int32)[~np.isnan(one)], other.view(np.int32)[~np.isnan(one)])


def literal(values):
    """RFT2CH of one line by its definition in steps: a complex transform of pairs, then one coefficient after the other."""
    half = len(values) // 2
    pairs = realfft.joined(*singleton.transform(values[::2], values[1::2], 1))
    pairs = [complex(z) for z in (*pairs, pairs[0])]
    cosines, sines = ([float(x) for x in part] for part in singleton.real_rotations(half, 1))
    f, result = np.float32, [0j] * (half + 1)
    for low in range(half // 2 + 1):
        one, other, c, s = pairs[low], pairs[half - low], f(cosines[low]), f(sines[low])
        aa, ab = f(one.real) + f(other.real), f(one.real) - f(other.real)
        ba, bb = f(one.imag) + f(other.imag), f(one.imag) - f(other.imag)
        real, imaginary = c * ba + s * ab, s * ba - c * ab
        result[half - low] = complex(aa - real, imaginary - bb)
        result[low] = complex(aa + real, imaginary + bb)
    return np.array(result, np.complex64)


@pytest.mark.parametrize("large", [False, True])
def test_one_coefficient_after_the_other(large, monkeypatch):
    if large:
        pytest.importorskip("numba")
    pick = compiled.Kernel.pick
    for points in (8, 30, 64, 198):
        values = np.random.default_rng(points).normal(0, 100, (5, points)).astype(np.float32)
        monkeypatch.setattr(compiled.Kernel, "pick", lambda self, pixels: None)
        wanted = [literal(line) for line in values]
        monkeypatch.setattr(compiled.Kernel, "pick", lambda self, pixels: pick(self, 1 << 40) if large else None)
        assert np.array_equal(realfft.forward(values), wanted)
