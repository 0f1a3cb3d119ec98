"""RFT2CH and RFT2 against the definition, and forward and back."""

import numpy as np
import pytest

from vicar.numerics import realfft


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
